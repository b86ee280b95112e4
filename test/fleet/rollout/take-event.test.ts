import { noChanges } from '../../../fleet/ports';
import type { RolloutEvent } from '../../../fleet/rollout/state';

import { at, boom, HandPlayed, id, limits, setupOf, target, updated } from './core-fixture';

const setup = setupOf([
  {
    name: 'w',
    targets: ['a', target('b', { shifts: true })],
    traffic: { canaryPercent: 10, watchSeconds: 60 },
    limits: limits({ failureTolerance: 9 }),
  },
]);

describe('the end of a run', () => {
  test('is kept with its times, attempts, changes and error', () => {
    const played = HandPlayed.begun(setup).later(5).end('a', 'failed', { changes: updated });

    expect(played.target('a')).toEqual({
      state: 'done',
      outcome: 'failed',
      attempts: 1,
      startedAt: at(0),
      endedAt: at(5),
      changes: updated,
      error: boom,
    });
  });

  test('that needed no engine is no attempt', () => {
    expect(HandPlayed.begun(setup).end('a', 'unchanged').target('a')).toMatchObject({
      outcome: 'unchanged',
      attempts: 0,
      startedAt: at(0),
    });
    expect(HandPlayed.begun(setup).lose('a').end('a', 'unchanged').target('a')).toMatchObject({ outcome: 'unchanged', attempts: 1 });
  });

  test('adds up what its phases changed, and the resources that stayed are those of the last', () => {
    const played = HandPlayed.begun(setup).shift('b', { create: 1, update: 2, replace: 3, delete: 4, same: 5 });
    played
      .tick(60)
      .watch('b', 'pass')
      .end('b', 'succeeded', { changes: { create: 10, update: 20, replace: 30, delete: 40, same: 50 } });

    expect(played.target('b')).toMatchObject({ attempts: 2, changes: { create: 11, update: 22, replace: 33, delete: 44, same: 50 } });
  });

  test('that comes twice, or before the run, changes nothing', () => {
    const played = HandPlayed.begun(setup).end('a');
    const before = played.state;
    expect(played.later(1).end('a', 'failed').state).toEqual(before);
    expect(played.commands).toEqual([]);

    const early = new HandPlayed(setup).end('a');
    expect(early.outcomes).toEqual({ a: 'pending', b: 'pending' });
  });
});

describe('a shift of traffic', () => {
  test('is watched for so long, from the instant it was done', () => {
    const played = HandPlayed.begun(setup).later(7).shift('b');

    expect(played.target('b')).toEqual({
      state: 'watching',
      attempts: 1,
      startedAt: at(0),
      since: at(7),
      until: at(67),
      changes: updated,
      watch: 'open',
    });
  });

  test('of a target that is not on its way to one is none', () => {
    const played = HandPlayed.begun(setup).shift('a');
    expect(played.target('a')).toMatchObject({ state: 'running' });

    played.shift('b').tick(60).watch('b', 'pass').shift('b');
    expect(played.target('b')).toMatchObject({ state: 'running', phase: 'finish' });
  });

  test('that published nothing new is the end of it', () => {
    expect(HandPlayed.begun(setup).end('b').target('b')).toMatchObject({ outcome: 'succeeded', attempts: 1 });
  });

  test('in a wave that knows of no watching is over at once', () => {
    const played = HandPlayed.begun(setupOf([{ name: 'w', targets: [target('b', { shifts: true })] }])).shift('b');

    expect(played.asked).toEqual(['watch b']);
  });
});

