import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { credentials, type ServiceError } from '@grpc/grpc-js';
import { ResourceProviderClient } from '@pulumi/pulumi/proto/provider_grpc_pb';
import * as provider from '@pulumi/pulumi/proto/provider_pb';
import { Empty } from 'google-protobuf/google/protobuf/empty_pb';
import { Struct } from 'google-protobuf/google/protobuf/struct_pb';

import { targetSchema } from '../../../contracts/target';
import { openProviderDoor, type DoorStack, type ProviderDoor } from '../../../sandbox/door/provider-door';
import { FaultBook } from '../../../sandbox/fault-book';
import { organizationSchema } from '../../../sandbox/organization';
import { SandboxProvider } from '../../../sandbox/provider';
import { SECRET, SIGNATURE } from '../../../sandbox/recording-monitor';
import { simulatedClock } from '../../../sandbox/simulated-clock';
import { resourceTypes } from '../../../sandbox/types';
import { World } from '../../../sandbox/world';

/** Queues and keys, as many tests make them. */
export const QUEUE: Named = { type: 'aws:sqs/queue:Queue', name: 'jobs' };
export const KEY: Named = { type: 'aws:kms/key:Key', name: 'key' };
export const LOGS: Named = { type: 'aws:cloudwatch/logGroup:LogGroup', name: 'logs' };

/** A secret, and one on Pulumi's wire. */
export const CANARY = 'canary-4711-canary';
export const secret = (value: unknown) => ({ [SIGNATURE]: SECRET, value });

export const WORKLOAD = '111111111111';
export const OTHER = '222222222222';
export const TARGET = targetSchema.parse(`regional/${WORKLOAD}/eu-west-1`);

type Plain = Readonly<Record<string, unknown>>;

/** A resource as an engine names it. */
export interface Named {
  readonly type: string;
  readonly name: string;
}

/** What an engine recorded. */
export interface Held {
  readonly id: string;
  readonly inputs: Plain;
  readonly outputs: Plain;
}

/** A simulated organisation with doors into it, each as the engine of a new run finds it. Close it. */
export class TestWorld {
  readonly world: World;
  readonly provider: SandboxProvider;
  readonly retries: string[] = [];
  /** Simulated seconds waited for; `onWait` may hold the waiter. */
  readonly waited: number[] = [];
  onWait: (signal: AbortSignal | undefined) => Promise<void> = () => Promise.resolve();
  readonly #directory = mkdtempSync(join(tmpdir(), 'door-'));
  readonly #organization;
  readonly #open: (() => Promise<void> | void)[] = [];

