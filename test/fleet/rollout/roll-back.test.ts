import { noChanges, type TargetError } from '../../../fleet/ports';
import type { RolloutSetup } from '../../../fleet/rollout/state';

import { at, boom, hard, HandPlayed, limits, red, setupOf, soft, target, updated, type WaveOf } from './core-fixture';

const two = (options: Partial<RolloutSetup> = {}, second: Partial<WaveOf> = {}) =>
  setupOf(
    [
      { name: 'one', gated: true, targets: ['a', 'b'] },
      { name: 'two', gated: true, targets: ['c', 'd'], limits: limits({ failureTolerance: 1 }), ...second },
      { name: 'three', targets: ['e'] },
      { name: 'boards', targets: ['x'], stage: 'trailing' },
    ],
    options,
  );
/** The first wave has passed, the second has deployed both its targets and is judged. */
function judged(options: Partial<RolloutSetup> = {}, second: Partial<WaveOf> = {}): HandPlayed {
  const played = HandPlayed.begun(two(options, second)).answer('before', 'one', 'pass').end('a').end('b').answer('end', 'one', 'pass');
  return played.answer('before', 'two', 'pass').end('c').end('d');
}

describe('what goes back', () => {
  test.each<[RolloutSetup['rollback'], readonly string[], readonly string[]]>([
    ['target', ['d'], ['d']],
    ['target', ['c', 'd'], ['d', 'c']],
    ['wave', ['d'], ['d', 'c']],
    ['rollout', ['d'], ['d', 'c', 'b', 'a']],
    // What is red does not belong to the wave: then the wave itself made it so.
    ['target', ['elsewhere'], ['d', 'c']],
    ['target', [], ['d', 'c']],
  ])('with scope %s and %j ill', (rollback, ill, expected) => {
    const played = judged({ rollback }).answer('end', 'two', 'fail', ill.map((name) => red(name))); // prettier-ignore
    const back: string[] = [];
    for (let next = played.sentBack; next.length > 0; next = next.flatMap((name) => played.back(name).sentBack)) back.push(...next);

    expect(back).toEqual(expected);
    expect(played.wave('two')).toMatchObject({ state: 'failed', verdict: 'fail', reason: 'it is fail' });
    expect(played.wave('three')).toMatchObject({ state: 'cancelled', reason: 'the gate of two failed' });
    expect(played.outcomes).toMatchObject({ e: 'cancelled', x: 'running' });
    expect(played.end('x').state.outcome).toBe('rolled_back');
  });

  test('is the latest wave first, and an earlier one only when that is back', () => {
    const played = judged({ rollback: 'rollout' }).answer('end', 'two', 'fail');
    expect(played.commands).toContainEqual({ type: 'begin-rollback', wave: 'two', targets: 4, reason: 'it is fail' });
    expect(played.sentBack).toEqual(['d', 'c']);

    expect(played.back('d').sentBack).toEqual([]);
    expect(played.back('c', 'rollback_failed').sentBack).toEqual(['b', 'a']);
    expect(played.wave('one')).toMatchObject({ state: 'passed' });
  });

  test('is, within a wave, what stands above first', () => {
    const chain = ['a', target('b', { dependencies: [hard('a')] }), target('c', { dependencies: [soft('b')] }), 'd'];
    const played = HandPlayed.begun(setupOf([{ name: 'w', gated: true, targets: chain }])).answer('before', 'w', 'pass');
    played.end('a').end('b').end('c').end('d').answer('end', 'w', 'fail');
    expect(played.sentBack).toEqual(['d', 'c']);

    expect(played.back('d').sentBack).toEqual([]);
    expect(played.back('c').sentBack).toEqual(['b']);
    expect(played.back('b', 'rollback_failed').sentBack).toEqual(['a']);
  });

  test('keeps to the limits of its wave', () => {
    const played = judged({ rollback: 'rollout' }, { limits: limits({ maxConcurrent: 1 }) });
    expect(played.answer('end', 'two', 'fail').sentBack).toEqual(['d']);
    expect(played.back('d').sentBack).toEqual(['c']);
    expect(played.back('c').sentBack).toEqual(['b']);
    expect(played.back('b').sentBack).toEqual(['a']);
  });

  test('goes back while paused, outside the windows, and after an abort', () => {
    const windows = { timezone: 'UTC', allow: [{ days: [4], fromMinute: 0, toMinute: 1 }] };
    const played = judged({ windows, rollback: 'rollout' }).later(3600).pause().answer('end', 'two', 'fail');
    expect(played.sentBack).toEqual(['d', 'c']);

    expect(played.abort().back('d').back('c').sentBack).toEqual(['b', 'a']);
    expect(played.back('a').back('b').state.outcome).toBe('aborted');
  });

  test('was changed by this rollout: what turned out unchanged is left alone, dashboards too', () => {
    const played = HandPlayed.begun(two({ rollback: 'rollout' }))
      .answer('before', 'one', 'pass')
      .end('a', 'unchanged')
      .end('b');
    played.answer('end', 'one', 'pass').answer('before', 'two', 'pass').end('c').end('d', 'unchanged').answer('end', 'two', 'fail');
    expect(played.sentBack).toEqual(['c']);
    expect(played.back('c').sentBack).toEqual(['b']);

    expect(played.back('b').end('x').outcomes).toMatchObject({ a: 'unchanged', d: 'unchanged', x: 'succeeded' });
  });

  test.each<[string, 'failed' | 'blocked', Partial<TargetError>, number, boolean]>([
    ['after it had changed something', 'failed', { resource: null }, 1, true],
    ['in the middle of its first resource', 'failed', {}, 0, true],
    ['before it came to anything', 'failed', { code: 'pulumi/wrong-passphrase', resource: null }, 0, false],
    ['in the middle of an operation, its process gone', 'failed', { code: 'pulumi/crashed', resource: null }, 0, true],
    ['in a way that nobody knows', 'failed', { code: 'fleet/unknown-outcome', resource: null }, 0, true],
    ['as its engine broke', 'failed', { code: 'fleet/engine', resource: null }, 0, true],
    ['as its time was up', 'failed', { code: 'fleet/timeout', resource: null }, 0, true],
    ['blocked by a lock', 'blocked', { code: 'pulumi/locked', resource: null }, 0, false],
    ['blocked by a lock with a new version on trial', 'blocked', { code: 'pulumi/locked', resource: null }, 1, true],
  ])('is of failed targets one that failed %s', (_name, outcome, error, update, expected) => {
    const played = HandPlayed.begun(two()).answer('before', 'one', 'pass').end('a').end('b').answer('end', 'one', 'pass');
    played
      .answer('before', 'two', 'pass')
      .end('c')
      .end('d', outcome, { changes: { ...noChanges, update }, error: { ...boom, ...error } });
    played.answer('end', 'two', 'fail');

    expect(played.sentBack).toEqual(expected ? ['d', 'c'] : ['c']);
    expect(played.outcomes.d).toBe(expected ? 'rolling-back' : outcome);
  });

  test.each(['create', 'update', 'replace', 'delete'] as const)('is what failed after one %s', (op) => {
    const played = judged().answer('during', 'two', 'pass');
    expect(played.wave('two')).toMatchObject({ state: 'judging' });
    const failing = HandPlayed.begun(setupOf([{ name: 'w', gated: true, targets: ['a', 'b'] }])).answer('before', 'w', 'pass');

    failing.end('a', 'failed', { changes: { ...noChanges, [op]: 1 }, error: { ...boom, resource: null } }).answer('during', 'w', 'fail');
    expect(failing.end('b', 'unchanged').sentBack).toEqual(['a']);
  });

  test('is nothing that could not even be previewed', () => {
    const stands = [target('a', { deployed: true }), target('b', { deployed: true })];
    const setup = setupOf([{ name: 'w', gated: true, targets: stands, limits: limits({ failureTolerance: 1 }) }]);
    const played = HandPlayed.begun(setup)
      .preview('w', { failed: ['a'] })
      .answer('before', 'w', 'pass')
      .end('b');

    expect(played.answer('end', 'w', 'fail').sentBack).toEqual(['b']);
    expect(played.outcomes).toMatchObject({ a: 'failed' });
  });

  test('is what was lost in the middle of its run, and not what never began', () => {
    const played = HandPlayed.begun(setupOf([{ name: 'w', gated: true, targets: ['a', 'b', 'c'] }])).answer('before', 'w', 'pass');
    played.answer('during', 'w', 'fail').lose('a').lose('b', false);

    expect(played.outcomes).toEqual({ a: 'failed', b: 'cancelled', c: 'running' });
    expect(played.end('c').sentBack).toEqual(['c', 'a']);
  });

  test('with scope target is also what is on trial beside the ill: it is not proven', () => {
    const targets = [target('a'), target('b', { shifts: true }), target('c')];
    const wave: WaveOf = { name: 'w', gated: true, targets, traffic: { canaryPercent: 10, watchSeconds: 60 } };
    const played = HandPlayed.begun(setupOf([wave], { rollback: 'target' })).answer('before', 'w', 'pass');

    expect(
      played
        .end('a')
        .end('c')
        .shift('b')
        .answer('during', 'w', 'fail', [red('a')]).sentBack,
    ).toEqual(['b', 'a']);
    expect(played.outcomes).toMatchObject({ c: 'succeeded' });
  });
});

