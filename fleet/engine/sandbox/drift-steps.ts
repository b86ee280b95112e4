import { isDeepStrictEqual } from 'node:util';

import type { TargetId } from '../../../contracts/target';
import { faultMatches, type Drift } from '../../../sandbox/organization';
import type { Properties } from '../../../sandbox/resource-type';
import { MASK, maskSecrets } from '../../../sandbox/secrets';
import type { World } from '../../../sandbox/world';
import type { EngineStep } from '../../ports';

import type { Checkpoint, StackResource } from './checkpoint';

/** What a stack's record is held against. */
export interface DriftSources {
  readonly world: World;
  /** Planted: what was changed behind the fleet's back. */
  readonly drift: readonly Drift[];
}

/** How AWS differs from what a stack recorded: `update` names the inputs, `delete` is a resource that is not there any more. */
export function driftSteps(target: TargetId, checkpoint: Checkpoint, { world, drift }: DriftSources): readonly EngineStep[] {
  const planted = drift.filter((one) => faultMatches(one.target, target));
  return [...checkpoint.resources.values()].flatMap((resource): EngineStep[] => {
    if (!resource.place) return [];
    const { urn, type, name } = resource;
    const there = world.find(type, resource.key, resource.place);
    if (!there) return [{ op: 'delete', urn, type, name, keys: [] }];
    const actual = planted.filter((one) => one.on === type).reduce((inputs, { set }) => ({ ...inputs, ...set }), there.inputs);
    const keys = differentKeys(actual, resource.inputs);
    return [{ op: keys.length > 0 ? 'update' : 'same', urn, type, name, keys, live: shownNow(resource, { ...there.outputs, ...actual }) }];
  });
}

function shownNow({ secretOutputs }: StackResource, now: Properties): Properties {
  const hidden = Object.fromEntries(secretOutputs.filter((key) => key in now).map((key) => [key, MASK]));
  return maskSecrets({ ...now, ...hidden }) as Properties;
}

function differentKeys(actual: Properties, recorded: Properties): readonly string[] {
  return Object.keys({ ...actual, ...recorded })
    .filter((key) => !isDeepStrictEqual(actual[key], recorded[key]))
    .sort();
}
