import { Option, type Command } from 'commander';

import type { ReportFlags } from './report';
import { chosen, verb, type Choose } from './verb';

/** Adds the verb `report`: a rollout, or the figures of all of them. */
export function addReport(program: Command, choose: Choose): void {
  verb(program, {
    name: 'report',
    result: 'output',
    summary: 'the report of a rollout, the last one by default; or figures of all of them',
  })
    .argument('[rollout]')
    .option('--kpi', 'change failure rate, time to recovery, deployment frequency and lead time, from all rollouts')
    .option('--since <day>', 'first day of the figures, as 2026-11-01 (UTC) or 30d (default: 30d)')
    .option('--until <day>', 'last day of the figures (default: today)')
    .addOption(
      new Option('--format <format>', 'html and junit: of a rollout').choices(['text', 'json', 'html', 'junit', 'csv']).default('text'),
    )
    .action(
      chosen<Omit<ReportFlags, 'config' | 'rollout'>>(choose, async (flags, context, [rollout]) =>
        (await import('./report')).report({ ...flags, ...(rollout === undefined ? {} : { rollout }) }, context),
      ),
    );
}
