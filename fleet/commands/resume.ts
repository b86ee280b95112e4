import { reportText } from '../report/report-text';
import { reportOf } from '../report/rollout-report';

import { openFleet, type CommandContext, type CommandOutcome } from './context';
import { continueRollout, exitCodeOf, replay, tellTorn } from './control';
import { keptRollout, refuseOtherConfiguration, type RolloutReference } from './kept-rollout';
import { liveLease } from './live-lease';
import { sendRequest } from './send-request';

/** Flags of `resume`. */
export interface ResumeFlags extends RolloutReference {
  readonly waitSeconds: number | null;
}

/** Goes on with a rollout; asks nothing. A finished one is told again and exits as it did; a running one that is paused goes on where it runs. */
export async function resume(flags: ResumeFlags, context: CommandContext): Promise<CommandOutcome> {
  const fleet = await openFleet(flags.config);
  const kept = await keptRollout(fleet, flags.rollout);
  const state = replay(kept);
  if (state.outcome !== null) {
    tellTorn(kept.torn, context);
    const report = reportOf(kept.id, kept.plan, { state, at: context.clock.now().toISOString() });
    return { exitCode: exitCodeOf(state.outcome), text: reportText(report), data: report };
  }
  refuseOtherConfiguration(fleet, kept);
  if (state.paused !== null && (await liveLease(fleet, context)) !== null)
    return sendRequest({ fleet, kept, request: { type: 'resume' } }, context);
  return continueRollout({ fleet, kept, to: 'go on', options: { verb: 'resume', waitSeconds: flags.waitSeconds } }, context);
}