  constructor(planted: Plain = {}) {
    const organization = organizationSchema.parse({
      id: 'o-sandbox0001',
      managementAccount: '100000000000',
      accounts: [
        { id: '100000000000', name: 'management' },
        { id: WORKLOAD, name: 'workload' },
        { id: OTHER, name: 'other' },
      ],
      ...planted,
    });
    let now = 0;
    const sleep = async (milliseconds: number, signal?: AbortSignal) => {
      signal?.throwIfAborted();
      this.waited.push(milliseconds / 1000);
      now += milliseconds;
      await this.onWait(signal);
      signal?.throwIfAborted();
    };
    const clock = simulatedClock({ now: () => new Date(now), sleep }, 1);
    const accounts = new Map(organization.accounts.map((account) => [account.id, account]));
    const types = new Map(resourceTypes.map((type) => [type.type, type]));
    this.world = new World({
      directory: join(this.#directory, 'world'),
      types,
      now: () => now,
      secondsBetween: (from, to) => clock.secondsBetween(from, to),
      members: accounts,
    });
    this.provider = new SandboxProvider({
      types,
      world: this.world,
      organizationId: organization.id,
      managementAccount: organization.managementAccount,
      accounts,
      clock,
      faults: new FaultBook({ directory: this.#directory, faults: organization.faults, promoted: [] }),
    });
    this.#organization = organization;
  }

  /** Opens a door for another run of the stack. */
  async door(stack: Partial<DoorStack> = {}): Promise<ProviderDoor> {
    const opened = await openProviderDoor(
      { provider: this.provider, world: this.world, drift: this.#organization.drift },
      {
        target: TARGET.id,
        purpose: 'forward',
        fingerprint: 'f1',
        onRetry: (urn, message) => this.retries.push(`${urn.split('::').at(-1)}: ${message}`),
        ...stack,
      },
    );
    this.#open.push(() => opened.close());
    return opened;
  }

  /** A connection as the engine makes one for each provider of a program, configured. */
  async engine(door: ProviderDoor, account: string = WORKLOAD, config: Plain = {}): Promise<TestEngine> {
    const engine = this.connect(door);
    await engine.configure(configOf(account, config));
    return engine;
  }

  connect(door: ProviderDoor): TestEngine {
    const engine = new TestEngine(door.port);
    this.#open.push(() => engine.close());
    return engine;
  }

  /** The engine of a new run. */
  async run(): Promise<TestEngine> {
    return this.engine(await this.door());
  }

  /** What stands in an account, as `type key`. */
  standing(account: string = WORKLOAD): readonly string[] {
    const { resourcesOf } = this.world;
    return resourcesOf
      .call(this.world, account as never)
      .map(({ type, key }) => `${type.replace(/.*:/, '')} ${key}`)
      .sort();
  }

  /** Every byte that was kept. */
  kept(): string {
    const files = readdirSync(this.#directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    return files.map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8')).join('\n');
  }

  async close(): Promise<void> {
    for (const close of this.#open) await close();
    rmSync(this.#directory, { recursive: true, force: true });
  }
}

/** A provider's inputs as the SDK sends them: nested values are JSON text. */
export function configOf(account: string = WORKLOAD, more: Plain = {}): Plain {
  return {
    region: 'eu-west-1',
    assumeRoles: JSON.stringify([{ roleArn: `arn:aws:iam::${account}:role/fleet/deploy` }]),
    allowedAccountIds: JSON.stringify([account]),
    defaultTags: JSON.stringify({ tags: { Team: 'commerce' } }),
    ...more,
  };
}

/** One connection of an engine, in plain values. */
export class TestEngine {
  readonly client: ResourceProviderClient;

  constructor(port: number) {
    // Connections of one process are shared otherwise.
    const options = { 'grpc.use_local_subchannel_pool': 1 };
    this.client = new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure(), options);
  }

  async configure(config: Plain): Promise<void> {
    const request = new provider.ConfigureRequest();
    request.setArgs(struct(config));
    await ask<provider.ConfigureResponse>((reply) => this.client.configure(request, reply));
  }

  async checkConfig(news: Plain): Promise<Plain> {
    const request = new provider.CheckRequest();
    request.setUrn(`urn:pulumi:s::regional::pulumi:providers:aws::target`);
    request.setNews(struct(news));
    return plain((await ask<provider.CheckResponse>((reply) => this.client.checkConfig(request, reply))).getInputs());
  }

  async diffConfig(olds: Plain, news: Plain) {
    const request = new provider.DiffRequest();
    request.setOldInputs(struct(olds));
    request.setNews(struct(news));
    const response = await ask<provider.DiffResponse>((reply) => this.client.diffConfig(request, reply));
    return { diffs: response.getDiffsList(), replaces: response.getReplacesList() };
  }

  async check(resource: Named, news: Plain, olds: Plain = {}): Promise<Plain> {
    const request = named(new provider.CheckRequest(), resource);
    request.setNews(struct(news));
    request.setOlds(struct(olds));
    return plain((await ask<provider.CheckResponse>((reply) => this.client.check(request, reply))).getInputs());
  }

  async diff(resource: Named, held: Held, news: Plain) {
    const request = named(new provider.DiffRequest(), resource);
    request.setId(held.id);
    request.setOldInputs(struct(held.inputs));
    request.setOlds(struct(held.outputs));
    request.setNews(struct(news));
    const response = await ask<provider.DiffResponse>((reply) => this.client.diff(request, reply));
    return {
      changes: response.getChanges() === provider.DiffResponse.DiffChanges.DIFF_SOME,
      diffs: response.getDiffsList(),
      replaces: response.getReplacesList(),
      deleteFirst: response.getDeletebeforereplace(),
    };
  }

  async create(resource: Named, inputs: Plain, { preview = false } = {}): Promise<Held> {
    const request = named(new provider.CreateRequest(), resource);
    request.setProperties(struct(inputs));
    request.setPreview(preview);
    const response = await ask<provider.CreateResponse>((reply) => this.client.create(request, reply));
    return { id: response.getId(), inputs, outputs: plain(response.getProperties()) };
  }

  /** As the engine does: what it wants is checked first. */
  async make(resource: Named, inputs: Plain, olds: Plain = {}): Promise<Held> {
    return this.create(resource, await this.check(resource, inputs, olds));
  }

  async update(resource: Named, held: Held, wanted: { readonly news: Plain; readonly preview?: boolean }): Promise<Held> {
    const request = named(new provider.UpdateRequest(), resource);
    request.setId(held.id);
    request.setOldInputs(struct(held.inputs));
    request.setOlds(struct(held.outputs));
    request.setNews(struct(wanted.news));
    request.setPreview(wanted.preview ?? false);
    const response = await ask<provider.UpdateResponse>((reply) => this.client.update(request, reply));
    return { id: held.id, inputs: wanted.news, outputs: plain(response.getProperties()) };
  }

  async delete(resource: Named, held: Held): Promise<void> {
    const request = named(new provider.DeleteRequest(), resource);
    request.setId(held.id);
    request.setOldInputs(struct(held.inputs));
    request.setProperties(struct(held.outputs));
    await ask<Empty>((reply) => this.client.delete(request, reply));
  }

  async read(resource: Named, held: Held): Promise<Held> {
    const request = named(new provider.ReadRequest(), resource);
    request.setId(held.id);
    request.setInputs(struct(held.inputs));
    request.setProperties(struct(held.outputs));
    const response = await ask<provider.ReadResponse>((reply) => this.client.read(request, reply));
    return { id: response.getId(), inputs: plain(response.getInputs()), outputs: plain(response.getProperties()) };
  }

  async cancel(): Promise<void> {
    await ask<Empty>((reply) => this.client.cancel(new Empty(), reply));
  }

  close(): void {
    this.client.close();
  }
}

export function urnOf({ type, name }: Named): string {
  return `urn:pulumi:s::regional::${type}::${name}`;
}

/** Resolves to what a call is answered. */
export function ask<Response>(call: (reply: (error: ServiceError | null, response: Response) => void) => unknown): Promise<Response> {
  return new Promise((resolve, reject) => {
    call((error, response) => {
      if (error) reject(error);
      else resolve(response);
    });
  });
}

function named<Request extends { setUrn(urn: string): unknown; setType(type: string): unknown }>(
  request: Request,
  resource: Named,
): Request {
  request.setUrn(urnOf(resource));
  request.setType(resource.type);
  return request;
}

function struct(value: Plain): Struct {
  return Struct.fromJavaScript(value as Record<string, never>);
}

function plain(value: Struct | undefined): Plain {
  return value?.toJavaScript() ?? {};
}

/** What gives worlds to a test, and closes them after it. */
export function testWorlds(): (planted?: Plain) => TestWorld {
  let worlds: TestWorld[] = [];
  afterEach(async () => {
    for (const world of worlds) await world.close();
    worlds = [];
  });
  return (planted = {}) => {
    const made = new TestWorld(planted);
    worlds.push(made);
    return made;
  };
}
