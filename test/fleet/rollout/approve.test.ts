import { approvalFor } from '../../../fleet/rollout/approve';
import type { Approval } from '../../../fleet/rollout/state';
import { waitingFor } from '../../../fleet/rollout/waiting';

import { at, HandPlayed, limits, red, setupOf, target, type WaveOf } from './core-fixture';

const ask = (
  played: HandPlayed,
  more: { readonly wave?: string | null; readonly acceptRed?: boolean; readonly expiresAt?: string; readonly by?: string } = {},
) => approvalFor(played.state, { wave: null, acceptRed: false, by: 'ann', at: at(played.seconds), expiresAt: at(9000), ...more });
const refusal = (answer: Approval | { readonly refused: string }) => ('refused' in answer ? answer.refused : answer);
const one = (wave: Partial<WaveOf> = {}) => setupOf([{ name: 'w', gated: true, targets: ['a'], ...wave }]);
const stands = { targets: [target('a', { deployed: true })] };
const trial: Partial<WaveOf> = {
  targets: ['a', 'b'].map((name) => target(name, { shifts: true })),
  traffic: { canaryPercent: 10, watchSeconds: 60 },
};
const parts = setupOf([
  { name: 'first', targets: ['x'] },
  { name: 'rest/1', group: 'rest', targets: ['a'], approval: true },
  { name: 'rest/2', group: 'rest', targets: ['b'], gated: true },
]);
const regions = setupOf([
  { name: 'first', targets: ['x'] },
  ...[1, 2, 3].map((part) => ({ name: `rest/${part}`, group: 'rest', targets: [`t${part}`], approval: true })),
  { name: 'last', targets: ['z'], approval: true },
]);
const say = (played: HandPlayed, more: Parameters<typeof ask>[1] = {}) =>
  played.feed({ type: 'approved', approval: ask(played, more) as Approval, message: null });

describe('a yes is to what a wave waits for', () => {
  test.each<[string, () => HandPlayed, string, boolean?]>([
    ['the start that the plan asks a person for', () => HandPlayed.begun(one({ approval: true })), 'start'],
    ['operations that cannot be undone', () => HandPlayed.begun(one(stands)).preview('w', { irreversible: ['a'] }), 'irreversible'],
    ['red alarms', () => HandPlayed.begun(one()).answer('before', 'w', 'fail'), 'red', true],
    ['a gate that cannot be read', () => HandPlayed.begun(one()).answer('before', 'w', 'error'), 'gate-error'],
    ['the last word', () => HandPlayed.begun(one()).answer('before', 'w', 'pass').end('a').answer('end', 'w', 'error'), 'undecided'],
    ['a trial', () => HandPlayed.begun(one(trial)).answer('before', 'w', 'pass').shift('b').tick(60).watch('b', 'error'), 'undecided'],
    [
      'a way back that cannot be undone',
      () =>
        HandPlayed.begun(one({ targets: [...stands.targets, 'b'] }))
          .preview('w', { irreversible: ['a'] })
          .approve('w', 'irreversible')
          .answer('before', 'w', 'pass')
          .end('a')
          .end('b')
          .answer('end', 'w', 'fail'),
      'rollback',
    ],
  ])('%s', (_name, play, subject, acceptRed = false) => {
    const played = play();
    const approval = ask(played, { acceptRed });

    expect(approval).toEqual({ wave: 'w', subject, by: 'ann', at: at(played.seconds), expiresAt: at(9000) });
    const before = played.state;
    played.feed({ type: 'approved', approval: approval as Approval, message: null });
    expect(played.state.approvals).toEqual([]);
    expect(played.commands).not.toEqual([]);
    expect(played.state.waveStates).not.toBe(before.waveStates);
  });
});

