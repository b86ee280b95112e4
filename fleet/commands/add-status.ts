import type { Command } from 'commander';

import { userError } from '../errors';

import { chosen, duration, verb, type Choose } from './verb';

interface StatusFlags {
  readonly health?: boolean;
  readonly watch?: boolean;
  readonly interval?: string;
}

/** Adds the verb `status`: a rollout, the fleet's health, or both. */
export function addStatus(program: Command, choose: Choose): void {
  verb(program, { name: 'status', result: 'output', summary: "where a rollout stands, the last one by default, and the fleet's health" })
    .argument('[rollout]')
    .option('--health', 'the health of every target, and the service objectives')
    .option('--watch', 'the health again and again, until Ctrl-C')
    .option('--interval <duration>', 'with --watch: time between two looks (default: 5s on the sandbox, 30s on AWS)')
    .action(
      chosen<StatusFlags>(choose, async (flags, context, [rollout]) => {
        const { config, json } = flags;
        const intervalSeconds = duration('--interval', flags.interval);
        if (intervalSeconds !== null && flags.watch !== true) throw userError('invalid-flag', '--interval says nothing without --watch');
        if (intervalSeconds !== null && intervalSeconds < 1)
          throw userError('invalid-flag', `--interval ${flags.interval ?? ''} is under 1s`);
        const asksHealth = flags.health === true || flags.watch === true;
        if (asksHealth && rollout !== undefined)
          throw userError('invalid-flag', `rollout ${rollout} has no health of its own: leave it out, or --health and --watch`);
        if (flags.watch === true) return (await import('./health')).watch({ config, intervalSeconds }, context);
        if (flags.health === true) return (await import('./health')).health(config, context);
        const { status } = await import('./status');
        return status({ config, health: rollout === undefined && !json, ...(rollout === undefined ? {} : { rollout }) }, context);
      }),
    );
}
