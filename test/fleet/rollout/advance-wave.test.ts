import type { CoreWave, RolloutSetup } from '../../../fleet/rollout/state';

import { at, boom, HandPlayed, holdOf, limits, red, setupOf, stepOf, target, type WaveOf } from './core-fixture';

const gated = (wave: Partial<CoreWave> = {}, targets: WaveOf['targets'] = ['a', 'b'], options: Partial<RolloutSetup> = {}) =>
  setupOf([{ name: 'w', gated: true, ...wave, targets }], options);
const running = (wave: Partial<CoreWave> = {}, targets?: WaveOf['targets']) =>
  HandPlayed.begun(gated(wave, targets)).answer('before', 'w', 'pass');
const baking = (wave: Partial<CoreWave> = {}) =>
  running({ bakeSeconds: 60, ...wave })
    .end('a')
    .end('b');

describe('the way to a start', () => {
  test('of a gated wave is a look at what stands there, then the gate', () => {
    const played = HandPlayed.begun(gated({}, [target('a', { deployed: true }), 'b', target('c', { deployed: true })]));
    expect(played.wave('w')).toEqual({ state: 'previewing' });
    expect(played.commands).toEqual([{ type: 'preview-wave', wave: 'w', targets: ['a', 'c'] }]);

    expect(played.preview('w').commands).toEqual([{ type: 'ask-gate', about: { moment: 'before', wave: 'w' } }]);
    expect(played.wave('w')).toEqual({ state: 'asking' });
    expect(played.later(5).answer('before', 'w', 'pass').told).toEqual(['begin-wave', 'run-target', 'run-target', 'run-target']);
    expect(played.wave('w')).toEqual({ state: 'running', startedAt: at(5), bakeUntil: null, unreadable: null, failing: null });
  });

  test('of a wave where nothing stands yet is the gate alone, and of one without a gate nothing at all', () => {
    expect(HandPlayed.begun(gated()).asked).toEqual(['before w']);
    expect(HandPlayed.begun(setupOf([{ name: 'w', targets: [target('a', { deployed: true })] }])).told).toEqual([
      'begin-wave',
      'run-target',
    ]);
  });

  test('takes low traffic and missing data for no objection, a red alarm and an unreadable gate for one', () => {
    expect(HandPlayed.begun(gated()).answer('before', 'w', 'inconclusive').started).toEqual(['a', 'b']);

    const ill = HandPlayed.begun(gated())
      .later(3)
      .answer('before', 'w', 'fail', [red('a')]);
    expect(ill.started).toEqual([]);
    expect(ill.wave('w')).toEqual({ state: 'held', hold: { kind: 'red', reason: 'it is fail', red: [red('a')] }, since: at(3) });
    expect(ill.told).toEqual(['hold-wave']);

    const unread = HandPlayed.begun(gated()).answer('before', 'w', 'error');
    expect(unread.commands).toEqual([{ type: 'hold-wave', wave: 'w', hold: { kind: 'gate-error', reason: 'it is error' } }]);
  });

  test('goes on by itself once the gate answers otherwise', () => {
    const played = HandPlayed.begun(gated()).answer('before', 'w', 'fail', [red('a')]);
    expect(played.later(5).answer('before', 'w', 'error').wave('w')).toMatchObject({ hold: { kind: 'gate-error' }, since: at(5) });

    expect(played.answer('before', 'w', 'pass').started).toEqual(['a', 'b']);
  });

  test('tells of a hold once, and knows the alarms that are red now', () => {
    const played = HandPlayed.begun(gated()).answer('before', 'w', 'fail', [red('a')]);

    expect(played.later(5).answer('before', 'w', 'fail', [red('a'), red('b')]).told).toEqual([]);
    expect(played.wave('w')).toMatchObject({ hold: { red: [red('a'), red('b')] }, since: at(0) });
    expect(played.approve('w', 'red').state.accepted).toEqual(new Map([['w', [red('a'), red('b')]]]));
  });

  test.each([
    ['red', 'fail', 'red'],
    ['gate-error', 'error', 'gate-error'],
  ] as const)('held by %s is free once a person approves just that', (_name, verdict, subject) => {
    const played = HandPlayed.begun(gated()).answer('before', 'w', verdict, [red('a')]);
    for (const other of ['start', 'irreversible', 'red', 'gate-error', 'undecided', 'rollback'] as const)
      if (other !== subject) expect(played.approve('w', other).started).toEqual([]);
    expect(played.approve('other', subject).started).toEqual([]);

    expect(played.approve('w', subject).started).toEqual(['a', 'b']);
    expect(played.state.accepted).toEqual(subject === 'red' ? new Map([['w', [red('a')]]]) : new Map());
  });

  test('is held by operations that cannot be undone, asks the gate once they are approved, and knows them for the way back', () => {
    const stands = [target('a', { deployed: true }), target('b', { deployed: true })];
    const played = HandPlayed.begun(gated({}, stands)).preview('w', { irreversible: ['b'] });
    expect(holdOf(played.wave('w'))).toEqual({
      kind: 'irreversible',
      reason: 'cannot be undone: delete of urn:b on b',
      steps: [stepOf('b')],
    });
    expect(played.approve('w', 'start').asked).toEqual([]);

    expect(played.approve('w', 'irreversible').asked).toEqual(['before w']);
    expect(played.state.irreversible).toEqual(new Set(['b']));
  });

  test.each([
    [3, 'delete of urn:t0 on t0, delete of urn:t1 on t1, delete of urn:t2 on t2'],
    [5, 'delete of urn:t0 on t0, delete of urn:t1 on t1, delete of urn:t2 on t2 and 2 more'],
  ])('names three of %i operations that cannot be undone', (amount, named) => {
    const names = Array.from({ length: amount }, (_, index) => `t${index}`);
    const played = HandPlayed.begun(gated({}, names.map((name) => target(name, { deployed: true })))); // prettier-ignore

    expect(holdOf(played.preview('w', { irreversible: names }).wave('w'))?.reason).toBe(`cannot be undone: ${named}`);
  });

  test('leaves out what could not be previewed, and what needs it, which counts as failed', () => {
    const stands = [target('a', { deployed: true }), target('b', { dependencies: [{ target: target('a').id, kind: 'hard' }] }), 'c'];
    const played = HandPlayed.begun(gated({ limits: limits({ failureTolerance: 1 }) }, stands)).preview('w', { failed: ['a'] });
    expect(played.target('a')).toMatchObject({ outcome: 'failed', attempts: 0, error: boom });

    expect(played.answer('before', 'w', 'pass').started).toEqual(['c']);
    expect(played.outcomes).toEqual({ a: 'failed', b: 'skipped', c: 'running' });
  });

  test('ends where too much could not be previewed', () => {
    const played = HandPlayed.begun(gated({}, [target('a', { deployed: true }), 'b']))
      .preview('w', { failed: ['a'] })
      .answer('before', 'w', 'pass');

    expect(played.outcomes).toEqual({ a: 'failed', b: 'cancelled' });
    expect(played.state.outcome).toBe('failed');
  });
});

