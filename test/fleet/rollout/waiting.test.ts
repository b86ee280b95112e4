import type { GateAbout, RolloutSetup } from '../../../fleet/rollout/state';
import { activeWave, isNews, nextDeadline, questionsToRepeat, unanswered, waitingFor } from '../../../fleet/rollout/waiting';

import { answerOf, at, HandPlayed, limits, red, setupOf, target, type WaveOf } from './core-fixture';

const one = (wave: Partial<WaveOf> = {}, options: Partial<RolloutSetup> = {}) =>
  setupOf([{ name: 'w', gated: true, targets: ['a'], bakeSeconds: 60, ...wave }], options);
const running = (wave: Partial<WaveOf> = {}) => HandPlayed.begun(one(wave)).answer('before', 'w', 'pass');
const baking = () => running().end('a');
const undecided = () => baking().tick(60).answer('end', 'w', 'inconclusive');
const trial = (...names: readonly string[]): Partial<WaveOf> => ({
  targets: names.map((name) => target(name, { shifts: true })),
  traffic: { canaryPercent: 10, watchSeconds: 60 },
});
const windows = { timezone: 'UTC', allow: [{ days: [4], fromMinute: 1, toMinute: 2 }] };
const stands = { targets: [target('a', { deployed: true }), target('b', { deployed: true })] };
const heldBack = () => {
  const played = HandPlayed.begun(one(stands))
    .preview('w', { irreversible: ['a'] })
    .approve('w', 'irreversible')
    .answer('before', 'w', 'pass');
  return played.end('a').end('b').answer('during', 'w', 'fail');
};
const waits = (played: HandPlayed) => waitingFor(played.state, at(played.seconds));

describe('what a rollout waits for', () => {
  const person = { kind: 'person', wave: 'w', approvable: true, red: false };

  test.each<[string, () => HandPlayed, unknown]>([
    [
      'a person, where the plan asks for one',
      () => HandPlayed.begun(one({ approval: true })),
      { ...person, reason: 'wave w needs approval' },
    ],
    [
      'a person, before alarms that are red',
      () => HandPlayed.begun(one()).answer('before', 'w', 'fail'),
      { ...person, reason: 'it is fail', red: true },
    ],
    [
      'a person, before a gate that cannot be read',
      () => HandPlayed.begun(one()).answer('before', 'w', 'error'),
      { ...person, reason: 'it is error' },
    ],
    [
      'a person, before what cannot be undone',
      () => HandPlayed.begun(one(stands)).preview('w', { irreversible: ['a'] }),
      { ...person, reason: 'cannot be undone: delete of urn:a on a' },
    ],
    ['a person, at the last word', () => undecided(), { ...person, reason: 'inconclusive: it is inconclusive' }],
    [
      'a person, on a way back that cannot be undone',
      () => heldBack().back('b'),
      { ...person, reason: 'the way back cannot be undone either' },
    ],
    [
      'a person, while paused',
      () => new HandPlayed(one()).pause().feed({ type: 'begun' }),
      { ...person, reason: 'paused by bob', approvable: false },
    ],
    [
      'a person, while paused within a wave',
      () =>
        running({ targets: ['a', 'b'], limits: limits({ maxConcurrent: 1 }) })
          .pause()
          .end('a'),
      { ...person, reason: 'paused by bob', approvable: false },
    ],
    [
      'a person, while the gate cannot be read',
      () =>
        running({ targets: ['a', 'b'], limits: limits({ maxConcurrent: 1 }) })
          .answer('during', 'w', 'error')
          .end('a'),
      { ...person, reason: 'its gate cannot be read: it is error', approvable: false },
    ],
    [
      'a person, once all that is on trial is undecided',
      () => running(trial('a', 'b')).shift('a').shift('b').tick(60).watch('a', 'error').watch('b', 'inconclusive'),
      { ...person, reason: 'a version on trial is undecided' },
    ],
    [
      'a person, while a version that passed its trial is held by a pause',
      () => running(trial('a')).shift('a').pause().tick(60).watch('a', 'pass'),
      { ...person, reason: 'paused by bob', approvable: false },
    ],
    ['the end of a bake', () => baking(), { kind: 'time', wave: 'w', reason: 'it bakes', until: at(60) }],
    [
      'the first trial to end, though another one is undecided already and the gate cannot be read',
      () =>
        running(trial('a', 'b', 'c'))
          .shift('a')
          .later(5)
          .shift('b')
          .later(5)
          .shift('c')
          .tick(50)
          .watch('a', 'error')
          .answer('during', 'w', 'error'),
      { kind: 'time', wave: 'w', reason: 'versions are on trial', until: at(65) },
    ],
    ['a window', () => HandPlayed.begun(one({}, { windows })), { kind: 'time', wave: 'w', reason: 'no window is open', until: at(60) }],
    [
      'a window within a wave',
      () =>
        HandPlayed.begun(one({ targets: ['a', 'b'], limits: limits({ maxConcurrent: 1 }) }, { windows }))
          .tick(60)
          .answer('before', 'w', 'pass')
          .later(60)
          .end('a'),
      { kind: 'time', wave: 'w', reason: 'no window is open', until: at(7 * 86_400 + 60) },
    ],
    ['nothing, before it begins', () => new HandPlayed(one()).pause(), null],
    [
      'a person, while paused with a version on trial',
      () => running(trial('a')).shift('a').pause(),
      { ...person, reason: 'paused by bob', approvable: false },
    ],
    [
      'a person, for the one trial that is undecided beside one that has passed',
      () => running(trial('a', 'b')).shift('a').shift('b').pause().tick(60).watch('a', 'error').watch('b', 'pass'),
      { ...person, reason: 'a version on trial is undecided' },
    ],
    ['nothing, while it is looked at', () => HandPlayed.begun(one(stands)), null],
    ['nothing, while the gate is asked', () => HandPlayed.begun(one()), null],
    ['nothing, while something runs, also paused', () => running().pause(), null],
    [
      'nothing, while the gate is asked about a trial, also beside another one',
      () => running(trial('a', 'b')).shift('a').later(5).shift('b').tick(55),
      null,
    ],
    ['nothing, while the last word is asked for', () => baking().tick(60), null],
    ['nothing, while something goes back', () => heldBack(), null],
    ['nothing, once it has ended', () => running().end('a', 'unchanged'), null],
  ])('is %s', (_name, play, expected) => {
    expect(waits(play())).toEqual(expected);
  });
});