describe('a run that was lost', () => {
  test.each([
    [true, 2],
    [false, 1],
  ])('is run again, as attempt %s -> %i where the engine had begun or not', (ran, attempt) => {
    const played = HandPlayed.begun(setup).later(3).lose('a', ran);

    expect(played.commands).toEqual([{ type: 'run-target', target: 'a', wave: 'w', attempt, phase: 'full' }]);
    expect(played.target('a')).toMatchObject({ state: 'running', attempts: attempt, startedAt: at(3) });
  });

  test('shifting is a shift again, and finishing finishes again without another watch', () => {
    const played = HandPlayed.begun(setup).lose('b');
    expect(played.started).toEqual(['shift b']);

    played.shift('b').tick(60).watch('b', 'pass').pause().later(1).lose('b');
    expect(played.target('b')).toEqual({
      state: 'watching',
      attempts: 3,
      startedAt: at(0),
      since: at(61),
      until: at(61),
      changes: updated,
      watch: 'passed',
    });
    expect(played.resume().commands).toEqual([{ type: 'run-target', target: 'b', wave: 'w', attempt: 4, phase: 'finish' }]);
  });

  test('on the way back goes back again', () => {
    const gated = setupOf([{ name: 'w', targets: ['a'], gated: true }]);
    const played = HandPlayed.begun(gated).answer('before', 'w', 'pass').end('a').answer('end', 'w', 'fail');
    expect(played.commands).toContainEqual({ type: 'roll-back', target: 'a', attempt: 2 });

    expect(played.lose('a').commands).toEqual([{ type: 'roll-back', target: 'a', attempt: 3 }]);
    expect(played.lose('a', false).commands).toEqual([{ type: 'roll-back', target: 'a', attempt: 3 }]);
    expect(played.back('a').lose('a').target('a')).toMatchObject({ outcome: 'rolled_back', attempts: 3 });
  });

  test('that was not under way changes nothing', () => {
    const played = HandPlayed.begun(setup).end('a').shift('b');
    const before = played.state;

    expect(played.lose('a').lose('b').state).toEqual(before);
  });
});

describe('a way back that ended', () => {
  const goingBack = (error = false) => {
    const gated = setupOf([{ name: 'w', targets: ['a'], gated: true }]);
    const played = HandPlayed.begun(gated).answer('before', 'w', 'pass').answer('during', 'w', 'fail');
    return (error ? played.end('a', 'failed', { changes: updated }) : played.end('a')).later(4);
  };

  test('is kept, with what both ways changed', () => {
    expect(goingBack().back('a').target('a')).toEqual({
      state: 'done',
      outcome: 'rolled_back',
      attempts: 2,
      startedAt: at(0),
      endedAt: at(4),
      changes: { ...noChanges, update: 2 },
      error: null,
    });
  });

  test('keeps why the target had failed, unless the way back failed, too', () => {
    expect(goingBack(true).back('a').target('a')).toMatchObject({ outcome: 'rolled_back', error: boom });
    expect(goingBack(true).back('a', 'rollback_failed').target('a')).toMatchObject({
      outcome: 'rollback_failed',
      error: { message: 'no way back' },
    });
  });

  test('twice, or of a target that is not on one, changes nothing', () => {
    const played = goingBack().back('a', 'rollback_failed');
    expect(played.back('a').outcomes).toEqual({ a: 'rollback_failed' });

    expect(HandPlayed.begun(setup).back('a').outcomes).toEqual({ a: 'running', b: 'running' });
  });
});

describe('an answer of the gate', () => {
  const asking = (wave: object = {}) => HandPlayed.begun(setupOf([{ name: 'w', targets: ['a'], gated: true, bakeSeconds: 60, ...wave }]));

  test.each<[string, () => HandPlayed]>([
    ['is asked whether it may start', () => asking()],
    ['is held by red alarms', () => asking().answer('before', 'w', 'fail')],
    ['is judged', () => asking().answer('before', 'w', 'pass').end('a').tick(60)],
    ['is undecided', () => asking().answer('before', 'w', 'pass').end('a').tick(60).answer('end', 'w', 'error')],
  ])('that it cannot be read, or can, leaves a wave that %s as it is', (_name, play) => {
    const played = play();
    const before = played.wave('w');

    expect(played.answer('during', 'w', 'error').wave('w')).toEqual(before);
    expect(played.answer('during', 'w', 'pass').wave('w')).toEqual(before);
  });

  test('does not stand for the word of a person', () => {
    const played = asking({ approval: true });
    expect(played.answer('before', 'w', 'pass').wave('w')).toMatchObject({ state: 'held', hold: { kind: 'approval' } });
  });
});

describe('a way back that is held', () => {
  test('has not ended, nor been lost', () => {
    const stands = setupOf([{ name: 'w', targets: [target('a', { deployed: true })], gated: true }]);
    const played = HandPlayed.begun(stands)
      .preview('w', { irreversible: ['a'] })
      .approve('w', 'irreversible')
      .answer('before', 'w', 'pass');
    played.end('a').answer('end', 'w', 'fail');
    const before = played.state;

    expect(played.back('a').state).toEqual(before);
    expect(played.lose('a').state).toEqual(before);
  });
});