describe('a wave that asks for a person', () => {
  const asking = (options: Partial<RolloutSetup> = {}) =>
    setupOf(
      [
        { name: 'first', targets: ['x'] },
        { name: 'w', group: 'group', targets: ['a'], approval: true },
      ],
      options,
    );

  test('waits for one, and starts on the word', () => {
    const played = HandPlayed.begun(asking()).later(2).end('x');
    expect(played.wave('w')).toEqual({ state: 'held', hold: { kind: 'approval', reason: 'wave group needs approval' }, since: at(2) });
    expect(played.commands).toContainEqual({
      type: 'hold-wave',
      wave: 'w',
      hold: { kind: 'approval', reason: 'wave group needs approval' },
    });

    expect(played.approve('w', 'start').started).toEqual(['a']);
    expect(played.state.approvals).toEqual([]);
    expect(played.state.approved).toHaveLength(1);
  });

  test('takes a word given before, until it expires', () => {
    const soon = { expiresAt: at(100) };
    const early = HandPlayed.begun(asking()).approve('w', 'start', soon).later(99).end('x');
    expect(early.started).toEqual(['a']);
    expect(early.told).not.toContain('hold-wave');

    const late = HandPlayed.begun(asking()).approve('w', 'start', soon).later(100).end('x');
    expect(late.started).toEqual([]);
    expect(late.approve('w', 'start', { expiresAt: at(100) }).started).toEqual([]);
    expect(late.approve('w', 'start', { expiresAt: at(101) }).started).toEqual(['a']);
  });

  test('takes no word for another wave', () => {
    expect(HandPlayed.begun(asking()).approve('first', 'start').end('x').started).toEqual([]);
  });

  test('keeps what was said of other waves when one word is used or came to nothing', () => {
    const setup = setupOf([
      { name: 'one', targets: ['a'], approval: true },
      { name: 'two', targets: ['b'], approval: true },
    ]);
    const played = HandPlayed.begun(setup).approve('two', 'start').approve('one', 'red');
    expect(played.state.approvals).toMatchObject([{ wave: 'two' }]);

    expect(played.approve('one', 'start').state.approvals).toMatchObject([{ wave: 'two' }]);
    expect(played.end('a').started).toEqual(['b']);
  });

  test('uses a word up: another wave that asks needs its own', () => {
    const setup = setupOf([
      { name: 'one', targets: ['a'], approval: true },
      { name: 'two', targets: ['b'], approval: true },
    ]);
    const played = HandPlayed.begun(setup).approve('one', 'start');
    expect(played.started).toEqual(['a']);

    expect(played.end('a').started).toEqual([]);
  });

  test('and is gated is previewed only after the word', () => {
    const setup = gated({ approval: true }, [target('a', { deployed: true })]);
    const played = HandPlayed.begun(setup);
    expect(played.told).toEqual(['hold-wave']);

    expect(played.approve('w', 'start').told).toEqual(['preview-wave']);
  });
});