describe('nobody can say yes', () => {
  test.each<[string, () => HandPlayed, Parameters<typeof ask>[1], string]>([
    ['after the end', () => HandPlayed.begun(one()).abort(), {}, 'this rollout has ended (aborted): there is nothing to approve'],
    [
      'for no time',
      () => HandPlayed.begun(one({ approval: true })).later(5),
      { expiresAt: at(5) },
      `the approval would have expired at ${at(5)} already`,
    ],
    [
      'to what is no wave',
      () => HandPlayed.begun(parts),
      { wave: 'rset' },
      'wave rset is no wave of this rollout, or is over; waves that ask for approval: rest',
    ],
    [
      'to what is no wave, where none asks',
      () => HandPlayed.begun(one()),
      { wave: 'x' },
      'wave x is no wave of this rollout, or is over; waves that ask for approval: none',
    ],
    ['to a wave that asks nobody', () => HandPlayed.begun(parts), { wave: 'first' }, 'wave first waits for no approval'],
    ['to a wave that runs', () => HandPlayed.begun(one()).answer('before', 'w', 'pass'), {}, 'wave w waits for no approval'],
    [
      'to a wave that bakes',
      () =>
        HandPlayed.begun(one({ bakeSeconds: 60 }))
          .answer('before', 'w', 'pass')
          .end('a'),
      {},
      'wave w waits for no approval',
    ],
    ['to a wave that is looked at', () => HandPlayed.begun(one(stands)), {}, 'wave w waits for no approval'],
    ['to a wave that is judged', () => HandPlayed.begun(one()).answer('before', 'w', 'pass').end('a'), {}, 'wave w waits for no approval'],
    [
      'to a trial that nobody decided yet',
      () => HandPlayed.begun(one(trial)).answer('before', 'w', 'pass').shift('b').tick(60),
      {},
      'wave w waits for no approval',
    ],
    [
      'to a way back that needs none',
      () => HandPlayed.begun(one()).answer('before', 'w', 'pass').end('a').answer('end', 'w', 'fail'),
      {},
      'wave w waits for no approval',
    ],
    [
      'to red alarms without saying so',
      () => HandPlayed.begun(one()).answer('before', 'w', 'fail', [red('a')]),
      {},
      'wave w has red alarms before it began (it is fail): repair them, or approve with --accept-red',
    ],
    ['to a wave that is over', () => HandPlayed.begun(parts).end('x'), { wave: 'first' }, 'wave first waits for no approval'],
    [
      'to a start that waits only for its gate again',
      () =>
        HandPlayed.begun(one({ approval: true }))
          .approve('w', 'start')
          .pause()
          .answer('before', 'w', 'pass'),
      {},
      `wave w was approved already, by ann at ${at(0)}`,
    ],
  ])('%s', (_name, play, more, expected) => {
    expect(refusal(ask(play(), more))).toBe(expected);
  });

  test('twice, to what waits still or runs already', () => {
    const played = HandPlayed.begun(parts).later(3).approve('rest/1', 'start');
    const already = `wave rest/1 was approved already, by ann at ${at(3)}`;
    expect(refusal(ask(played, { wave: 'rest/1' }))).toBe(already);
    // The rest of it has not been.
    expect(ask(played, { wave: 'rest' })).toMatchObject({ wave: 'rest' });

    expect(refusal(ask(played.end('x'), { wave: 'rest/1' }))).toBe(already);
  });

  test('twice, unless the first yes has expired', () => {
    const played = HandPlayed.begun(parts)
      .approve('rest', 'start', { expiresAt: at(10) })
      .later(9);
    for (const wave of ['rest', 'rest/1', null])
      expect(refusal(ask(played, { wave }))).toBe(`wave rest was approved already, by ann at ${at(0)}`);

    expect(ask(played.later(1), { wave: 'rest' })).toMatchObject({ wave: 'rest', subject: 'start' });
  });

  test('twice to one thing, but to each that comes', () => {
    const wave: Partial<WaveOf> = { ...trial, limits: limits() };
    const played = HandPlayed.begun(one(wave)).answer('before', 'w', 'pass').shift('a').shift('b').tick(60).watch('a', 'error');
    played.feed({ type: 'approved', approval: ask(played) as Approval, message: null });
    expect(refusal(ask(played))).toBe(`wave w was approved already, by ann at ${at(60)}`);

    expect(ask(played.later(1).watch('b', 'error'))).toMatchObject({ subject: 'undecided' });
  });
});

