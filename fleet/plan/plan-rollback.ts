import type { TargetId } from '../../contracts/target';
import type { Exclusion } from '../discovery/select-targets';
import { userError } from '../errors';

import { configDifference } from './config-difference';
import { notTakenBack, takenBackAsWell, type SinceThen } from './not-taken-back';
import { agreedPlan, type PlannedTarget, type RolloutPlan } from './rollout-plan';
import { secretsOf, type KnownSecrets } from './secret-digests';
import { warmVersions, type Deployment, type TargetRecord, type TargetRecords } from './target-record';
import { mostCommonRelease, nameBack, tolerant, wavesBack } from './waves-back';

const PREFIX = 'rollback';

/** What a rollout is taken back from. */
export interface RollbackInput extends SinceThen {
  readonly rollout: { readonly id: string; readonly plan: RolloutPlan };
  /** The records as that rollout began. */
  readonly goods: TargetRecords;
  /** Targets that it changed, or began to. */
  readonly changed: ReadonlySet<TargetId>;
  /** The records as they are now. */
  readonly records: TargetRecords;
  /** Digests of what the organisation is and fleet.yaml says now. */
  readonly inventory: string;
  readonly configuration: string;
  /** The secrets as they are now: what they were is kept nowhere. */
  readonly secrets: KnownSecrets;
}

/**
 * A plan that takes a rollout back: every target that it changed gets the release and configuration that were good when it began, the
 * waves in reverse order, without gates or bakes. One that had none is left as it is, and listed; one that stands there already is planned
 * unchanged; one that left, or was destroyed or forgotten since, is blocked. What later rollouts changed there goes with it, and is told. Pure. Throws `user/nothing-to-roll-back` where no target is left to change.
 */
export function planRollback(input: RollbackInput): RolloutPlan {
  const { rollout, goods, changed, records, inventory, configuration, later } = input;
  const { plan } = rollout;
  const affected = plan.targets.filter(({ target }) => changed.has(target.id));
  const targets = affected.flatMap((planned): readonly PlannedTarget[] => {
    const good = goods.get(planned.target.id)?.good;
    return good ? [wayBack(planned, { ...input, good, record: records.get(planned.target.id) })] : [];
  });
  const excluded = affected
    .filter(({ target }) => !goods.get(target.id)?.good)
    .map(({ target }): Exclusion => ({
      account: target.account,
      region: target.region,
      reason: `${target.id} had no earlier release to go back to: it stays as it is`,
    }));
  const going = targets.filter((planned) => planned.wave !== null);
  if (going.length === 0) throw nothingToRollBack(rollout.id, { affected: affected.length, excluded: excluded.length, targets });

  const made: Omit<RolloutPlan, 'digest'> = {
    version: 1,
    purpose: 'rollback',
    fleet: plan.fleet,
    release: mostCommonRelease(going),
    inventory,
    targets,
    waves: wavesBack(plan.waves, { prefix: PREFIX, going }),
    limits: tolerant(plan.limits, going.length),
    rollback: plan.rollback,
    windows: null,
    configuration,
    rollsBack: rollout.id,
    orphans: [],
    excluded,
    warnings: takenBackAsWell(going, later),
  };
  return agreedPlan(made);
}

function wayBack(
  planned: PlannedTarget,
  {
    good,
    record,
    secrets,
    ...since
  }: Pick<RollbackInput, 'secrets' | keyof SinceThen> & {
    readonly good: Deployment;
    readonly record: TargetRecord | undefined;
  },
): PlannedTarget {
  const there = record !== undefined && standsOn(record, good);
  const blocked = there ? null : notTakenBack(planned, { ...since, record });
  const stays = there || blocked !== null;
  // A pruned version cannot serve again: its code is published anew.
  const { live, previous } = warmVersions(good, record?.versionsLeft);
  return {
    ...planned,
    config: good.config,
    parts: good.parts,
    desired: good.desired,
    secrets: secretsOf(good.config, secrets),
    release: good.release,
    purpose: 'rollback',
    stableVersion: live,
    previousVersion: previous,
    reasons: stays ? [] : ['rollback'],
    details: stays || !record?.current ? [] : configDifference(record.current.config, good.config),
    wave: stays || planned.wave === null ? null : nameBack(PREFIX, planned.wave),
    // What reads others goes back before them: waiting for what it reads would hold up both.
    dependencies: [],
    ...(blocked !== null && { blocked }),
  };
}

function standsOn({ good, current, dirty, traffic }: TargetRecord, wanted: Deployment): boolean {
  return !dirty && traffic === 'settled' && good?.fingerprint === wanted.fingerprint && current?.fingerprint === wanted.fingerprint;
}

function nothingToRollBack(
  id: string,
  { affected, excluded, targets }: { readonly affected: number; readonly excluded: number; readonly targets: readonly PlannedTarget[] },
): Error {
  const blocked = targets.filter((planned) => planned.blocked !== undefined);
  const [first] = blocked;
  const others = blocked.length > 1 ? ` (and ${blocked.length - 1} more like it)` : '';
  const why =
    affected === 0
      ? 'it changed no target'
      : excluded === affected
        ? 'none of the targets it changed had an earlier release to go back to'
        : first
          ? `${first.target.id}: ${first.blocked ?? ''}${others}`
          : 'every target it changed that had an earlier release stands on it again';
  return userError('nothing-to-roll-back', `nothing of rollout ${id} can be rolled back: ${why}`);
}
