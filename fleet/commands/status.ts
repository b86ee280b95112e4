import { reportText } from '../report/report-text';
import { safeText } from '../report/terminal-text';
import { reportOf, type RolloutReport } from '../report/rollout-report';

import { openFleet, type CommandContext, type CommandOutcome } from './context';
import { replay } from './control';
import { tellTorn } from './tell-torn';
import { keptRollout, type RolloutReference } from './kept-rollout';
import { controllerOfRollout } from './live-lease';

/** What `status` is about. */
export interface StatusOptions extends RolloutReference {
  /** The fleet's health is told behind the rollout; never in the data, which is the rollout's report alone. */
  readonly health?: boolean;
}

/** How `status` ended: its data are a report. */
export interface StatusOutcome extends CommandOutcome {
  readonly data: RolloutReport;
}

/** A rollout, running or finished, as one report, and who drives it. Throws a user error where there is none. */
export async function status({ config, rollout, health = false }: StatusOptions, context: CommandContext): Promise<StatusOutcome> {
  const fleet = await openFleet(config);
  const kept = await keptRollout(fleet, rollout);
  tellTorn(kept.torn, context);
  const state = replay(kept);
  const lease = state.outcome === null ? await controllerOfRollout(kept.id, fleet, context) : null;
  const report = reportOf(kept.id, kept.plan, { state, at: context.clock.now().toISOString(), driven: lease !== null });
  const driver =
    lease === null
      ? []
      : [safeText(`driven by ${lease.holder.verb} (pid ${lease.holder.pid} on ${lease.holder.host}), last heard of at ${lease.beatAt}`)];
  const ill = health ? [await (await import('./health')).healthSection(fleet, context)] : [];
  return { exitCode: 0, text: [reportText(report), ...driver, ...ill].join('\n\n'), data: report };
}
