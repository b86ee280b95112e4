import { Command, CommanderError, Option } from 'commander';

import { durationSchema } from '../../contracts/duration';
import { userError } from '../errors';

import type { CommandContext, CommandOutcome } from './context';
import { withFilters, type FilterFlags } from './filters';

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

/** What reading a command line gives: a verb to run, or text to print (help, version). */
export type Parsed = { readonly kind: 'run'; readonly invocation: Invocation } | { readonly kind: 'print'; readonly text: string };

/** Reads a command line; runs nothing. Throws a user error for an unknown verb or flag, with the nearest known one. */
export function parseCommandLine(argv: readonly string[], version: string): Parsed {
  let invocation: Invocation | undefined;
  let printed = '';
  const program = fleetProgram(version, (chosen) => {
    invocation = chosen;
  });
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({ writeOut: (text) => (printed += text), writeErr: () => undefined });
  }
  try {
    program.parse([...argv], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { kind: 'print', text: printed.trimEnd() };
    throw userError(
      'command-line',
      error.code === 'commander.help' ? 'no verb is given; `fleet --help` lists them' : oneLine(error.message),
      { cause: error },
    );
  }
  if (!invocation) throw userError('command-line', 'no verb is given; `fleet --help` lists them');
  return { kind: 'run', invocation };
}

function oneLine(message: string): string {
  return message
    .replace(/^error: /, '')
    .replace(/\n\(Did you mean (.*)\?\)$/s, '; did you mean $1?')
    .replaceAll('\n', ' ');
}

type Choose = (invocation: Invocation) => void;