describe('a gate that lets a wave start when it may not', () => {
  const windows = { timezone: 'UTC', allow: [{ days: [4], fromMinute: 0, toMinute: 1 }, { days: [4], fromMinute: 60, toMinute: 120 }] }; // prettier-ignore

  test.each(['pass', 'inconclusive'] as const)('(%s) is asked again when it may, and nobody is asked twice', (verdict) => {
    const setup = gated({ approval: true }, [target('a', { deployed: true })], { windows });
    const played = HandPlayed.begun(setup).approve('w', 'start').preview('w').later(60).answer('before', 'w', verdict);
    expect(played.commands).toEqual([]);
    expect(played.wave('w')).toEqual({ state: 'waiting', opened: true });

    expect(played.tick(3539).told).toEqual([]);
    expect(played.tick(1).asked).toEqual(['before w']);
    expect(played.answer('before', 'w', 'fail', [red('a')]).told).toEqual(['hold-wave']);
  });

  test('is asked again after a pause', () => {
    const played = HandPlayed.begun(gated()).pause().answer('before', 'w', 'pass');
    expect(played.told).toEqual([]);

    expect(played.resume().asked).toEqual(['before w']);
    expect(played.answer('before', 'w', 'pass').started).toEqual(['a', 'b']);
  });

  test('is not asked again where a person took the risk', () => {
    const played = HandPlayed.begun(gated())
      .answer('before', 'w', 'fail', [red('a')])
      .pause();

    expect(played.approve('w', 'red').told).toEqual(['begin-wave']);
    expect(played.resume().started).toEqual(['a', 'b']);
  });
});

