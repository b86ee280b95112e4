import { isDeepStrictEqual } from 'node:util';

import { ownerOf, type PlannedResource, type SandboxProvider } from '../provider';
import type { Place, Properties, WorldResource } from '../resource-type';
import type { World } from '../world';

import { isAsset } from '../asset-hash';
import type { KnownInstance } from './run-memory';

/** What instances are looked for in, and whose. */
export interface StandingSources {
  readonly provider: SandboxProvider;
  readonly world: World;
  readonly target: string;
}

/** A resource that stands, and which of its URN's instances it is. */
export interface Standing extends KnownInstance {
  readonly resource: WorldResource;
}

/** More replacements of one resource than anybody lives to see. */
const MAX_GENERATIONS = 1000;

/**
 * The instance with an id. Where several share it, as the permissions of two functions may, it is the one that `inputs` lead to; the stack's
 * own come before others.
 * @param inputs as the engine recorded them, secrets revealed
 */
export function findStanding(
  wanted: { readonly type: string; readonly urn: string; readonly id: string; readonly place: Place; readonly inputs: Properties },
  sources: StandingSources,
): Standing | undefined {
  const { type, urn, id, place, inputs } = wanted;
  const found = sources.world
    .list(type, place)
    .filter((resource) => resource.id === id)
    .map((resource) => {
      const origin = originOf(resource, sources.target) ?? urn;
      const generation = generationOf(resource, { inputs: withAssetsOf(resource, inputs), origin, place }, sources);
      const rank = (generation === undefined ? 0 : 4) + (origin === urn ? 2 : 0) + (originOf(resource, sources.target) ? 1 : 0);
      return { rank, standing: { resource, id, origin, generation: generation ?? 0 } };
    })
    .sort((one, other) => other.rank - one.rank);
  return found[0]?.standing;
}

/** All that this stack made under a URN and that stands. `restore` turns the digests of known secrets back. */
export function standingOf(
  wanted: { readonly type: string; readonly origin: string; readonly place: Place; restore(this: void, kept: Properties): Properties },
  sources: StandingSources,
): readonly Standing[] {
  const { type, origin, place, restore } = wanted;
  const owner = ownerOf({ target: sources.target, urn: origin });
  return sources.world
    .list(type, place)
    .filter((resource) => resource.owner === owner)
    .map((resource) => ({
      resource,
      id: resource.id,
      origin,
      generation: generationOf(resource, { inputs: restore(resource.inputs), origin, place }, sources) ?? 0,
    }));
}

/** Inputs with the assets as the world keeps them: the engine hashes content in its own way. */
function withAssetsOf(resource: WorldResource, inputs: Properties): Properties {
  return Object.fromEntries(Object.entries(inputs).map(([key, value]) => [key, isAsset(value) ? (resource.inputs[key] ?? value) : value]));
}

function originOf(resource: WorldResource, target: string): string | undefined {
  const prefix = ownerOf({ target, urn: '' });
  return resource.owner.startsWith(prefix) ? resource.owner.slice(prefix.length) : undefined;
}

/**
 * Which generation a resource is, told by what AWS drew for it: over gRPC nobody counts. Zero where nothing is drawn for its type; undefined
 * where the inputs do not lead to the resource.
 */
function generationOf(
  resource: WorldResource,
  made: { readonly inputs: Properties; readonly origin: string; readonly place: Place },
  { provider }: StandingSources,
): number | undefined {
  const { inputs, origin, place } = made;
  // One object for all: a type parses it once.
  const at = (generation: number) => provider.plan(resource.type, inputs, { urn: origin, generation, place, prior: undefined });
  try {
    const drawn = differing(at(0), at(1));
    for (let generation = 0; generation < MAX_GENERATIONS; generation += 1) {
      const { id, key, outputs } = at(generation);
      const same =
        id === resource.id && key === resource.key && drawn.every((name) => isDeepStrictEqual(outputs[name], resource.outputs[name]));
      if (same) return generation;
      if (drawn.length === 0) return undefined;
    }
    return undefined;
  } catch {
    // A secret that is not known any more may not even have the shape of its input.
    return undefined;
  }
}

function differing(one: PlannedResource, other: PlannedResource): readonly string[] {
  return Object.keys(one.outputs).filter((name) => !isDeepStrictEqual(one.outputs[name], other.outputs[name]));
}