function fleetProgram(version: string, choose: Choose): Command {
  const program = new Command('fleet')
    .description('Rolls one system out to every account and region of an AWS organisation.')
    .version(version)
    .showSuggestionAfterError(true);

  verb(program, { name: 'init', summary: 'write fleet.yaml, and organization.yaml for a sandbox' })
    .argument('<directory>')
    .option('--sandbox', 'a simulated organisation: no AWS account needed', false)
    .option('--accounts <number>', 'workload accounts of the sandbox', '12')
    .option('--regions <list>', 'regions, the first one is home', 'eu-west-1,us-east-1,ap-southeast-2')
    .option('--name <name>', 'name of the fleet', 'orders')
    .action(
      chosen<{ sandbox: boolean; accounts: string; regions: string; name: string }>(choose, async (flags, context, [directory = '']) => {
        const { init } = await import('./init');
        return init(
          {
            directory,
            options: {
              sandbox: flags.sandbox,
              accounts: wholeNumber('--accounts', flags.accounts),
              regions: flags.regions.split(','),
              name: flags.name,
            },
          },
          context,
        );
      }),
    );

  verb(program, { name: 'doctor', summary: 'check what a run needs: Node, the engine, the state, credentials, roles' })
    .option('--fix', 'obtain the Pulumi CLI where there is none')
    .action(chosen<{ fix?: boolean }>(choose, async (flags, context) => (await import('./doctor')).doctor(flags, context)));

  verb(program, { name: 'bootstrap', summary: 'prepare a real organisation: state, roles, tag policy, cost watch' })
    .option('--settings <file>', 'bootstrap.yaml, beside fleet.yaml by default')
    .option('-y, --yes', 'do not ask before anything is made')
    .action(
      chosen<{ settings?: string; yes?: boolean }>(choose, async (flags, context) =>
        (await import('./bootstrap')).bootstrap(flags, context),
      ),
    );

  verb(program, { name: 'discover', summary: 'take an inventory of the organisation' }).action(
    chosen(choose, async (flags, context) => (await import('./discover')).discover(flags.config, context)),
  );

  verb(program, { name: 'build', summary: 'build a release from source' })
    .option('--source <directory>', 'root of the sources')
    .option('--out <directory>', 'write the release here, without a fleet')
    .action(chosen<{ source?: string; out?: string }>(choose, async (flags, context) => (await import('./build')).build(flags, context)));

  withFilters(verb(program, { name: 'plan', summary: 'what a rollout would change, why, and in which waves' }))
    .option('--release <digest>', 'a kept release instead of the source')
    .option('-o, --out <file>', 'write the plan, for fleet rollout FILE')
    .option('--detailed-exitcode', 'exit 4 where there are changes')
    .option('--preview', 'find the operations that cannot be undone')
    .option('--details', 'every item of what the plan adds to the monthly bill')
    .option('--preset <name>', "dev, careful or emergency, in place of fleet.yaml's waves")
    .action(
      chosen<
        FilterFlags & { release?: string; out?: string; detailedExitcode?: boolean; preview?: boolean; details?: boolean; preset?: string }
      >(choose, async (flags, context) => (await import('./plan')).plan(flags, context)),
    );

  verb(program, { name: 'preview', summary: "the engine's own difference of one target" })
    .argument('<target>', 'as regional/123456789012/eu-west-1')
    .option('--release <digest>', 'a kept release instead of the source')
    .action(
      chosen<{ release?: string }>(choose, async (flags, context, [target = '']) =>
        (await import('./preview')).preview({ ...flags, target }, context),
      ),
    );

  verb(program, { name: 'show', summary: 'a target as it is deployed' })
    .argument('<target>', 'as regional/123456789012/eu-west-1')
    .action(
      chosen(choose, async (flags, context, [target = '']) => (await import('./show')).show({ config: flags.config, target }, context)),
    );

  withFilters(verb(program, { name: 'rollout', summary: 'roll a release out, wave by wave' }))
    .argument('[plan]', 'a file written by fleet plan -o')
    .option('--release <digest>', 'a kept release instead of the source')
    .option('--preset <name>', "dev, careful or emergency, in place of fleet.yaml's waves")
    .option('-y, --yes', 'do not ask before the start')
    .option('--wait <duration>', WAIT_SUMMARY)
    .action(
      chosen<FilterFlags & { release?: string; yes?: boolean; preset?: string; wait?: string }>(
        choose,
        async (flags, context, [planFile]) =>
          (await import('./rollout')).rollout(
            { ...flags, waitSeconds: duration('--wait', flags.wait), ...(planFile === undefined ? {} : { planFile }) },
            context,
          ),
      ),
    );

  withSteering(program, choose);

  for (const [name, summary] of [
    ['status', 'where a rollout stands, the last one by default'],
    ['report', 'the report of a rollout, the last one by default'],
  ] as const) {
    const command = verb(program, { name, summary }).argument('[rollout]');
    if (name === 'report') command.addOption(new Option('--format <format>').choices(['text', 'json']).default('text'));
    command.action(
      chosen<{ format?: string }>(choose, async (flags, context, [rollout]) => {
        const { status } = await import('./status');
        const outcome = await status({ config: flags.config, ...(rollout === undefined ? {} : { rollout }) }, context);
        return flags.format === 'json' ? { ...outcome, text: JSON.stringify(outcome.data, null, 2) } : outcome;
      }),
    );
  }

  withFilters(verb(program, { name: 'destroy', summary: 'destroy deployed targets, downstream layers first' }))
    .option('--confirm <fleet name>', "the fleet's name, instead of typing it")
    .option('--delete-data', 'also tables, archives, logs and keys')
    .option('-y, --yes', 'accepted and not enough: --confirm names the fleet')
    .action(
      chosen<FilterFlags & { confirm?: string; deleteData?: boolean; yes?: boolean }>(choose, async (flags, context) => {
        if (flags.yes === true && flags.confirm === undefined)
          throw userError('not-confirmed', '--yes does not confirm a destroy: add --confirm <fleet name>');
        return (await import('./destroy')).destroy(flags, context);
      }),
    );

  withFilters(verb(program, { name: 'prune', summary: 'remove versions of functions that nothing needs any more' }))
    .option('--keep <number>', 'how many of the newest versions stay in any case', '3')
    .option('--dry-run', 'tell what would be removed, and remove nothing')
    .option('-y, --yes', 'do not ask before anything is removed')
    .action(
      chosen<FilterFlags & { keep: string; dryRun?: boolean; yes?: boolean }>(choose, async (flags, context) =>
        (await import('./prune')).prune(flags, context),
      ),
    );

  verb(program, { name: 'demo', summary: 'a whole rollout on a simulated organisation' })
    .option('--keep', 'leave its folder, to go on from')
    .action(chosen<{ keep?: boolean }>(choose, async (flags, context) => (await import('./demo')).demo(flags, context)));

  return program;
}

const WAIT_SUMMARY = 'leave with exit 3 when only waiting is left and takes longer, as 10m';