describe('while a wave runs, a gate that', () => {
  test('fails lets what runs finish, starts nothing and then takes the wave back', () => {
    const played = running({ limits: limits({ maxConcurrent: 2 }) }, ['a', 'b', 'c']).answer('during', 'w', 'fail', [red('a')]);
    expect(played.commands).toEqual([]);
    expect(played.state.halted).toEqual({ kind: 'gate', reason: 'the gate of w failed' });
    expect(played.outcomes).toEqual({ a: 'running', b: 'running', c: 'cancelled' });

    expect(played.end('a').told).toEqual([]);
    expect(played.end('b').told).toEqual(['begin-rollback', 'roll-back', 'roll-back']);
    expect(played.wave('w')).toEqual({
      state: 'rolling-back',
      startedAt: at(0),
      bakeUntil: null,
      verdict: 'fail',
      reason: 'it is fail',
      red: [{ target: 'a', alarm: 'errors', since: null, cleared: false }],
    });
  });

  test('fails again says nothing new', () => {
    const played = running({}, ['a', 'b']).answer('during', 'w', 'fail', [red('a')]);

    expect(played.answer('during', 'w', 'fail', [red('b')]).wave('w')).toMatchObject({ failing: { red: [red('a')] } });
    expect(played.answer('during', 'w', 'pass').wave('w')).toMatchObject({ failing: { red: [red('a')] } });
  });

  test('fails though failures had stopped it already takes it back', () => {
    const played = running({}, ['a', 'b']).end('a', 'failed').answer('during', 'w', 'fail');
    expect(played.state.halted?.kind).toBe('gate');

    expect(played.end('b').sentBack).toEqual(['b', 'a']);
  });

  test('fails though it was aborted takes it back, and it stays aborted', () => {
    const played = running({}, ['a', 'b']).end('a').abort().answer('during', 'w', 'fail');

    expect(played.end('b').sentBack).toEqual(['b', 'a']);
    expect(played.back('b').back('a').state.outcome).toBe('aborted');
  });

  test('speaks of a wave that does not run is not heard', () => {
    const setup = setupOf([{ name: 'w', gated: true, targets: ['a'] }, { name: 'next', gated: true, targets: ['b'] }]); // prettier-ignore
    const played = HandPlayed.begun(setup).answer('during', 'w', 'fail').answer('during', 'next', 'fail').answer('end', 'w', 'fail');
    expect(played.state.halted).toBeNull();
    expect(played.wave('w')).toEqual({ state: 'asking' });

    played.answer('before', 'w', 'pass').answer('end', 'w', 'pass');
    expect(played.wave('w')).toMatchObject({ state: 'running' });
    played.end('a').answer('end', 'w', 'pass').answer('during', 'w', 'fail').answer('before', 'w', 'fail').answer('during', 'w', 'error');
    expect(played.wave('w')).toMatchObject({ state: 'passed' });
    expect(played.state.halted).toBeNull();
  });
});

