import { findLayer } from '../../contracts/layers';
import type { Target } from '../../contracts/target';
import type { TargetRecord } from '../plan/target-record';
import type { DeployedResource, Inspection } from '../ports';

/** What can be told of a target by its stack alone; null where there is none. Nobody knows what was deployed, so nothing is good. */
export function foundRecord(
  { id, layer }: Pick<Target, 'id' | 'layer'>,
  { inspection, at }: { readonly inspection: Inspection; readonly at: string },
): TargetRecord | null {
  const { exists, resources } = inspection;
  if (!exists) return null;
  const versions = findLayer(layer)?.versions?.(resources);
  return {
    target: id,
    createdAt: firstCreation(resources) ?? at,
    ...{ good: null, current: null, dirty: true, traffic: 'settled', outputs: null, health: null, seconds: null },
    ...(versions && { found: { live: versions.live, previous: versions.previous } }),
  };
}

/** The earliest `CreatedAt` among a stack's tags: a run that was cut short may have left a later one on some. */
export function firstCreation(resources: readonly Pick<DeployedResource, 'inputs' | 'outputs'>[]): string | undefined {
  const told = resources.flatMap(({ inputs, outputs }) => [createdAt(outputs.tagsAll), createdAt(inputs.tags)]);
  return told.filter((one) => one !== undefined).sort()[0];
}

/** As the fleet writes it: anything else somebody else has set. */
function createdAt(tags: unknown): string | undefined {
  const value = typeof tags === 'object' && tags !== null ? (tags as Readonly<Record<string, unknown>>).CreatedAt : undefined;
  return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/.test(value) ? value : undefined;
}