/** Verbs on a rollout, the last one by default. */
function withSteering(program: Command, choose: Choose): void {
  const reference = (config: string, rollout: string | undefined) => ({ config, ...(rollout === undefined ? {} : { rollout }) });

  verb(program, { name: 'resume', summary: 'go on with a rollout that was left, interrupted or paused' })
    .argument('[rollout]')
    .option('--wait <duration>', WAIT_SUMMARY)
    .action(
      chosen<{ wait?: string }>(choose, async (flags, context, [rollout]) =>
        (await import('./resume')).resume({ ...reference(flags.config, rollout), waitSeconds: duration('--wait', flags.wait) }, context),
      ),
    );

  verb(program, { name: 'approve', summary: 'approve what a rollout waits for' })
    .argument('[rollout]')
    .option('--wave <name>', 'the wave; the one that waits by default')
    .option('--accept-red', 'start the wave though alarms are red already')
    .option('--plan <digest>', 'the plan that was read: refused where the rollout runs another')
    .option('--expires <duration>', 'how long the approval is good for', '24h')
    .action(
      chosen<{ wave?: string; acceptRed?: boolean; plan?: string; expires: string }>(choose, async (flags, context, [rollout]) => {
        const { wave, acceptRed, plan } = flags;
        const given = {
          ...(wave === undefined ? {} : { wave }),
          ...(acceptRed ? { acceptRed } : {}),
          ...(plan === undefined ? {} : { plan }),
        };
        const expiresSeconds = duration('--expires', flags.expires) ?? 0;
        return (await import('./approve')).approve({ ...reference(flags.config, rollout), ...given, expiresSeconds }, context);
      }),
    );

  verb(program, { name: 'pause', summary: 'let what runs finish and start nothing further' })
    .argument('[rollout]')
    .action(
      chosen(choose, async (flags, context, [rollout]) => (await import('./steer')).pause(reference(flags.config, rollout), context)),
    );

  verb(program, { name: 'abort', summary: 'end a rollout: what runs is let finish, the rest is cancelled' })
    .argument('[rollout]')
    .option('--reason <text>', 'why, for the record')
    .action(
      chosen<{ reason?: string }>(choose, async (flags, context, [rollout]) =>
        (await import('./steer')).abort(
          { ...reference(flags.config, rollout), ...(flags.reason === undefined ? {} : { reason: flags.reason }) },
          context,
        ),
      ),
    );

  verb(program, { name: 'limits', summary: 'lower the limits of a rollout while it runs' })
    .argument('[rollout]')
    .option('--max-concurrent <number>', 'targets that run at once')
    .option('--per-account <number>', 'targets of one account that run at once')
    .option('--per-region <number>', 'targets of one region that run at once')
    .option('--failure-tolerance <number>', 'targets that may fail')
    .action(
      chosen<{ maxConcurrent?: string; perAccount?: string; perRegion?: string; failureTolerance?: string }>(
        choose,
        async (flags, context, [rollout]) => {
          const limits = {
            ...limit('--max-concurrent', 'maxConcurrent', flags),
            ...limit('--per-account', 'perAccount', flags),
            ...limit('--per-region', 'perRegion', flags),
            ...limit('--failure-tolerance', 'failureTolerance', flags),
          };
          if (Object.keys(limits).length === 0) throw userError('invalid-flag', 'no limit is given: pass one such as --max-concurrent 2');
          return (await import('./steer')).limits({ ...reference(flags.config, rollout), limits }, context);
        },
      ),
    );

  verb(program, { name: 'rollback', summary: 'take a rollout back, as a new rollout' })
    .argument('[rollout]')
    .option('-y, --yes', 'do not ask before the start')
    .action(
      chosen<{ yes?: boolean }>(choose, async (flags, context, [rollout]) =>
        (await import('./rollback')).rollback({ ...reference(flags.config, rollout), ...(flags.yes ? { yes: true } : {}) }, context),
      ),
    );

  withFilters(verb(program, { name: 'drift', summary: 'what differs from what was deployed; nothing is changed' }))
    .option('--detailed-exitcode', 'exit 4 where something differs')
    .action(
      chosen<FilterFlags & { detailedExitcode?: boolean }>(choose, async (flags, context) =>
        (await import('./drift')).drift(flags, context),
      ),
    );
}

/** One limit as typed; none where it is not given. */
function limit<Key extends string>(flag: string, key: Key, flags: Readonly<Partial<Record<Key, string>>>): Partial<Record<Key, number>> {
  const text = flags[key];
  if (text === undefined) return {};
  const value = wholeNumber(flag, text);
  if (value < 1 && key !== 'failureTolerance') throw userError('invalid-flag', `${flag} ${text} is less than 1`);
  return { [key]: value } as Partial<Record<Key, number>>;
}

/** Seconds of a duration as typed; null where it is not given. */
function duration(flag: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  const parsed = durationSchema({ min: 0, max: 30 * 86_400 }).safeParse(text);
  if (!parsed.success) throw userError('invalid-flag', `${flag}: ${parsed.error.issues[0]?.message ?? 'is invalid'}`);
  return parsed.data;
}

function verb(program: Command, { name, summary }: { readonly name: string; readonly summary: string }): Command {
  return program
    .command(name)
    .description(summary)
    .allowExcessArguments(false)
    .showSuggestionAfterError(true)
    .option('-c, --config <file>', 'the fleet', 'fleet.yaml')
    .option('--json', 'one JSON message a line; the last has code "result"', false)
    .option('--verbose', 'tell every resource', false);
}

type Run<Flags> = (
  flags: Flags & GlobalFlags,
  context: CommandContext,
  positional: readonly (string | undefined)[],
) => Promise<CommandOutcome>;

/** Commander calls an action with the positional arguments, the flags and the command. */
function chosen<Flags extends object = object>(choose: Choose, run: Run<Flags>) {
  return (...parameters: unknown[]): void => {
    const command = parameters.at(-1) as Command;
    const flags = command.opts<Flags & GlobalFlags>();
    choose({ verb: command.name(), flags, run: (context) => run(flags, context, command.args) });
  };
}

function wholeNumber(flag: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw userError('invalid-flag', `${flag} ${text} is not a whole number`);
  return Number(text);
}