describe('a bake', () => {
  test('begins once all targets are done, ends at an instant, and then the gate has the last word', () => {
    const played = running({ bakeSeconds: 60 }).later(10).end('a');
    expect(played.told).toEqual([]);

    expect(played.end('b').commands).toEqual([{ type: 'bake', wave: 'w', until: at(70) }]);
    expect(played.wave('w')).toEqual({ state: 'baking', startedAt: at(0), bakeUntil: at(70), unreadable: null });
    expect(played.tick(59.999).told).toEqual([]);
    expect(played.tick(0.001).asked).toEqual(['end w']);
    expect(played.wave('w')).toEqual({ state: 'judging', startedAt: at(0), bakeUntil: at(70) });
    expect(played.later(1).answer('end', 'w', 'pass').told).toEqual(['end-wave', 'promote', 'finish']);
    expect(played.wave('w')).toEqual({
      state: 'passed',
      startedAt: at(0),
      bakeUntil: at(70),
      endedAt: at(71),
      verdict: 'pass',
      reason: 'it is pass',
    });
  });

  test('is none where nothing was deployed, and nobody is asked', () => {
    const played = running({ bakeSeconds: 60, limits: limits({ failureTolerance: 1 }) })
      .end('a', 'unchanged')
      .end('b', 'failed');

    expect(played.wave('w')).toEqual({ state: 'passed', startedAt: at(0), bakeUntil: null, endedAt: at(0), verdict: null, reason: null });
    expect(played.told).toEqual(['end-wave', 'finish']);
  });

  test('is none without a gate', () => {
    const played = HandPlayed.begun(setupOf([{ name: 'w', bakeSeconds: 60, targets: ['a'] }])).end('a');

    expect(played.commands).toContainEqual({ type: 'promote', wave: 'w', targets: ['a'] });
    expect(played.state.outcome).toBe('succeeded');
  });

  test('of no seconds asks for the last word at once', () => {
    expect(running({}, ['a']).end('a').asked).toEqual(['end w']);
  });

  test('goes on while paused and outside the windows', () => {
    const windows = { timezone: 'UTC', allow: [{ days: [4], fromMinute: 0, toMinute: 1 }] };
    const played = HandPlayed.begun(gated({ bakeSeconds: 120 }, ['a'], { windows }))
      .answer('before', 'w', 'pass')
      .end('a')
      .pause();

    expect(played.tick(120).asked).toEqual(['end w']);
    expect(played.answer('end', 'w', 'pass').wave('w')).toMatchObject({ state: 'passed' });
  });

  test('ends with the first red alarm, and the wave goes back', () => {
    const played = baking()
      .later(5)
      .answer('during', 'w', 'fail', [red('a')]);

    expect(played.told).toEqual(['begin-rollback', 'roll-back', 'roll-back']);
    expect(played.state.halted?.reason).toBe('the gate of w failed');
    expect(played.wave('w')).toMatchObject({ state: 'rolling-back', bakeUntil: at(60) });
  });

  test('outlasts an unreadable gate, which the last word decides', () => {
    const played = baking().answer('during', 'w', 'error');
    expect(played.wave('w')).toMatchObject({ state: 'baking', unreadable: 'it is error' });
    expect(played.answer('during', 'w', 'pass').wave('w')).toMatchObject({ unreadable: null });
  });

  test('keeps in mind that the gate could not be read as it began', () => {
    const played = running({ bakeSeconds: 60 }, ['a']).answer('during', 'w', 'error').end('a');

    expect(played.wave('w')).toMatchObject({ state: 'baking', unreadable: 'it is error' });
  });

  test('that is aborted ends at once: nothing is promoted, nothing goes back', () => {
    const played = baking().later(7).abort();

    expect(played.wave('w')).toEqual({
      state: 'failed',
      startedAt: at(0),
      bakeUntil: at(60),
      endedAt: at(7),
      verdict: null,
      reason: 'aborted by bob: wrong release',
    });
    expect(played.told).toEqual(['end-wave', 'finish']);
    expect(played.state.outcome).toBe('aborted');
  });
});

