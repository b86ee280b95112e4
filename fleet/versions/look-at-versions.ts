import { findLayer } from '../../contracts/layers';
import { targetSchema, type Target } from '../../contracts/target';
import type { TargetRecord } from '../plan/target-record';
import type { DeployedResource, Engine, FunctionOfTarget, FunctionVersions } from '../ports';

import { neededVersions, type VersionClaims } from './needed-versions';
import { versionsToRemove, type VersionDecision } from './versions-to-remove';

/** What versions are looked at with. */
export interface VersionSources {
  readonly versions: FunctionVersions;
  readonly last: (record: TargetRecord) => VersionClaims['last'];
  /** How many of the newest versions stay whatever needs them. */
  readonly keep: number;
}

/** The same, with what reads stacks. */
export interface StackVersionSources extends VersionSources {
  readonly engine: Pick<Engine, 'inspect'>;
}

/** A target's function with its published versions, and what is decided of them. */
export interface FoundVersions {
  readonly of: FunctionOfTarget;
  readonly published: readonly string[];
  readonly decision: VersionDecision;
}

/** True where the target's layer keeps versions of its code. */
export function keepsVersions({ layer }: Pick<Target, 'layer'>): boolean {
  return (findLayer(layer)?.versions ?? null) !== null;
}

/** Decides what goes of one target's versions; null where nothing with versions is deployed. Rejects where the stack or AWS cannot be read. */
export async function lookAtVersions(record: TargetRecord, sources: StackVersionSources): Promise<FoundVersions | null> {
  const { resources } = await sources.engine.inspect(targetSchema.parse(record.target));
  return findVersions({ record, resources }, sources);
}

/** {@link lookAtVersions} of a stack whose resources are read already. */
export async function findVersions(
  { record, resources }: { readonly record: TargetRecord; readonly resources: readonly DeployedResource[] },
  { versions, last, keep }: VersionSources,
): Promise<FoundVersions | null> {
  const target = targetSchema.parse(record.target);
  const code = findLayer(target.layer)?.versions?.(resources);
  if (code === undefined) return null;
  const of = { target, functionName: code.functionName };
  const standing = await versions.look(of);
  const needed = neededVersions(standing, { record, last: last(record) });
  return { of, published: standing.published, decision: versionsToRemove(standing.published, { needed, keep }) };
}
