import type { TargetId } from '../../contracts/target';
import type { Period } from '../cost/days';

import type { Incident } from './find-incidents';
import type { FirstKnown } from './rollout-facts';
import { isWithin } from './sort-rollouts';
import { mean, median, elapsedSeconds, worst } from './statistics';

/** The mean time to recovery is to be below this (docs/requirements.md). */
export const RECOVERY_GOAL_SECONDS = 15 * 60;

/** An incident that is over. */
export interface RecoveredIncident {
  readonly rollout: string;
  readonly by: FirstKnown;
  readonly knownAt: string;
  readonly recoveredAt: string;
  /** From `knownAt` to `recoveredAt`. */
  readonly seconds: number;
  readonly targets: number;
}

/** An incident that is not over. */
export interface OpenIncident {
  readonly rollout: string;
  readonly by: FirstKnown;
  readonly knownAt: string;
  /** From `knownAt` to when it was asked. */
  readonly ageSeconds: number;
  /** Targets that are not good again. */
  readonly left: readonly TargetId[];
}

/** Time from when a failure was first known to when every target it hit was good again. Seconds. */
export interface TimeToRecovery {
  /** Incidents first known in the period that are over. Open ones are no samples. */
  readonly samples: number;
  /** Null without samples, as the next two. */
  readonly medianSeconds: number | null;
  readonly meanSeconds: number | null;
  readonly worstSeconds: number | null;
  readonly goalSeconds: number;
  /** The mean is below the goal, and no open incident is as old as that; null without samples and such an incident. */
  readonly met: boolean | null;
  /** Oldest first. */
  readonly recovered: readonly RecoveredIncident[];
  /** Open ones first known in the period or before it, oldest first. */
  readonly open: readonly OpenIncident[];
  /** Incidents first known in the period whose targets were destroyed before they were good again: neither recovered nor open. */
  readonly gone: number;
}

/** Times to recovery of incidents first known in the period, as of `asOf` (ISO 8601). */
export function timeToRecovery(
  incidents: readonly Incident[],
  { period, asOf }: { readonly period: Period; readonly asOf: string },
): TimeToRecovery {
  const known = [...incidents].sort((left, right) => (left.knownAt < right.knownAt ? -1 : left.knownAt > right.knownAt ? 1 : 0));
  const ofPeriod = known.filter(({ knownAt }) => isWithin(knownAt, period));
  const recovered = ofPeriod.flatMap(({ rollout, by, knownAt, recoveredAt, targets }): readonly RecoveredIncident[] =>
    recoveredAt === null
      ? []
      : [{ rollout, by, knownAt, recoveredAt, seconds: elapsedSeconds(knownAt, recoveredAt), targets: targets.length }],
  );
  const open = known
    .filter(({ state, knownAt }) => state === 'open' && isWithin(knownAt, { from: '', to: period.to }))
    .map(({ rollout, by, knownAt, left }): OpenIncident => ({ rollout, by, knownAt, ageSeconds: elapsedSeconds(knownAt, asOf), left }));
  const seconds = recovered.map((incident) => incident.seconds);
  const meanSeconds = mean(seconds);
  const missed = open.some(({ ageSeconds }) => ageSeconds >= RECOVERY_GOAL_SECONDS);
  return {
    samples: recovered.length,
    medianSeconds: median(seconds),
    meanSeconds,
    worstSeconds: worst(seconds),
    goalSeconds: RECOVERY_GOAL_SECONDS,
    met: missed ? false : meanSeconds === null ? null : meanSeconds < RECOVERY_GOAL_SECONDS,
    recovered,
    open,
    gone: ofPeriod.filter(({ state }) => state === 'gone').length,
  };
}
