import type { EffectiveLimits } from '../../../fleet/plan/rollout-plan';
import type { CoreTarget } from '../../../fleet/rollout/state';

import { at, hard, HandPlayed, id, limits, setupOf, soft, target, type WaveOf } from './core-fixture';

const many = (amount: number) => Array.from({ length: amount }, (_, index) => `t${index}`);
const one = (targets: WaveOf['targets'], changes: Partial<EffectiveLimits> = {}) =>
  setupOf([{ name: 'w', targets, limits: limits({ failureTolerance: 9, ...changes }) }]);
/** Ends whatever runs, in the order of the wave, until nothing does. */
function playOut(played: HandPlayed, failing: readonly string[] = []): HandPlayed {
  for (;;) {
    const running = [...played.state.states].find(([, state]) => state.state === 'running');
    if (!running) return played;
    played.end(running[0], failing.includes(running[0]) ? 'failed' : 'succeeded');
  }
}

describe('what stands upstream', () => {
  test.each<[string, readonly CoreTarget[], readonly string[], Record<string, string>]>([
    ['does not matter to the unrelated', [target('A'), target('B')], ['A'], { A: 'failed', B: 'succeeded' }],
    ['and failed skips what needs it', [target('A'), target('B', { dependencies: [hard('A')] })], ['A'], { A: 'failed', B: 'skipped' }],
    [
      'and failed is enough for what only waits for it',
      [target('A'), target('B', { dependencies: [soft('A')] })],
      ['A'],
      { A: 'failed', B: 'succeeded' },
    ],
    [
      'and failed skips all that stand above, listed backwards',
      [
        target('C', { dependencies: [hard('B')] }),
        target('B', { dependencies: [hard('A')] }),
        target('A', { dependencies: [hard('F')] }),
        target('F'),
      ],
      ['F'],
      { F: 'failed', A: 'skipped', B: 'skipped', C: 'skipped' },
    ],
    ['and outside this rollout counts as deployed', [target('A', { dependencies: [hard('elsewhere')] })], [], { A: 'succeeded' }],
  ])('%s', (_name, targets, failing, expected) => {
    expect(playOut(HandPlayed.begun(one(targets)), failing).outcomes).toEqual(expected);
  });

  test('must have ended, well where it is needed: unchanged is well', () => {
    const played = HandPlayed.begun(one([target('B', { dependencies: [soft('A'), hard('A')] }), 'A']));
    expect(played.started).toEqual(['A']);

    expect(played.end('A', 'unchanged').started).toEqual(['B']);
  });

  test('is named by what was skipped for it', () => {
    const played = HandPlayed.begun(one(['A', target('B', { dependencies: [hard('A')] })])).end('A', 'blocked');

    expect(played.target('B')).toEqual({
      state: 'done',
      outcome: 'skipped',
      attempts: 0,
      startedAt: null,
      endedAt: null,
      changes: { create: 0, update: 0, replace: 0, delete: 0, same: 0 },
      error: { code: 'fleet/upstream-failed', message: 'needs A, which ended blocked', resource: null },
    });
  });
});

