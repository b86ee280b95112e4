import { join } from 'node:path';

import { FaultBook } from '../../../sandbox/fault-book';
import type { Organization } from '../../../sandbox/organization';
import { SandboxProvider } from '../../../sandbox/provider';
import { simulatedClock } from '../../../sandbox/simulated-clock';
import { resourceTypes } from '../../../sandbox/types';
import { World } from '../../../sandbox/world';
import type { Clock } from '../../ports';
import { loadProgram } from '../load-program';

import { SandboxEngine, type SandboxEngineOptions } from './sandbox-engine';

/** What a simulated organisation is opened with. */
export interface SandboxOptions {
  readonly organization: Organization;
  /** Folder that keeps resources, stacks and fault counts. */
  readonly directory: string;
  readonly clock: Clock;
  /** Fingerprints promoted so far. */
  readonly promoted: readonly string[];
  /** Where programs come from, if not from the release's folder. */
  readonly loadProgram?: SandboxEngineOptions['loadProgram'];
}

/** Opens the simulated organisation of a file, with all it holds from earlier runs. */
export function openSandboxEngine(options: SandboxOptions): SandboxEngine {
  const { organization, directory, clock, promoted } = options;
  const time = simulatedClock(clock, organization.clock.secondsPerSecond);
  const accounts = new Map(organization.accounts.map((account) => [account.id, account]));
  const types = new Map(resourceTypes.map((type) => [type.type, type]));
  const world = new World({
    directory: join(directory, 'world'),
    types,
    now: () => time.realNow(),
    secondsBetween: (from, to) => time.secondsBetween(from, to),
    members: accounts,
  });
  const provider = new SandboxProvider({
    types,
    world,
    organizationId: organization.id,
    managementAccount: organization.managementAccount,
    accounts,
    clock: time,
    faults: new FaultBook({ directory, faults: organization.faults, promoted }),
  });
  return new SandboxEngine({
    directory: join(directory, 'stacks'),
    provider,
    world,
    clock,
    loadProgram: options.loadProgram ?? loadProgram,
  });
}
