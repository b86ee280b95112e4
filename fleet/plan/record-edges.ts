import { findLayer, layers, type Layer } from '../../contracts/layers';
import { targetSchema, type TargetId } from '../../contracts/target';
import { userError } from '../errors';

import type { WaveCandidate } from './build-waves';
import type { Dependency, PlannedTarget } from './rollout-plan';
import type { Deployment, TargetRecord, TargetRecords } from './target-record';

/** A target as it was deployed: what plans are made of that ask neither fleet.yaml nor the organisation what there should be. */
export interface DeployedTarget {
  readonly record: TargetRecord;
  readonly deployment: Deployment;
}

/** What a deployment says of its planned target, whatever is planned. */
export function plannedAs({ record: { target: id }, deployment }: DeployedTarget) {
  const { release, config, parts, desired, live, previous } = deployment;
  const target = targetSchema.parse(id);
  return {
    ...{ target, accountName: config.account.name, stage: layerOf(id).stage, config, parts, desired, release },
    stableVersion: live,
    previousVersion: previous ?? null,
  } satisfies Partial<PlannedTarget>;
}

/** As waves are cut of it. */
export function candidateOf({ record, deployment }: DeployedTarget): WaveCandidate {
  return { target: targetSchema.parse(record.target), stage: layerOf(record.target).stage, config: deployment.config };
}

/** Whether a target needs another one of its upstream (`hard`), or only shows it. */
export function edgeTo(reader: TargetId, upstream: TargetId): Dependency['kind'] {
  const { layer } = targetSchema.parse(upstream);
  return layerOf(reader).edges.find((edge) => edge.layer === layer)?.kind ?? 'soft';
}

/** Deployed targets that need a target: what they say of their health is what its wave goes by. */
export function standingOn(records: TargetRecords): (target: TargetId) => readonly TargetId[] {
  const standing = new Map<TargetId, TargetId[]>();
  for (const { target: reader, good, current } of records.values()) {
    for (const { target } of (current ?? good)?.config.upstream ?? []) {
      if (edgeTo(reader, target) !== 'hard') continue;
      const others = standing.get(target);
      if (others) others.push(reader);
      else standing.set(target, [reader]);
    }
  }
  return (target) => standing.get(target) ?? [];
}

function layerOf(id: TargetId): Layer {
  const { layer: name } = targetSchema.parse(id);
  const layer = findLayer(name);
  if (layer) return layer;
  throw userError('unknown-layer', `${id} is deployed and ${name} is no layer; layers are ${layers.map((one) => one.name).join(', ')}`);
}