describe('limits', () => {
  test.each<[string, readonly CoreTarget[], Partial<EffectiveLimits>, readonly string[]]>([
    ['of the whole', many(4).map((name) => target(name)), { maxConcurrent: 3 }, ['t0', 't1', 't2']],
    [
      'of an account, passed over for the next account',
      [target('a1', { account: 'a' }), target('a2', { account: 'a' }), target('a3', { account: 'a' }), target('b1', { account: 'b' })],
      { perAccount: 2 },
      ['a1', 'a2', 'b1'],
    ],
    [
      'of a region, passed over for the next region',
      [target('x1', { region: 'x' }), target('x2', { region: 'x' }), target('y1', { region: 'y' })],
      { perRegion: 1 },
      ['x1', 'y1'],
    ],
  ])('%s hold', (_name, targets, changes, expected) => {
    expect(HandPlayed.begun(one(targets, changes)).started).toEqual(expected);
  });

  test('give a slot that came free to the next in the order of the plan', () => {
    const played = HandPlayed.begun(one(many(4), { maxConcurrent: 2 }));

    expect(played.end('t1').started).toEqual(['t2']);
    expect(played.end('t0').started).toEqual(['t3']);
  });

  test("of the whole rollout hold in a wave that allows more, and an account's and a region's slots come free again", () => {
    const setup = setupOf(
      [{ name: 'w', targets: many(3).map((name) => target(name, { account: 'a' })), limits: limits({ perAccount: 1 }) }],
      {
        limits: limits({ maxConcurrent: 2 }),
      },
    );
    const played = HandPlayed.begun(setup);
    expect(played.started).toEqual(['t0']);
    expect(played.end('t0').started).toEqual(['t1']);

    expect(HandPlayed.begun(setupOf([{ name: 'w', targets: many(3) }], { limits: limits({ maxConcurrent: 2 }) })).started).toEqual([
      't0',
      't1',
    ]);
  });

  test.each([
    ['fewer at once', { maxConcurrent: 1 }],
    ['fewer of an account', { perAccount: 1 }],
    ['fewer of a region', { perRegion: 1 }],
  ])('lowered to %s hold back what is not started, and can be raised again, up to the plan', (_name, change) => {
    const targets = many(6).map((name) => target(name, { account: 'a' }));
    const planned = { maxConcurrent: 3, perAccount: 3, perRegion: 3 };
    const played = HandPlayed.begun(one(targets, planned)).lower(change);

    expect(played.end('t0').started).toEqual([]);
    expect(played.end('t1').started).toEqual([]);
    expect(played.end('t2').started).toEqual(['t3']);
    expect(played.lower({ maxConcurrent: 99, perAccount: 99, perRegion: 99 }).started).toEqual(['t4', 't5']);
  });

  test('lowered below one still let one run at a time', () => {
    const played = HandPlayed.begun(one(many(3), { maxConcurrent: 2 })).lower({ maxConcurrent: 0, perAccount: 0, perRegion: -1 });

    expect(played.end('t0').started).toEqual([]);
    expect(played.end('t1').started).toEqual(['t2']);
  });
});