describe('the last word', () => {
  const judging = () => baking().tick(60);

  test('that fails takes the wave back', () => {
    const played = judging().answer('end', 'w', 'fail', [red('a')]);

    expect(played.sentBack).toEqual(['b', 'a']);
    expect(played.state.halted?.kind).toBe('gate');
  });

  test.each(['inconclusive', 'error'] as const)('%s waits for a person, tells it once, and passes on the word', (verdict) => {
    const played = judging().later(1).answer('end', 'w', verdict);
    expect(played.commands).toEqual([{ type: 'undecided-wave', wave: 'w', verdict, reason: `it is ${verdict}` }]);
    expect(played.wave('w')).toEqual({
      state: 'undecided',
      startedAt: at(0),
      bakeUntil: at(60),
      verdict,
      reason: `it is ${verdict}`,
      since: at(61),
    });
    expect(played.later(1).answer('end', 'w', verdict).told).toEqual([]);
    expect(played.wave('w')).toMatchObject({ since: at(61) });
    expect(played.approve('w', 'start').told).toEqual([]);
    expect(played.approve('w', 'undecided', { expiresAt: at(62) }).told).toEqual([]);

    expect(played.approve('w', 'undecided').told).toEqual(['end-wave', 'promote', 'finish']);
    expect(played.wave('w')).toEqual({
      state: 'passed',
      startedAt: at(0),
      bakeUntil: at(60),
      endedAt: at(62),
      verdict,
      reason: `accepted by ann: it is ${verdict}`,
    });
  });

  test('may change while a person is waited for', () => {
    const undecided = () => judging().answer('end', 'w', 'inconclusive');
    expect(undecided().later(1).answer('end', 'w', 'error').wave('w')).toMatchObject({ verdict: 'error', since: at(61) });
    expect(undecided().answer('end', 'w', 'pass').state.outcome).toBe('succeeded');
    expect(undecided().answer('end', 'w', 'fail').sentBack).toEqual(['b', 'a']);
    expect(undecided().answer('during', 'w', 'fail').sentBack).toEqual(['b', 'a']);
  });

  test('is not waited for once it is aborted', () => {
    expect(judging().abort().state.outcome).toBe('aborted');
    const played = judging().answer('end', 'w', 'inconclusive').abort('');
    expect(played.wave('w')).toMatchObject({ state: 'failed', verdict: null, reason: 'aborted by bob' });
    expect(played.told).not.toContain('promote');
  });

  test('of a red alarm while it is judged counts at once', () => {
    const played = judging().answer('during', 'w', 'fail', [red('b')]);

    expect(played.sentBack).toEqual(['b', 'a']);
    expect(played.answer('end', 'w', 'pass').wave('w')).toMatchObject({ state: 'rolling-back' });
  });

  test('approved before it was asked for is none', () => {
    const played = judging().approve('w', 'undecided').answer('end', 'w', 'inconclusive');

    expect(played.wave('w')).toMatchObject({ state: 'undecided' });
    expect(played.state.approvals).toEqual([]);
  });
});

describe('a wave that failures stopped', () => {
  const stopped = (bakeSeconds: number) => running({ bakeSeconds }).end('a').end('b', 'failed');

  test('and that was to bake ends there', () => {
    const played = stopped(60);

    expect(played.told).toEqual(['end-wave', 'finish']);
    expect(played.wave('w')).toMatchObject({ state: 'failed', verdict: null, reason: '1 of 2 targets of w failed, 0 may' });
    expect(played.state.outcome).toBe('failed');
  });

  test('and that has no bake is judged: what it deployed and is healthy need not be done again', () => {
    const played = stopped(0);
    expect(played.asked).toEqual(['end w']);

    expect(played.answer('end', 'w', 'pass').commands).toContainEqual({ type: 'promote', wave: 'w', targets: ['a'] });
    expect(played.wave('w')).toMatchObject({ state: 'failed', verdict: 'pass', reason: '1 of 2 targets of w failed, 0 may' });
    expect(played.state.outcome).toBe('failed');
  });

  test.each(['inconclusive', 'error'] as const)('and is judged %s waits for nobody', (verdict) => {
    const played = stopped(0).answer('end', 'w', verdict);

    expect(played.told).toEqual(['end-wave', 'finish']);
    expect(played.wave('w')).toMatchObject({ state: 'failed', verdict });
  });

  test('and is judged ill goes back', () => {
    expect(stopped(0).answer('end', 'w', 'fail').sentBack).toEqual(['b', 'a']);
  });

  test('and deployed nothing is not judged', () => {
    expect(running({}, ['a']).end('a', 'failed').asked).toEqual([]);
  });
});

