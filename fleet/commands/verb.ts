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

/**
 * What a verb is run for: what it tells, so that it failed where that was lost; or what it changes, which stands whoever hears of it.
 */
export type VerbResult = 'output' | 'change';

/** A verb that was read from the command line and waits to be run. */
export interface Invocation {
  readonly verb: string;
  readonly flags: GlobalFlags;
  readonly result: VerbResult;
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

/** How a verb is named and told, and what it is run for. */
export interface VerbOptions {
  readonly name: string;
  readonly summary: string;
  readonly result: VerbResult;
  readonly isDefault?: boolean;
}

const results = new WeakMap<Command, VerbResult>();

/** A verb with the flags that all have. */
export function verb(program: Command, { name, summary, result, isDefault = false }: VerbOptions): Command {
  const command = program
    .command(name, { isDefault })
    .description(summary)
    .allowExcessArguments(false)
    .showSuggestionAfterError(true)
    .option('-c, --config <file>', 'the fleet', 'fleet.yaml')
    .option('--json', 'one JSON message a line; the last has code "result"', false)
    .option('--verbose', 'tell every resource', false);
  results.set(command, result);
  return command;
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
    const result = 'dryRun' in flags || 'printPolicy' in flags ? 'output' : (results.get(command) ?? 'output');
    choose({ verb: nameOf(command), flags, result, run: (context) => run(flags, context, command.args) });
  };
}

/** A whole number as typed. */
export function wholeNumber(flag: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw userError('invalid-flag', `${flag} ${text} is not a whole number`);
  return Number(text);
}
