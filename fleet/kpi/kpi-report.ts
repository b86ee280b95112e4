import type { TargetId } from '../../contracts/target';
import { daysOf, type Day, type Period } from '../cost/days';

import { changeFailureRate, type ChangeFailureRate } from './change-failure-rate';
import { deploymentFrequency, type DeploymentFrequency } from './deployment-frequency';
import { findIncidents } from './find-incidents';
import { leadTime, type LeadTime } from './lead-time';
import type { KnownFailure, RolloutFacts } from './rollout-facts';
import { byAge, sortRollouts } from './sort-rollouts';
import { timeToRecovery, type TimeToRecovery } from './time-to-recovery';

/** A rollout that is in no figure, as it has not ended. */
export interface UnfinishedRollout {
  readonly rollout: string;
  readonly startedAt: string | null;
  /** The first failure in it so far; null where there is none. */
  readonly failure: KnownFailure | null;
}

/** The figures of a period. One schema (docs/kpi.md); times are ISO 8601, days UTC's. */
export interface KpiReport {
  readonly version: 1;
  readonly fleet: string;
  /** `from` and `to` both belong to it. */
  readonly period: { readonly from: Day; readonly to: Day; readonly days: number };
  /** When it was asked: ages count up to it. */
  readonly asOf: string;
  readonly rollouts: {
    /** Ended in the period; the sum of the next three. */
    readonly ended: number;
    /** Went forward and deployed on at least one target. */
    readonly changes: number;
    /** Took another one back. */
    readonly rollbacks: number;
    /** Deployed nothing. */
    readonly idle: number;
    /** Those of them that did not succeed: each target was held back, locked or could not be previewed. In no figure, as nothing was changed. */
    readonly idleNotSucceeded: number;
    /** Named and left out. */
    readonly unfinished: readonly UnfinishedRollout[];
  };
  readonly changeFailureRate: ChangeFailureRate;
  readonly timeToRecovery: TimeToRecovery;
  readonly deploymentFrequency: DeploymentFrequency;
  readonly leadTime: LeadTime;
}

/** What the figures are asked of, beside the rollouts. */
export interface KpiQuestion {
  readonly fleet: string;
  readonly period: Period;
  /** ISO 8601. */
  readonly asOf: string;
  /** Whether something is deployed on a target still. */
  readonly isThere: (target: TargetId) => boolean;
}

/** The figures of a period from all rollouts of a fleet, in any order. Pure. */
export function kpiReport(rollouts: readonly RolloutFacts[], { fleet, period, asOf, isThere }: KpiQuestion): KpiReport {
  const all = byAge(rollouts);
  const { changes, rollbacks, idle, unfinished } = sortRollouts(all, period);
  return {
    version: 1,
    fleet,
    period: { ...period, days: daysOf(period).length },
    asOf,
    rollouts: {
      ended: changes.length + rollbacks.length + idle.length,
      changes: changes.length,
      rollbacks: rollbacks.length,
      idle: idle.length,
      idleNotSucceeded: idle.filter(({ outcome }) => outcome !== 'succeeded').length,
      unfinished: unfinished.map(({ id, startedAt, failure }) => ({ rollout: id, startedAt, failure })),
    },
    changeFailureRate: changeFailureRate(changes, all),
    timeToRecovery: timeToRecovery(findIncidents(all, { isThere }), { period, asOf }),
    deploymentFrequency: deploymentFrequency(changes, period),
    leadTime: leadTime(all, period),
  };
}
