import { Option, type Command } from 'commander';

import { auditSeverities } from '../../contracts/audit/audit-rule';

import type { AuditFlags } from './audit-flags';
import { withFilters, type FilterFlags } from './filters';
import { chosen, verb, type Choose } from './verb';

/** Adds the verbs that check what a rollout would meet, and what it left. */
export function addChecks(program: Command, choose: Choose): void {
  withFilters(
    verb(program, {
      name: 'preflight',
      result: 'output',
      summary: 'before a rollout: quotas, roles, regions, names owned by others, red alarms',
    }),
  )
    .option('--release <digest>', 'a kept release instead of the source')
    .action(
      chosen<FilterFlags & { release?: string }>(choose, async (flags, context) => (await import('./preflight')).preflight(flags, context)),
    );

  withFilters(
    verb(program, {
      name: 'verify',
      result: 'output',
      summary: 'after a rollout: a synthetic order end to end, alarms armed, logs, alias, queues',
    }),
  )
    .option('--timeout <duration>', 'how long an order may take and alarms may be without data (default: 5m; 5s on a sandbox)')
    .option('--no-order', 'send no synthetic order')
    .action(
      chosen<FilterFlags & { timeout?: string; order: boolean }>(choose, async (flags, context) =>
        (await import('./verify')).verify(flags, context),
      ),
    );

  withFilters(
    verb(program, {
      name: 'audit',
      result: 'output',
      summary: 'what of the deployed fleet is not as it should be: tags, encryption, retention, runtimes, policies, alarms, leftovers',
    }),
  )
    .option(
      '--baseline <file>',
      'findings that somebody accepts for a time (default: audit-baseline.yaml beside fleet.yaml, where there is one)',
    )
    .option('--write-baseline <file>', 'accept all that is open now; needs --owner, --expires and --reason')
    .option('--owner <name>', 'who answers for what is accepted')
    .option('--expires <day>', 'the last day on which it is accepted')
    .option('--reason <text>', 'why')
    .addOption(new Option('--fail-on <severity>', 'exit 1 from this severity on').choices([...auditSeverities]).default('low'))
    .option('--drift-days <days>', 'a change past the fleet weighs more when it stands for longer (default: 7)')
    .option('--rules', 'list the rules, and look at nothing')
    .action(
      chosen<AuditFlags & { rules?: boolean }>(choose, async (flags, context) => {
        const { audit, auditRuleList } = await import('./audit');
        return flags.rules === true ? auditRuleList() : audit(flags, context);
      }),
    );
}
