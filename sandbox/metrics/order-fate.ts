import type { Attempts } from '../dead-letters/letter-times';

import type { Segment } from './segments';

/** What becomes of one order that is sent at an instant, in simulated seconds. `waiting`: its attempts are not over. */
export type OrderFate = 'waiting' | 'stored' | 'dead';

/**
 * The fate of one order: an attempt fails while all orders of the target fail, all its invocations crash, or what is planted loses every attempt.
 * A share of failing orders lets this one pass. Pure.
 */
export function orderFate(
  sentAt: number,
  what: { readonly attempts: Attempts; readonly segments: readonly Segment[]; readonly now: number },
): OrderFate {
  const { attempts, segments, now } = what;
  for (let attempt = 0; attempt < attempts.count; attempt += 1) {
    const at = sentAt + attempt * attempts.apart;
    if (at > now) return 'waiting';
    const load = segments.find(({ from, until }) => from <= at && at < until)?.load;
    if (load === undefined || (load.deadLetters === 0 && load.failing < 1 && load.crashing < 1)) return 'stored';
  }
  return sentAt + attempts.count * attempts.apart > now ? 'waiting' : 'dead';
}