describe('the next deadline', () => {
  const deadline = (played: HandPlayed) => nextDeadline(played.state, at(played.seconds));

  test.each<[string, () => HandPlayed, string | null]>([
    ['a bake', () => baking(), at(60)],
    ['a bake whose end passed while nobody looked', () => baking().later(61), at(60)],
    ['the first trial', () => running(trial('a', 'b')).shift('a').later(5).shift('b'), at(60)],
    ['the next trial once the first is asked about', () => running(trial('a', 'b')).shift('a').later(5).shift('b').tick(55), at(65)],
    ['a trial whose end passed while nobody looked', () => running(trial('a')).shift('a').later(99), at(60)],
    ['a window before a wave', () => HandPlayed.begun(one({}, { windows })), at(60)],
    [
      'a window within a wave',
      () =>
        HandPlayed.begun(one({ targets: ['a', 'b'], limits: limits({ maxConcurrent: 1 }) }, { windows }))
          .tick(60)
          .answer('before', 'w', 'pass')
          .later(60),
      at(7 * 86_400 + 60),
    ],
    ['a trial before a window', () => HandPlayed.begun(one({ ...trial('a', 'b'), limits: limits({ maxConcurrent: 1 }) }, { windows })).tick(60).answer('before', 'w', 'pass').later(60).shift('a'), at(180)], // prettier-ignore
    [
      'a window before a wave of which nothing can start, which must begin to end',
      () => {
        const played = HandPlayed.begun(one({ ...stands, limits: limits({ failureTolerance: 9 }) }, { windows })).tick(60);
        return played
          .preview('w', { failed: ['a', 'b'] })
          .later(60)
          .answer('before', 'w', 'pass');
      },
      at(7 * 86_400 + 60),
    ],
    ['a window that opened before a wave while nobody looked', () => HandPlayed.begun(one({}, { windows })).later(61), at(61)],
    [
      'a window that opened within a wave while nobody looked',
      () =>
        HandPlayed.begun(one({ targets: ['a', 'b'], limits: limits({ maxConcurrent: 1 }) }, { windows }))
          .tick(60)
          .answer('before', 'w', 'pass')
          .later(60)
          .end('a')
          .later(7 * 86_400 - 59),
      at(7 * 86_400 + 61),
    ],
  ])('is of %s', (_name, play, expected) => {
    expect(deadline(play())).toBe(expected);
  });

  test.each<[string, () => HandPlayed]>([
    ['a window is open', () => HandPlayed.begun(one({}, { windows })).tick(60)],
    ['a window opened while it was paused', () => HandPlayed.begun(one({}, { windows })).pause().later(61)],
    [
      'a window is open and slots are not',
      () =>
        HandPlayed.begun(one({ targets: ['a', 'b'], limits: limits({ maxConcurrent: 1 }) }, { windows }))
          .tick(60)
          .answer('before', 'w', 'pass'),
    ],
    [
      'a window is open and the gate cannot be read',
      () =>
        HandPlayed.begun(one({ targets: ['a', 'b'], limits: limits({ maxConcurrent: 1 }) }, { windows }))
          .tick(60)
          .answer('before', 'w', 'pass')
          .answer('during', 'w', 'error')
          .end('a'),
    ],
    [
      'a window is open and what is on trial leaves no room',
      () =>
        HandPlayed.begun(
          one({ ...trial('a', 'b'), limits: limits({ mode: 'strict' }), traffic: { canaryPercent: 10, watchSeconds: 0 } }, { windows }),
        )
          .tick(60)
          .answer('before', 'w', 'pass')
          .shift('a')
          .watch('a', 'error'),
    ],
    [
      'there are no windows',
      () => HandPlayed.begun(one({ targets: ['a', 'b'], limits: limits({ maxConcurrent: 1 }) })).answer('before', 'w', 'pass'),
    ],
    ['it has not begun', () => new HandPlayed(one({}, { windows }))],
    ['all of a wave has started', () => HandPlayed.begun(one({}, { windows })).tick(60).answer('before', 'w', 'pass').later(60)],
    [
      'what waits for no window is a dashboard',
      () => HandPlayed.begun(one({ stage: 'trailing', gated: false, approval: true }, { windows })).pause(),
    ],
    ['a wave is held', () => HandPlayed.begun(one({ approval: true }))],
    [
      'what is on trial is to go back',
      () =>
        running({ ...trial('a', 'b') })
          .shift('a')
          .answer('during', 'w', 'fail'),
    ],
    [
      'it was aborted',
      () =>
        running({ ...trial('a', 'b') })
          .shift('a')
          .abort(),
    ],
    ['it has ended', () => running().end('a', 'unchanged')],
  ])('is none where %s', (_name, play) => {
    expect(deadline(play())).toBeNull();
  });

  test('is of no trailing wave outside the windows', () => {
    const played = new HandPlayed(one({ stage: 'trailing', gated: false }, { windows })).pause().feed({ type: 'begun' });
    expect(deadline(played)).toBeNull();
  });

  test('looked at as late as may be, is behind: no deadline comes twice', () => {
    for (const played of [baking(), running(trial('a')).shift('a'), HandPlayed.begun(one({}, { windows }))]) {
      const until = deadline(played);
      expect(deadline(played.tick(3600))).not.toBe(until);
    }
  });
});

