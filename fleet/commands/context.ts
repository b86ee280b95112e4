import { fleetRoles } from '../../contracts/names';
import type { Organization } from '../../sandbox/organization';
import type { FleetConfig } from '../config/fleet-config';
import { didYouMean } from '../config/known-keys';
import { loadFleetConfig } from '../config/load-config';
import type { Discovery, Inventory } from '../discovery/inventory';
import { keepKnown } from '../discovery/keep-known';
import { readOrganizationFile } from '../discovery/organization-file';
import { recordedInventory } from '../discovery/recorded-source';
import { isFleetError, userProblems } from '../errors';
import type { Clock, ReleaseHandle, ReleaseManifest, Reporter } from '../ports';
import { openFleetStore, type FleetStore } from '../state/fleet-store';

/** What main builds once and every verb gets: the outside, as ports. */
export interface CommandContext {
  readonly reporter: Reporter;
  readonly clock: Clock;
  readonly cwd: string;
  /** Root of this product: its layers' sources and its own version. */
  readonly productRoot: string;
  /** Variables of the environment. Children get those on a list of allowed ones. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Folder for what may be thrown away. */
  readonly temporary: string;
  /** Asks a person; rejects with a user error where nobody can answer. */
  readonly ask: (question: string) => Promise<string>;
  /** Aborted by the first Ctrl-C: nothing further starts. */
  readonly interrupt: AbortSignal;
  /** Aborted by the second one: what runs is stopped. */
  readonly cancel: AbortSignal;
  /** The screen, where a person sits before one. @default output goes line by line */
  readonly terminal?: Terminal | undefined;
  /** What Ctrl-C says from now on, in place of how a rollout ends. @default that stays */
  readonly onInterrupt?: ((says: string) => void) | undefined;
  /** Aborted once nobody can read standard output any more: what runs only to be watched ends. @default somebody always can */
  readonly outputClosed?: AbortSignal | undefined;
  /** Who runs this, as `name@host`: recorded with what a person decides. */
  readonly person: string;
  /** A provider for the real engine to attach to, in place of AWS's plugin: as `aws:<port>`. @default the plugin */
  readonly attachProvider?: string | undefined;
}

/** A screen that can be drawn anew. */
export interface Terminal {
  readonly columns: number;
  readonly rows: number;
  /** Colours are welcome. */
  readonly colour: boolean;
  /** Draws over what is there. The text has nothing from outside but what was made safe. */
  redraw(text: string): void;
}

/** How a verb ended. */
export interface CommandOutcome {
  /** DESIGN section 6. */
  readonly exitCode: number;
  /** For people. */
  readonly text: string;
  /** The verb's result as data. */
  readonly data: unknown;
}

/** A fleet with its state. */
export interface OpenFleet {
  readonly config: FleetConfig;
  readonly store: FleetStore;
}

/** Reads fleet.yaml and opens its state; nothing is written. */
export async function openFleet(configPath: string): Promise<OpenFleet> {
  const config = loadFleetConfig(configPath);
  const { state, name: fleet, file, homeRegion: region } = config;
  if (state.kind === 'folder') return { config, store: await openFleetStore(state.path, fleet) };
  // Loaded here: the AWS SDK takes longer to load than a verb over a folder takes to run.
  const { openS3Store } = await import('../state/open-s3-store');
  return { config, store: await openS3Store(state, { fleet, file, region }) };
}

/** Takes an inventory of the organisation, as fleet.yaml says where; what could not be read is warned about. */
export async function discoverOrganization({ config, store }: OpenFleet, context: CommandContext): Promise<Inventory> {
  return tellDiscovery(keepKnown(await takeInventory(config, context), await store.loadInventory()), context);
}

/** {@link discoverOrganization}, also where the last inventory cannot be read: that is told, and nothing of it is kept. */
export async function discoverAnew({ config, store }: OpenFleet, context: CommandContext): Promise<Inventory> {
  let last: Inventory | undefined;
  try {
    last = await store.loadInventory();
  } catch (error) {
    if (!isFleetError(error) || error.source !== 'user') throw error;
    context.reporter.report({
      level: 'warning',
      code: 'inventory-replaced',
      message: `the last inventory cannot be read, and nothing that was known by it is kept: ${error.message}`,
      data: { code: error.code },
    });
  }
  return tellDiscovery(keepKnown(await takeInventory(config, context), last), context);
}