describe('tolerance', () => {
  test.each([
    // tolerance of the wave, of the rollout, mode, started where all of ten fail
    [0, 99, 'strict', 1],
    [2, 99, 'strict', 3],
    [99, 2, 'strict', 3],
    [2, 1, 'strict', 2],
    [0, 99, 'soft', 4],
    [2, 99, 'soft', 6],
  ] as const)(
    'of %i in the wave and %i in the rollout, %s, starts %i of ten that all fail, four at once',
    (inWave, inRollout, mode, expected) => {
      const names = many(10);
      const setup = setupOf([{ name: 'w', targets: names, limits: limits({ maxConcurrent: 4, failureTolerance: inWave, mode }) }], {
        limits: limits({ failureTolerance: inRollout }),
      });
      const played = playOut(HandPlayed.begun(setup), names);

      const outcomes = Object.values(played.outcomes);
      expect(outcomes.filter((outcome) => outcome === 'failed')).toHaveLength(expected);
      expect(outcomes.filter((outcome) => outcome === 'cancelled')).toHaveLength(10 - expected);
      expect(played.state.halted?.kind).toBe('tolerance');
      expect(played.state.outcome).toBe('failed');
    },
  );

  test.each(['strict', 'soft'] as const)('%s, of exactly as many failures as there are stops nothing', (mode) => {
    const played = playOut(HandPlayed.begun(one(many(5), { failureTolerance: 2, mode })), ['t0', 't1']);

    expect(played.outcomes).toEqual({ t0: 'failed', t1: 'failed', t2: 'succeeded', t3: 'succeeded', t4: 'succeeded' });
    expect(played.state.halted).toBeNull();
    expect(played.wave('w')).toMatchObject({ state: 'passed' });
    expect(played.state.outcome).toBe('failed');
  });

  test('strict shrinks what runs at once with every failure, and not with success', () => {
    const played = HandPlayed.begun(one(many(8), { failureTolerance: 2, mode: 'strict' }));
    expect(played.started).toEqual(['t0', 't1', 't2']);

    expect(played.end('t0', 'failed').started).toEqual([]);
    expect(played.end('t1').started).toEqual(['t3']);
    expect(played.end('t2', 'failed').started).toEqual([]);
    expect(played.end('t3').started).toEqual(['t4']);
  });

  test('does not count what is blocked: nothing of the release was seen to fail', () => {
    const strict = HandPlayed.begun(one(many(4), { failureTolerance: 0, mode: 'strict' }));
    expect(strict.started).toEqual(['t0']);
    expect(strict.end('t0', 'blocked').started).toEqual(['t1']);

    const soft = HandPlayed.begun(one(many(3), { failureTolerance: 0 }))
      .end('t0', 'blocked')
      .end('t1', 'blocked')
      .end('t2');
    expect([soft.state.halted, soft.wave('w'), soft.state.outcome]).toEqual([null, expect.objectContaining({ state: 'passed' }), 'failed']);
  });

  test('of the rollout counts the failures of earlier waves, and not those of dashboards', () => {
    const setup = setupOf(
      [
        { name: 'one', targets: ['a', 'b'], limits: limits({ failureTolerance: 1 }) },
        { name: 'two', targets: ['c', 'd', 'e'], limits: limits({ failureTolerance: 2, mode: 'strict' }) },
      ],
      { limits: limits({ failureTolerance: 1 }) },
    );
    const played = HandPlayed.begun(setup).end('a', 'failed').end('b');
    expect(played.started).toEqual(['c']);

    expect(played.end('c', 'failed').state.halted).toEqual({ kind: 'tolerance', reason: '2 targets of this rollout failed, 1 may' });
    expect(played.outcomes).toMatchObject({ d: 'cancelled', e: 'cancelled' });
  });

  test('of a wave says how many failed and how many may', () => {
    const played = HandPlayed.begun(one(['a', 'b'], { failureTolerance: 0 })).end('a', 'failed');

    expect(played.state.halted).toEqual({ kind: 'tolerance', reason: '1 of 2 targets of w failed, 0 may' });
  });

  test('lowered below what has failed already stops what is not started', () => {
    const played = HandPlayed.begun(one(many(4), { maxConcurrent: 1, failureTolerance: 2 })).end('t0', 'failed');
    expect(played.started).toEqual(['t1']);

    played.lower({ failureTolerance: 0 });

    expect(played.outcomes).toEqual({ t0: 'failed', t1: 'running', t2: 'cancelled', t3: 'cancelled' });
    expect(played.end('t1').state.outcome).toBe('failed');
  });

  test('is not spent by dashboards, of the rollout or lowered', () => {
    const boards: WaveOf = { name: 'boards', targets: ['x', 'y'], stage: 'trailing', limits: limits({ failureTolerance: 2 }) };
    const played = HandPlayed.begun(setupOf([boards], { limits: limits({ failureTolerance: 0 }) })).lower({ failureTolerance: 0 });

    expect(played.end('x', 'failed').end('y', 'failed').state).toMatchObject({ halted: null, outcome: 'failed' });
    expect(played.wave('boards')).toMatchObject({ state: 'passed' });
  });

  test('lowered is that of the whole rollout, too', () => {
    const setup = setupOf([
      { name: 'one', targets: ['a', 'b'], limits: limits({ failureTolerance: 1 }) },
      { name: 'two', targets: ['c'] },
    ]);
    const played = HandPlayed.begun(setup).end('a', 'failed').pause().end('b').lower({ failureTolerance: 0 }).resume();

    expect(played.outcomes).toMatchObject({ c: 'cancelled' });
    expect(played.state.halted?.reason).toBe('1 target of this rollout failed, 0 may');
  });

  test('never keeps a dashboard from starting, also strict, lowered and with a failed rollout', () => {
    const setup = setupOf(
      [
        { name: 'w', targets: ['a'] },
        {
          name: 'boards',
          targets: ['x', 'y', 'z'],
          stage: 'trailing',
          limits: limits({ mode: 'strict', maxConcurrent: 1, failureTolerance: 3 }),
        },
      ],
      { limits: limits({ failureTolerance: 0 }) },
    );
    const played = HandPlayed.begun(setup).lower({ failureTolerance: 0 }).end('a', 'failed');
    expect(played.started).toEqual(['x']);

    expect(playOut(played, ['x', 'y']).outcomes).toEqual({ a: 'failed', x: 'failed', y: 'failed', z: 'succeeded' });
  });
});

