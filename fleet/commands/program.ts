import { Command, CommanderError } from 'commander';

import { userError } from '../errors';
import { KEPT_VERSIONS } from '../versions/versions-to-remove';

import type { BootstrapFlags } from './bootstrap';
import { refuseYesAlone } from './confirm-name';
import { addCost } from './add-cost';
import { addChecks } from './add-checks';
import { addDlq } from './add-dlq';
import { addReport } from './add-report';
import { addStatus } from './add-status';
import { addSteering, REPORT_FLAG, WAIT_SUMMARY } from './add-steering';
import { collect, withFilters, type FilterFlags } from './filters';
import type { PlanCommandFlags, PlanFlags } from './plan';
import { chosen, duration, verb, wholeNumber, type Choose, type Invocation } from './verb';

const REDEPLOY_SUMMARY = 'deploy what is unchanged as well; there is no way back from that';

export type { GlobalFlags, Invocation } from './verb';

/** What reading a command line gives: a verb to run, or text to print (help, version). */
export type Parsed = { readonly kind: 'run'; readonly invocation: Invocation } | { readonly kind: 'print'; readonly text: string };

/** Reads a command line; runs nothing. Throws a user error for an unknown verb or flag, with the nearest known one. */
export function parseCommandLine(argv: readonly string[], version: string): Parsed {
  let invocation: Invocation | undefined;
  let printed = '';
  const program = fleetProgram(version, (chosen) => {
    invocation = chosen;
  });
  for (const command of withAllBelow(program)) {
    command.exitOverride().configureOutput({ writeOut: (text) => (printed += text), writeErr: () => undefined });
  }
  // Who types the name alone asks what it can do.
  if (argv.length === 0) return { kind: 'print', text: program.helpInformation().trimEnd() };
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

function withAllBelow(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(withAllBelow)];
}

function oneLine(message: string): string {
  return message
    .replace(/^error: /, '')
    .replace(/\n\(Did you mean (.*)\?\)$/s, '; did you mean $1?')
    .replaceAll('\n', ' ');
}

