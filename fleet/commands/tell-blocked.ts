import type { TargetId } from '../../contracts/target';
import type { Reporter } from '../ports';

/** Tells which targets a rollout leaves as they are, and why. */
export function tellBlocked(blocked: readonly { readonly target: TargetId; readonly reason: string }[], reporter: Reporter): void {
  for (const { target, reason } of blocked)
    reporter.report({ level: 'error', code: 'target-blocked', message: `${target} is blocked: ${reason}`, target });
}