describe('what was asked and not answered', () => {
  test.each<[string, () => HandPlayed, readonly unknown[]]>([
    [
      'a preview, of what stands',
      () => HandPlayed.begun(one({ targets: [...stands.targets, 'c'] })),
      [{ type: 'preview-wave', wave: 'w', targets: ['a', 'b'] }],
    ],
    ['the gate before', () => HandPlayed.begun(one()), [{ type: 'ask-gate', about: { moment: 'before', wave: 'w' } }]],
    ['the last word', () => baking().tick(60), [{ type: 'ask-gate', about: { moment: 'end', wave: 'w' } }]],
    [
      'every trial that is over',
      () =>
        running(trial('a', 'b', 'c'))
          .shift('a')
          .shift('b')
          .later(5)
          .shift('c')
          .tick(55),
      ['a', 'b'].map((name) => ({ type: 'ask-gate', about: { moment: 'watch', wave: 'w', target: name } })),
    ],
    ['nothing of a run', () => running(), []],
    ['nothing of a bake', () => baking(), []],
  ])('is %s', (_name, play, expected) => {
    expect(unanswered(play().state)).toEqual(expected);
  });

  test('is just what had been commanded', () => {
    for (const played of [
      HandPlayed.begun(one(stands)),
      HandPlayed.begun(one()),
      baking().tick(60),
      running(trial('a')).shift('a').tick(60),
    ])
      expect(unanswered(played.state)).toEqual(played.commands.filter(({ type }) => type === 'preview-wave' || type === 'ask-gate'));
  });
});

describe('the questions to repeat', () => {
  test.each<[string, () => HandPlayed, readonly GateAbout[]]>([
    ['while a wave runs', () => running(), [{ moment: 'during', wave: 'w' }]],
    ['while it bakes', () => baking(), [{ moment: 'during', wave: 'w' }]],
    [
      'while trials are undecided, also of these',
      () =>
        running(trial('a', 'b', 'c'))
          .shift('a')
          .shift('b')
          .shift('c')
          .tick(60)
          .watch('b', 'error'),
      [
        { moment: 'during', wave: 'w' },
        { moment: 'watch', wave: 'w', target: target('b').id },
      ],
    ],
    ['while red alarms hold it', () => HandPlayed.begun(one()).answer('before', 'w', 'fail'), [{ moment: 'before', wave: 'w' }]],
    ['while an unreadable gate holds it', () => HandPlayed.begun(one()).answer('before', 'w', 'error'), [{ moment: 'before', wave: 'w' }]],
    ['while the last word is undecided', () => undecided(), [{ moment: 'end', wave: 'w' }]],
    ['and none while a person holds it', () => HandPlayed.begun(one({ approval: true })), []],
    ['and none while the first answer is awaited', () => HandPlayed.begun(one()), []],
    ['and none before it may begin', () => HandPlayed.begun(one({}, { windows })), []],
    ['and none on the way back', () => heldBack(), []],
    ['and none of a wave without a gate', () => HandPlayed.begun(one({ gated: false })), []],
    ['and none at the end', () => running().end('a', 'unchanged'), []],
  ])('%s', (_name, play, expected) => {
    expect(questionsToRepeat(play().state)).toEqual(expected);
  });
});

