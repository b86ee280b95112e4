import { userError } from '../errors';
import { rolloutForm, type RolloutForm } from '../report/rollout-forms';

import type { CommandContext, CommandOutcome } from './context';
import { refuseMixed, type KpiFlags } from './kpi-flags';
import type { RolloutReference } from './kept-rollout';
import { status } from './status';

/** What a report is printed as. */
export type ReportFormat = 'text' | RolloutForm;

/** Flags of `report`. */
export interface ReportFlags extends KpiFlags, RolloutReference {
  readonly format: ReportFormat;
}

/** The report of a rollout, the last one by default; with `--kpi` the figures of all of them. */
export async function report(flags: ReportFlags, context: CommandContext): Promise<CommandOutcome> {
  const { config, format, rollout, kpi } = flags;
  refuseMixed(flags, rollout);
  if (kpi === true) {
    if (format === 'html' || format === 'junit')
      throw userError('invalid-flag', `--format ${format} is of one rollout: figures are text, json or csv`);
    return (await import('./report-kpi')).reportKpi({ ...flags, format }, context);
  }
  const outcome = await status({ config, ...(rollout === undefined ? {} : { rollout }) }, context);
  return format === 'text' ? outcome : { ...outcome, text: rolloutForm(outcome.data, format) };
}
