import { isDeepStrictEqual } from 'node:util';

import { asLeft, takeIn, withSet, type ByHand } from '../planted-drift';
import type { Drift } from '../organization';
import type { Change, PlannedResource, ProviderConfiguration } from '../provider';
import { isSecret } from '../recording-monitor';
import type { Properties, WorldResource } from '../resource-type';

import { isAsset } from '../asset-hash';
import { Cancelled, InitFailed } from './grpc-status';
import { RunMemory } from './run-memory';
import { standInForSecrets, takeSecrets, type Secrets } from '../secrets';
import type { Answer, CallOptions, Difference, DoorParts, DoorStack, Recorded, ResourceCall } from './stack-calls';
import { findStanding, standingOf, type Standing, type StandingSources } from './standing';
import { holdsUnknown } from './wire';

/**
 * What an engine's calls for one stack do in the simulated organisation: the same checks, plans and changes as the sandbox engine makes, from
 * what travels over gRPC. Properties carry their secrets and assets with signatures; the world is given digests.
 */
export class StackOperations {
  readonly #parts: DoorParts;
  readonly #stack: DoorStack;
  readonly #sources: StandingSources;
  readonly #byHand: ByHand;
  readonly #memory = new RunMemory();
  readonly #hashAssets: (value: unknown) => unknown;

  constructor(parts: DoorParts, stack: DoorStack, hashAssets: (value: unknown) => unknown) {
    this.#parts = parts;
    this.#stack = stack;
    this.#sources = { provider: parts.provider, world: parts.world, target: stack.target };
    this.#byHand = { world: parts.world, drift: parts.drift ?? [] };
    this.#hashAssets = hashAssets;
  }

  /** Inputs with default tags, held against AWS's published shape where all are known. Throws `AwsError`. */
  check({ urn, type, configured }: ResourceCall, news: Properties, olds: Properties): Properties {
    if (Object.keys(olds).length > 0) this.#memory.noteRecorded(urn);
    if (holdsUnknown(news)) return this.#withDefaultTags(type, configured, news);
    const secrets = this.#secretsIn(news);
    const checked = this.#parts.provider.check(type, secrets.revealed, configured.defaultTags);
    // What check left alone keeps its secrets where they were; what it merged into gets them back value by value.
    return mapEntries(checked, (key, value) =>
      isDeepStrictEqual(value, secrets.revealed[key]) ? news[key] : secrets.mark(value as Properties, []),
    );
  }

  /** What changed since the engine recorded the resource. */
  diff(call: ResourceCall, recorded: Recorded, news: Properties): Difference {
    const { provider } = this.#parts;
    const olds = this.#secretsIn(recorded.inputs);
    const wanted = this.#secretsIn(news);
    const standing = this.#find(call, recorded);
    const { keys } = provider.diff(call.type, olds.revealed, wanted.revealed);
    const { replaceOn } = provider.type(call.type);
    const replaceKeys = keys.filter((key) => replaceOn.includes(key));
    if (keys.length === 0 || !standing || holdsUnknown(news)) return { keys, replaceKeys, deleteBeforeReplace: false };
    const { origin: urn, generation } = standing;
    const next = provider.plan(call.type, wanted.revealed, {
      urn,
      generation: generation + 1,
      place: call.configured.place,
      prior: undefined,
    });
    return { keys, replaceKeys, deleteBeforeReplace: wanted.hide(next.key) === standing.resource.key };
  }

