import type { RolloutSetup } from '../../../fleet/rollout/state';

import { at, HandPlayed, limits, red, setupOf, target, updated, type WaveOf } from './core-fixture';

const shifting = (...names: readonly string[]) => names.map((name) => target(name, { shifts: true }));
const setup = (wave: Partial<WaveOf> = {}, options: Partial<RolloutSetup> = {}) =>
  setupOf([{ name: 'w', gated: true, traffic: { canaryPercent: 10, watchSeconds: 60 }, targets: shifting('a', 'b'), ...wave }], options);
const begun = (wave: Partial<WaveOf> = {}, options: Partial<RolloutSetup> = {}) =>
  HandPlayed.begun(setup(wave, options)).answer('before', 'w', 'pass');

describe('a version on trial', () => {
  test('is watched for its time, then the gate is asked of it, and then it takes all orders', () => {
    const played = begun({ targets: shifting('a') }).shift('a');
    expect(played.told).toEqual([]);
    expect(played.tick(59.999).asked).toEqual([]);

    expect(played.tick(0.001).commands).toEqual([{ type: 'ask-gate', about: { moment: 'watch', wave: 'w', target: 'a' } }]);
    expect(played.target('a')).toMatchObject({ watch: 'asked' });
    expect(played.tick(60).asked).toEqual([]);
    expect(played.watch('a', 'pass').commands).toEqual([{ type: 'run-target', target: 'a', wave: 'w', attempt: 2, phase: 'finish' }]);
    expect(played.target('a')).toEqual({ state: 'running', phase: 'finish', attempts: 2, startedAt: at(0), changes: updated });
    expect(played.end('a').asked).toEqual(['end w']);
  });

  test('holds no slot while it is watched, and needs one to finish, before anything else may begin', () => {
    const played = begun({ limits: limits({ maxConcurrent: 1 }), targets: shifting('a', 'b', 'c') });
    expect(played.started).toEqual(['shift a']);

    expect(played.shift('a').started).toEqual(['shift b']);
    expect(played.tick(60).watch('a', 'pass').started).toEqual([]);
    expect(played.target('a')).toMatchObject({ state: 'watching', watch: 'passed' });
    expect(played.shift('b').started).toEqual(['finish a']);
    expect(played.end('a').started).toEqual(['shift c']);
  });

  test('counts as under way where tolerance is strict', () => {
    const played = begun({ limits: limits({ mode: 'strict', failureTolerance: 1 }), targets: shifting('a', 'b', 'c') });
    expect(played.started).toEqual(['shift a', 'shift b']);

    expect(played.shift('a').started).toEqual([]);
    expect(played.tick(60).watch('a', 'pass').started).toEqual(['finish a']);
    expect(played.end('a').started).toEqual(['shift c']);
  });

  test('finishes outside the windows, and not while paused', () => {
    const windows = { timezone: 'UTC', allow: [{ days: [4], fromMinute: 0, toMinute: 1 }] };
    const played = begun({ targets: shifting('a') }, { windows })
      .shift('a')
      .pause()
      .tick(3600);
    expect(played.asked).toEqual(['watch a']);
    expect(played.watch('a', 'pass').started).toEqual([]);

    expect(played.resume().started).toEqual(['finish a']);
  });

  test('that fails takes the wave back, once what runs has finished', () => {
    const played = begun()
      .shift('a')
      .tick(60)
      .watch('a', 'fail', [red('a')]);
    expect(played.told).toEqual([]);
    expect(played.state.halted?.kind).toBe('gate');
    expect(played.wave('w')).toMatchObject({ state: 'running', failing: { verdict: 'fail' } });

    expect(played.end('b').sentBack).toEqual(['b', 'a']);
  });

  test('that fails before it was asked is heard; any other answer to what was not asked is not', () => {
    for (const verdict of ['pass', 'inconclusive', 'error'] as const) {
      const played = begun().shift('a').watch('a', verdict);
      expect(played.told).toEqual([]);
      expect(played.target('a')).toMatchObject({ watch: 'open' });
    }
    expect(begun().shift('a').watch('a', 'fail').state.halted?.kind).toBe('gate');
    expect(begun().watch('a', 'fail').state.halted).toBeNull();
  });

  test.each(['inconclusive', 'error'] as const)('that is %s waits for a person or another answer, and tells it once', (verdict) => {
    const undecided = () =>
      begun({ targets: shifting('a', 'b') })
        .shift('a')
        .shift('b')
        .tick(60)
        .watch('a', verdict);
    const played = undecided();
    expect(played.commands).toEqual([{ type: 'undecided-wave', wave: 'w', verdict, reason: `it is ${verdict}` }]);
    expect(played.target('a')).toMatchObject({ state: 'watching', watch: 'undecided' });
    expect(played.watch('a', verdict).told).toEqual([]);

    expect(undecided().watch('a', 'pass').started).toEqual(['finish a']);
    expect(undecided().watch('a', 'fail').sentBack).toEqual(['b', 'a']);
    expect(played.approve('w', 'start').started).toEqual([]);
    expect(played.approve('w', 'undecided').started).toEqual(['finish a']);
    expect(played.target('b')).toMatchObject({ watch: 'asked' });
    expect(played.watch('b', verdict).told).toEqual(['undecided-wave']);
  });

  test('of several that are undecided, all are accepted by one word', () => {
    const played = begun().shift('a').shift('b').tick(60).watch('a', 'error').watch('b', 'inconclusive');

    expect(played.approve('w', 'undecided').started).toEqual(['finish a', 'finish b']);
    expect(played.state.approvals).toEqual([]);
  });

  test('that has passed stays so, whatever else is answered late', () => {
    const played = begun({ targets: shifting('a') })
      .shift('a')
      .tick(60)
      .pause()
      .watch('a', 'pass');

    expect(played.watch('a', 'inconclusive').target('a')).toMatchObject({ watch: 'passed' });
    expect(played.told).toEqual([]);
  });

  test('finishes though its wave has no tolerance left, and what has not begun does not', () => {
    const played = begun({ targets: shifting('a', 'b', 'c'), limits: limits({ maxConcurrent: 2 }) })
      .shift('a')
      .end('b', 'failed');
    expect(played.outcomes).toEqual({ a: 'watching', b: 'failed', c: 'running' });
    expect(played.state.halted?.kind).toBe('tolerance');
    played.shift('c').tick(60);

    expect(played.watch('a', 'pass').started).toEqual(['finish a']);
    played.end('a').watch('c', 'inconclusive');
    expect(played.outcomes).toMatchObject({ a: 'succeeded', c: 'watching' });
    expect(played.approve('w', 'undecided').started).toEqual(['finish c']);
    expect(played.end('c').asked).toEqual(['end w']);
  });

  test('goes back when the rollout is aborted, and nothing else does', () => {
    const played = begun({ targets: [...shifting('a', 'b', 'c'), 'd'] })
      .shift('a')
      .shift('b')
      .end('d')
      .abort();
    expect(played.told).toEqual([]);

    expect(played.end('c').commands).toEqual([
      { type: 'begin-rollback', wave: 'w', targets: 2, reason: 'aborted by bob: wrong release' },
      { type: 'roll-back', target: 'b', attempt: 2 },
      { type: 'roll-back', target: 'a', attempt: 2 },
    ]);
    expect(played.wave('w')).toMatchObject({ state: 'rolling-back', verdict: null, reason: 'aborted by bob: wrong release' });
    expect(played.back('a').back('b').outcomes).toEqual({ a: 'rolled_back', b: 'rolled_back', c: 'succeeded', d: 'succeeded' });
    expect(played.wave('w')).toMatchObject({ state: 'failed', verdict: null });
    expect(played.state.outcome).toBe('aborted');
  });

  test('is not asked about any more once it goes back', () => {
    const aborted = begun().shift('a').abort();
    expect(aborted.tick(60).asked).toEqual([]);

    const failing = begun().shift('a').answer('during', 'w', 'fail');
    expect(failing.tick(60).asked).toEqual([]);
  });

  test('that passes after the alarm turned red does not take all orders', () => {
    const played = begun().shift('a').tick(60).answer('during', 'w', 'fail').watch('a', 'pass');
    expect(played.started).toEqual([]);

    expect(played.end('b').sentBack).toEqual(['b', 'a']);
  });
});
