import { createHash } from 'node:crypto';

import { accountIdSchema, regionSchema, type AccountId } from '../../../contracts/ids';
import type { Place, Properties, ResourceType, WorldResource, WorldView } from '../../../sandbox/resource-type';

/** Where tests deploy to unless they say otherwise. */
export const place: Place = {
  account: accountIdSchema.parse('111122223333'),
  region: regionSchema.parse('eu-west-1'),
  organizationId: 'o-abcdefghij',
};

/** The same account in another region. */
export const otherRegion: Place = { ...place, region: regionSchema.parse('us-east-1') };

/** Another account in the same region. */
export const otherAccount: Place = { ...place, account: accountIdSchema.parse('444455556666') };

/** How an operation ended. */
export type Outcome =
  | { readonly kind: 'done'; readonly resource: WorldResource }
  | { readonly kind: 'refused'; readonly name: string; readonly message: string };

/** Where and as which resource instance a resource is made. */
export interface Making {
  readonly place?: Place;
  /** Tells resources without a name of their own apart. */
  readonly instance?: string;
}

/** A small {@link WorldView} in memory that carries operations out as the sandbox's provider does: shape, taken names, refusals, then the change. */
export class FakeWorld implements WorldView {
  lambdaLimit = 1000;
  readonly members = new Set<string>([place.account, otherAccount.account]);
  readonly #types: ReadonlyMap<string, ResourceType>;
  readonly #resources = new Map<string, WorldResource>();
  readonly #deletedAt = new Map<string, number>();
  readonly #instances = new Map<string, string>();
  #now = 0;

  constructor(types: readonly ResourceType[]) {
    this.#types = new Map(types.map((type) => [type.type, type]));
  }

  create(token: string, inputs: Properties, making: Making = {}): Outcome {
    const type = this.#type(token);
    const at = making.place ?? place;
    const shape = type.inputs.safeParse(inputs);
    if (!shape.success)
      return refused(
        type.invalid,
        shape.error.issues.map(({ path, message }) => [path.join('.'), message].filter(Boolean).join(': ')).join('; '),
      );
    const instance = making.instance ?? token;
    const context = { place: at, prior: undefined, random: randomOf(instance) };
    const key = type.key(inputs, context);
    if (typeof type.onTaken === 'object' && this.find(token, key, at)) return refused(type.onTaken.refuse, `${key} already exists`);
    const { id, outputs } = type.render(inputs, { ...context, key });
    const refusal = type.refuse?.({ op: 'create', place: at, inputs, outputs, prior: undefined, key }, this);
    if (refusal) return refused(refusal.name, refusal.message);
    const resource = {
      type: token,
      account: at.account,
      region: at.region,
      key,
      id,
      inputs,
      outputs,
      owner: 'test',
      madeAt: 0,
      changedAt: 0,
    };
    this.put(resource, instance);
    return { kind: 'done', resource };
  }

  update(prior: WorldResource, inputs: Properties): Outcome {
    const type = this.#type(prior.type);
    const at = placeOf(prior);
    const shape = type.inputs.safeParse(inputs);
    if (!shape.success) return refused(type.invalid, shape.error.message);
    const context = { place: at, prior, random: randomOf(this.#instances.get(this.#slot(prior.type, prior.key, at)) ?? prior.type) };
    const key = type.key(inputs, context);
    const { id, outputs } = type.render(inputs, { ...context, key });
    const refusal = type.refuse?.({ op: 'update', place: at, inputs, outputs, prior, key }, this);
    if (refusal) return refused(refusal.name, refusal.message);
    const resource = { ...prior, key, id, inputs, outputs };
    this.put(resource);
    return { kind: 'done', resource };
  }

  delete(prior: WorldResource): Outcome {
    const at = placeOf(prior);
    const refusal = this.#type(prior.type).refuse?.(
      { op: 'delete', place: at, inputs: prior.inputs, outputs: prior.outputs, prior, key: prior.key },
      this,
    );
    if (refusal) return refused(refusal.name, refusal.message);
    const slot = this.#slot(prior.type, prior.key, at);
    this.#resources.delete(slot);
    this.#deletedAt.set(slot, this.#now);
    return { kind: 'done', resource: prior };
  }

  /** As {@link create}; throws where AWS refuses: for what a test needs to stand already. */
  given(token: string, inputs: Properties, making: Making = {}): WorldResource {
    const outcome = this.create(token, inputs, making);
    if (outcome.kind === 'refused') throw new Error(`${token}: ${outcome.name}: ${outcome.message}`);
    return outcome.resource;
  }

  /** Puts a resource in without asking anybody. */
  put(resource: WorldResource, instance = resource.type): void {
    const slot = this.#slot(resource.type, resource.key, placeOf(resource));
    this.#resources.set(slot, resource);
    if (!this.#instances.has(slot)) this.#instances.set(slot, instance);
  }

  /** Lets simulated seconds pass. */
  elapse(seconds: number): void {
    this.#now += seconds;
  }

  find(type: string, key: string, at: Place): WorldResource | undefined {
    return this.#resources.get(this.#slot(type, key, at));
  }

  byArn(arn: string): WorldResource | undefined {
    return [...this.#resources.values()].find(({ outputs }) => outputs.arn === arn);
  }

  list(type: string, at: Place): readonly WorldResource[] {
    const regional = this.#types.get(type)?.scope === 'region';
    return [...this.#resources.values()].filter(
      (resource) => resource.type === type && resource.account === at.account && (!regional || resource.region === at.region),
    );
  }

  secondsSinceDeleted(type: string, key: string, at: Place): number | undefined {
    const deletedAt = this.#deletedAt.get(this.#slot(type, key, at));
    return deletedAt === undefined ? undefined : this.#now - deletedAt;
  }

  deletedAt(type: string, key: string, at: Place): number | undefined {
    const deletedAt = this.#deletedAt.get(this.#slot(type, key, at));
    return deletedAt === undefined ? undefined : deletedAt * 1000;
  }

  lambdaConcurrency(_account: AccountId): number {
    return this.lambdaLimit;
  }

  isMember(account: AccountId): boolean {
    return this.members.has(account);
  }

  #type(token: string): ResourceType {
    const type = this.#types.get(token);
    if (!type) throw new Error(`the test's world has no type ${token}`);
    return type;
  }

  #slot(type: string, key: string, at: Place): string {
    // A type that the test did not bring (another engineer's) counts as regional.
    const scope = this.#types.get(type)?.scope ?? 'region';
    return [type, scope === 'world' ? '' : at.account, scope === 'region' ? at.region : '', key].join('|');
  }
}

function placeOf(resource: WorldResource): Place {
  return { account: resource.account, region: resource.region, organizationId: place.organizationId };
}

function refused(name: string, message: string): Outcome {
  return { kind: 'refused', name, message };
}

function randomOf(instance: string): (purpose: string, length: number) => string {
  return (purpose, length) => createHash('sha512').update(`${instance}|${purpose}`).digest('hex').slice(0, length);
}
