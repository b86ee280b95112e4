import { setTimeout as delay } from 'node:timers/promises';

import type { Clock } from './ports';

/** setTimeout's own limit, 24.8 days; a longer wait is made of several. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The clock of this machine. */
export const systemClock: Clock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
  sleep: async (milliseconds, signal) => {
    for (let left = milliseconds; left > 0; left -= LONGEST_TIMER_MS) {
      await delay(Math.min(left, LONGEST_TIMER_MS), undefined, signal ? { signal } : {});
    }
    signal?.throwIfAborted();
  },
};
