import type { RolloutPlan } from '../../fleet/plan/rollout-plan';
import type { TargetRecord } from '../../fleet/plan/target-record';
import { replayRollout } from '../../fleet/rollout/replay-rollout';
import { startOf } from '../../fleet/commands/start-of';
import type { JournalEntry } from '../../fleet/state/journal-entry';

import { checkJournals, type CheckedRollout } from './check-journal';
import { checkReplay } from './check-replay';
import {
  begins,
  entriesOf,
  inserted,
  isAnswer,
  mapped,
  mappedRecords,
  moved,
  recorded,
  redInRest,
  segmentOf,
  two,
  without,
} from './damaged-journal';

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

  test('S19: no approval, one that had expired, one of another wave; S12: a message that is acted on twice', () => {
    const approved = entriesOf(passing).find((entry) => 'event' in entry && entry.event.type === 'approved');
    expect(found(without(passing, approved))).toContain('S19');
    const ofWave = (wave: string) =>
      mapped(passing, (event) => (event.type === 'approved' ? { ...event, approval: { ...event.approval, wave } } : event));
    expect(found(ofWave('rest/eu-west-1'))).toContain('S19');
    expect(found(ofWave('canary'))).toEqual([]);
    const expired = mapped(passing, (event) =>
      event.type === 'approved' ? { ...event, approval: { ...event.approval, expiresAt: event.approval.at } } : event,
    );
    expect(found(expired)).toEqual(expect.arrayContaining(['S12', 'S19']));
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
    expect(checkReplay(passing, { live: replayRollout({ plan, goods, events }) })).toEqual([]);
    expect(
      checkReplay(passing, { live: replayRollout({ plan, goods, events: events.slice(0, -1) }) }).map(({ invariant }) => invariant),
    ).toEqual(['S11']);
  });
});

test('stacks that stood though nothing was recorded of them are no attempts, whoever takes them over', () => {
  const [first] = begins(passing);
  if (!first || !('record' in first)) throw new Error('nothing begins');
  const record = { ...first.record, good: null, current: null };
  const [opening, ...later] = passing.segments;
  if (!opening) throw new Error('no segment');
  const goods = { goods: [record] };
  const ofOthers = opening.entries.filter((entry) => !('goods' in (entry as object)));
  for (const entries of [
    [goods, ...ofOthers, { record }],
    [goods, { record }, ...ofOthers],
  ])
    expect(checkJournals([{ ...passing, segments: [{ ...opening, entries }, ...later] }])).toEqual([]);

  const late = inserted(passing, { record }, { behind: entriesOf(passing).at(-1) });
  expect(checkJournals([late]).map(({ invariant }) => invariant)).toEqual(expect.arrayContaining(['S6', 'S5']));
});
