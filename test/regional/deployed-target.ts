import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type * as z from 'zod';

import { foundationSettingsSchema } from '../../contracts/foundation';
import type { Health } from '../../contracts/health';
import { regionalSettingsSchema, resolveRegionalSettings, type OrderBlock } from '../../contracts/regional';
import { regionalHealth } from '../../contracts/regional-health';
import { runInputsSchema } from '../../contracts/target-config';
import { targetAt, type Target } from '../../contracts/target';
import { openSandboxEngine } from '../../fleet/engine/sandbox/open-sandbox-engine';
import type { HealthReader, HealthReading } from '../../fleet/gates/health-reader';
import { openSandboxReader } from '../../fleet/gates/open-sandbox-reader';
import type { EngineJob, GateTarget } from '../../fleet/ports';
import { createFoundation } from '../../foundation/create-foundation';
import { readConfig } from '../../layer-kit/read-config';
import { createRegional } from '../../regional/create-regional';
import { organizationSchema, type Organization } from '../../sandbox/organization';
import { FakeClock } from '../fleet/engine/sandbox/test-sandbox';
import { configOf, ireland, monitoring, shared, workload } from '../layer-kit/render-layer';

export const target = targetAt({ layer: 'regional', account: workload, region: ireland });
const foundation = targetAt({ layer: 'foundation', account: shared, region: ireland });

/** One release of the order system, and how it is run. */
export interface DeployOptions {
  readonly order?: OrderBlock;
  /** Identity of the code. */
  readonly code?: string;
  readonly fingerprint?: string;
  readonly run?: z.input<typeof runInputsSchema>;
  readonly lambdaConcurrency?: number;
}

/** What organization.yaml plants. */
export type Planted = Partial<Pick<z.input<typeof organizationSchema>, 'traffic' | 'faults'>>;

/** What a read asks about. */
export interface ReadOptions {
  readonly alarmsSince?: Date;
  readonly ordersSince?: Date;
}

/** The real programs of foundation and regional on a sandbox of their own, and the reader that a gate has. Close it. */
export class DeployedTarget {
  readonly clock = new FakeClock();
  /** Fingerprints promoted so far. */
  readonly promoted: string[] = [];
  readonly directory: string;
  readonly #root = mkdtempSync(join(tmpdir(), 'deployed-target-'));
  #organization: Organization;
  #reader: HealthReader | undefined;
  #health: Health | null = null;

  constructor(planted: Planted = {}) {
    this.directory = join(this.#root, 'sandbox');
    this.#organization = organizationOf(planted);
    for (const name of ['order', 'dead-letter']) {
      mkdirSync(join(this.#root, 'lambda', name), { recursive: true });
      writeFileSync(join(this.#root, 'lambda', name, 'index.js'), '');
    }
  }

  /** Foundation, then the target. Throws where either fails. */
  async deploy(options: DeployOptions = {}): Promise<void> {
    this.#open();
    const settings = resolveRegionalSettings(options.order ?? {}, options.lambdaConcurrency ?? 1000);
    if (this.#health === null) await this.#up(foundation, { sourceAccounts: { kind: 'organisation' }, subscriptions: { critical: [], warning: [] }, existingSink: null }, {}); // prettier-ignore
    const { config, outputs } = await this.#up(target, settings, options);
    this.#health = regionalHealth(outputs, config);
  }

  /** The organisation as it stands. */
  readonly organization = (): Organization => this.#organization;

  /** Changes organization.yaml. */
  plant(planted: Planted = {}): void {
    this.#organization = organizationOf(planted);
  }

  /** Reads the target. */
  async read({ alarmsSince, ordersSince }: ReadOptions = {}): Promise<HealthReading> {
    const asked: GateTarget = {
      target,
      health: this.#health,
      alarmsSince: alarmsSince?.toISOString() ?? null,
      redBefore: 'counts',
      ordersSince: ordersSince?.toISOString() ?? null,
    };
    return this.#open().read(asked, { signal: new AbortController().signal });
  }

  /** Names of the alarms in a state, without the fleet's name, sorted. */
  async alarms(state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA'): Promise<readonly string[]> {
    const { alarms } = await this.read();
    return alarms.filter((alarm) => alarm.state === state).map(({ name }) => name.replace(/^orders-/, '')).sort(); // prettier-ignore
  }

  /** The next read is a new process's: everything not on disk is forgotten. */
  restart(): void {
    this.#reader = undefined;
  }

  /** Lets real seconds pass. */
  async pass(seconds: number): Promise<void> {
    await this.clock.sleep(seconds * 1000);
  }

  /** Waits until a window begins: at 300 seconds in one, with every whole second. */
  async toWindow(): Promise<void> {
    await this.clock.sleep(1000 - (this.clock.now().getTime() % 1000));
  }

  close(): void {
    rmSync(this.#root, { recursive: true, force: true });
  }

  #open(): HealthReader {
    this.#reader ??= openSandboxReader({
      organization: this.organization,
      directory: this.directory,
      clock: this.clock,
      promoted: () => this.promoted,
    });
    return this.#reader;
  }

  async #up(deployed: Target, settings: unknown, options: DeployOptions) {
    const bundle = (name: string) => ({ directory: join(this.#root, 'lambda', name), digest: (options.code ?? 'a').repeat(64) });
    const engine = openSandboxEngine({
      organization: this.#organization,
      directory: this.directory,
      clock: this.clock,
      promoted: this.promoted,
      loadProgram: (_release, layer) => async () =>
        layer === 'foundation'
          ? createFoundation({ ...readConfig('foundation', foundationSettingsSchema), environment: {} })
          : createRegional({ ...readConfig('regional', regionalSettingsSchema), bundle }),
    });
    const upstream = deployed === target ? [{ target: foundation.id, accountName: 'shared' }] : [];
    const job: EngineJob = {
      id: 'a-rollout/1',
      target: deployed,
      release: { digest: 'r', directory: this.#root, manifest: { version: 1, layers: {}, lambdas: {}, providerVersion: '7.48.0' } },
      config: configOf({ layer: deployed.layer, account: deployed.account, settings, upstream }),
      run: runInputsSchema.parse(options.run ?? {}),
      fingerprint: options.fingerprint ?? 'fingerprint-1',
      purpose: 'forward',
    };
    const result = await engine.run('up', job, { signal: new AbortController().signal, onEvent: () => undefined });
    await engine.close();
    if (result.status === 'failed') throw new Error(`${result.error.code}: ${result.error.message}`);
    return { config: job.config, outputs: result.outputs };
  }
}

function organizationOf(planted: Planted): Organization {
  return organizationSchema.parse({
    id: 'o-abcdefghij',
    managementAccount: '100000000000',
    accounts: [
      { id: '100000000000', name: 'management', unit: '' },
      { id: shared, name: 'shared' },
      { id: monitoring, name: 'monitoring' },
      { id: workload, name: 'workload' },
    ],
    ...planted,
  });
}
