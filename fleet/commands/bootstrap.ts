import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import type { BootstrapFile } from '../bootstrap/bootstrap-file';
import { bootstrapPlace, type BootstrapPlace } from '../bootstrap/bootstrap-place';
import type { OrganizationLook, Prepared } from '../bootstrap/prepare-organization';
import type { FleetConfig } from '../config/fleet-config';
import { loadFleetConfig } from '../config/load-config';
import type { EngineResult } from '../ports';
import { openFleetStore } from '../state/fleet-store';

import { bootstrapDestroy } from './bootstrap-destroy';
import { bootstrapSettings, printPolicy, type PrintPolicyFlags } from './bootstrap-policy';
import { confirmed } from './confirmed';
import { openFleet, type CommandContext, type CommandOutcome } from './context';
import { underLease } from './control';
import { runOrganizationProgram } from './organization-program';

/** Flags of `bootstrap`. */
export interface BootstrapFlags extends PrintPolicyFlags {
  readonly yes?: boolean;
  /** Tells what would be done, and does nothing. */
  readonly dryRun?: boolean;
  /** Undoes what an earlier run made. */
  readonly destroy?: boolean;
  /** The fleet's name, typed, before that. */
  readonly confirm?: string;
  /** The state bucket and its key as well. */
  readonly deleteData?: boolean;
}

/** What is prepared, read from its files, and AWS to ask; nothing is asked yet. */
export interface OpenBootstrap {
  readonly config: FleetConfig;
  readonly file: BootstrapFile;
  readonly place: BootstrapPlace;
  readonly ports: Awaited<ReturnType<typeof openPorts>>;
}

/** Prepares a real organisation, once or again: the state bucket first, then what organization/ declares, with its state in there. Asks first. */
export async function bootstrap(flags: BootstrapFlags, context: CommandContext): Promise<CommandOutcome> {
  const { printPolicy: policy } = flags;
  if (policy !== undefined) return printPolicy({ ...flags, printPolicy: policy }, context);
  const config = loadFleetConfig(flags.config);
  const place = bootstrapPlace(config);
  const file = bootstrapSettings(flags, { file: config.file, cwd: context.cwd });
  const ports = await openPorts({ config, file, place }, context);
  if (flags.destroy === true) return bootstrapDestroy(flags, { config, file, place, ports }, context);
  const input = { config, file, bucket: place.bucket };
  if (flags.dryRun === true) {
    const { foreseeOrganization } = await import('../bootstrap/foresee-organization');
    const preview = (look: OrganizationLook) => foresee(look, { config, place }, context);
    const { foreseen, text } = await foreseeOrganization(input, { ...ports, preview });
    return { exitCode: 0, text, data: foreseen };
  }
  // Loaded here: the AWS SDK takes longer to load than it takes to find a mistake in a file.
  const { prepareOrganization } = await import('../bootstrap/prepare-organization');
  const prepared = await prepareOrganization(input, {
    ...ports,
    deploy: async (told) => {
      const fleet = await openFleet(flags.config);
      return underLease({ fleet, verb: 'bootstrap', wait: false }, context, async (lease) => {
        await fleet.store.claim();
        const signal = AbortSignal.any([context.interrupt, lease.lost]);
        return runOrganizationProgram('up', told, { run: { ...fleet, choice: place.choice, signal }, context });
      });
    },
    confirm: async (question) => flags.yes === true || (await confirmed(question, context)),
    reporter: context.reporter,
  });
  if (prepared === null) return { exitCode: 1, text: 'not confirmed: nothing was changed', data: null };
  return { exitCode: 0, text: textOf(prepared, place), data: prepared };
}

async function openPorts({ config, file, place }: Omit<OpenBootstrap, 'ports'>, context: CommandContext) {
  const [{ openBootstrapClients }, { readOrganizationFacts }, { OrganizationAccess }, { StateBucket }] = await Promise.all([
    import('../bootstrap/open-bootstrap-clients'),
    import('../bootstrap/organization-facts'),
    import('../bootstrap/organization-access'),
    import('../bootstrap/state-bucket'),
  ]);
  const { homeRegion, accounts } = config;
  const { clock, interrupt: signal } = context;
  const clients = openBootstrapClients({ homeRegion, shared: accounts.shared, bootstrapRole: file.bootstrapRole, clock });
  let opened: Promise<InstanceType<typeof StateBucket>> | undefined;
  const bucket = () =>
    (opened ??= clients
      .sharedS3()
      .then((s3) => new StateBucket(s3, { bucket: place.bucket, account: accounts.shared, region: homeRegion })));
  return {
    clients,
    readFacts: () => readOrganizationFacts(clients, signal),
    bucket: {
      look: async () => (await bucket()).look(),
      complete: async (...parameters: Parameters<InstanceType<typeof StateBucket>['complete']>) => (await bucket()).complete(...parameters),
    },
    access: new OrganizationAccess({ ...clients, clock, signal }),
    clock,
  };
}

/** Previews the program over a copy of its state: a preview would make the stack where there is none. */
async function foresee(
  { told, found }: OrganizationLook,
  { config, place }: Pick<OpenBootstrap, 'config' | 'place'>,
  context: CommandContext,
): Promise<EngineResult> {
  const { copyStack } = await import('../engine/pulumi/copy-stack');
  const { organizationTarget } = await import('../bootstrap/organization-job');
  const folder = mkdtempSync(join(context.temporary, 'fleet-foresee-'));
  try {
    const backend = await copyStack(organizationTarget(told), {
      from: found.exists ? place.choice.backend : null,
      homeRegion: config.homeRegion,
      to: join(folder, 'pulumi'),
    });
    const store = await openFleetStore(join(folder, 'state'), config.name);
    // What is not there yet cannot be taken over: the call that makes it is told beside.
    const state = { ...told.state, takeOver: told.state.takeOver && found.exists };
    const run = { config, choice: { ...place.choice, backend }, store, signal: context.interrupt };
    return await runOrganizationProgram('preview', { ...told, state }, { run, context });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function textOf({ bucket, changes, outputs }: Prepared, { choice }: BootstrapPlace): string {
  const { create, update, replace, delete: deleted } = changes;
  const changed = create + update + replace + deleted;
  const { secretsProvider } = outputs.state;
  return [
    changed === 0 && !bucket.made
      ? 'the organisation is prepared already: nothing was changed'
      : `the organisation is prepared: ${create} created, ${update} updated, ${replace} replaced, ${deleted} deleted; state in bucket ${bucket.name}`,
    ...(choice.secretsProvider === secretsProvider ? [] : [`next: set secretsProvider in fleet.yaml to "${secretsProvider}"`]),
  ].join('\n');
}
