import { reportText } from '../report/report-text';
import { reportOf } from '../report/rollout-report';

import { openFleet, type CommandContext, type CommandOutcome } from './context';
import { replay, tellTorn } from './control';
import { keptRollout, type RolloutReference } from './kept-rollout';
import { liveLease } from './live-lease';

/** A rollout, running or finished, as one report, and who drives it. Throws a user error where there is none. */
export async function status({ config, rollout }: RolloutReference, context: CommandContext): Promise<CommandOutcome> {
  const fleet = await openFleet(config);
  const kept = await keptRollout(fleet, rollout);
  tellTorn(kept.torn, context);
  const at = context.clock.now().toISOString();
  const report = reportOf(kept.id, kept.plan, { state: replay(kept), at });
  const lease = report.outcome === null ? await liveLease(fleet, context) : null;
  const driven =
    report.outcome !== null
      ? []
      : [
          lease
            ? `driven by ${lease.holder.verb} (pid ${lease.holder.pid} on ${lease.holder.host}), last heard of at ${lease.beatAt}`
            : `no controller drives it: fleet resume ${kept.id} goes on`,
        ];
  return { exitCode: 0, text: [reportText(report), ...driven].join('\n\n'), data: report };
}