describe('an answer to a repeated question is news', () => {
  const verdicts = ['pass', 'fail', 'inconclusive', 'error'] as const;
  const newsOf = (played: HandPlayed, about: GateAbout) => verdicts.filter((verdict) => isNews(played.state, about, answerOf(verdict)));
  const during: GateAbout = { moment: 'during', wave: 'w' };
  const before: GateAbout = { moment: 'before', wave: 'w' };
  const end: GateAbout = { moment: 'end', wave: 'w' };
  const watch: GateAbout = { moment: 'watch', wave: 'w', target: target('a').id };

  test.each<[string, () => HandPlayed, GateAbout, readonly string[]]>([
    ['a wave that runs', () => running(), during, ['fail', 'error']],
    ['a wave that runs, unreadable', () => running().answer('during', 'w', 'error'), during, ['pass', 'fail', 'inconclusive']],
    ['a wave that is failing already', () => running().answer('during', 'w', 'fail'), during, ['error']],
    ['a bake', () => baking(), during, ['fail', 'error']],
    ['a bake, unreadable', () => baking().answer('during', 'w', 'error'), during, ['pass', 'fail', 'inconclusive']],
    ['a wave that is judged meanwhile', () => baking().tick(60), during, ['fail']],
    ['a wave that is undecided meanwhile', () => undecided(), during, ['fail']],
    ['a wave that goes back', () => heldBack(), during, []],
    ['a wave held by red alarms', () => HandPlayed.begun(one()).answer('before', 'w', 'fail'), before, ['pass', 'inconclusive', 'error']],
    [
      'a wave held by an unreadable gate',
      () => HandPlayed.begun(one()).answer('before', 'w', 'error'),
      before,
      ['pass', 'fail', 'inconclusive'],
    ],
    ['a wave that runs meanwhile, of its start', () => running(), before, []],
    ['a last word that is inconclusive', () => undecided(), end, ['pass', 'fail', 'error']],
    ['a last word that is an error', () => undecided().answer('end', 'w', 'error'), end, ['pass', 'fail', 'inconclusive']],
    ['a wave that runs, of its end', () => running(), end, []],
    ['a trial that is undecided', () => running(trial('a')).shift('a').tick(60).watch('a', 'error'), watch, ['pass', 'fail']],
    ['a trial that goes on', () => running(trial('a')).shift('a'), watch, []],
    ['a trial that is over', () => running(trial('a')), watch, []],
  ])('of %s', (_name, play, about, expected) => {
    expect(newsOf(play(), about)).toEqual(expected);
  });

  test.each<[string, boolean, ReturnType<typeof red>[]]>([
    ['others', true, [red('a'), red('c')]],
    ['more of them', true, [red('a'), red('b'), red('c')]],
    ['fewer of them', true, [red('a')]],
    ['others of the same target', true, [red('a'), red('b', 'latency')]],
    ['the same, listed otherwise', false, [red('b'), red('a')]],
    ['the same, cleared meanwhile', false, [red('a'), { ...red('b'), cleared: true, since: at(0) }]],
  ])('where red alarms hold a wave and %s are red: %s', (_name, expected, ill) => {
    const played = HandPlayed.begun(one()).answer('before', 'w', 'fail', [red('a'), red('b')]);

    expect(isNews(played.state, before, answerOf('fail', ill))).toBe(expected);
  });
});

test('the active wave is the first that is not behind us', () => {
  const setup = setupOf([{ name: 'w', targets: ['a'] }, { name: 'v', targets: ['b'] }]); // prettier-ignore
  const played = HandPlayed.begun(setup);
  expect(activeWave(played.state)?.name).toBe('w');
  expect(activeWave(played.end('a').state)?.name).toBe('v');
  expect(activeWave(played.end('b').state)).toBeUndefined();

  const stopped = setupOf([
    ...['w', 'v'].map((name) => ({ name, targets: [name] })),
    { name: 'boards', stage: 'trailing', targets: ['x'] },
  ]);
  expect(activeWave(HandPlayed.begun(stopped).end('w', 'failed').state)?.name).toBe('boards');
});
