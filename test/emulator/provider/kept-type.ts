import { createHash } from 'node:crypto';

import type { Properties, RenderContext, ResourceType } from '../../../sandbox/resource-type';

import type { AwsCall, AwsType, Standing, Wanted } from './aws-type';

/** What stands of the types that the emulator lacks, by type, account, region and id. */
export type Kept = Map<string, { readonly inputs: Properties; readonly outputs: Properties }>;

/** A type that the emulator lacks: kept in memory, with the ids and outputs that the sandbox would give it. */
export function keptType(definition: ResourceType, kept: Kept): AwsType {
  const { type } = definition;
  const placeOf = (id: string, { place }: AwsCall) => `${type} ${place.account} ${place.region} ${id}`;
  const render = ({ urn, inputs }: Wanted, { place }: AwsCall, prior: RenderContext['prior']) => {
    const random = (purpose: string, length: number) =>
      createHash('sha256').update([place.account, place.region, urn, purpose].join('|')).digest('hex').slice(0, length);
    const context = { place, prior, random };
    return definition.render(inputs, { ...context, key: definition.key(inputs, context) });
  };
  return {
    type,
    create(wanted, call) {
      const { id, outputs } = render(wanted, call, undefined);
      kept.set(placeOf(id, call), { inputs: wanted.inputs, outputs });
      return Promise.resolve(id);
    },
    update(standing: Standing, call) {
      const { id, inputs, outputs } = standing;
      kept.set(placeOf(id, call), { inputs, outputs: render(standing, call, { id, inputs: outputs, outputs }).outputs });
      return Promise.resolve();
    },
    read({ id }, call) {
      return Promise.resolve(kept.get(placeOf(id, call))?.outputs);
    },
    delete({ id }, call) {
      kept.delete(placeOf(id, call));
      return Promise.resolve();
    },
  };
}
