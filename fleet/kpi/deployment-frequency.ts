import { dayOf, daysOf, type Period } from '../cost/days';

import type { EndedRollout } from './sort-rollouts';
import { rounded } from './statistics';

/** Successful deployments a day are to be at least this many (docs/requirements.md). */
export const DEPLOYMENT_GOAL_PER_DAY = 1;

/** How often the fleet is deployed to. Days are UTC's. */
export interface DeploymentFrequency {
  /** Changes that ended in the period, however they ended. */
  readonly samples: number;
  /** Those that succeeded. */
  readonly deployments: number;
  /** `deployments / days of the period`; null without samples, as all that follow. */
  readonly perDay: number | null;
  /** `7 * deployments / days of the period`. */
  readonly perWeek: number | null;
  /** Days on which at least one succeeded. */
  readonly daysWithOne: number | null;
  /** Most days one after the other without one; days before the first and after the last one count. */
  readonly longestGapDays: number | null;
  readonly goalPerDay: number;
  /** `perDay` is at least the goal. */
  readonly met: boolean | null;
}

/** Successful deployments a day of the period, which `changes` ended in. */
export function deploymentFrequency(changes: readonly EndedRollout[], period: Period): DeploymentFrequency {
  const samples = changes.length;
  const succeeded = changes.filter(({ outcome }) => outcome === 'succeeded');
  const deployments = succeeded.length;
  if (samples === 0) {
    const none = { perDay: null, perWeek: null, daysWithOne: null, longestGapDays: null, met: null };
    return { samples, deployments, ...none, goalPerDay: DEPLOYMENT_GOAL_PER_DAY };
  }
  const days = daysOf(period);
  const busy = new Set(succeeded.map(({ endedAt }) => dayOf(new Date(endedAt))));
  const perDay = deployments / days.length;
  return {
    samples,
    deployments,
    perDay: rounded(perDay, 4),
    perWeek: rounded(7 * perDay, 4),
    daysWithOne: busy.size,
    longestGapDays: longestRun(days.map((day) => !busy.has(day))),
    goalPerDay: DEPLOYMENT_GOAL_PER_DAY,
    met: perDay >= DEPLOYMENT_GOAL_PER_DAY,
  };
}

function longestRun(flags: readonly boolean[]): number {
  let longest = 0;
  let run = 0;
  for (const flag of flags) {
    run = flag ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return longest;
}
