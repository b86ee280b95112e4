import type { MetricDataResult } from '@aws-sdk/client-cloudwatch';

/** Whole periods of a metric; `until` is exclusive. */
export interface CountWindow {
  readonly from: Date;
  readonly until: Date;
  readonly periodSeconds: number;
}

const DAY_MS = 86_400_000;

/**
 * The whole periods since an instant, the one under way included; null where none has begun since. The period that the instant falls into is
 * left out, since its orders may be from before. CloudWatch keeps minutes for 15 days, five minutes for 63 days, and hours from then on.
 */
export function countWindow(since: Date, now: Date): CountWindow | null {
  const age = now.getTime() - since.getTime();
  const periodSeconds = age < 15 * DAY_MS ? 60 : age < 63 * DAY_MS ? 300 : 3600;
  const nextPeriod = (instant: Date) => new Date(Math.ceil(instant.getTime() / (periodSeconds * 1000)) * periodSeconds * 1000);
  const from = nextPeriod(since);
  const until = nextPeriod(now);
  return from < until ? { from, until, periodSeconds } : null;
}

/**
 * Sum over the pages of one metric. Throws where CloudWatch did not give all of it: `PartialData` is fine only where another page follows.
 */
export function sumOfPages(pages: readonly MetricDataResult[]): number {
  const last = pages.at(-1);
  if (last === undefined) throw new Error('the answer lacks the metric');
  for (const { StatusCode } of pages.slice(0, -1)) {
    if (StatusCode !== 'Complete' && StatusCode !== 'PartialData') throw new Error(`a page has status ${StatusCode}`);
  }
  if (last.StatusCode !== 'Complete') throw new Error(`the last page has status ${last.StatusCode}`);
  return pages.flatMap(({ Values }) => Values ?? []).reduce((sum, value) => sum + value, 0);
}