function tellDiscovery({ inventory, warnings }: Discovery, context: CommandContext): Inventory {
  for (const { account, message } of warnings) {
    context.reporter.report({
      level: 'warning',
      code: 'discovery-incomplete',
      message: account === null ? message : `account ${account}: ${message}`,
      data: { account },
    });
  }
  return inventory;
}

/** An inventory as it can be read now, with nothing of an earlier one in it. */
export async function takeInventory(config: FleetConfig, context: CommandContext): Promise<Discovery> {
  const takenAt = context.clock.now();
  const { organization, regions } = config;
  if (organization.source !== 'aws') {
    const file = readOrganizationFile(organization.path);
    await refuseUnknownTypes(file, organization.path);
    return { inventory: recordedInventory(file, { source: organization.source, regions, takenAt }), warnings: [] };
  }
  // Loaded here: the AWS SDK takes longer to load than a sandbox verb takes to run.
  const [{ discoverAws }, { createAwsClients }] = await Promise.all([
    import('../discovery/aws-source'),
    import('../discovery/aws-clients'),
  ]);
  return discoverAws({
    clients: createAwsClients(config.homeRegion),
    regions,
    previewRole: fleetRoles(config.deployRole).preview,
    takenAt,
    signal: context.interrupt,
  });
}

/** A fault or drift on a misspelt resource type would never strike, and a rollout that should fail would pass. */
async function refuseUnknownTypes({ faults, drift, foreign }: Organization, path: string): Promise<void> {
  if ([...faults, ...drift, ...foreign].every(({ on }) => on === undefined)) return;
  const { resourceTypes } = await import('../../sandbox/types');
  const known = resourceTypes.map((type) => type.type);
  const unknown = (key: string, entries: readonly { readonly on?: string | undefined }[]) =>
    entries.flatMap(({ on }, index) =>
      on === undefined || known.includes(on)
        ? []
        : [{ message: `${path}: ${key}[${index}].on ${on} is no resource type that the sandbox simulates${didYouMean(on, known)}` }],
    );
  const problems = [...unknown('faults', faults), ...unknown('drift', drift), ...unknown('foreign', foreign)];
  if (problems.length > 0) throw userProblems('organization-file', problems);
}

/** A release that a plan can be made from before it is kept. */
export interface TakenRelease {
  readonly digest: string;
  readonly manifest: ReleaseManifest;
  /** Keeps it in the fleet's state, where it is not yet. */
  readonly keep: () => Promise<ReleaseHandle>;
  /** As it is on disk; one that nobody kept is written below the folder. */
  readonly below: (folder: string) => ReleaseHandle;
}

/** The release of the product's own sources, built where they are new; or a kept one by digest. Nothing is written, but for a cache. */
export async function takeRelease({ store }: OpenFleet, context: CommandContext, digest: string | undefined): Promise<TakenRelease> {
  const { openRelease, storeRelease } = await import('../release/release-folder');
  const { builtFrom, noteBuild, sourceKey } = await import('../release/source-key');
  const kept = (release: ReleaseHandle): TakenRelease => ({
    ...release,
    keep: () => store.shareRelease(release),
    below: () => release,
  });
  if (digest !== undefined) {
    await store.fetchReleases([digest]);
    return kept(openRelease(store.releases, digest));
  }
  const key = sourceKey(context.productRoot);
  const built = builtFrom(store.releases, key);
  if (built !== undefined) return kept(openRelease(store.releases, built));
  const { buildRelease } = await import('../release/build-release');
  const release = await buildRelease(context.productRoot);
  return {
    ...release,
    keep: () => {
      const handle = storeRelease(store.releases, release);
      noteBuild(store.releases, key, release.digest);
      return store.shareRelease(handle);
    },
    below: (folder) => storeRelease(folder, release),
  };
}
