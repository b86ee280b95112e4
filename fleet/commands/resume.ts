import { reportText } from '../report/report-text';
import { reportOf } from '../report/rollout-report';

import { openFleet, type CommandContext, type CommandOutcome } from './context';
import { continueRollout, exitCodeOf, replay, underLease } from './control';
import { tellTorn } from './tell-torn';
import { refuseOtherSecrets } from './known-secrets';
import { keptRollout, refuseOtherConfiguration, type RolloutReference } from './kept-rollout';
import { controllerOfRollout } from './live-lease';
import { openReportFiles } from './report-files';
import { sendRequest } from './send-request';

/** Flags of `resume`. */
export interface ResumeFlags extends RolloutReference {
  readonly waitSeconds: number | null;
  /** Who holds the fleet, as messages name it: waited for and followed, also where its clock was ahead. */
  readonly takeOver?: string;
  /** Folder that gets the report in every form. */
  readonly report?: string;
}

/** Goes on with a rollout; asks nothing. A finished one is told again and exits as it did; a running one that is paused goes on where it runs. */
export async function resume(flags: ResumeFlags, context: CommandContext): Promise<CommandOutcome> {
  const { takeOver, waitSeconds } = flags;
  const fleet = await openFleet(flags.config);
  const kept = await keptRollout(fleet, flags.rollout);
  const state = replay(kept);
  if (state.outcome !== null) {
    tellTorn(kept.torn, context);
    // There is nothing to go on with: the fleet is free for the next verb once it was held and let go under a higher epoch.
    if (takeOver !== undefined) await underLease({ fleet, verb: 'resume', wait: true, takeOver }, context, () => Promise.resolve());
    const report = reportOf(kept.id, kept.plan, { state, at: context.clock.now().toISOString() });
    openReportFiles(flags.report, context)(report);
    return { exitCode: exitCodeOf(state.outcome), text: reportText(report), data: report };
  }
  refuseOtherConfiguration(fleet, kept);
  if (takeOver === undefined && state.paused !== null && (await controllerOfRollout(kept.id, fleet, context)) !== null)
    return sendRequest({ fleet, kept, request: { type: 'resume' } }, context);
  await refuseOtherSecrets({ fleet, plan: kept.plan }, context);
  return continueRollout({ fleet, kept, to: 'go on', options: { verb: 'resume', waitSeconds, takeOver, report: flags.report } }, context);
}
