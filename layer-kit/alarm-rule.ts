export { runbookPath } from '../contracts/runbook-path';

/** What CloudWatch accepts as children of one composite alarm. */
export const MAX_COMPOSITE_CHILDREN = 100;

/** Rule of a composite alarm: in alarm while any of these is. */
export function anyInAlarm(names: readonly string[]): string {
  if (names.length === 0 || names.length > MAX_COMPOSITE_CHILDREN) {
    throw new Error(`a composite alarm takes 1 to ${MAX_COMPOSITE_CHILDREN} children, not ${names.length}`);
  }
  return names.map((name) => `ALARM("${name}")`).join(' OR ');
}