describe('a target without a good release', () => {
  const fresh = (...names: readonly string[]) => names.map((name) => target(name, { hasGood: false }));

  test('is never destroyed: it ends failed, says why, and the rollout has failed', () => {
    const played = HandPlayed.begun(setupOf([{ name: 'w', gated: true, targets: [...fresh('a'), 'b'] }])).answer('before', 'w', 'pass');
    played.end('a').later(9).end('b').answer('end', 'w', 'fail');
    expect(played.sentBack).toEqual(['b']);
    expect(played.commands).toContainEqual(expect.objectContaining({ type: 'begin-rollback', targets: 1 }));
    expect(played.target('a')).toEqual({
      state: 'done',
      outcome: 'failed',
      attempts: 1,
      startedAt: at(0),
      endedAt: at(0),
      changes: updated,
      error: { code: 'fleet/no-good', message: 'it is fail; it had no earlier release to go back to and stays as it is', resource: null },
    });

    expect(played.back('b').state.outcome).toBe('failed');
  });

  test('alone leaves nothing to take back', () => {
    const played = HandPlayed.begun(setupOf([{ name: 'w', gated: true, targets: fresh('a') }])).answer('before', 'w', 'pass');

    expect(played.end('a').answer('end', 'w', 'fail').told).toEqual(['end-wave', 'finish']);
    expect(played.state.outcome).toBe('failed');
  });

  test('that had failed keeps saying why, and the rollout is not called rolled back', () => {
    const played = HandPlayed.begun(setupOf([{ name: 'w', gated: true, targets: [...fresh('a'), 'b'] }])).answer('before', 'w', 'pass');
    played.end('a', 'failed', { changes: updated }).answer('during', 'w', 'fail').end('b');

    expect(played.target('a')).toMatchObject({
      outcome: 'failed',
      error: { code: 'fleet/no-good', message: 'boom; it had no earlier release to go back to and stays as it is', resource: 'urn:x' },
    });
    expect(played.back('b').state.outcome).toBe('failed');
  });
});

