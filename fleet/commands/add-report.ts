import { Option, type Command } from 'commander';

import { userError } from '../errors';

import { refuseMixed, type KpiFlags } from './kpi-flags';
import { chosen, verb, type Choose } from './verb';

interface ReportFlags extends KpiFlags {
  readonly format: 'text' | 'json' | 'csv';
}

/** Adds the verb `report`: a rollout, or the figures of all of them. */
export function addReport(program: Command, choose: Choose): void {
  verb(program, { name: 'report', summary: 'the report of a rollout, the last one by default; or figures of all of them' })
    .argument('[rollout]')
    .option('--kpi', 'change failure rate, time to recovery, deployment frequency and lead time, from all rollouts')
    .option('--since <day>', 'first day of the figures, as 2026-11-01 (UTC) or 30d (default: 30d)')
    .option('--until <day>', 'last day of the figures (default: today)')
    .addOption(new Option('--format <format>', 'csv: of figures').choices(['text', 'json', 'csv']).default('text'))
    .action(
      chosen<ReportFlags>(choose, async (flags, context, [rollout]) => {
        refuseMixed(flags, rollout);
        if (flags.kpi === true) return (await import('./report-kpi')).reportKpi(flags, context);
        if (flags.format === 'csv') throw userError('invalid-flag', '--format csv is of figures: add --kpi, or choose text or json');
        const { status } = await import('./status');
        const outcome = await status({ config: flags.config, ...(rollout === undefined ? {} : { rollout }) }, context);
        return flags.format === 'json' ? { ...outcome, text: JSON.stringify(outcome.data, null, 2) } : outcome;
      }),
    );
}
