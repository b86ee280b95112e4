import type { Command } from 'commander';

import { deadLetterClasses } from '../../contracts/order-message';

import { DEFAULT_LIMIT, DEFAULT_RATE, MAX_RATE } from './dlq-flags';
import { withFilters, type FilterFlags } from './filters';
import { chosen, verb, type Choose } from './verb';

interface DayFlags {
  readonly since?: string;
  readonly until?: string;
}

interface RedriveFlags extends FilterFlags, DayFlags {
  readonly class: string;
  readonly rate?: string;
  readonly max?: string;
  readonly limit?: string;
  readonly again?: boolean;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

/** Adds the verb `dlq`: `list`, its default, and `redrive`. */
export function addDlq(program: Command, choose: Choose): void {
  const dlq = program
    .command('dlq')
    .description('dead letters: what the archives hold, and sending it again')
    .showSuggestionAfterError(true);

  withDays(withFilters(verb(dlq, { name: 'list', result: 'output', summary: 'dead letters per target and class', isDefault: true })))
    .argument('[target]', 'its letters one by one')
    .option('--class <class>', `only this class: ${deadLetterClasses.join(', ')}`)
    .action(
      chosen<FilterFlags & DayFlags & { class?: string }>(choose, async (flags, context, [target]) =>
        (await import('./dlq-list')).dlqList({ ...flags, ...(target === undefined ? {} : { target }) }, context),
      ),
    );

  withDays(withFilters(verb(dlq, { name: 'redrive', result: 'change', summary: 'send letters of a class to their order queues again' })))
    .requiredOption('--class <class>', 'transient, unknown or rejected; malformed ones would fail again')
    .option('--rate <number>', `orders a second at each target, 1/s to ${MAX_RATE}/s (default: ${DEFAULT_RATE}/s)`)
    .option('--limit <number>', `at most so many orders in all, the oldest ones (default: ${DEFAULT_LIMIT})`)
    .option('--max <number>', 'at most so many letters, the oldest ones')
    .option('--again', 'also letters whose order was sent again before, up to 3 times in all')
    .option('--dry-run', 'say what would be sent')
    .option('-y, --yes', 'do not ask before anything is sent')
    .action(chosen<RedriveFlags>(choose, async (flags, context) => (await import('./dlq-redrive')).dlqRedrive(flags, context)));
}

function withDays(command: Command): Command {
  return command
    .option('--since <day>', 'only letters first sent on this UTC day or later, as 2026-03-04')
    .option('--until <day>', 'only letters first sent on this UTC day or before');
}