function fleetProgram(version: string, choose: Choose): Command {
  const program = new Command('fleet')
    .description('Rolls one system out to every account and region of an AWS organisation.')
    .version(version)
    .showSuggestionAfterError(true);

  verb(program, { name: 'init', result: 'change', summary: 'write fleet.yaml, and organization.yaml for a sandbox' })
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

  verb(program, { name: 'doctor', result: 'output', summary: 'check what a run needs: Node, the engine, the state, credentials, roles' })
    .option('--fix', 'obtain the Pulumi CLI where there is none')
    .action(chosen<{ fix?: boolean }>(choose, async (flags, context) => (await import('./doctor')).doctor(flags, context)));

  verb(program, { name: 'bootstrap', result: 'change', summary: 'prepare a real organisation: state, roles, tag policy, cost watch' })
    .option('--settings <file>', 'bootstrap.yaml, beside fleet.yaml by default')
    .option('-y, --yes', 'do not ask before anything is made')
    .option('--dry-run', 'tell every call and every resource, and change nothing')
    .option('--destroy', 'undo what was prepared for this fleet; refused while targets stand')
    .option('--delete-data', 'of --destroy: the state bucket and its key as well')
    .option('--confirm <fleet name>', "of --destroy: the fleet's name, instead of typing it")
    .option('--print-policy <whose>', 'print the policy of a role instead, as JSON: control, operator or ci')
    .option('--repository <owner/repo>', 'of --print-policy: whose jobs at GitHub the role trusts')
    .option('--environment <name>', 'of --print-policy: the environment of these jobs')
    .option('--account <id>', 'of --print-policy: the management account')
    .action(
      chosen<Omit<BootstrapFlags, 'config'>>(choose, async (flags, context) => (await import('./bootstrap')).bootstrap(flags, context)),
    );

  verb(program, { name: 'discover', result: 'output', summary: 'take an inventory of the organisation' }).action(
    chosen(choose, async (flags, context) => (await import('./discover')).discover(flags.config, context)),
  );

  verb(program, { name: 'build', result: 'change', summary: 'build a release from source' })
    .option('--source <directory>', 'root of the sources')
    .option('--out <directory>', 'write the release here, without a fleet')
    .action(chosen<{ source?: string; out?: string }>(choose, async (flags, context) => (await import('./build')).build(flags, context)));

  withFilters(verb(program, { name: 'plan', result: 'output', summary: 'what a rollout would change, why, and in which waves' }))
    .option('--release <digest>', 'a kept release instead of the source')
    .option('-o, --out <file>', 'write the plan, for fleet rollout FILE')
    .option('--detailed-exitcode', 'exit 4 where there are changes')
    .option('--preview', 'find the operations that cannot be undone')
    .option('--details', 'every item of what the plan adds to the monthly bill')
    .option('--preset <name>', "dev, careful or emergency, in place of fleet.yaml's waves")
    .option('--redeploy', REDEPLOY_SUMMARY)
    .action(chosen<Omit<PlanCommandFlags, 'config'>>(choose, async (flags, context) => (await import('./plan')).plan(flags, context)));

  verb(program, { name: 'preview', result: 'output', summary: "the engine's own difference of one target" })
    .argument('<target>', 'as regional/123456789012/eu-west-1')
    .option('--release <digest>', 'a kept release instead of the source')
    .action(
      chosen<{ release?: string }>(choose, async (flags, context, [target = '']) =>
        (await import('./preview')).preview({ ...flags, target }, context),
      ),
    );

  verb(program, { name: 'show', result: 'output', summary: 'a target as it is deployed' })
    .argument('<target>', 'as regional/123456789012/eu-west-1')
    .action(
      chosen(choose, async (flags, context, [target = '']) => (await import('./show')).show({ config: flags.config, target }, context)),
    );

  withFilters(verb(program, { name: 'rollout', result: 'change', summary: 'roll a release out, wave by wave' }))
    .argument('[plan]', 'a file written by fleet plan -o')
    .option('--release <digest>', 'a kept release instead of the source')
    .option('--preset <name>', "dev, careful or emergency, in place of fleet.yaml's waves")
    .option('--redeploy', REDEPLOY_SUMMARY)
    .option('-y, --yes', 'do not ask before the start')
    .option('--wait <duration>', WAIT_SUMMARY)
    .option('--digest <digest>', 'of the plan in the file: another one is refused, as where it was approved elsewhere')
    .option(...REPORT_FLAG)
    .action(
      chosen<Omit<PlanFlags, 'config'> & { yes?: boolean; wait?: string; digest?: string; report?: string }>(
        choose,
        async (flags, context, [planFile]) =>
          (await import('./rollout')).rollout(
            { ...flags, waitSeconds: duration('--wait', flags.wait), ...(planFile === undefined ? {} : { planFile }) },
            context,
          ),
      ),
    );

  addSteering(program, choose);
  addDlq(program, choose);
  addCost(program, choose);
  addChecks(program, choose);

  addStatus(program, choose);
  addReport(program, choose);

  withFilters(verb(program, { name: 'destroy', result: 'change', summary: 'destroy deployed targets, downstream layers first' }))
    .option('--confirm <fleet name>', "the fleet's name, instead of typing it")
    .option('--delete-data', 'also tables, archives, logs and keys')
    .option('--dry-run', 'tell what would go and what would be kept, and destroy nothing')
    .option('-y, --yes', 'accepted and not enough: --confirm names the fleet')
    .option(...REPORT_FLAG)
    .action(
      chosen<FilterFlags & { confirm?: string; deleteData?: boolean; dryRun?: boolean; yes?: boolean; report?: string }>(
        choose,
        async (flags, context) => {
          if (flags.dryRun !== true) refuseYesAlone(flags, 'destroy');
          return (await import('./destroy')).destroy(flags, context);
        },
      ),
    );

  verb(program, { name: 'forget', result: 'change', summary: 'let go of a target that nothing can reach any more' })
    .argument('<target>', 'as regional/123456789012/eu-west-1')
    .option('--reason <text>', 'why, for the record')
    .option('--confirm <fleet name>', "the fleet's name, instead of typing it")
    .option('-y, --yes', 'accepted and not enough: --confirm names the fleet')
    .action(
      chosen<{ reason?: string; confirm?: string; yes?: boolean }>(choose, async (flags, context, [target = '']) => {
        refuseYesAlone(flags, 'forget');
        return (await import('./forget')).forget({ ...flags, target }, context);
      }),
    );

  withFilters(verb(program, { name: 'repair', result: 'change', summary: 'bring what drifted back to what was deployed, wave by wave' }))
    .option('--recreate <urn>', 'make this anew, empty, though it held data or others point at it', collect)
    .option('--confirm <fleet name>', "the fleet's name, instead of typing it, where something is made anew")
    .option('-y, --yes', 'do not ask before the start')
    .option('--wait <duration>', WAIT_SUMMARY)
    .option(...REPORT_FLAG)
    .action(
      chosen<FilterFlags & { recreate?: readonly string[]; confirm?: string; yes?: boolean; wait?: string; report?: string }>(
        choose,
        async (flags, context) => (await import('./repair')).repair({ ...flags, waitSeconds: duration('--wait', flags.wait) }, context),
      ),
    );

  withFilters(verb(program, { name: 'prune', result: 'change', summary: 'remove versions of functions that nothing needs any more' }))
    .option('--keep <number>', 'how many of the newest versions stay in any case', String(KEPT_VERSIONS))
    .option('--dry-run', 'tell what would be removed, and remove nothing')
    .option('-y, --yes', 'do not ask before anything is removed')
    .action(
      chosen<FilterFlags & { keep: string; dryRun?: boolean; yes?: boolean }>(choose, async (flags, context) =>
        (await import('./prune')).prune(flags, context),
      ),
    );

  withFilters(verb(program, { name: 'dashboards', result: 'output', summary: 'the deployed dashboards, listed or drawn as web pages' }))
    .option('--html <folder>', 'draw them there as pages, with their metrics')
    .action(
      chosen<FilterFlags & { html?: string }>(choose, async (flags, context) => (await import('./dashboards')).dashboards(flags, context)),
    );

  verb(program, { name: 'demo', result: 'change', summary: 'a whole rollout on a simulated organisation' })
    .option('--keep', 'leave its folder, to go on from')
    .action(chosen<{ keep?: boolean }>(choose, async (flags, context) => (await import('./demo')).demo(flags, context)));

  return program;
}
