import { join } from 'node:path';

import type { AccountId } from '../contracts/ids';

import type { Foreign } from './organization';
import { diskLogs, type AppendLog, type OpenLog } from './append-log';
import type { Place, Properties, ResourceType, Scope, WorldDeployment, WorldResource, WorldView } from './resource-type';

/** What the world must know beyond its resources. */
export interface WorldOptions {
  /** Folder that keeps the resources, one file an account. */
  readonly directory: string;
  readonly types: ReadonlyMap<string, ResourceType>;
  /** Real milliseconds now, and simulated seconds between two such instants. */
  readonly now: () => number;
  readonly secondsBetween: (from: number, to: number) => number;
  readonly members: ReadonlyMap<AccountId, { readonly lambdaConcurrency: number }>;
  /** What others made: it stands wherever nothing else of its type and name does. @default nothing */
  readonly foreign?: readonly Foreign[];
  /** @default files */
  readonly openLog?: OpenLog;
}

type Entry =
  | { readonly put: WorldResource }
  | { readonly removed: { readonly slot: string; readonly at: number } }
  | { readonly deployed: WorldDeployment }
  | { readonly meddled: Meddling };

/** What people did by hand, as one write: what it left of a resource, and which planted entries that were. */
interface Meddling {
  readonly slot: string;
  readonly entries: readonly string[];
  /** Undefined: they deleted it. */
  readonly put?: WorldResource;
  readonly at: number;
}

/** A resource as it is put: the world notes when. */
export type NewResource = Omit<WorldResource, 'madeAt' | 'changedAt' | 'deletedParts'>;

interface Partition {
  readonly log: AppendLog<Entry>;
  readonly bySlot: Map<string, WorldResource>;
  /** Slot by ARN. Policies carry the ARN of what they belong to, which comes first and keeps it. */
  readonly byArn: Map<string, string>;
  readonly deletedAt: Map<string, number>;
  /** Outputs of what was deleted last, by slot. */
  readonly deleted: Map<string, Properties>;
  /** By target. */
  readonly deployments: Map<string, WorldDeployment>;
  /** Planted entries that are real, by slot: they stay so whatever becomes of the resource. */
  readonly meddled: Map<string, ReadonlySet<string>>;
}

const WORLD_PARTITION = 'world';

/** More than the accounts that a rollout with default limits touches at once. */
const MOST_PARTITIONS = 64;

/**
 * All resources of the simulated organisation, kept on disk as they change and unique in AWS's real scopes. What it shows of an account that
 * it does not write itself is what the account's writer, another process perhaps, has put there. Writing beside another writer throws
 * `StaleWriter`.
 */
export class World implements WorldView {
  readonly #options: WorldOptions;
  readonly #openLog: OpenLog;
  /** Every one used so far: whether another process wrote is known for good, also of accounts that went out of memory. */
  readonly #logs = new Map<string, AppendLog<Entry>>();
  /** The last used ones, oldest first: an organisation of a thousand accounts does not fit into memory. */
  readonly #partitions = new Map<string, Partition>();

  constructor(options: WorldOptions) {
    this.#options = options;
    this.#openLog = options.openLog ?? diskLogs();
  }

  find(type: string, key: string, place: Place): WorldResource | undefined {
    const scope = this.#scope(type);
    return this.#partition(partitionName(scope, place)).bySlot.get(slotOf(type, key, { scope, place })) ?? this.#foreign(type, key, place);
  }

