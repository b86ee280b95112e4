import type { RolloutEvent } from '../../fleet/rollout/state';

/** Errors that are told before anything is touched, where no resource and no change is told with them. Kept apart from the core's own list. */
const NOTHING_TOUCHED: ReadonlySet<string> = new Set([
  ...['pulumi/locked', 'pulumi/wrong-passphrase', 'aws/wrong-account'],
  ...['user/backend-of-another-fleet', 'user/release-incomplete', 'user/release-invalid'],
]);

/** Whether a run that ended so may have changed something. */
export function mayHaveChanged({ outcome, engineRuns, changes, error }: Extract<RolloutEvent, { readonly type: 'target-ended' }>): boolean {
  if (engineRuns === 0) return false;
  if (outcome === 'succeeded' || changes.create + changes.update + changes.replace + changes.delete > 0) return true;
  return error?.resource !== null || !NOTHING_TOUCHED.has(error.code);
}