  /** Makes a resource, or takes over what an earlier run of this stack made and nobody recorded. */
  async create(call: ResourceCall, news: Properties, options: CallOptions): Promise<Answer> {
    if (holdsUnknown(news)) return { id: '', outputs: withoutAssets(news) };
    const { urn, type, configured } = call;
    const secrets = this.#secretsOf(news);
    const inputs = secrets.conceal(secrets.revealed);
    const origin = this.#memory.originOf(urn);
    const made = standingOf({ type, origin, place: configured.place, restore: secrets.restore }, this.#sources);
    // What the engine was told is gone, it makes anew.
    const standing = made.filter(({ id, resource }) => !this.#memory.isUnrecorded(urn, id) || this.#stillStands(resource, options));
    const left = standing.filter(({ id }) => this.#memory.isUnrecorded(urn, id));
    const same = left.find(({ resource }) => isDeepStrictEqual(resource.inputs, inputs));
    const adopted = same ?? left.find(({ resource }) => !this.#parts.provider.diff(type, resource.inputs, inputs).replace);
    if (adopted) {
      const answer = await this.#renew(call, { standing: adopted, unchanged: adopted === same }, { news, secrets, options });
      this.#memory.noteInstance(urn, adopted);
      this.#memory.noteAdopted(urn, adopted.id);
      return answer;
    }
    const generation = Math.max(this.#memory.highestGeneration(urn), ...standing.map((one) => one.generation)) + 1;
    const planned = this.#parts.provider.plan(type, secrets.revealed, {
      urn: origin,
      generation,
      place: configured.place,
      prior: undefined,
    });
    if (options.preview !== true) {
      // What cannot become the wanted resource and holds its name goes first.
      const inTheWay = left.find(({ resource }) => resource.key === secrets.hide(planned.key));
      if (inTheWay) await this.#remove(call, inTheWay, options);
      await this.#change({ op: 'create', call, origin, planned, prior: undefined }, { news, secrets, options });
      this.#memory.noteInstance(urn, { id: planned.id, origin, generation });
    }
    return answerOf(planned, { news, secrets });
  }

  /** Changes a resource in place. */
  async update(
    call: ResourceCall,
    recorded: Recorded,
    wanted: { readonly news: Properties; readonly options: CallOptions },
  ): Promise<Answer> {
    const { news, options } = wanted;
    if (holdsUnknown(news)) return { id: recorded.id, outputs: withoutAssets(news) };
    const secrets = this.#secretsOf(news);
    const standing = this.#find(call, recorded);
    if (standing)
      return this.#renew(call, { standing: this.#asRecorded(standing, recorded, options), unchanged: false }, { news, secrets, options });
    // Somebody deleted it: as AWS does, the update meets what is recorded.
    const { conceal } = this.#secretsIn({ inputs: recorded.inputs, outputs: recorded.outputs });
    const prior = { inputs: conceal(reveal(recorded.inputs)), outputs: conceal(reveal(recorded.outputs)) };
    const instance = { urn: call.urn, generation: 0, place: call.configured.place, prior: { id: recorded.id, ...prior } };
    const planned = this.#parts.provider.plan(call.type, secrets.revealed, instance);
    if (options.preview !== true) await this.#change({ op: 'update', call, origin: call.urn, planned, prior }, { news, secrets, options });
    return answerOf(planned, { news, secrets });
  }

  /** Deletes a resource; what is gone already is gone. */
  async delete(call: ResourceCall, recorded: Recorded, options: CallOptions): Promise<void> {
    const standing = this.#find(call, recorded);
    if (!standing || this.#memory.isAdopted(call.urn, recorded.id)) return;
    await this.#remove(call, this.#asRecorded(standing, recorded, options), options);
  }

  /** A resource as it stands, as people left it; undefined where it does not. Nothing is written. */
  read(call: ResourceCall, recorded: Recorded): Recorded | undefined {
    const standing = this.#look(call, recorded);
    const resource = standing && asLeft(standing.resource, this.#byHand);
    if (standing && !resource) this.#memory.noteGone(call.urn);
    else this.#note(call.urn, standing);
    if (!resource) return undefined;
    const secrets = this.#secretsIn({ inputs: recorded.inputs, outputs: recorded.outputs });
    // The engine's own hash of an asset is nothing that AWS could tell.
    const own = (kept: Properties, before: Properties): Properties =>
      mapEntries(secrets.mark(standInForSecrets(secrets.restore(kept)), []), (key, value) =>
        isAsset(before[key]) || isDeepStrictEqual(reveal({ value }), reveal({ value: before[key] })) ? before[key] : value,
      );
    return {
      id: recorded.id,
      inputs: own(resource.inputs, recorded.inputs),
      outputs: own(resource.outputs, recorded.outputs),
    };
  }

  /** False where somebody deleted it: the engine, which has no record of it, was told so. */
  #stillStands(resource: WorldResource, { preview }: CallOptions): boolean {
    const stands = asLeft(resource, this.#byHand) !== undefined;
    if (!stands && preview !== true) takeIn(resource, this.#byHand);
    return stands;
  }

  /** With what people did that the engine has a record of: what it is about to change it changes back. */
  #asRecorded(standing: Standing, recorded: Recorded, { preview }: CallOptions): Standing {
    if (preview === true) return standing;
    const known = reveal(recorded.inputs);
    const isKnown = ({ set }: Drift) => set !== undefined && isDeepStrictEqual(withSet(known, set), known);
    return { ...standing, resource: takeIn(standing.resource, this.#byHand, isKnown) ?? standing.resource };
  }

  #withDefaultTags(type: string, { defaultTags }: ProviderConfiguration, news: Properties): Properties {
    const { tags = {} } = news;
    const mergeable = this.#parts.provider.type(type).taggable && typeof tags === 'object' && !isSecret(tags);
    return mergeable ? { ...news, tags: { ...defaultTags, ...tags } } : news;
  }

  /** Brings a standing resource to what is wanted. */
  async #renew(
    call: ResourceCall,
    from: { readonly standing: Standing; readonly unchanged: boolean },
    wanted: { readonly news: Properties; readonly secrets: Secrets; readonly options: CallOptions },
  ): Promise<Answer> {
    const { origin, generation, resource } = from.standing;
    const { secrets, options } = wanted;
    const planned = this.#parts.provider.plan(call.type, secrets.revealed, {
      urn: origin,
      generation,
      place: call.configured.place,
      // As it stands on AWS: a secret that did not change must not look changed.
      prior: { id: from.standing.id, inputs: secrets.restore(resource.inputs), outputs: secrets.restore(resource.outputs) },
    });
    if (!from.unchanged && options.preview !== true) await this.#change({ op: 'update', call, origin, planned, prior: resource }, wanted);
    return answerOf(planned, wanted);
  }

  async #remove(call: ResourceCall, { origin, resource }: Standing, options: CallOptions): Promise<void> {
    const { id, key, inputs, outputs } = resource;
    const kept = { inputs, outputs };
    const change = { ...this.#base(call, origin, options), op: 'delete' as const, planned: { id, key, ...kept }, kept, prior: kept };
    await this.#apply({ ...change, onRetry: (message) => this.#stack.onRetry?.(call.urn, message) });
  }

  async #change(
    what: {
      readonly op: 'create' | 'update';
      readonly call: ResourceCall;
      readonly origin: string;
      readonly planned: PlannedResource;
      readonly prior: Pick<WorldResource, 'inputs' | 'outputs'> | undefined;
    },
    wanted: { readonly news: Properties; readonly secrets: Secrets; readonly options: CallOptions },
  ): Promise<void> {
    const { op, call, origin, planned, prior } = what;
    const { news, secrets, options } = wanted;
    const id = secrets.hide(planned.id);
    const key = secrets.hide(planned.key);
    const kept = { inputs: secrets.conceal(planned.inputs), outputs: secrets.conceal(planned.outputs) };
    const change: Change = {
      ...this.#base(call, origin, options),
      op,
      planned: { ...planned, id, key },
      kept,
      prior: prior && { inputs: prior.inputs, outputs: prior.outputs },
      onRetry: (message) => this.#stack.onRetry?.(call.urn, secrets.redact(message)),
    };
    try {
      await this.#apply(change);
    } catch (error) {
      const there = error instanceof Cancelled ? this.#parts.provider.madeBefore({ ...change, key }) : undefined;
      // AWS's refusals come before any effect; what was stopped while it waited is there, and must be in the engine's record.
      if (there && isDeepStrictEqual(there.inputs, kept.inputs))
        throw new InitFailed({ ...answerOf(planned, wanted), inputs: news }, error);
      throw error;
    }
  }

  async #apply(change: Change): Promise<void> {
    if (change.signal.aborted) throw new Cancelled('stopped before it began');
    try {
      await this.#parts.provider.apply(change);
    } catch (error) {
      if (change.signal.aborted) throw new Cancelled(`stopped in mid-${change.op}`, { cause: error });
      throw error;
    }
  }

  #base({ type, configured: { place } }: ResourceCall, origin: string, { signal }: CallOptions) {
    const { target, purpose, fingerprint } = this.#stack;
    return { type, urn: origin, place, target, purpose, fingerprint, signal };
  }

