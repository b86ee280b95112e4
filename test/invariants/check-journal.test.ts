import type { RolloutPlan } from '../../fleet/plan/rollout-plan';
import type { TargetRecord } from '../../fleet/plan/target-record';
import { replayRollout } from '../../fleet/rollout/replay-rollout';
import type { RolloutEvent } from '../../fleet/rollout/state';
import type { JournalEntry } from '../../fleet/state/journal-entry';
import type { Limits } from '../../fleet/config/fleet-config';
import { startOf } from '../../fleet/commands/start-of';
import { calmScenario, quietWave, wideLimits } from '../simulation/calm-scenario';
import { runScenario } from '../simulation/run-scenario';
import type { RolloutStep } from '../simulation/scenario';

import { checkJournals, type CheckedRollout } from './check-journal';
import { checkReplay } from './check-replay';

const one: Limits = { ...wideLimits, maxConcurrent: { kind: 'count', value: 1 }, perAccount: 1 };
const two: Limits = { ...wideLimits, maxConcurrent: { kind: 'count', value: 2 }, perAccount: 1, mode: 'strict' };
const canary = {
  ...quietWave('canary'),
  pick: { amount: { kind: 'count' as const, value: 1 }, filter: {} },
  bakeSeconds: 30,
  approval: true,
};
const rest = { ...quietWave('rest'), bakeSeconds: 10, minOrders: 1 };

