import { Option, type Command } from 'commander';

import { chosen, verb, type Choose } from './verb';

/** Adds the verb `report`: a rollout. */
export function addReport(program: Command, choose: Choose): void {
  verb(program, { name: 'report', summary: 'the report of a rollout, the last one by default' })
    .argument('[rollout]')
    .addOption(new Option('--format <format>').choices(['text', 'json']).default('text'))
    .action(
      chosen<{ format: string }>(choose, async (flags, context, [rollout]) => {
        const { status } = await import('./status');
        const outcome = await status({ config: flags.config, ...(rollout === undefined ? {} : { rollout }) }, context);
        return flags.format === 'json' ? { ...outcome, text: JSON.stringify(outcome.data, null, 2) } : outcome;
      }),
    );
}