  byArn(arn: string): WorldResource | undefined {
    const account = arn.split(':')[4] ?? '';
    for (const partition of [this.#partition(account === '' ? WORLD_PARTITION : account), this.#partition(WORLD_PARTITION)]) {
      const found = partition.bySlot.get(partition.byArn.get(arn) ?? '');
      if (found) return found;
    }
    return undefined;
  }

  list(type: string, place: Place): readonly WorldResource[] {
    const scope = this.#scope(type);
    return [...this.#partition(partitionName(scope, place)).bySlot.values()].filter(
      (resource) =>
        resource.type === type && resource.account === place.account && (scope !== 'region' || resource.region === place.region),
    );
  }

  deletedAt(type: string, key: string, place: Place): number | undefined {
    const scope = this.#scope(type);
    return this.#partition(partitionName(scope, place)).deletedAt.get(slotOf(type, key, { scope, place }));
  }

  secondsSinceDeleted(type: string, key: string, place: Place): number | undefined {
    const at = this.deletedAt(type, key, place);
    return at === undefined ? undefined : this.#options.secondsBetween(at, this.#options.now());
  }

  /** Outputs of the resource of this type and name that was deleted last here; undefined if none was. */
  lastDeleted(type: string, key: string, place: Place): Properties | undefined {
    const scope = this.#scope(type);
    return this.#partition(partitionName(scope, place)).deleted.get(slotOf(type, key, { scope, place }));
  }

  lambdaConcurrency(account: AccountId): number {
    return this.#options.members.get(account)?.lambdaConcurrency ?? 0;
  }

  isMember(account: AccountId): boolean {
    return this.#options.members.has(account);
  }

  /** Every resource of an account, whatever its type. */
  resourcesOf(account: AccountId): readonly WorldResource[] {
    return [
      ...this.#partition(account).bySlot.values(),
      ...[...this.#partition(WORLD_PARTITION).bySlot.values()].filter((resource) => resource.account === account),
    ];
  }

  /** Makes or overwrites a resource. Durable when it returns. */
  put(resource: NewResource): void {
    const partition = this.#partitionOf(resource);
    const slot = this.#slot(resource);
    const now = this.#options.now();
    const { madeAt = now, deletedParts } = partition.bySlot.get(slot) ?? {};
    const put: WorldResource = { ...resource, madeAt, changedAt: now, ...(deletedParts && { deletedParts }) };
    partition.log.append({ put });
    hold(partition, slot, put);
  }

  /** Notes that a part of a resource was deleted; the resource itself has not changed. Durable when it returns. */
  deletePart(resource: WorldResource, part: string): void {
    const partition = this.#partitionOf(resource);
    const put: WorldResource = { ...resource, deletedParts: [...(resource.deletedParts ?? []), part] };
    partition.log.append({ put });
    hold(partition, this.#slot(resource), put);
  }

  /** Notes whose code a target runs from now on. Durable when it returns; nothing is written where it is noted already. */
  noteDeployment(deployed: Omit<WorldDeployment, 'at'>): void {
    const partition = this.#partition(deployed.account);
    if (partition.deployments.get(deployed.target)?.fingerprint === deployed.fingerprint) return;
    const entry = { deployed: { ...deployed, at: this.#options.now() } };
    partition.log.append(entry);
    partition.deployments.set(deployed.target, entry.deployed);
  }

  /** What was last deployed on a target; undefined where nothing was. */
  deployment(target: { readonly id: string; readonly account: AccountId }): WorldDeployment | undefined {
    return this.#partition(target.account).deployments.get(target.id);
  }

  /** Removes a resource and remembers when. Durable when it returns. */
  remove(resource: NewResource): void {
    const partition = this.#partitionOf(resource);
    const removed = { slot: this.#slot(resource), at: this.#options.now() };
    partition.log.append({ removed });
    drop(partition, removed);
  }

  /** Leaves a resource as people left it (undefined: deleted), and notes their entries as real, in one write. Durable when it returns. */
  meddle(
    resource: WorldResource,
    { entries, left }: { readonly entries: readonly string[]; readonly left: WorldResource | undefined },
  ): void {
    const partition = this.#partitionOf(resource);
    const at = this.#options.now();
    const meddled: Meddling = { slot: this.#slot(resource), entries, ...(left && { put: { ...left, changedAt: at } }), at };
    partition.log.append({ meddled });
    meddle(partition, meddled);
  }

  /** True where an entry is real for what bears, or bore, a resource's name. */
  wasMeddled(resource: WorldResource, entry: string): boolean {
    return this.#partitionOf(resource).meddled.get(this.#slot(resource))?.has(entry) === true;
  }

  #foreign(type: string, key: string, place: Place): WorldResource | undefined {
    const scope = this.#scope(type);
    const found = this.#options.foreign?.find(
      ({ on, name, account, region }) =>
        on === type && name === key && (scope === 'world' || account === place.account) && (scope !== 'region' || region === place.region),
    );
    if (found === undefined) return undefined;
    const { account, region } = found;
    return { type, account, region, key, id: key, inputs: {}, outputs: {}, owner: 'others', madeAt: 0, changedAt: 0 };
  }

  #scope(type: string): Scope {
    const known = this.#options.types.get(type);
    if (!known) throw new Error(`the sandbox knows no resource type ${type}`);
    return known.scope;
  }

  #slot(resource: NewResource): string {
    const scope = this.#scope(resource.type);
    return slotOf(resource.type, resource.key, { scope, place: resource });
  }

  #partitionOf(resource: NewResource): Partition {
    return this.#partition(partitionName(this.#scope(resource.type), resource));
  }

  #partition(name: string): Partition {
    const known = this.#partitions.get(name);
    if (known) {
      this.#partitions.delete(name);
      this.#partitions.set(name, known);
      const { entries, fromStart } = known.log.readNew();
      if (fromStart)
        for (const map of [known.bySlot, known.byArn, known.deletedAt, known.deleted, known.deployments, known.meddled]) map.clear();
      this.#take(known, entries);
      return known;
    }
    const log = this.#logs.get(name) ?? this.#openLog<Entry>(join(this.#options.directory, `${name}.ndjson`));
    this.#logs.set(name, log);
    const partition: Partition = {
      log,
      bySlot: new Map(),
      byArn: new Map(),
      deletedAt: new Map(),
      deleted: new Map(),
      deployments: new Map(),
      meddled: new Map(),
    };
    this.#take(partition, log.read());
    this.#partitions.set(name, partition);
    const [oldest] = this.#partitions.keys();
    if (oldest !== undefined && this.#partitions.size > MOST_PARTITIONS) this.#partitions.delete(oldest);
    return partition;
  }

  #take(partition: Partition, entries: readonly Entry[]): void {
    for (const entry of entries) {
      if ('put' in entry) hold(partition, this.#slot(entry.put), entry.put);
      else if ('deployed' in entry) partition.deployments.set(entry.deployed.target, entry.deployed);
      else if ('meddled' in entry) meddle(partition, entry.meddled);
      else drop(partition, entry.removed);
    }
  }
}

function partitionName(scope: Scope, place: { readonly account: AccountId }): string {
  return scope === 'world' ? WORLD_PARTITION : place.account;
}

function slotOf(type: string, key: string, where: { readonly scope: Scope; readonly place: Pick<Place, 'region'> }): string {
  return `${type}|${where.scope === 'region' ? where.place.region : ''}|${key}`;
}

function hold(partition: Partition, slot: string, resource: WorldResource): void {
  partition.bySlot.set(slot, resource);
  const { arn } = resource.outputs;
  if (typeof arn === 'string' && !partition.bySlot.has(partition.byArn.get(arn) ?? '')) partition.byArn.set(arn, slot);
}

function meddle(partition: Partition, { slot, entries, put, at }: Meddling): void {
  partition.meddled.set(slot, new Set([...(partition.meddled.get(slot) ?? []), ...entries]));
  if (put) hold(partition, slot, put);
  else drop(partition, { slot, at });
}

function drop(partition: Partition, removed: { readonly slot: string; readonly at: number }): void {
  const { outputs } = partition.bySlot.get(removed.slot) ?? {};
  if (outputs) partition.deleted.set(removed.slot, outputs);
  partition.bySlot.delete(removed.slot);
  partition.deletedAt.set(removed.slot, removed.at);
}
