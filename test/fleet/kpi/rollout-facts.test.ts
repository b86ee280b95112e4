import { factsOf } from '../../../fleet/kpi/rollout-facts';
import { at, HandPlayed, id, setupOf, target } from '../rollout/core-fixture';

const plan = { release: 'r1', rollsBack: null };
const factsAfter = ({ state, events }: HandPlayed) => factsOf({ id: '1', plan, state, events });
const changedIn = (played: HandPlayed) => [...factsAfter(played).targets].flatMap(([name, { changed }]) => (changed ? [name] : []));

const gated = (targets: Parameters<typeof setupOf>[0][number]['targets']) => setupOf([{ name: 'w', gated: true, targets }]);
const begun = (...names: Parameters<typeof gated>[0]) => HandPlayed.begun(gated(names)).answer('before', 'w', 'pass');

test('a rollout that went well has no failure; what turned out unchanged is no change', () => {
  const played = begun('a', 'b').later(5).end('a').end('b', 'unchanged').later(5).answer('end', 'w', 'pass');
  const facts = factsAfter(played);

  expect(facts).toMatchObject({ id: '1', release: 'r1', takesBack: null, startedAt: at(0), endedAt: at(10), outcome: 'succeeded', failure: null }); // prettier-ignore
  expect(facts.targets.get(id('a'))).toEqual({ outcome: 'succeeded', changed: true, endedAt: at(5) });
  expect(changedIn(played)).toEqual(['a']);
});

test('what was planned unchanged, cancelled or locked is no change', () => {
  const still = target('still');
  const setup = setupOf(
    [
      { name: 'w', gated: true, targets: ['a', 'b'] },
      { name: 'x', targets: ['c'] },
    ],
    {
      targets: new Map([[still.id, still]]),
    },
  );
  const played = HandPlayed.begun(setup).answer('before', 'w', 'pass').end('a', 'blocked').abort().end('b');
  expect(factsAfter(played).targets.get(id('still'))).toEqual({ outcome: 'unchanged', changed: false, endedAt: null });
  expect(changedIn(played)).toEqual(['b']);
  expect(factsAfter(played)).toMatchObject({ outcome: 'aborted', failure: null });
});

test('a failure is known with the first target that failed, or the first red alarm once a wave runs', () => {
  const failed = begun('a', 'b').later(5).end('a', 'failed').later(5).end('b');
  expect(factsAfter(failed).failure).toEqual({ at: at(5), by: 'target-failed' });

  const red = begun('a').later(5).end('a').later(5).answer('end', 'w', 'fail');
  expect(factsAfter(red)).toMatchObject({ outcome: null, failure: { at: at(10), by: 'gate-failed' } });
  expect(factsAfter(red).targets.get(id('a'))).toEqual({ outcome: null, changed: true, endedAt: null });
  red.later(5).back('a');
  expect(factsAfter(red)).toMatchObject({ outcome: 'rolled_back', endedAt: at(15), failure: { at: at(10), by: 'gate-failed' } });

  const during = begun('a', 'b').later(3).answer('during', 'w', 'fail').later(5).end('a').end('b');
  expect(factsAfter(during).failure).toEqual({ at: at(3), by: 'gate-failed' });
});

test('neither a red alarm before a wave nor one after it is a failure of the rollout', () => {
  const before = HandPlayed.begun(gated(['a'])).answer('before', 'w', 'fail');
  expect(factsAfter(before).failure).toBeNull();
  const late = HandPlayed.begun(setupOf([{ name: 'w', gated: true, targets: ['a'] }, { name: 'x', targets: ['b'] }])); // prettier-ignore
  late.answer('before', 'w', 'pass').end('a').answer('end', 'w', 'pass').answer('during', 'w', 'fail').end('b');
  expect(factsAfter(late)).toMatchObject({ outcome: 'succeeded', failure: null });
});

test('a wave that was let begin on red alarms failed when they were red once it ran', () => {
  const played = HandPlayed.begun(gated(['a']))
    .answer('before', 'w', 'fail')
    .later(60)
    .approve('w', 'red');
  played.later(60).end('a').later(60).answer('end', 'w', 'fail').back('a');
  expect(factsAfter(played)).toMatchObject({ outcome: 'rolled_back', failure: { at: at(180), by: 'gate-failed' } });
});

test('an abort is a failure where it takes something back', () => {
  const kept = begun('a', 'b').later(5).end('a').abort().end('b');
  expect(factsAfter(kept)).toMatchObject({ outcome: 'aborted', failure: null });

  const traffic = { canaryPercent: 10, watchSeconds: 60 };
  const trial = HandPlayed.begun(setupOf([{ name: 'w', gated: true, traffic, targets: [target('a', { shifts: true, deployed: true })] }]));
  trial.preview('w').answer('before', 'w', 'pass').shift('a').later(5).abort().later(5).back('a');
  expect(factsAfter(trial)).toMatchObject({ outcome: 'aborted', failure: { at: at(5), by: 'aborted' } });
});

test('one that died before it wrote a word has not begun', () => {
  expect(factsAfter(new HandPlayed(gated(['a'])))).toMatchObject({ startedAt: null, endedAt: null, outcome: null, failure: null });
});
