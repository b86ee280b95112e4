import { createHash } from 'node:crypto';

import { faultMatches, type Drift } from './organization';
import { isSecret } from './recording-monitor';
import type { Properties, WorldResource } from './resource-type';
import { nameOfUrn } from './urn';
import type { World } from './world';

/** What people did behind the fleet's back, and the world that they did it in. */
export interface ByHand {
  readonly world: World;
  readonly drift: readonly Drift[];
}

/** A resource as people left it; undefined where they deleted it. Nothing is written: any process may look. */
export function asLeft(resource: WorldResource, byHand: ByHand): WorldResource | undefined {
  return pendingFor(resource, byHand).reduce(meddledWith, resource as WorldResource | undefined);
}

/**
 * Makes real what people did to a resource, so that an engine can bring it back and no entry does it again. Gives the resource as they left
 * it. For the account's one writer. Throws `StaleWriter`.
 * @param which of the entries that are not real yet. @default all
 */
export function takeIn(resource: WorldResource, byHand: ByHand, which: (entry: Drift) => boolean = () => true): WorldResource | undefined {
  const entries = pendingFor(resource, byHand).filter(which);
  if (entries.length === 0) return resource;
  const left = entries.reduce(meddledWith, resource as WorldResource | undefined);
  byHand.world.meddle(resource, { entries: entries.map(digestOf), left });
  return left;
}

/** Properties with what an entry sets in them. `a.b` leads into nested values and JSON texts; null takes a value away. */
export function withSet(properties: Properties, set: Properties): Properties {
  return Object.entries(set).reduce((now, [path, value]) => put(now, { path: path.split('.'), value }), properties);
}

/** Entries that fit a resource and are not real for it yet. */
function pendingFor(resource: WorldResource, { world, drift }: ByHand): readonly Drift[] {
  const space = resource.owner.indexOf(' ');
  const [target, urn] = [resource.owner.slice(0, space), resource.owner.slice(space + 1)];
  return drift.filter(
    (entry) =>
      entry.on === resource.type &&
      (entry.name === undefined || entry.name === nameOfUrn(urn)) &&
      faultMatches(entry.target, target) &&
      !world.wasMeddled(resource, digestOf(entry)),
  );
}

function meddledWith(resource: WorldResource | undefined, { set }: Drift): WorldResource | undefined {
  if (resource === undefined || set === undefined) return undefined;
  return { ...resource, inputs: withSet(resource.inputs, set), outputs: withSet(resource.outputs, set) };
}

function put(
  into: Properties,
  { path: [key = '', ...rest], value }: { readonly path: readonly string[]; readonly value: unknown },
): Properties {
  if (rest.length > 0) {
    const before = Object.hasOwn(into, key) ? into[key] : undefined;
    const text = jsonObject(before);
    const changed = put(text ?? (isNested(before) ? before : {}), { path: rest, value });
    return { ...into, [key]: text ? JSON.stringify(changed) : changed };
  }
  if (value !== null) return { ...into, [key]: value };
  return Object.fromEntries(Object.entries(into).filter(([one]) => one !== key));
}

function isNested(value: unknown): value is Properties {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isSecret(value);
}

function jsonObject(value: unknown): Properties | undefined {
  if (typeof value !== 'string') return undefined;
  try {
    const parsed: unknown = JSON.parse(value);
    return isNested(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** Of what an entry says, in whatever order. */
function digestOf(entry: Drift): string {
  const inOrder = (_key: string, value: unknown): unknown =>
    isNested(value) ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1))) : value;
  return createHash('sha256').update(JSON.stringify(entry, inOrder)).digest('hex').slice(0, 16);
}