describe('a target that nothing but the same could be rolled back to', () => {
  const same = (name: string) => target(name, { noWayBack: true });

  test('is never rolled back: it ends failed, says why, and what comes later is cancelled', () => {
    const played = HandPlayed.begun(
      setupOf([
        { name: 'w', gated: true, targets: [same('a')] },
        { name: 'x', gated: true, targets: [same('b')] },
      ]),
    ).answer('before', 'w', 'pass');
    played.end('a').answer('end', 'w', 'fail');

    expect(played.sentBack).toEqual([]);
    expect(played.told).not.toContain('begin-rollback');
    expect(played.target('a')).toMatchObject({
      outcome: 'failed',
      error: {
        code: 'fleet/no-way-back',
        message: expect.stringMatching(/^it is fail; there is no way back .* it stays as it is/) as string,
      },
    });
    expect([played.outcomes.b, played.state.outcome]).toEqual(['cancelled', 'failed']);
  });

  test('leaves the others their way back, and the rollout is not called rolled back', () => {
    const played = HandPlayed.begun(setupOf([{ name: 'w', gated: true, targets: [same('a'), 'b'] }])).answer('before', 'w', 'pass');
    played.end('a').end('b').answer('end', 'w', 'fail');

    expect(played.sentBack).toEqual(['b']);
    expect(played.back('b').state.outcome).toBe('failed');
  });
});

