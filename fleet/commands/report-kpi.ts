import type { TargetId } from '../../contracts/target';
import { dayOf } from '../cost/days';
import { kpiReport, type KpiReport } from '../kpi/kpi-report';
import { factsOf, type RolloutFacts } from '../kpi/rollout-facts';
import type { TargetRecords } from '../plan/target-record';
import { kpiCsv } from '../report/kpi-csv';
import { kpiText } from '../report/kpi-text';

import { openFleet, type CommandContext, type CommandOutcome, type OpenFleet } from './context';
import { replay } from './control';
import { tellTorn } from './tell-torn';
import { parseKpiPeriod, type KpiPeriodFlags } from './kpi-flags';
import { startOf } from './start-of';

/** What `report --kpi` is asked. */
export interface ReportKpiFlags extends KpiPeriodFlags {
  readonly config: string;
  readonly format: 'text' | 'json' | 'csv';
}

/** How often, how fast, how well: figures of a period from the journals of all rollouts. A damaged journal ends it, as nothing may be missing. */
export async function reportKpi(flags: ReportKpiFlags, context: CommandContext): Promise<CommandOutcome> {
  const now = context.clock.now();
  const period = parseKpiPeriod(flags, dayOf(now));
  const fleet = await openFleet(flags.config);
  const rollouts = await allFacts(fleet, context);
  const records = await fleet.store.loadRecords();
  const report = kpiReport(rollouts, { fleet: fleet.config.name, period, asOf: now.toISOString(), isThere: standsIn(records) });
  return { exitCode: 0, text: printed(report, flags.format), data: report };
}

async function allFacts({ store }: OpenFleet, context: CommandContext): Promise<readonly RolloutFacts[]> {
  const facts: RolloutFacts[] = [];
  for await (const kept of store.allRollouts()) {
    context.interrupt.throwIfAborted();
    // They deliver nothing: what is destroyed or repaired was delivered before.
    if (kept.plan.purpose === 'destroy' || kept.plan.purpose === 'repair') continue;
    tellTorn(kept.torn, context);
    facts.push(factsOf({ id: kept.id, plan: kept.plan, state: replay(kept), events: startOf(kept.entries).events }));
  }
  return facts;
}

function standsIn(records: TargetRecords): (target: TargetId) => boolean {
  return (target) => (records.get(target)?.current ?? null) !== null;
}

function printed(report: KpiReport, format: ReportKpiFlags['format']): string {
  switch (format) {
    case 'text':
      return kpiText(report);
    case 'json':
      return JSON.stringify(report, null, 2);
    case 'csv':
      return kpiCsv(report).join('\n');
    default:
      throw new Error(`unknown format ${String(format satisfies never)}`);
  }
}
