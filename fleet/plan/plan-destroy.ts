import { findLayer } from '../../contracts/layers';
import { targetSchema, type TargetId } from '../../contracts/target';
import type { TargetConfig } from '../../contracts/target-config';
import { configurationDigest } from '../config/configuration-digest';
import type { FleetConfig } from '../config/fleet-config';
import { userError } from '../errors';

import { buildWaves, effectiveLimits, type WaveCandidate } from './build-waves';
import { candidateOf, edgeTo, plannedAs, type DeployedTarget } from './record-edges';
import { agreedPlan, type Dependency, type PlannedTarget, type PlannedWave, type RolloutPlan } from './rollout-plan';
import { isDestroyed, type TargetRecord, type TargetRecords } from './target-record';
import { mostCommonRelease, nameBack, tolerant, wavesBack } from './waves-back';

/** What is destroyed, and what else the fleet has. */
export interface DestroyInput {
  readonly config: FleetConfig;
  /** Digest of the last inventory that was taken; empty: none was. */
  readonly inventory: string;
  readonly records: TargetRecords;
  readonly chosen: readonly TargetRecord[];
  /** Also what holds data: tables, archives, logs, keys. */
  readonly deleteData: boolean;
  /** Targets that fleet.yaml and the organisation name still; null: that is not known. What they name is shown as missing once it is gone. */
  readonly wanted: ReadonlySet<TargetId> | null;
}

const PREFIX = 'destroy';

/**
 * A plan that destroys deployed targets, orphans as well, each by the release and configuration it was deployed with: a rollout's waves from
 * the back, without gates, bakes, approvals or windows, and none stops at a failure. Targets that stay and read destroyed ones (dashboards)
 * are its trailing waves. Pure. Throws `user/still-needed` where a target that stays needs one that goes.
 */
export function planDestroy(input: DestroyInput): RolloutPlan {
  const { config, inventory, records, chosen, deleteData } = input;
  refuseNeeded(chosen, { records, deleteData });
  const going = chosen.flatMap((record) => (record.current ? [{ record, deployment: record.current }] : []));
  const forward = wavesForward(going.map(candidateOf), config);
  const waveOf = new Map(forward.flatMap((wave) => wave.targets.map((id) => [id, nameBack(PREFIX, wave.name)] as const)));
  const destroyed = going.map(({ record, deployment }): PlannedTarget => ({
    ...plannedAs({ record, deployment }),
    reasons: ['destroy'],
    details: [],
    wave: waveOf.get(record.target) ?? null,
    dependencies: readersOf(record.target, going),
    purpose: 'destroy',
    unprotect: deleteData ? 'everything' : 'identity',
  }));
  const readers = readersThatStay(input);
  const updated = wavesForward(readers, config);
  const updateOf = new Map(updated.flatMap((wave) => wave.targets.map((id) => [id, wave.name] as const)));
  const targets = [...destroyed, ...readers.map(({ planned }) => ({ ...planned, wave: updateOf.get(planned.target.id) ?? null }))];
  const made: Omit<RolloutPlan, 'digest'> = {
    version: 1,
    purpose: 'destroy',
    fleet: config.name,
    release: mostCommonRelease(destroyed),
    inventory,
    targets,
    waves: [...wavesBack(forward, { prefix: PREFIX, going: destroyed }), ...updated.map(ungated)],
    limits: tolerant(effectiveLimits(config.limits, targets.length), targets.length),
    rollback: config.rollback,
    windows: null,
    configuration: configurationDigest(config),
    rollsBack: null,
    orphans: [],
    excluded: [],
    warnings: [],
  };
  return agreedPlan(made);
}

/** A target that stays and still needs one that goes cannot be left without it. */
function refuseNeeded(
  chosen: readonly TargetRecord[],
  { records, deleteData }: { readonly records: TargetRecords; readonly deleteData: boolean },
): void {
  const going = new Set(chosen.map((record) => record.target));
  for (const record of records.values()) {
    // Of a destroyed target only data is left, and that needs its upstream's remains only until it is deleted, too.
    if (record.current === null || going.has(record.target) || (!deleteData && isDestroyed(record))) continue;
    const needed = record.current.config.upstream.find(({ target }) => going.has(target) && edgeTo(record.target, target) === 'hard');
    if (needed) throw userError('still-needed', `${needed.target} is needed by ${record.target}, which is not selected: widen the filter`);
    const { current: user } = record;
    const owner = chosen.find((one) => one.current !== null && !isDestroyed(one) && usedPart(one.current.config, user.config) !== null);
    if (owner?.current)
      throw userError(
        'still-needed',
        `${owner.target} made what ${record.target} goes on using, ${usedPart(owner.current.config, user.config) ?? ''}: it stays as long as that does`,
      );
  }
}

function usedPart(owner: TargetConfig, user: TargetConfig): string | null {
  const { layer } = targetSchema.parse(owner.target);
  return targetSchema.parse(user.target).layer === layer ? (findLayer(layer)?.stillUsed?.(owner, user) ?? null) : null;
}

/** Of what goes, what reads a target goes before it: what needs it must be gone, what only shows it need not. */
function readersOf(id: TargetId, going: readonly DeployedTarget[]): readonly Dependency[] {
  return going.flatMap(({ record, deployment }): readonly Dependency[] => {
    if (!deployment.config.upstream.some(({ target }) => target === id)) return [];
    return [{ target: record.target, kind: edgeTo(record.target, id) }];
  });
}

/** Targets that stay and read what goes, brought up to date with the release they have. */
function readersThatStay({ chosen, records, wanted }: DestroyInput) {
  const going = new Set(chosen.map((record) => record.target));
  const gone = ({ target }: { readonly target: TargetId }) => going.has(target) && wanted?.has(target) === false;
  const shows = [...records.values()].flatMap((record) => {
    const { good } = record;
    if (going.has(record.target) || !good?.config.upstream.some(({ target }) => going.has(target))) return [];
    return [{ record, good }];
  });
  const updates = new Set(shows.map(({ record }) => record.target));
  return shows.map(({ record, good }) => {
    const config = { ...good.config, upstream: good.config.upstream.filter((up) => !gone(up)) };
    const planned: Omit<PlannedTarget, 'wave'> = {
      ...plannedAs({ record, deployment: good }),
      config,
      reasons: ['upstream'],
      details: [],
      dependencies: config.upstream.flatMap(({ target }) => (updates.has(target) ? [{ target, kind: 'soft' as const }] : [])),
      purpose: 'forward',
    };
    return { ...candidateOf({ record, deployment: good }), planned };
  });
}

/** The waves as a rollout of just these would cut them; the last configured one takes the rest. */
function wavesForward(candidates: readonly WaveCandidate[], config: FleetConfig): readonly PlannedWave[] {
  return buildWaves(candidates, { ...config, traffic: null, standingOn: () => [] });
}

/** Dashboards are brought up to date whatever else happens, and asked nothing. */
function ungated(wave: PlannedWave): PlannedWave {
  return {
    ...wave,
    limits: tolerant(wave.limits, wave.targets.length),
    gated: false,
    watches: [],
    approval: false,
    approvers: undefined,
    bakeSeconds: 0,
  };
}
