import { userError } from '../errors';
import { rolloutCsv } from '../report/rollout-csv';
import { rolloutHtml } from '../report/rollout-html';
import { rolloutJunit } from '../report/rollout-junit';

import type { CommandContext, CommandOutcome } from './context';
import { refuseMixed, type KpiFlags } from './kpi-flags';
import type { RolloutReference } from './kept-rollout';
import { status, type StatusOutcome } from './status';

/** What a report is printed as. */
export type ReportFormat = 'text' | 'json' | 'html' | 'junit' | 'csv';

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
  return { ...outcome, text: printed(outcome, format) };
}

function printed({ text, data }: StatusOutcome, format: ReportFormat): string {
  switch (format) {
    case 'text':
      return text;
    case 'json':
      return JSON.stringify(data, null, 2);
    case 'html':
      return rolloutHtml(data).trimEnd();
    case 'junit':
      return rolloutJunit(data).trimEnd();
    case 'csv':
      return rolloutCsv(data).join('\n');
    default:
      throw new Error(`unknown format ${String(format satisfies never)}`);
  }
}
