import { holdsDataOrIdentity } from '../../contracts/irreversible';
import { targetSchema } from '../../contracts/target';
import { configurationDigest } from '../config/configuration-digest';
import type { FleetConfig } from '../config/fleet-config';

import { buildWaves, effectiveLimits, wholeLimits } from './build-waves';
import { candidateOf, edgeTo, plannedAs, standingOn, type DeployedTarget } from './record-edges';
import { agreedPlan, type Dependency, type PlannedTarget, type RolloutPlan } from './rollout-plan';
import { changedSecrets, secretsOf, type KnownSecrets } from './secret-digests';
import { isUnsettled, type TargetRecord, type TargetRecords } from './target-record';
import { mostCommonRelease } from './waves-back';

/** One thing that is not as it was deployed. */
export interface DriftedResource {
  readonly urn: string;
  readonly type: string;
  readonly gone: boolean;
  /** What differs, for people: `visibilityTimeout 30 -> 10`. */
  readonly details: readonly string[];
}

/** What was found of one target. */
export interface DriftedTarget {
  readonly record: TargetRecord;
  readonly resources: readonly DriftedResource[];
}

/** What a repair is planned from. */
export interface RepairInput {
  readonly config: FleetConfig;
  /** Digest of the last inventory that was taken; empty: none was. */
  readonly inventory: string;
  readonly records: TargetRecords;
  readonly drifted: readonly DriftedTarget[];
  /** The secrets as they are now: what they were is kept nowhere. */
  readonly secrets: KnownSecrets;
  /** Of what is gone and held data or identity, what is to be made anew all the same. */
  readonly recreate: ReadonlySet<string>;
}

/**
 * A plan that brings drifted targets back to the release and settings that are good, through the configured waves with their gates and
 * approvals. What stands there otherwise than good is a rollout's business and left out, named in `excluded`; a target of which something is
 * gone that held data or identity is blocked, unless it is to be made anew. Pure.
 */
export function planRepair({ config, inventory, records, drifted, secrets: known, recreate }: RepairInput): RolloutPlan {
  const settled = drifted.flatMap(({ record, resources }) => {
    return record.good && !isUnsettled(record) ? [{ record, deployment: record.good, resources }] : [];
  });
  const planned = settled.map((one) => {
    const secrets = secretsOf(one.deployment.config, known);
    const rotated = changedSecrets(one.deployment.secrets, secrets);
    return { ...one, secrets, rotated, blocked: restoreFirst(one.resources, recreate) };
  });
  const going = planned.filter(({ blocked }) => blocked === null);
  const waves = buildWaves(going.map(candidateOf), { ...config, traffic: null, standingOn: standingOn(records) });
  const waveOf = new Map(waves.flatMap((wave) => wave.targets.map((id) => [id, wave.name] as const)));
  const targets = planned.map(({ resources, blocked, secrets, rotated, ...deployed }): PlannedTarget => ({
    ...plannedAs(deployed),
    ...(secrets && { secrets }),
    reasons: rotated.length > 0 ? ['secret', 'drift'] : ['drift'],
    details: [...rotated.map((variable) => `secret ${variable} has another value`), ...resources.flatMap(({ details }) => details)],
    wave: waveOf.get(deployed.record.target) ?? null,
    dependencies: upstreamOf(deployed, going),
    purpose: 'repair',
    ...(blocked !== null && { blocked, blockedCode: 'fleet/restore-first' as const }),
  }));
  const made: Omit<RolloutPlan, 'digest'> = {
    version: 1,
    purpose: 'repair',
    fleet: config.name,
    release: mostCommonRelease(targets),
    inventory,
    targets,
    waves,
    limits: wholeLimits(effectiveLimits(config.limits, going.length), waves),
    rollback: config.rollback,
    windows: config.windows,
    configuration: configurationDigest(config),
    rollsBack: null,
    orphans: [],
    excluded: drifted.flatMap(({ record }) => {
      if (record.good && !isUnsettled(record)) return [];
      const { account, region } = targetSchema.parse(record.target);
      return [{ account, region, reason: `${record.target} drifted, and what stands there is not what is good: roll it out` }];
    }),
    warnings: [],
  };
  return agreedPlan(made);
}

/** What it reads goes before it, where that is repaired as well. */
function upstreamOf({ record, deployment }: DeployedTarget, going: readonly DeployedTarget[]): readonly Dependency[] {
  const repaired = new Set(going.map((one) => one.record.target));
  return deployment.config.upstream.flatMap(({ target }) =>
    repaired.has(target) ? [{ target, kind: edgeTo(record.target, target) }] : [],
  );
}

/** Why a target is not repaired: an empty table in place of a full one would look like a repair. Null: nothing speaks against it. */
function restoreFirst(resources: readonly DriftedResource[], recreate: ReadonlySet<string>): string | null {
  const lost = resources.filter(({ gone, type, urn }) => gone && holdsDataOrIdentity(type) && !recreate.has(urn));
  if (lost.length === 0) return null;
  const urns = lost.map(({ urn }) => urn).join(' --recreate ');
  const what = lost.map(({ type, urn }) => `${type.split(':').at(-1) ?? type} ${urn.split('::').at(-1) ?? urn}`).join(', ');
  return `gone, and made anew it would be empty or another one: ${what}; restore it first (docs/recovery.md), or fleet repair --recreate ${urns}`;
}