/** Four regional targets that stand already, the first of them as a canary that asks for approval. */
async function recorded(step: Partial<RolloutStep> = {}, limits: Limits = one): Promise<CheckedRollout> {
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

const redInRest = { kind: 'red', target: null, from: 52, until: 58 } as const;

let passing: CheckedRollout;
let goingBack: CheckedRollout;
beforeAll(async () => {
  passing = await recorded();
  goingBack = await recorded({ troubles: [redInRest] }, two);
});

test('journals of rollouts that go well and that go back have nothing to be said against', () => {
  expect(checkJournals([passing])).toEqual([]);
  expect(checkJournals([goingBack])).toEqual([]);
  expect(begins(goingBack).length).toBeGreaterThan(5);
});

describe('what a damaged journal breaks is named', () => {
  const found = (rollout: CheckedRollout, options?: Parameters<typeof checkJournals>[1]) => [
    ...new Set(checkJournals([rollout], options).map(({ invariant }) => invariant)),
  ];

  test('S1: two where one may run', () => {
    const [, , second, third] = begins(passing);
    expect(found(moved(passing, third, { behind: second }))).toContain('S1');
  });

  test('S1: in the account of another', () => {
    const inOneAccount = {
      ...passing,
      plan: {
        ...passing.plan,
        limits: { ...passing.plan.limits, maxConcurrent: 9 },
        waves: passing.plan.waves.map((wave) => ({ ...wave, limits: { ...wave.limits, maxConcurrent: 9, perAccount: 0 } })),
      },
    };
    expect(found(inOneAccount)).toEqual(['S1']);
  });

  test('S2: an attempt beside another one of its stack', () => {
    const [first] = begins(passing);
    expect(found(inserted(passing, first, { behind: first }))).toContain('S2');
  });

  test('S2: a controller whose epoch is no higher than the one before', () => {
    const again = { ...passing, id: 'rollout-002' };
    expect([...new Set(checkJournals([passing, again]).map(({ invariant }) => invariant))]).toEqual(['S2']);
  });

  test('S2: an entry of an epoch that no controller has', () => {
    const stray = passing.segments.map((segment, index) => (index === 5 ? { ...segment, epoch: segment.epoch - 1 } : segment));
    expect(found({ ...passing, segments: stray })).toEqual(['S2']);
  });

  test('S3: a wave that starts before the one before it has passed', () => {
    const [first, , third] = begins(passing).slice(-4);
    const answered = entriesOf(passing).find((entry) => isAnswer(entry, 'end'));
    expect(found(moved(passing, first, { before: answered }))).toContain('S3');
    expect(found(moved(passing, third, { before: answered }))).toContain('S3');
  });

  test('S4: a start after more failed than may', () => {
    const failed = mapped(passing, (event) =>
      event.type === 'target-ended' ? { ...event, outcome: 'failed', error: { code: 'aws/Boom', message: 'boom', resource: null } } : event,
    );
    expect(found(failed)).toContain('S4');
  });

  test('S4: more failures than strict lets happen', () => {
    const all = passing.plan.waves.map((wave) => ({ ...wave, limits: { ...wave.limits, mode: 'strict' as const, failureTolerance: 0 } }));
    const failed = mapped(passing, (event) =>
      event.type === 'target-ended' ? { ...event, outcome: 'failed', error: { code: 'aws/Boom', message: 'boom', resource: null } } : event,
    );
    expect(checkJournals([{ ...failed, plan: { ...passing.plan, waves: all } }]).map(({ message }) => message)).toContainEqual(
      expect.stringMatching(/failed, 0 may \(strict\)/),
    );
  });

  test('S5: what succeeded is run again', () => {
    const [first] = begins(passing);
    const ended = entriesOf(passing).find((entry) => 'event' in entry && entry.event.type === 'target-ended');
    expect(found(inserted(passing, first, { behind: ended }))).toContain('S5');
  });

  test.each([
    ['release', (record: TargetRecord) => ({ ...record, current: record.current && { ...record.current, release: 'another' } })],
    [
      'configuration',
      (record: TargetRecord) => ({
        ...record,
        current: record.current && { ...record.current, config: { ...record.current.config, tags: {} } },
      }),
    ],
    ['fingerprint', (record: TargetRecord) => ({ ...record, current: record.current && { ...record.current, fingerprint: 'another' } })],
  ])('S6: another %s than was planned', (_what, change) => {
    expect(found(mappedRecords(passing, change))).toContain('S6');
  });

  test('S7: a start while paused, after an abort, and where no window is open', () => {
    const [, , second] = begins(passing);
    const at = '2026-03-20T00:01:00.000Z';
    const paused = { event: { type: 'paused', at, by: 'ann', message: null } } as const;
    const aborted = { event: { type: 'abort-requested', at, by: 'ann', reason: '', message: null } } as const;
    expect(found(inserted(passing, paused, { before: segmentOf(passing, second).at(0) }))).toContain('S7');
    expect(found(inserted(passing, aborted, { before: segmentOf(passing, second).at(0) }))).toContain('S7');
    const closed: RolloutPlan = {
      ...passing.plan,
      windows: { timezone: 'Europe/Paris', allow: [{ days: [1], fromMinute: 0, toMinute: 60 }] },
    };
    expect(found({ ...passing, plan: closed })).toContain('S7');
  });

  test('S7: a start though its gate was red before', () => {
    const red = mapped(passing, (event) =>
      event.type === 'gate-answered' && event.about.moment === 'before'
        ? { ...event, answer: { ...event.answer, verdict: 'fail' } }
        : event,
    );
    expect(found(red)).toContain('S7');
  });

  test.each(['inconclusive', 'error'] as const)('S8: %s taken for a pass', (verdict) => {
    const unsure = mapped(passing, (event) =>
      event.type === 'gate-answered' && event.about.moment === 'end' ? { ...event, answer: { ...event.answer, verdict } } : event,
    );
    expect(found(unsure)).toEqual(expect.arrayContaining(['S3', 'S8']));
  });

  test('L1: a target that nothing held back was never run', () => {
    const never = begins(passing).at(-1);
    const ended = entriesOf(passing)
      .filter((entry) => 'event' in entry && entry.event.type === 'target-ended' && entry.event.engineRuns === 1)
      .at(-1);
    expect(found(without(without(passing, never), ended))).toContain('L1');
  });

  test('S9: back to something else, without a failed gate, or not the latest wave first', () => {
    const other = mappedRecords(goingBack, (record) =>
      record.current && record.current.release !== goingBack.plan.release
        ? { ...record, current: { ...record.current, live: '99' } }
        : record,
    );
    expect(found(other)).toContain('S9');
    const green = mapped(goingBack, (event) =>
      event.type === 'gate-answered' && event.answer.verdict === 'fail'
        ? { ...event, answer: { ...event.answer, verdict: 'pass' } }
        : event,
    );
    // Without a failed gate it is no way back, but another run of what had succeeded.
    expect(found(green)).toContain('S5');
    const back = begins(goingBack).filter((entry) => 'record' in entry && entry.record.current?.release !== goingBack.plan.release);
    expect(found(moved(goingBack, back.at(-1), { behind: back.at(0) }))).toContain('S9');
  });

  test('S9: what was good is not known', () => {
    const forgotten = passing.segments.map((segment) => ({
      ...segment,
      entries: segment.entries.filter((entry) => !('goods' in (entry as JournalEntry))),
    }));
    expect(found({ ...passing, segments: forgotten })).toContain('S9');
  });

  test('S10: a result without a begin', () => {
    const [, second] = begins(passing);
    expect(found(without(passing, second))).toContain('S10');
  });

  test('S12: no approval, an approval that had expired, a message that is acted on twice', () => {
    const approved = entriesOf(passing).find((entry) => 'event' in entry && entry.event.type === 'approved');
    expect(found(without(passing, approved))).toContain('S12');
    const expired = mapped(passing, (event) =>
      event.type === 'approved' ? { ...event, approval: { ...event.approval, expiresAt: event.approval.at } } : event,
    );
    expect(found(expired)).toContain('S12');
    expect(found(inserted(passing, approved, { behind: approved }))).toContain('S12');
  });

  test('S14: a planted secret', () => {
    expect(found(passing, { canaries: [passing.plan.release] })).toEqual(['S14']);
  });

  test('L1: something runs though the rollout has ended', () => {
    const last = entriesOf(passing).findLast(
      (entry) => 'event' in entry && entry.event.type === 'target-ended' && entry.event.engineRuns === 1,
    );
    expect(found(without(passing, last))).toContain('L1');
  });

  test('L5: a bake that was cut short', () => {
    const longer = passing.plan.waves.map((wave) => ({ ...wave, bakeSeconds: wave.bakeSeconds === 30 ? 3000 : wave.bakeSeconds }));
    expect(found({ ...passing, plan: { ...passing.plan, waves: longer } })).toEqual(['L5']);
  });

  test('S11: a journal that replays to another state than it was left in', () => {
    const { plan } = passing;
    const { goods, events } = startOf(entriesOf(passing));
    expect(checkReplay(passing, replayRollout({ plan, goods, events }))).toEqual([]);
    expect(checkReplay(passing, replayRollout({ plan, goods, events: events.slice(0, -1) })).map(({ invariant }) => invariant)).toEqual([
      'S11',
    ]);
  });
});

function entriesOf({ segments }: CheckedRollout): readonly JournalEntry[] {
  return segments.flatMap((segment) => segment.entries as readonly JournalEntry[]);
}

function begins(rollout: CheckedRollout): readonly JournalEntry[] {
  return entriesOf(rollout).filter((entry) => 'record' in entry && entry.record.dirty);
}

function isAnswer(entry: JournalEntry, moment: string): boolean {
  return 'event' in entry && entry.event.type === 'gate-answered' && entry.event.about.moment === moment;
}

type Place = { readonly before: JournalEntry | undefined } | { readonly behind: JournalEntry | undefined };

/** A segment of its own, as a driver's next write would be. */
function inserted(rollout: CheckedRollout, entry: JournalEntry | undefined, place: Place): CheckedRollout {
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

function moved(rollout: CheckedRollout, entry: JournalEntry | undefined, place: Place): CheckedRollout {
  return inserted(without(rollout, entry), entry, place);
}

function without(rollout: CheckedRollout, entry: JournalEntry | undefined): CheckedRollout {
  expect(entry).toBeDefined();
  return {
    ...rollout,
    segments: rollout.segments.map((segment) => ({ ...segment, entries: segment.entries.filter((one) => one !== entry) })),
  };
}

function segmentOf(rollout: CheckedRollout, entry: JournalEntry | undefined): readonly JournalEntry[] {
  // The events that led to a begin stand in the segment before.
  const index = rollout.segments.findIndex((segment) => segment.entries.includes(entry));
  return (rollout.segments[index - 1]?.entries ?? []) as readonly JournalEntry[];
}

function mapped(rollout: CheckedRollout, change: (event: RolloutEvent) => unknown): CheckedRollout {
  const segments = rollout.segments.map((segment) => ({
    ...segment,
    entries: (segment.entries as readonly JournalEntry[]).map((entry) => ('event' in entry ? { event: change(entry.event) } : entry)),
  }));
  return { ...rollout, segments };
}

function mappedRecords(rollout: CheckedRollout, change: (record: TargetRecord) => TargetRecord): CheckedRollout {
  const segments = rollout.segments.map((segment) => ({
    ...segment,
    entries: (segment.entries as readonly JournalEntry[]).map((entry) => ('record' in entry ? { record: change(entry.record) } : entry)),
  }));
  return { ...rollout, segments };
}