  /** The instance that the engine names, which it has a record of. */
  #find(call: ResourceCall, recorded: Recorded): Standing | undefined {
    const standing = this.#look(call, recorded);
    this.#note(call.urn, standing);
    return standing;
  }

  #look({ type, urn, configured: { place } }: ResourceCall, recorded: Recorded): Standing | undefined {
    const secrets = this.#secretsIn({ inputs: recorded.inputs, outputs: recorded.outputs });
    return findStanding({ type, urn, id: secrets.hide(recorded.id), place, inputs: reveal(recorded.inputs) }, this.#sources);
  }

  #note(urn: string, standing: Standing | undefined): void {
    this.#memory.noteRecorded(urn);
    if (standing) this.#memory.noteInstance(urn, standing);
  }

  #secretsOf(news: Properties): Secrets {
    return this.#secretsIn(this.#hashAssets(news) as Properties);
  }

  #secretsIn(properties: Properties): Secrets {
    return takeSecrets(properties, this.#parts.provider.digestSecret);
  }
}

function answerOf({ id, outputs }: PlannedResource, wanted: { readonly news: Properties; readonly secrets: Secrets }): Answer {
  // The engine gets its own assets back: a hash alone is none on the wire.
  const assets = Object.fromEntries(Object.entries(wanted.news).filter(([, value]) => isAsset(value)));
  return { id, outputs: { ...wanted.secrets.mark(outputs, []), ...assets } };
}

function withoutAssets(news: Properties): Properties {
  return Object.fromEntries(Object.entries(news).filter(([, value]) => !isAsset(value)));
}

function reveal(properties: Properties): Properties {
  return takeSecrets(properties).revealed;
}

function mapEntries(properties: Properties, map: (key: string, value: unknown) => unknown): Properties {
  return Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, map(key, value)]));
}
