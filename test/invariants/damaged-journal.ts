import type { Limits } from '../../fleet/config/fleet-config';
import type { TargetRecord } from '../../fleet/plan/target-record';
import type { RolloutEvent } from '../../fleet/rollout/state';
import type { JournalEntry } from '../../fleet/state/journal-entry';
import { calmScenario, quietWave, wideLimits } from '../simulation/calm-scenario';
import { runScenario } from '../simulation/run-scenario';
import type { RolloutStep } from '../simulation/scenario';

import type { CheckedRollout } from './journal-lines';

/** One target after the other. */
export const one: Limits = { ...wideLimits, maxConcurrent: { kind: 'count', value: 1 }, perAccount: 1 };
/** Two at once. */
export const two: Limits = { ...wideLimits, maxConcurrent: { kind: 'count', value: 2 }, perAccount: 1, mode: 'strict' };
const canary = {
  ...quietWave('canary'),
  pick: { amount: { kind: 'count' as const, value: 1 }, filter: {} },
  bakeSeconds: 30,
  approval: true,
};
const rest = { ...quietWave('rest'), bakeSeconds: 10, minOrders: 1 };

/** Four regional targets that stand already, the first of them as a canary that asks for approval. */
export async function recorded(step: Partial<RolloutStep> = {}, limits: Limits = one): Promise<CheckedRollout> {
  const waves = [canary, rest].map((wave) => ({ ...wave, limits }));
  const scenario = calmScenario(
    { accounts: 4, regions: 1 },
    { figures: { waves, limits, rollback: 'rollout' }, step: { release: 1, ...step }, scenario: { established: true } },
  );
  const { rollouts, violations } = await runScenario({
    ...scenario,
    rollouts: scenario.rollouts.map((rollout) => ({ ...rollout, figures: { ...rollout.figures, ...step.figures } })),
  });
  expect(violations).toEqual([]);
  const [rollout] = rollouts;
  if (!rollout) throw new Error('nothing was rolled out');
  return rollout;
}

/** While the second wave bakes, of a rollout that {@link two} limit. */
export const redInRest = { kind: 'red', target: null, from: 52, until: 58 } as const;

/** All entries of a journal. */
export function entriesOf({ segments }: CheckedRollout): readonly JournalEntry[] {
  return segments.flatMap((segment) => segment.entries as readonly JournalEntry[]);
}

/** Entries with which attempts begin. */
export function begins(rollout: CheckedRollout): readonly JournalEntry[] {
  return entriesOf(rollout).filter((entry) => 'record' in entry && entry.record.dirty);
}

/** Whether an entry is the answer of a gate. */
export function isAnswer(entry: JournalEntry, moment: string): boolean {
  return 'event' in entry && entry.event.type === 'gate-answered' && entry.event.about.moment === moment;
}

/** Where an entry is put. */
type Place = { readonly before: JournalEntry | undefined } | { readonly behind: JournalEntry | undefined };

/** A segment of its own, as a driver's next write would be. */
export function inserted(rollout: CheckedRollout, entry: JournalEntry | undefined, place: Place): CheckedRollout {
  const wanted = 'before' in place ? place.before : place.behind;
  const segments = rollout.segments.flatMap((segment) => {
    const index = segment.entries.indexOf(wanted);
    if (index < 0) return [segment];
    const at = 'before' in place ? index : index + 1;
    const part = (entries: readonly unknown[], seq: number) => ({ ...segment, seq: segment.seq + seq / 10, entries });
    return [part(segment.entries.slice(0, at), 0), part([entry], 1), part(segment.entries.slice(at), 2)];
  });
  expect(segments.length).toBeGreaterThan(rollout.segments.length);
  return { ...rollout, segments };
}

/** An entry, somewhere else. */
export function moved(rollout: CheckedRollout, entry: JournalEntry | undefined, place: Place): CheckedRollout {
  return inserted(without(rollout, entry), entry, place);
}

/** A journal that lacks an entry. */
export function without(rollout: CheckedRollout, entry: JournalEntry | undefined): CheckedRollout {
  expect(entry).toBeDefined();
  return {
    ...rollout,
    segments: rollout.segments.map((segment) => ({ ...segment, entries: segment.entries.filter((one) => one !== entry) })),
  };
}

/** The segment before the one that an entry stands in. */
export function segmentOf(rollout: CheckedRollout, entry: JournalEntry | undefined): readonly JournalEntry[] {
  // The events that led to a begin stand in the segment before.
  const index = rollout.segments.findIndex((segment) => segment.entries.includes(entry));
  return (rollout.segments[index - 1]?.entries ?? []) as readonly JournalEntry[];
}

/** A journal whose events are others. */
export function mapped(rollout: CheckedRollout, change: (event: RolloutEvent) => unknown): CheckedRollout {
  const segments = rollout.segments.map((segment) => ({
    ...segment,
    entries: (segment.entries as readonly JournalEntry[]).map((entry) => ('event' in entry ? { event: change(entry.event) } : entry)),
  }));
  return { ...rollout, segments };
}

/** A journal whose records are others. */
export function mappedRecords(rollout: CheckedRollout, change: (record: TargetRecord) => TargetRecord): CheckedRollout {
  const segments = rollout.segments.map((segment) => ({
    ...segment,
    entries: (segment.entries as readonly JournalEntry[]).map((entry) => ('record' in entry ? { record: change(entry.record) } : entry)),
  }));
  return { ...rollout, segments };
}