describe('nothing starts', () => {
  const night = { timezone: 'UTC', allow: [{ days: [4], fromMinute: 1, toMinute: 2 }] };

  test('outside the windows, of a wave or within it, and all does in time', () => {
    const setup = setupOf([{ name: 'w', targets: ['a', 'b'], limits: limits({ maxConcurrent: 1 }) }], { windows: night });
    const played = HandPlayed.begun(setup).tick(59);
    expect(played.wave('w')).toEqual({ state: 'waiting' });

    expect(played.tick(1).started).toEqual(['a']);
    expect(played.later(60).end('a').started).toEqual([]);
    expect(played.tick(7 * 86_400 - 61).started).toEqual([]);
    expect(played.tick(1).started).toEqual(['b']);
  });

  test('while paused, dashboards neither, and what runs is let finish', () => {
    const setup = setupOf([
      { name: 'w', targets: ['a', 'b'], limits: limits({ maxConcurrent: 1 }) },
      { name: 'boards', targets: ['x'], stage: 'trailing' },
    ]);
    const played = HandPlayed.begun(setup).pause();

    expect(played.end('a').started).toEqual([]);
    expect(played.outcomes).toEqual({ a: 'succeeded', b: 'pending', x: 'pending' });
    expect(played.resume().started).toEqual(['b']);
    expect(played.pause().end('b').started).toEqual([]);
    expect(played.resume().started).toEqual(['x']);
  });

  test('but dashboards outside the windows, which are wanted at any hour', () => {
    const setup = setupOf([{ name: 'boards', targets: ['x'], stage: 'trailing' }], { windows: night });

    expect(HandPlayed.begun(setup).started).toEqual(['x']);
  });

  test('while a gate cannot be read', () => {
    const setup = setupOf([{ name: 'w', targets: ['a', 'b'], gated: true, limits: limits({ maxConcurrent: 1 }) }]);
    const played = HandPlayed.begun(setup).answer('before', 'w', 'pass').answer('during', 'w', 'error');
    expect(played.wave('w')).toMatchObject({ unreadable: 'it is error' });

    expect(played.end('a').started).toEqual([]);
    expect(played.answer('during', 'w', 'inconclusive').started).toEqual(['b']);
    expect(played.wave('w')).toMatchObject({ unreadable: null });
  });
});

describe('what is started', () => {
  test('is commanded with its wave, its attempt and its phase, and stands as running since then', () => {
    const played = HandPlayed.begun(one(['a', target('b', { shifts: true })]));

    expect(played.commands).toEqual([
      { type: 'begin-wave', wave: 'w', targets: 2 },
      { type: 'run-target', target: 'a', wave: 'w', attempt: 1, phase: 'full' },
      { type: 'run-target', target: 'b', wave: 'w', attempt: 1, phase: 'shift' },
    ]);
    expect(played.target('b')).toEqual({
      state: 'running',
      phase: 'shift',
      attempts: 1,
      startedAt: at(0),
      changes: { create: 0, update: 0, replace: 0, delete: 0, same: 0 },
    });
  });

  test('and given up says why', () => {
    const played = HandPlayed.begun(one(['a', 'b'], { failureTolerance: 0, maxConcurrent: 1 })).end('a', 'failed');

    expect(played.target('b')).toMatchObject({
      outcome: 'cancelled',
      attempts: 0,
      startedAt: null,
      endedAt: null,
      error: { code: 'fleet/not-started', message: '1 of 2 targets of w failed, 0 may', resource: null },
    });
    expect(played.state.states.get(id('a'))).toMatchObject({ outcome: 'failed', error: { code: 'aws/Boom' } });
  });

  test('and lost in the middle of its run is no target that never started', () => {
    const played = HandPlayed.begun(one(['a', 'b'], { maxConcurrent: 1 }))
      .pause()
      .lose('a')
      .abort();

    expect(played.target('a')).toMatchObject({
      outcome: 'failed',
      attempts: 1,
      error: { code: 'fleet/lost', message: 'its run was cut short and is not run again: aborted by bob: wrong release', resource: null },
    });
    expect(played.target('b')).toMatchObject({ outcome: 'cancelled', attempts: 0 });
  });

  test('and lost before the engine began was never started', () => {
    const played = HandPlayed.begun(one(['a']))
      .pause()
      .lose('a', false)
      .abort();

    expect(played.target('a')).toMatchObject({ outcome: 'cancelled', attempts: 0, error: { code: 'fleet/not-started' } });
  });
});
