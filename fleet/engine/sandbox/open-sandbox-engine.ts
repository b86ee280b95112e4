import { join } from 'node:path';

import { diskLogs, type OpenLog } from '../../../sandbox/append-log';
import { FaultBook } from '../../../sandbox/fault-book';
import type { Organization } from '../../../sandbox/organization';
import { SandboxProvider } from '../../../sandbox/provider';
import type { SecretDigest } from '../../../sandbox/secrets';
import { simulatedClock, type SimulatedClock } from '../../../sandbox/simulated-clock';
import { resourceTypes } from '../../../sandbox/types';
import { World } from '../../../sandbox/world';
import type { Clock } from '../../ports';
import { loadProgram } from '../load-program';

import { programRenderer, type ProgramRendererOptions, type RenderStack } from './render-stack';
import { SandboxEngine } from './sandbox-engine';

/** What a simulated organisation is opened with. */
export interface SandboxOptions {
  readonly organization: Organization;
  /** Folder that keeps resources, stacks and fault counts. */
  readonly directory: string;
  readonly clock: Clock;
  /** Fingerprints promoted so far. */
  readonly promoted: readonly string[];
  /** What stands for secrets. @default as the provider's */
  readonly digestSecret?: SecretDigest;
  /** Where programs come from, if not from the release's folder. */
  readonly loadProgram?: ProgramRendererOptions['loadProgram'];
  /** Plans stacks in place of programs. */
  readonly render?: (provider: SandboxProvider) => RenderStack;
  /** @default files in `directory` */
  readonly openLog?: OpenLog;
}

/** A simulated organisation that was opened: the engine that deploys into it, and what gates read beside that. */
export interface OpenSandbox {
  readonly engine: SandboxEngine;
  readonly provider: SandboxProvider;
  readonly world: World;
  readonly faults: FaultBook;
  readonly time: SimulatedClock;
}

/** Opens the simulated organisation of a file, with all it holds from earlier runs. */
export function openSandbox(options: SandboxOptions): OpenSandbox {
  const { organization, directory, clock, promoted, openLog = diskLogs() } = options;
  const time = simulatedClock(clock, organization.clock.secondsPerSecond);
  const accounts = new Map(organization.accounts.map((account) => [account.id, account]));
  const types = new Map(resourceTypes.map((type) => [type.type, type]));
  const world = new World({
    directory: join(directory, 'world'),
    types,
    now: () => time.realNow(),
    secondsBetween: (from, to) => time.secondsBetween(from, to),
    members: accounts,
    foreign: organization.foreign,
    openLog,
  });
  const faults = new FaultBook({ directory, faults: organization.faults, promoted, openLog });
  const provider = new SandboxProvider({
    types,
    world,
    organizationId: organization.id,
    managementAccount: organization.managementAccount,
    accounts,
    clock: time,
    faults,
    digestSecret: options.digestSecret,
  });
  const engine = new SandboxEngine({
    directory: join(directory, 'stacks'),
    openLog,
    provider,
    world,
    drift: organization.drift,
    clock,
    render: options.render?.(provider) ?? programRenderer({ provider, loadProgram: options.loadProgram ?? loadProgram }),
  });
  return { engine, provider, world, faults, time };
}

/** The engine of {@link openSandbox} alone. */
export function openSandboxEngine(options: SandboxOptions): SandboxEngine {
  return openSandbox(options).engine;
}
