import type { LimitChange } from '../rollout/state';

import { openFleet, type CommandContext, type CommandOutcome } from './context';
import { keptRollout, type RolloutReference } from './kept-rollout';
import { sendRequest } from './send-request';

/** Lets what runs finish and starts nothing further, until `resume`. */
export async function pause(flags: RolloutReference, context: CommandContext): Promise<CommandOutcome> {
  const fleet = await openFleet(flags.config);
  return sendRequest({ fleet, kept: await keptRollout(fleet, flags.rollout), request: { type: 'pause' } }, context);
}

/** Ends a rollout: what runs is let finish, the rest is cancelled, what is deployed stays. */
export async function abort(flags: RolloutReference & { readonly reason?: string }, context: CommandContext): Promise<CommandOutcome> {
  const fleet = await openFleet(flags.config);
  const request = { type: 'abort', reason: flags.reason ?? '' } as const;
  return sendRequest({ fleet, kept: await keptRollout(fleet, flags.rollout), request }, context);
}

/** Lowers limits of a rollout while it runs. */
export async function limits(flags: RolloutReference & { readonly limits: LimitChange }, context: CommandContext): Promise<CommandOutcome> {
  const fleet = await openFleet(flags.config);
  return sendRequest({ fleet, kept: await keptRollout(fleet, flags.rollout), request: { type: 'limits', limits: flags.limits } }, context);
}
