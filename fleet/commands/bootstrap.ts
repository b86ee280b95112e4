import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import type { OrganizationConfig } from '../../contracts/organization';
import { bootstrapPlace, type BootstrapPlace } from '../bootstrap/bootstrap-place';
import type { Prepared } from '../bootstrap/prepare-organization';
import { loadFleetConfig } from '../config/load-config';
import type { EngineResult } from '../ports';

import { bootstrapSettings, printPolicy, type PrintPolicyFlags } from './bootstrap-policy';
import { confirmed } from './confirmed';
import { openFleet, type CommandContext, type CommandOutcome } from './context';
import { underLease } from './control';

/** Flags of `bootstrap`. */
export interface BootstrapFlags extends PrintPolicyFlags {
  readonly yes?: boolean;
}

/** Prepares a real organisation, once or again: the state bucket first, then what organization/ declares, with its state in there. Asks first. */
export async function bootstrap(flags: BootstrapFlags, context: CommandContext): Promise<CommandOutcome> {
  const { printPolicy: policy } = flags;
  if (policy !== undefined) return printPolicy({ ...flags, printPolicy: policy }, context);
  const config = loadFleetConfig(flags.config);
  const place = bootstrapPlace(config);
  const file = bootstrapSettings(flags, { file: config.file, cwd: context.cwd });
  // Loaded here: the AWS SDK takes longer to load than it takes to find a mistake in a file.
  const [{ openBootstrapClients }, { readOrganizationFacts }, { OrganizationAccess }, { StateBucket }, { prepareOrganization }] =
    await Promise.all([
      import('../bootstrap/open-bootstrap-clients'),
      import('../bootstrap/organization-facts'),
      import('../bootstrap/organization-access'),
      import('../bootstrap/state-bucket'),
      import('../bootstrap/prepare-organization'),
    ]);
  const { homeRegion, accounts } = config;
  const clients = openBootstrapClients({ homeRegion, shared: accounts.shared, bootstrapRole: file.bootstrapRole, clock: context.clock });
  let opened: Promise<InstanceType<typeof StateBucket>> | undefined;
  const bucket = () =>
    (opened ??= clients
      .sharedS3()
      .then((s3) => new StateBucket(s3, { bucket: place.bucket, account: accounts.shared, region: homeRegion })));
  const prepared = await prepareOrganization(
    { config, file, bucket: place.bucket },
    {
      readFacts: () => readOrganizationFacts(clients, context.interrupt),
      bucket: {
        look: async () => (await bucket()).look(),
        complete: async (found, told) => (await bucket()).complete(found, told),
      },
      access: new OrganizationAccess({ ...clients, clock: context.clock, signal: context.interrupt }),
      deploy: (told) => deploy(told, { flags, place }, context),
      confirm: async (question) => flags.yes === true || (await confirmed(question, context)),
      clock: context.clock,
      reporter: context.reporter,
    },
  );
  if (prepared === null) return { exitCode: 1, text: 'not confirmed: nothing was changed', data: null };
  return { exitCode: 0, text: textOf(prepared, place), data: prepared };
}

/** Runs the program of organization/ under the fleet's lease. */
async function deploy(
  told: OrganizationConfig,
  { flags, place }: { readonly flags: BootstrapFlags; readonly place: BootstrapPlace },
  context: CommandContext,
): Promise<EngineResult> {
  const [{ openPulumiEngine }, { organizationRelease }, { organizationJob, organizationStackConfig }] = await Promise.all([
    import('../engine/pulumi/open-pulumi-engine'),
    import('../bootstrap/organization-release'),
    import('../bootstrap/organization-job'),
  ]);
  const { clock, reporter, productRoot, temporary } = context;
  const fleet = await openFleet(flags.config);
  const folder = mkdtempSync(join(temporary, 'fleet-bootstrap-'));
  try {
    return await underLease({ fleet, verb: 'bootstrap', wait: false }, context, async (lease) => {
      await fleet.store.claim();
      // The key that encrypts the fleet's secrets is made by this very program, which has none itself.
      const choice = { ...place.choice, secretsProvider: 'passphrase' };
      const env = { ...context.env, PULUMI_CONFIG_PASSPHRASE: '', PULUMI_CONFIG_PASSPHRASE_FILE: undefined };
      const attach = context.attachProvider;
      const options = {
        config: fleet.config,
        choice,
        store: fleet.store,
        clock,
        reporter,
        env,
        stackConfig: () => organizationStackConfig(told),
        ...(attach !== undefined && { serveProvider: () => Promise.resolve({ attach, close: () => Promise.resolve() }) }),
      };
      const engine = await openPulumiEngine(options);
      try {
        const release = await organizationRelease(productRoot, join(folder, 'release'));
        const id = `bootstrap ${clock.now().toISOString()}`;
        const signal = AbortSignal.any([context.interrupt, lease.lost]);
        return await engine.run('up', organizationJob(told, { id, release }), { signal, onEvent: () => undefined });
      } finally {
        await engine.close();
      }
    });
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