describe('of a configured wave in parts', () => {
  const states = (played: HandPlayed) => regions.waves.map(({ name }) => played.wave(name)?.state);

  test('each part asks, and a yes to one is none to the next', () => {
    const played = HandPlayed.begun(regions).end('x');
    say(played, { wave: 'rest/1' });
    expect(states(played)).toEqual(['passed', 'running', 'waiting', 'waiting', 'waiting']);

    expect(states(played.end('t1'))).toEqual(['passed', 'passed', 'held', 'waiting', 'waiting']);
    expect(ask(played)).toMatchObject({ wave: 'rest', subject: 'start' });
    say(played, { wave: 'rest/2' }).end('t2');
    expect(states(played)).toEqual(['passed', 'passed', 'passed', 'held', 'waiting']);
  });

  test.each<[string, string | null]>([
    ['by its name', 'rest'],
    ['by none', null],
  ])('a yes to it %s is one to each of its parts, and to nothing else', (_name, wave) => {
    const played = say(HandPlayed.begun(regions).end('x'), { wave });
    expect(played.state.approvals).toHaveLength(1);
    expect(states(played.end('t1').end('t2'))).toEqual(['passed', 'passed', 'passed', 'running', 'waiting']);
    expect(refusal(ask(played, { wave: 'rest' }))).toBe(`wave rest was approved already, by ann at ${at(0)}`);

    expect(states(played.end('t3'))).toEqual(['passed', 'passed', 'passed', 'passed', 'held']);
    expect(ask(played)).toMatchObject({ wave: 'last', subject: 'start' });
  });

  test('a yes to it ends when it expires, between its parts too', () => {
    const played = say(HandPlayed.begun(regions).end('x'), { wave: 'rest', expiresAt: at(10) });
    expect(states(played.later(10).end('t1'))).toEqual(['passed', 'passed', 'held', 'waiting', 'waiting']);

    say(played, { wave: 'rest' });
    expect(states(played.end('t2'))).toEqual(['passed', 'passed', 'passed', 'running', 'waiting']);
  });

  test('a yes to one part in advance stays for just that', () => {
    const played = say(HandPlayed.begun(regions), { wave: 'rest/2' }).end('x');
    expect(states(played)).toEqual(['passed', 'held', 'waiting', 'waiting', 'waiting']);

    say(played, { wave: 'rest/1' }).end('t1');
    expect(states(played)).toEqual(['passed', 'passed', 'running', 'waiting', 'waiting']);
    expect(states(played.end('t2'))).toEqual(['passed', 'passed', 'passed', 'held', 'waiting']);
  });

  test('a yes to it is none to what holds one of its parts later', () => {
    const gated = setupOf(
      [1, 2].map((part) => ({ name: `rest/${part}`, group: 'rest', targets: [`t${part}`], approval: true, gated: true })),
    );
    const played = say(HandPlayed.begun(gated), { wave: 'rest' }).answer('before', 'rest/1', 'fail', [red('t1')]);

    expect(played.wave('rest/1')).toMatchObject({ state: 'held', hold: { kind: 'red' } });
    expect(ask(played, { wave: 'rest', acceptRed: true })).toMatchObject({ wave: 'rest/1', subject: 'red' });
    say(played, { wave: 'rest', acceptRed: true })
      .end('t1')
      .answer('end', 'rest/1', 'pass')
      .answer('before', 'rest/2', 'fail', [red('t2')]);
    expect(played.wave('rest/2')).toMatchObject({ state: 'held', hold: { kind: 'red' } });
  });

  test('an approval of an older journal, of its first part, is one of that alone', () => {
    const played = HandPlayed.begun(regions).approve('rest/1', 'start').end('x').end('t1');
    expect(states(played)).toEqual(['passed', 'passed', 'held', 'waiting', 'waiting']);
    // There only the first part asked.
    expect(HandPlayed.begun(parts).approve('rest/1', 'start').end('x').end('a').wave('rest/2')).toMatchObject({ state: 'asking' });
  });
});

describe('a yes', () => {
  test('to no wave by name is to the one that waits, else to the next that will ask', () => {
    const played = HandPlayed.begun(parts);
    expect(ask(played)).toMatchObject({ wave: 'rest', subject: 'start' });

    played.end('x').approve('rest/1', 'start').end('a').answer('before', 'rest/2', 'error');
    expect(ask(played)).toMatchObject({ wave: 'rest/2', subject: 'gate-error' });
    expect(refusal(ask(played.answer('before', 'rest/2', 'pass')))).toBe('wave rest/2 waits for no approval');
  });

  test('to a configured wave is to the part of it that waits', () => {
    const played = HandPlayed.begun(parts).end('x').approve('rest/1', 'start').end('a').answer('before', 'rest/2', 'error');

    expect(ask(played, { wave: 'rest' })).toMatchObject({ wave: 'rest/2', subject: 'gate-error' });
    expect(refusal(ask(played.answer('before', 'rest/2', 'pass'), { wave: 'rest' }))).toBe('wave rest/2 waits for no approval');
    const over = setupOf([
      { name: 'rest/1', group: 'rest', targets: ['a'], approval: true },
      { name: 'last', targets: ['z'] },
    ]);
    expect(refusal(ask(HandPlayed.begun(over).approve('rest/1', 'start').end('a'), { wave: 'rest' }))).toBe(
      `wave rest/1 was approved already, by ann at ${at(0)}`,
    );
  });

  test('to a configured wave finds the part that will ask, not just the first', () => {
    const setup = setupOf([
      { name: 'rest/1', group: 'rest', targets: ['a'], gated: true },
      { name: 'rest/2', group: 'rest', targets: ['b'], approval: true },
    ]);

    expect(ask(HandPlayed.begun(setup), { wave: 'rest' })).toMatchObject({ wave: 'rest', subject: 'start' });
    expect(ask(HandPlayed.begun(setup), { wave: 'rest/2' })).toMatchObject({ wave: 'rest/2', subject: 'start' });
  });

  test('to one wave is none to another one that asks', () => {
    const setup = setupOf(['one', 'two'].map((name) => ({ name, targets: [name], approval: true })));
    const played = HandPlayed.begun(setup).approve('two', 'start');

    expect(ask(played)).toMatchObject({ wave: 'one', subject: 'start' });
    expect(refusal(ask(played, { wave: 'three' }))).toBe(
      'wave three is no wave of this rollout, or is over; waves that ask for approval: one, two',
    );
  });

  test('to a wave that waits comes before one to a wave that will ask', () => {
    const setup = setupOf([
      { name: 'one', gated: true, targets: ['a'] },
      { name: 'two', targets: ['b'], approval: true },
    ]);

    expect(ask(HandPlayed.begun(setup).answer('before', 'one', 'error'))).toMatchObject({ wave: 'one' });
    expect(ask(HandPlayed.begun(setup))).toMatchObject({ wave: 'two' });
  });
});

