import { parse } from 'yaml';

import type { Region } from '../../contracts/ids';
import type { FleetConfig, Limits, Wave } from '../../fleet/config/fleet-config';
import { initFiles } from '../../fleet/config/init-files';
import { parseFleetConfig } from '../../fleet/config/load-config';
import type { Inventory } from '../../fleet/discovery/inventory';
import { recordedInventory } from '../../fleet/discovery/recorded-source';
import type { ReleaseHandle } from '../../fleet/ports';
import { organizationSchema, type Fault, type Organization } from '../../sandbox/organization';

/** Most workload accounts that a simulated fleet can have. */
export const MOST_ACCOUNTS = 48;

export const regions = ['eu-west-1', 'us-east-1', 'ap-southeast-2'] as Region[];

/** Simulated AWS is so many times as fast as the simulated controller: a create of nine seconds takes one. */
const SECONDS_PER_SECOND = 10;

interface Base {
  readonly config: FleetConfig;
  readonly organization: Organization;
}

let base: Base | undefined;

/** Read from text once: a simulation makes thousands of fleets that differ in a few figures. */
function baseFleet(): Base {
  if (base) return base;
  const files = initFiles({ name: 'orders', sandbox: true, accounts: MOST_ACCOUNTS, regions });
  base = {
    config: parseFleetConfig(files['fleet.yaml'], { path: '/simulated/fleet.yaml' }),
    organization: organizationSchema.parse(parse(files['organization.yaml'] ?? '')),
  };
  return base;
}

/** What a simulated fleet.yaml says beside its name. */
export interface FleetFigures {
  readonly accounts: number;
  readonly regions: number;
  readonly waves: readonly WaveFigures[];
  readonly limits: Limits;
  readonly rollback: FleetConfig['rollback'];
  readonly traffic: FleetConfig['traffic'];
  readonly windows: FleetConfig['windows'];
  readonly memoryMb: number;
  readonly dashboard: 'perTarget' | 'shared';
}

/** One configured wave. */
export type WaveFigures = Omit<Wave, 'shortBake'>;

/** A configuration with these figures. */
export function fleetConfig(figures: FleetFigures): FleetConfig {
  const { config } = baseFleet();
  return {
    ...config,
    regions: regions.slice(0, figures.regions),
    blocks: { ...config.blocks, order: { ...(config.blocks.order as object), memoryMb: figures.memoryMb, dashboard: figures.dashboard } },
    waves: figures.waves.map((wave) => ({ ...wave, shortBake: true })),
    limits: figures.limits,
    rollback: figures.rollback,
    traffic: figures.traffic,
    windows: figures.windows,
  };
}

/** An organisation of so many workload accounts; its faults are read each time one could strike. */
export function organizationOf(accounts: number, faults: readonly Fault[]): Organization {
  const { organization } = baseFleet();
  const shared = organization.accounts.filter(({ id }) => id.startsWith('1'));
  const workloads = organization.accounts.filter(({ id }) => id.startsWith('2')).slice(0, accounts);
  return { ...organization, accounts: [...shared, ...workloads], faults: [...faults], clock: { secondsPerSecond: SECONDS_PER_SECOND } };
}

export function inventoryOf(organization: Organization, { regions: known }: Pick<FleetConfig, 'regions'>): Inventory {
  return recordedInventory(organization, { source: 'sandbox', regions: known, takenAt: new Date(0) });
}

/** A release by its number. Programs change with every third one, code with every one. */
export function releaseOf(number: number): ReleaseHandle {
  const program = `program-${Math.floor(number / 3)}`;
  const digest = (what: string) => `${what}-${number}`.padEnd(64, '0');
  return {
    digest: digest('release'),
    directory: '/simulated/release',
    manifest: {
      version: 1,
      layers: {
        foundation: { digest: `foundation ${program}`, lambdas: [] },
        regional: { digest: `regional ${program}`, lambdas: ['order', 'dead-letter'] },
        observability: { digest: `observability ${program}`, lambdas: [] },
      },
      lambdas: { order: { digest: digest('order'), bytes: 1 }, 'dead-letter': { digest: 'dead-letter', bytes: 1 } },
      providerVersion: '7.48.0',
    },
  };
}

/** A kept release by its digest. */
export function releaseByDigest(digest: string): ReleaseHandle {
  const number = Number(/^release-(\d+?)0*$/.exec(digest)?.[1] ?? Number.NaN);
  for (let guess = number; Number.isFinite(guess); guess *= 10) if (releaseOf(guess).digest === digest) return releaseOf(guess);
  throw new Error(`release ${digest} was never built`);
}
