import { join } from 'node:path';

import type { AccountId } from '../contracts/ids';

import { AppendLog } from './append-log';
import type { Place, ResourceType, Scope, WorldResource, WorldView } from './resource-type';

/** What the world must know beyond its resources. */
export interface WorldOptions {
  /** Folder that keeps the resources, one file an account. */
  readonly directory: string;
  readonly types: ReadonlyMap<string, ResourceType>;
  /** Real milliseconds now, and simulated seconds between two such instants. */
  readonly now: () => number;
  readonly secondsBetween: (from: number, to: number) => number;
  readonly members: ReadonlyMap<AccountId, { readonly lambdaConcurrency: number }>;
}

type Entry = { readonly put: WorldResource } | { readonly removed: { readonly slot: string; readonly at: number } };

interface Partition {
  readonly log: AppendLog<Entry>;
  readonly bySlot: Map<string, WorldResource>;
  /** Slot by ARN. Policies carry the ARN of what they belong to, which comes first and keeps it. */
  readonly byArn: Map<string, string>;
  readonly deletedAt: Map<string, number>;
}

const WORLD_PARTITION = 'world';

/** More than the accounts that a rollout with default limits touches at once. */
const MOST_PARTITIONS = 64;

/** All resources of the simulated organisation, kept on disk as they change and unique in AWS's real scopes. */
export class World implements WorldView {
  readonly #options: WorldOptions;
  /** The last used ones, oldest first: an organisation of a thousand accounts does not fit into memory. */
  readonly #partitions = new Map<string, Partition>();

  constructor(options: WorldOptions) {
    this.#options = options;
  }

  find(type: string, key: string, place: Place): WorldResource | undefined {
    const scope = this.#scope(type);
    return this.#partition(partitionName(scope, place)).bySlot.get(slotOf(type, key, { scope, place }));
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

  secondsSinceDeleted(type: string, key: string, place: Place): number | undefined {
    const scope = this.#scope(type);
    const at = this.#partition(partitionName(scope, place)).deletedAt.get(slotOf(type, key, { scope, place }));
    return at === undefined ? undefined : this.#options.secondsBetween(at, this.#options.now());
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
  put(resource: WorldResource): void {
    const partition = this.#partitionOf(resource);
    hold(partition, this.#slot(resource), resource);
    partition.log.append({ put: resource });
  }

  /** Removes a resource and remembers when. Durable when it returns. */
  remove(resource: WorldResource): void {
    const partition = this.#partitionOf(resource);
    const removed = { slot: this.#slot(resource), at: this.#options.now() };
    drop(partition, removed);
    partition.log.append({ removed });
  }

  #scope(type: string): Scope {
    const known = this.#options.types.get(type);
    if (!known) throw new Error(`the sandbox knows no resource type ${type}`);
    return known.scope;
  }

  #slot(resource: WorldResource): string {
    const scope = this.#scope(resource.type);
    return slotOf(resource.type, resource.key, { scope, place: resource });
  }

  #partitionOf(resource: WorldResource): Partition {
    return this.#partition(partitionName(this.#scope(resource.type), resource));
  }

  #partition(name: string): Partition {
    const known = this.#partitions.get(name);
    if (known) {
      this.#partitions.delete(name);
      this.#partitions.set(name, known);
      return known;
    }
    const partition: Partition = {
      log: new AppendLog<Entry>(join(this.#options.directory, `${name}.ndjson`)),
      bySlot: new Map(),
      byArn: new Map(),
      deletedAt: new Map(),
    };
    const entries = partition.log.read();
    for (const entry of entries) {
      if ('put' in entry) hold(partition, this.#slot(entry.put), entry.put);
      else drop(partition, entry.removed);
    }
    this.#partitions.set(name, partition);
    const [oldest] = this.#partitions.keys();
    if (oldest !== undefined && this.#partitions.size > MOST_PARTITIONS) this.#partitions.delete(oldest);
    return partition;
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

function drop(partition: Partition, removed: { readonly slot: string; readonly at: number }): void {
  partition.bySlot.delete(removed.slot);
  partition.deletedAt.set(removed.slot, removed.at);
}