describe('a wave that says whose approval counts', () => {
  const approvers = { required: 2, by: ['fleet/approvers', 'leads'], expiresSeconds: 100 };
  const begun = () => HandPlayed.begun(one({ approval: true, approvers }), 'leads/ann');
  const by = (person: string) => ({ by: person });

  test('starts once as many different persons of those roles as it asks for have said yes', () => {
    const played = begun();
    say(played, by('leads/bob'));
    expect([played.asked, waitingFor(played.state, at(0))]).toEqual([
      [],
      expect.objectContaining({
        reason:
          'wave w needs approval by 2 different persons of role fleet/approvers or leads, not the one who began it: leads/bob has approved, 1 more must',
        approvals: { required: 2, by: ['fleet/approvers', 'leads'], given: ['leads/bob'], missing: 1 },
      }),
    ]);
    expect(refusal(ask(played, by('leads/bob')))).toBe(`wave w was approved already, by leads/bob at ${at(0)}`);
    say(played, by('approvers/eve'));
    expect(played.asked).toEqual(['before w']);
    expect(played.state.approvals).toEqual([]);
  });

  test.each([
    ['who began it', 'leads/ann', 'leads/ann began this rollout: somebody else must approve it'],
    ['of another role', 'operators/bob', 'operators/bob has role operators, and only fleet/approvers, leads may approve this wave'],
    ['whose role nobody knows', 'bob@laptop', /^bob@laptop is nobody whose role is known, and the wave asks for 2 different persons/],
  ])('refuses the word of one %s, and does not count it where it was written down all the same', (_who, person, reason) => {
    const played = begun();
    expect(refusal(ask(played, by(person)))).toEqual(typeof reason === 'string' ? reason : expect.stringMatching(reason));
    const forged: Approval = { wave: 'w', subject: 'start', by: person, at: at(0), expiresAt: at(50) };
    played.feed({ type: 'approved', approval: forged, message: null });
    say(played, by('leads/bob'));
    expect(played.asked).toEqual([]);
  });

  test('never counts one person twice, whoever wrote that down', () => {
    const played = begun();
    for (const seconds of [50, 51]) {
      const approval: Approval = { wave: 'w', subject: 'start', by: 'leads/bob', at: at(0), expiresAt: at(seconds) };
      played.feed({ type: 'approved', approval, message: null });
    }
    expect(played.asked).toEqual([]);
  });

  test('knows of nobody who began it until it has begun', () => {
    const waits = new HandPlayed(one({ approval: true, approvers }));
    expect(refusal(ask(waits, by('leads/bob')))).toBe('this rollout has not begun yet: approve it once it has');
  });

  test('counts an approval no longer than it says, and takes both of one configured wave for each of its parts', () => {
    expect(ask(begun(), by('leads/bob'))).toMatchObject({ expiresAt: at(100) });
    const two = HandPlayed.begun(
      setupOf([1, 2].map((part) => ({ name: `rest/${part}`, group: 'rest', targets: [`t${part}`], approval: true, approvers }))),
      'leads/ann',
    );
    say(two, { ...by('leads/bob'), wave: 'rest' });
    say(two, { ...by('leads/eve'), wave: 'rest/1' });
    expect(two.started).toEqual(['t1']);
    two.end('t1');
    expect(two.started).toEqual([]);
    say(two, by('approvers/eve'));
    expect(two.started).toEqual(['t2']);
  });

  test('asks one such person for whatever holds it later', () => {
    const played = begun();
    say(played, by('leads/bob'));
    say(played, by('leads/eve'));
    played.answer('before', 'w', 'fail');
    expect(refusal(ask(played, { ...by('leads/ann'), acceptRed: true }))).toMatch(/began this rollout/);
    say(played, { ...by('leads/bob'), acceptRed: true });
    expect(played.started).toEqual(['a']);
  });
});
