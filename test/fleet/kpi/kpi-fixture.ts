import * as fc from 'fast-check';

import { addSeconds } from '../../../contracts/duration';
import type { TargetId } from '../../../contracts/target';
import type { RolloutFacts, TargetFacts } from '../../../fleet/kpi/rollout-facts';
import type { Outcome, RolloutOutcome } from '../../../fleet/rollout/state';

export const id = (name: string): TargetId => name as TargetId;

/** A rollout as a test writes it. */
export interface RolloutOf {
  /** When it began, which is its id as well: `2026-11-03T10:00`. */
  readonly at: string;
  /** @default all targets succeeded */
  readonly outcome?: RolloutOutcome | null;
  /** Outcomes by target; null: not ended. */
  readonly targets?: Readonly<Record<string, Outcome | null>>;
  readonly release?: string;
  readonly takesBack?: string;
  /** Until its targets ended; it ends a second later. @default 60 */
  readonly seconds?: number;
  /** Until its first failure was known. @default 10 */
  readonly failsAfter?: number;
}

const NEVER_RAN: readonly (Outcome | null)[] = ['unchanged', 'skipped', 'cancelled', 'blocked', null];
const BAD: readonly (Outcome | null)[] = ['failed', 'rolled_back', 'rollback_failed'];

/** Facts of a rollout whose targets all began and ended together. */
export function rolledOut({
  at,
  targets = { a: 'succeeded' },
  release = 'r1',
  takesBack,
  seconds = 60,
  failsAfter = 10,
  ...rest
}: RolloutOf): RolloutFacts {
  const startedAt = `${at}:00.000Z`;
  const outcomes = Object.values(targets);
  const outcome = rest.outcome === undefined ? outcomeOf(outcomes) : rest.outcome;
  const targetsEnd = addSeconds(startedAt, seconds);
  return {
    id: at,
    release,
    takesBack: takesBack ?? null,
    startedAt,
    endedAt: outcome === null ? null : addSeconds(startedAt, seconds + 1),
    outcome,
    failure: outcomes.some((one) => BAD.includes(one)) ? { at: addSeconds(startedAt, Math.min(failsAfter, seconds)), by: 'target-failed' } : null,
    targets: new Map(
      Object.entries(targets).map(([name, own]): [TargetId, TargetFacts] => [
        id(name),
        { outcome: own, changed: !NEVER_RAN.includes(own), endedAt: NEVER_RAN.includes(own) ? null : targetsEnd },
      ]),
    ),
  }; // prettier-ignore
}

function outcomeOf(outcomes: readonly (Outcome | null)[]): RolloutOutcome | null {
  if (outcomes.includes(null)) return null;
  if (outcomes.includes('rollback_failed')) return 'rollback_failed';
  if (outcomes.includes('rolled_back')) return 'rolled_back';
  return outcomes.every((one) => one === 'succeeded' || one === 'unchanged') ? 'succeeded' : 'failed';
}

const outcome = fc.constantFrom<Outcome>('succeeded', 'unchanged', 'failed', 'skipped', 'cancelled', 'blocked', 'rolled_back', 'rollback_failed'); // prettier-ignore

/** Histories of a fleet of a few targets, oldest first: some rollouts take earlier ones back, some were aborted, the last one may not have ended. */
export const anyHistory: fc.Arbitrary<readonly RolloutFacts[]> = fc
  .array(
    fc.record({
      gapMinutes: fc.integer({ min: 1, max: 3 * 24 * 60 }),
      seconds: fc.integer({ min: 0, max: 59 }),
      failsAfter: fc.integer({ min: 0, max: 59 }),
      targets: fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), outcome, { maxKeys: 4, noNullPrototype: true }),
      aborted: fc.boolean(),
      release: fc.constantFrom('r1', 'r2', 'r3'),
      back: fc.option(fc.nat({ max: 30 }), { freq: 3 }),
    }),
    { maxLength: 12 },
  )
  .chain((drawn) => fc.record({ drawn: fc.constant(drawn), unfinished: fc.boolean() }))
  .map(({ drawn, unfinished }) => {
    let minutes = 0;
    const ids: string[] = [];
    return drawn.map(({ gapMinutes, seconds, failsAfter, targets, aborted, release, back }, index) => {
      minutes += gapMinutes;
      const at = new Date(Date.UTC(2026, 10, 1) + minutes * 60_000).toISOString().slice(0, 16);
      const takesBack = back === null ? undefined : ids[back % Math.max(1, ids.length)];
      const last = unfinished && index === drawn.length - 1;
      ids.push(at);
      return rolledOut({
        ...{ at, targets: last ? { ...targets, a: null } : targets, release, seconds, failsAfter },
        ...(takesBack === undefined ? {} : { takesBack }),
        ...(aborted && !last ? { outcome: 'aborted' as const } : {}),
      });
    });
  });
