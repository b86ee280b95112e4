import type { Command } from 'commander';

import { durationSchema } from '../../contracts/duration';
import { userError } from '../errors';

import type { CommandContext, CommandOutcome } from './context';

/** Flags of every verb. */
export interface GlobalFlags {
  readonly config: string;
  readonly json: boolean;
  readonly verbose: boolean;
}

/** A verb that was read from the command line and waits to be run. */
export interface Invocation {
  readonly verb: string;
  readonly flags: GlobalFlags;
  readonly run: (context: CommandContext) => Promise<CommandOutcome> | CommandOutcome;
}

/** Takes the verb that was read. */
export type Choose = (invocation: Invocation) => void;

/** Seconds of a duration as typed; null where it is not given. */
export function duration(flag: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  const parsed = durationSchema({ min: 0, max: 30 * 86_400 }).safeParse(text);
  if (!parsed.success) throw userError('invalid-flag', `${flag}: ${parsed.error.issues[0]?.message ?? 'is invalid'}`);
  return parsed.data;
}

/** A verb with the flags that all have. */
export function verb(
  program: Command,
  { name, summary, isDefault = false }: { readonly name: string; readonly summary: string; readonly isDefault?: boolean },
): Command {
  return program
    .command(name, { isDefault })
    .description(summary)
    .allowExcessArguments(false)
    .showSuggestionAfterError(true)
    .option('-c, --config <file>', 'the fleet', 'fleet.yaml')
    .option('--json', 'one JSON message a line; the last has code "result"', false)
    .option('--verbose', 'tell every resource', false);
}

/** A verb below another one is known by both names. */
function nameOf(command: Command): string {
  const above = command.parent?.parent ? `${command.parent.name()} ` : '';
  return `${above}${command.name()}`;
}

type Run<Flags> = (
  flags: Flags & GlobalFlags,
  context: CommandContext,
  positional: readonly (string | undefined)[],
) => Promise<CommandOutcome>;

/** What a verb does, for commander, which calls an action with the positional arguments, the flags and the command. */
export function chosen<Flags extends object = object>(choose: Choose, run: Run<Flags>) {
  return (...parameters: unknown[]): void => {
    const command = parameters.at(-1) as Command;
    const flags = command.opts<Flags & GlobalFlags>();
    choose({ verb: nameOf(command), flags, run: (context) => run(flags, context, command.args) });
  };
}

/** A whole number as typed. */
export function wholeNumber(flag: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw userError('invalid-flag', `${flag} ${text} is not a whole number`);
  return Number(text);
}