describe('the next wave', () => {
  const setup = setupOf([
    { name: 'one', targets: ['a'], gated: true },
    { name: 'two', targets: ['b'], approval: true },
    { name: 'three', targets: ['c'] },
    { name: 'boards', targets: ['x'], stage: 'trailing' },
  ]);

  test('goes once the one before has passed', () => {
    const played = HandPlayed.begun(setup).answer('before', 'one', 'pass').end('a');
    expect(played.wave('two')).toEqual({ state: 'waiting' });

    played.answer('end', 'one', 'pass').approve('two', 'start').end('b');
    expect(played.started).toEqual(['c']);
    expect(played.end('c').started).toEqual(['x']);
    expect(played.end('x').commands).toEqual([
      expect.objectContaining({ type: 'end-wave', wave: 'boards' }),
      { type: 'promote', wave: 'boards', targets: ['x'] },
      { type: 'finish', outcome: 'succeeded' },
    ]);
  });

  test('is cancelled, and the trailing one runs, once one has failed', () => {
    const played = HandPlayed.begun(setup).answer('before', 'one', 'pass').end('a', 'failed');

    expect(played.started).toEqual(['x']);
    expect(played.wave('two')).toEqual({ state: 'cancelled', reason: '1 of 1 target of one failed, 0 may' });
    expect(played.commands).toContainEqual({ type: 'end-wave', wave: 'three', state: played.wave('three') });
    expect(played.end('x').outcomes).toEqual({ a: 'failed', b: 'cancelled', c: 'cancelled', x: 'succeeded' });
    expect(played.wave('boards')).toMatchObject({ state: 'passed' });
    expect(played.state.outcome).toBe('failed');
  });

  test.each<[string, (played: HandPlayed) => HandPlayed]>([
    ['waits', (played) => played.pause()],
    ['was asked about', (played) => played],
    ['is held', (played) => played.answer('before', 'one', 'fail')],
  ])('and every other one is cancelled by an abort while the first %s', (_name, prepare) => {
    const played = prepare(HandPlayed.begun(setup)).abort();

    expect(played.outcomes).toEqual({ a: 'cancelled', b: 'cancelled', c: 'cancelled', x: 'cancelled' });
    expect(played.target('a')).toMatchObject({ error: { code: 'fleet/not-started', message: 'aborted by bob: wrong release' } });
    expect(played.wave('one')).toEqual({ state: 'cancelled', reason: 'aborted by bob: wrong release' });
    expect(played.state.outcome).toBe('aborted');
  });

  test('is cancelled by an abort while it is looked at', () => {
    const played = HandPlayed.begun(gated({}, [target('a', { deployed: true })])).abort();

    expect(played.state.outcome).toBe('aborted');
    expect(played.preview('w', { failed: ['a'] }).outcomes).toEqual({ a: 'cancelled' });
  });

  test('does not start by an abort while one runs, which finishes', () => {
    const played = HandPlayed.begun(setup).answer('before', 'one', 'pass').abort();
    expect(played.outcomes).toMatchObject({ a: 'running', b: 'pending' });

    expect(played.end('a').outcomes).toEqual({ a: 'succeeded', b: 'cancelled', c: 'cancelled', x: 'cancelled' });
    expect(played.asked).toEqual([]);
    expect(played.told).not.toContain('promote');
  });
});

describe('a target whose change takes a person’s word', () => {
  test('holds its wave, gated or not, until somebody gives it', () => {
    for (const gated of [true, false]) {
      const played = HandPlayed.begun(setupOf([{ name: 'w', gated, targets: [target('a', { deployed: true, asksPerson: true }), 'b'] }]));
      expect(played.commands).toEqual([{ type: 'preview-wave', wave: 'w', targets: ['a'] }]);
      played.preview('w', { irreversible: ['a'] });
      expect(played.wave('w')).toMatchObject({ state: 'held', hold: { kind: 'irreversible' } });

      played.approve('w', 'irreversible').answer('before', 'w', 'pass');
      expect(played.wave('w')).toMatchObject({ state: 'running' });
    }
  });
});
