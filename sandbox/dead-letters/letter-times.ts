import type { Segment } from '../metrics/segments';

/** An order that fails every attempt becomes a dead letter after so many, so far apart. From its queue, in simulated seconds. */
export interface Attempts {
  readonly count: number;
  readonly apart: number;
}

/** What became of an order that was sent again. `waiting`: its attempts are not over. `at` is a simulated instant. */
export type Fate = { readonly kind: 'waiting' } | { readonly kind: 'stored' } | { readonly kind: 'dead'; readonly at: number };

const FIVE_MINUTES = 300;

/**
 * When dead letters were archived until now, in simulated seconds, oldest first: one at each tick that the metric `DeadLetters` counts. Those of
 * before the last deployment are among them, though the metric forgets them: an archive does not.
 */
export function* letterTimes(segments: readonly Segment[], now: number): Generator<number> {
  for (const { from, until, load } of segments) {
    if (load.deadLetters === 0) continue;
    const every = FIVE_MINUTES / load.deadLetters;
    const end = Math.min(until, now);
    // As the metric counts its ticks: a product may round to the other side of the end.
    for (let tick = Math.ceil(from / every); tick < Math.ceil(end / every); tick += 1) yield tick * every;
  }
}

/** What becomes of an order sent again at an instant: while orders fail every attempt at the target, so does this one. Pure. */
export function fateOf(
  sentAt: number,
  what: { readonly attempts: Attempts; readonly segments: readonly Segment[]; readonly now: number },
): Fate {
  const { attempts, segments, now } = what;
  for (let attempt = 0; attempt < attempts.count; attempt += 1) {
    const at = sentAt + attempt * attempts.apart;
    if (at > now) return { kind: 'waiting' };
    const load = segments.find(({ from, until }) => from <= at && at < until)?.load;
    if (load === undefined || load.deadLetters === 0) return { kind: 'stored' };
  }
  const at = sentAt + attempts.count * attempts.apart;
  return at > now ? { kind: 'waiting' } : { kind: 'dead', at };
}