describe('a way back that cannot be undone either', () => {
  const held = () => {
    const stands = ['a', 'b', 'c'].map((name) => target(name, { deployed: true }));
    const played = HandPlayed.begun(setupOf([{ name: 'w', gated: true, targets: stands }])).preview('w', { irreversible: ['a', 'b'] });
    return played.approve('w', 'irreversible').answer('before', 'w', 'pass').end('a').end('b').end('c').answer('end', 'w', 'fail');
  };

  test('waits for a person, the others do not', () => {
    const played = held();
    expect(played.sentBack).toEqual(['c']);
    expect(played.target('a')).toMatchObject({ state: 'rolling-back', step: 'held' });
    expect(played.back('c').told).toEqual([]);
    expect(played.approve('w', 'irreversible').sentBack).toEqual([]);

    expect(played.approve('w', 'rollback').sentBack).toEqual(['b', 'a']);
    expect(played.back('a').back('b').state.outcome).toBe('rolled_back');
  });

  test('keeps neither what stands below nor an earlier wave from going back', () => {
    const one = target('a', { deployed: true });
    const setup = setupOf(
      [
        { name: 'one', targets: ['x'] },
        { name: 'two', gated: true, targets: [one, target('b', { deployed: true, dependencies: [hard('a')] })] },
      ],
      { rollback: 'rollout' },
    );
    const played = HandPlayed.begun(setup)
      .end('x')
      .preview('two', { irreversible: ['b'] })
      .approve('two', 'irreversible');
    played.answer('before', 'two', 'pass').end('a').end('b').answer('end', 'two', 'fail');
    expect(played.sentBack).toEqual(['a']);

    expect(played.back('a').sentBack).toEqual(['x']);
    expect(played.back('x').approve('two', 'rollback').sentBack).toEqual(['b']);
  });

  test('goes with the others where the word comes early', () => {
    expect(held().approve('w', 'rollback').sentBack).toEqual(['b', 'a']);
  });
});

describe('a rollback that fails', () => {
  test('is an end of its own, the others still go back, and nothing is tried again', () => {
    const played = judged().answer('end', 'two', 'fail').back('d', 'rollback_failed');
    expect(played.told).toEqual([]);

    expect(played.back('c').end('x').outcomes).toMatchObject({ c: 'rolled_back', d: 'rollback_failed' });
    expect(played.state.outcome).toBe('rollback_failed');
  });

  test('counts more than an abort', () => {
    const played = judged().answer('end', 'two', 'fail').abort().back('c').back('d', 'rollback_failed');

    expect(played.state.outcome).toBe('rollback_failed');
  });
});

test('a target on its way back keeps what it was, and when it began', () => {
  const played = judged().later(5).answer('end', 'two', 'fail');

  expect(played.target('d')).toEqual({
    state: 'rolling-back',
    step: 'running',
    attempts: 2,
    startedAt: at(0),
    changes: updated,
    error: null,
  });
});