describe('a preview', () => {
  test('that comes when nobody looks, or twice, changes nothing', () => {
    const gated = setupOf([{ name: 'w', targets: [target('a', { deployed: true })], gated: true }]);
    const played = HandPlayed.begun(gated).preview('w');
    const before = played.state;

    expect(played.preview('w', { failed: ['a'], irreversible: ['a'] }).state).toEqual(before);
    expect(new HandPlayed(gated).preview('w', { failed: ['a'] }).outcomes).toEqual({ a: 'pending' });
  });

  test('fails only what has not ended otherwise', () => {
    const gated = setupOf([
      { name: 'one', targets: ['a'] },
      { name: 'w', targets: [target('b', { deployed: true })], gated: true },
    ]);

    expect(
      HandPlayed.begun(gated)
        .end('a')
        .preview('w', { failed: ['a'] }).outcomes,
    ).toMatchObject({ a: 'succeeded' });
  });
});

describe('what people ask for', () => {
  test('is kept: who paused first, and the limits set last', () => {
    const played = HandPlayed.begun(setup).pause().later(1);
    played.feed({ type: 'paused', by: 'cid', message: null });
    expect(played.state.paused).toEqual({ by: 'bob', at: at(0) });
    expect(played.resume().state.paused).toBeNull();

    played.lower({ maxConcurrent: 3, perAccount: 2 }).lower({ maxConcurrent: 1 });
    expect(played.state.limitChange).toEqual({ maxConcurrent: 1, perAccount: 2 });
  });

  test('keeps a word given in advance once, also where it is told twice', () => {
    const waves = setupOf([
      { name: 'one', targets: ['a'] },
      { name: 'two', targets: ['b'], approval: true },
    ]);
    const played = HandPlayed.begun(waves).approve('two', 'start').approve('two', 'start');
    expect(played.state.approvals).toEqual([{ wave: 'two', subject: 'start', by: 'ann', at: at(0), expiresAt: at(3600) }]);
    expect(played.state.approved).toEqual(played.state.approvals);

    expect(played.end('a').started).toEqual(['b']);
    expect(played.approve('two', 'start', { at: at(0) }).state.approvals).toEqual([]);
  });

  test.each([{ wave: 'two' }, { by: 'cid' }, { at: at(1) }, { expiresAt: at(7200) }])(
    'takes a word with another %j for another one',
    (more) => {
      const played = HandPlayed.begun(setup)
        .approve('w', 'start')
        .approve(more.wave ?? 'w', 'start', more);

      expect(played.state.approved).toHaveLength(2);
    },
  );

  test('and was refused changes nothing', () => {
    const played = HandPlayed.begun(setup);
    const before = played.state;

    expect(played.feed({ type: 'request-refused', by: 'ann', reason: 'no', message: '1' }).state).toEqual(before);
  });

  test('first to abort is who aborted', () => {
    const played = HandPlayed.begun(setup).abort('').feed({ type: 'abort-requested', by: 'cid', reason: 'late', message: null });

    expect(played.state.halted).toEqual({ kind: 'aborted', reason: 'aborted by bob' });
  });
});

test('begins once', () => {
  const played = HandPlayed.begun(setup).later(5).feed({ type: 'begun' });

  expect(played.state.startedAt).toBe(at(0));
});

test.each<Partial<RolloutEvent>>([
  { type: 'begun' },
  { type: 'tick' },
  { type: 'paused' },
  { type: 'abort-requested' },
  { type: 'target-ended', target: id('a'), outcome: 'failed' },
  { type: 'limits-set', limits: { maxConcurrent: 1 } },
])('$type does nothing before the beginning but what it says, and nothing at all after the end', (event) => {
  const played = HandPlayed.begun(setup).end('a').end('b');
  expect(played.state.outcome).toBe('succeeded');
  const before = played.state;

  expect(played.feed(event as RolloutEvent).state).toEqual(before);
  expect(played.commands).toEqual([]);
  const early = new HandPlayed(setup);
  if (event.type !== 'begun') expect(early.feed(event as RolloutEvent).commands).toEqual([]);
});

test('an event that it does not know is a mistake of the caller', () => {
  expect(() => HandPlayed.begun(setup).feed({ type: 'nonsense' } as unknown as RolloutEvent)).toThrow('unknown event nonsense');
});
