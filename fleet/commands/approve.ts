import { addSeconds } from '../../contracts/duration';

import { openFleet, type CommandContext, type CommandOutcome } from './context';
import { keptRollout, refuseOtherConfiguration, type RolloutReference } from './kept-rollout';
import { sendRequest } from './send-request';

/** Flags of `approve`. */
export interface ApproveFlags extends RolloutReference {
  /** The one that waits, else the next that asks. */
  readonly wave?: string;
  readonly acceptRed?: boolean;
  /** The plan that was read, by digest; the rollout's own where it is not given. */
  readonly plan?: string;
  readonly expiresSeconds: number;
}

/** Approves what a rollout waits for, or will wait for; bound to its plan, and recorded with who and when. */
export async function approve(flags: ApproveFlags, context: CommandContext): Promise<CommandOutcome> {
  const fleet = await openFleet(flags.config);
  const kept = await keptRollout(fleet, flags.rollout);
  refuseOtherConfiguration(fleet, kept);
  const expiresAt = addSeconds(context.clock.now().toISOString(), flags.expiresSeconds);
  const { digest } = kept.plan;
  const planDigest = flags.plan !== undefined && flags.plan.length >= 8 && digest.startsWith(flags.plan) ? digest : (flags.plan ?? digest);
  return sendRequest(
    { fleet, kept, request: { type: 'approve', wave: flags.wave ?? null, acceptRed: flags.acceptRed === true, planDigest, expiresAt } },
    context,
  );
}
