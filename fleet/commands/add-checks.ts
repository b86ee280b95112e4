import type { Command } from 'commander';

import { withFilters, type FilterFlags } from './filters';
import { chosen, verb, type Choose } from './verb';

/** Adds the verbs that check what a rollout would meet, and what it left. */
export function addChecks(program: Command, choose: Choose): void {
  withFilters(verb(program, { name: 'preflight', summary: 'before a rollout: quotas, roles, regions, names owned by others, red alarms' }))
    .option('--release <digest>', 'a kept release instead of the source')
    .action(
      chosen<FilterFlags & { release?: string }>(choose, async (flags, context) => (await import('./preflight')).preflight(flags, context)),
    );

  withFilters(
    verb(program, { name: 'verify', summary: 'after a rollout: a synthetic order end to end, alarms armed, logs, alias, queues' }),
  )
    .option('--timeout <duration>', 'how long an order may take and alarms may be without data (default: 5m; 5s on a sandbox)')
    .option('--no-order', 'send no synthetic order')
    .action(
      chosen<FilterFlags & { timeout?: string; order: boolean }>(choose, async (flags, context) =>
        (await import('./verify')).verify(flags, context),
      ),
    );
}
