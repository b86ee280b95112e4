import type { Command } from 'commander';

import { withFilters } from './filters';
import { chosen, verb, type Choose } from './verb';
import type { CostFlags } from './cost';
import type { CostActivateFlags } from './cost-activate';

/** Adds the verb `cost`: what was billed, its default, and `activate`. */
export function addCost(program: Command, choose: Choose): void {
  const cost = program
    .command('cost')
    .description('what the organisation was billed, and the tags that tell costs apart')
    .showSuggestionAfterError(true);

  withRole(
    withFilters(verb(cost, { name: 'show', result: 'output', summary: 'costs of a period, this month by default', isDefault: true })),
  )
    .option('--from <day>', 'first day, as 2026-11-01 (UTC)')
    .option('--to <day>', 'last day (default: today)')
    .option('--month <month>', 'a whole month, as 2026-11')
    .option('--by <what>', 'account, region, team, cost-centre or service (default: all but service)')
    .option('--csv <file>', 'write the tables as CSV')
    .option('--html <file>', 'write a page')
    .option('--refresh', 'ask again for days that are kept: costs more')
    .option('--no-orders', 'do not count orders')
    .action(chosen<CostFlags>(choose, async (flags, context) => (await import('./cost')).cost(flags, context)));

  withRole(verb(cost, { name: 'activate', result: 'change', summary: 'activate the cost allocation tags of the tagging standard' }))
    .option('-y, --yes', 'do not ask before anything is activated')
    .action(chosen<CostActivateFlags>(choose, async (flags, context) => (await import('./cost-activate')).costActivate(flags, context)));
}

function withRole(command: Command): Command {
  return command.option('--role <name>', "role in the payer's account, the fleet's by default; none: the credentials are the payer's own");
}
