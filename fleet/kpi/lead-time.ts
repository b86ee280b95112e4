import type { Period } from '../cost/days';

import type { RolloutFacts } from './rollout-facts';
import { hasEnded, isChange, isWithin } from './sort-rollouts';
import { median, percentile, elapsedSeconds } from './statistics';

/** One release on its way. */
export interface ReleaseLead {
  readonly release: string;
  /** The rollout that brought it to its last target. */
  readonly rollout: string;
  /** When the first rollout with it began. */
  readonly from: string;
  /** When its last target succeeded. */
  readonly to: string;
  /** From `from` to `to`. */
  readonly seconds: number;
}

/** Time from when a release was first there to when its last target succeeded. Seconds. */
export interface LeadTime {
  /** Releases that arrived in the period: each counts once. */
  readonly samples: number;
  /** Null without samples, as the next. */
  readonly medianSeconds: number | null;
  /** By nearest rank. */
  readonly p90Seconds: number | null;
  /** What the time counts from. When a release was built is written down nowhere, so the true time is this long at least. */
  readonly countsFrom: 'first-rollout';
  /** In the order of their arrival. */
  readonly releases: readonly ReleaseLead[];
}

/**
 * Lead times of the releases that arrived in the period: whose first successful change ended its last target then. Later rollouts of the
 * same release change the configuration only, and have no lead time. `rollouts` are all there are, oldest first.
 */
export function leadTime(rollouts: readonly RolloutFacts[], period: Period): LeadTime {
  const first = new Map<string, string>();
  const arrived = new Map<string, ReleaseLead>();
  for (const rollout of rollouts) {
    const { id, release, takesBack, startedAt, targets } = rollout;
    if (takesBack !== null || startedAt === null || isAllUnchanged(rollout)) continue;
    const from = first.get(release) ?? startedAt;
    first.set(release, from);
    if (arrived.has(release) || !hasEnded(rollout) || rollout.outcome !== 'succeeded' || !isChange(rollout)) continue;
    const ends = [...targets.values()].flatMap(({ outcome, endedAt }) => (outcome === 'succeeded' && endedAt !== null ? [endedAt] : []));
    const to = ends.reduce((last, end) => (end > last ? end : last), '');
    arrived.set(release, { release, rollout: id, from, to, seconds: elapsedSeconds(from, to) });
  }
  const releases = [...arrived.values()].filter(({ to }) => isWithin(to, period)).sort((left, right) => (left.to < right.to ? -1 : 1));
  const seconds = releases.map((one) => one.seconds);
  return {
    samples: releases.length,
    medianSeconds: median(seconds),
    p90Seconds: percentile(seconds, 90),
    countsFrom: 'first-rollout',
    releases,
  };
}

function isAllUnchanged({ targets }: RolloutFacts): boolean {
  return [...targets.values()].every(({ outcome }) => outcome === 'unchanged');
}
