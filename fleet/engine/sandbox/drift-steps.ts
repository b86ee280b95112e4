import { asLeft, type ByHand } from '../../../sandbox/planted-drift';
import type { Properties } from '../../../sandbox/resource-type';
import { MASK, maskSecrets } from '../../../sandbox/secrets';
import type { EngineStep } from '../../ports';
import { propertyDifferences } from '../property-differences';

import type { Checkpoint, StackResource } from './checkpoint';

/** How AWS differs from what a stack recorded: `update` names the inputs, `delete` is a resource that is not there any more. */
export function driftSteps(checkpoint: Checkpoint, byHand: ByHand): readonly EngineStep[] {
  return [...checkpoint.resources.values()].flatMap((resource): EngineStep[] => {
    if (!resource.place) return [];
    const { urn, type, name } = resource;
    const there = byHand.world.find(type, resource.key, resource.place);
    const now = there && asLeft(there, byHand);
    if (!now) return [{ op: 'delete', urn, type, name, keys: [] }];
    const differing = Object.keys({ ...now.inputs, ...resource.inputs })
      .sort()
      .map((key) => ({ key, differences: propertyDifferences(pick(resource.inputs, key), pick(now.inputs, key)) }))
      .filter(({ differences }) => differences.length > 0);
    const op = differing.length > 0 ? 'update' : 'same';
    const differences = differing.flatMap((one) => one.differences);
    const live = shownNow(resource, { ...now.outputs, ...now.inputs });
    return [{ op, urn, type, name, keys: differing.map(({ key }) => key), live, differences }];
  });
}

function pick(from: Properties, key: string): Properties {
  return Object.hasOwn(from, key) ? { [key]: from[key] } : {};
}

function shownNow({ secretOutputs }: StackResource, now: Properties): Properties {
  const hidden = Object.fromEntries(secretOutputs.filter((key) => key in now).map((key) => [key, MASK]));
  return maskSecrets({ ...now, ...hidden }) as Properties;
}
