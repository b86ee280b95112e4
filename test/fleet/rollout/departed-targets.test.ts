import type { Departure } from '../../../fleet/discovery/departures';
import type { PlannedTarget, RolloutPlan } from '../../../fleet/plan/rollout-plan';
import { departedTargets, mayStillDeploy } from '../../../fleet/rollout/departed-targets';
import { planOf, smallFleet } from '../plan/plan-fixture';

import { at, hard, HandPlayed, id, limits, setupOf, target } from './core-fixture';

const blocked = (name: string) => ({
  ...{ state: 'done', outcome: 'blocked', attempts: 0, startedAt: null, endedAt: null },
  error: { code: 'fleet/blocked', message: `${name} left`, resource: null },
});

describe('targets that left while nobody drove their rollout', () => {
  test('end blocked with the reason where nothing of them was begun, the rest goes on, and the rollout has not succeeded', () => {
    const played = HandPlayed.begun(setupOf([{ name: 'w', targets: ['a', 'b', 'c'], limits: limits({ maxConcurrent: 1 }) }]));
    played.leave('b');
    expect(played.target('b')).toMatchObject(blocked('b'));
    expect(played.end('a').started).toEqual(['c']);
    expect(played.end('c').state.outcome).toBe('failed');
  });

  test('stay as they are where they run, were begun, are on trial or have ended', () => {
    const played = HandPlayed.begun(setupOf([{ name: 'w', targets: ['runs', 'lost', 'ended', target('tried', { shifts: true })] }], {}));
    played.shift('tried').lose('lost').end('ended');
    const before = played.outcomes;
    played.leave('runs', 'lost', 'ended', 'tried');
    expect(played.outcomes).toEqual(before);
    expect(played.end('lost').outcomes).toMatchObject({ lost: 'succeeded' });
  });

  test('end as soon as it is known that their run never began', () => {
    const played = HandPlayed.begun(setupOf([{ name: 'w', targets: ['a', 'b'], limits: limits({ maxConcurrent: 1 }) }]));
    expect(played.leave('a').target('a')).toMatchObject({ state: 'running' });
    played.lose('a', false);
    expect(played.target('a')).toMatchObject(blocked('a'));
    expect(played.started).toEqual(['b']);
  });

  test('are not started where they are back before their turn comes, and what is back is not blocked', () => {
    const played = HandPlayed.begun(setupOf([{ name: 'w', targets: ['a', 'b'], limits: limits({ maxConcurrent: 1 }) }]));
    played.leave('a').leave();
    expect(played.state.departed.size).toBe(0);
    expect(played.lose('a', false).started).toEqual(['a']);
  });

  test('are all taken at once: what one of them leaves free is not given to another that left as well', () => {
    const played = HandPlayed.begun(
      setupOf([{ name: 'w', targets: ['a', 'b', 'c'], limits: limits({ maxConcurrent: 1 }) }], { windows: null }),
    );
    played.pause().end('a').resume();
    expect(played.started).toEqual(['b']);
    played.pause().lose('b', false).leave('b', 'c');
    expect(played.outcomes).toEqual({ a: 'succeeded', b: 'blocked', c: 'blocked' });
  });

  test('are no failures: no tolerance is spent on them, and what needs them is skipped', () => {
    const needs = target('needs', { dependencies: [hard('b')] });
    const played = HandPlayed.begun(
      setupOf([
        { name: 'w', targets: ['a', 'b', needs], limits: limits({ maxConcurrent: 1, mode: 'strict' }) },
        { name: 'next', targets: ['d'] },
      ]),
    );
    played.leave('b').end('a');
    expect(played.outcomes).toEqual({ a: 'succeeded', b: 'blocked', needs: 'skipped', d: 'running' });
    expect(played.state.halted).toBeNull();
  });

  test('leave a wave of nothing else behind without asking its gate', () => {
    const played = HandPlayed.begun(
      setupOf([
        { name: 'w', targets: ['a'] },
        { name: 'gone', targets: ['b', 'c'], gated: true, bakeSeconds: 60 },
        { name: 'next', targets: ['d'] },
      ]),
    );
    played.leave('b', 'c').end('a').answer('before', 'gone', 'pass');
    expect(played.wave('gone')).toMatchObject({ state: 'passed', verdict: null });
    expect(played.started).toEqual(['d']);
  });

  test('say nothing of targets that no plan has', () => {
    const played = HandPlayed.begun(setupOf([{ name: 'w', targets: ['a'] }])).leave('unknown');
    expect(played.outcomes).toEqual({ a: 'running' });
  });

  test('go back with their wave where this rollout changed them', () => {
    const played = HandPlayed.begun(setupOf([{ name: 'w', targets: ['a', 'b'], gated: true, bakeSeconds: 60 }])).answer(
      'before',
      'w',
      'pass',
    );
    played.end('a').leave('a').end('b');
    played.answer('during', 'w', 'fail');
    expect(played.sentBack).toContain('a');
  });
});

describe('what is written down of them', () => {
  const plan = planOf(smallFleet());
  const first = plan.targets.find(({ stage }) => stage === 'waves')?.target.account ?? '';
  const left: Departure = ({ account }) => (account === first ? 'it left' : null);
  const played = HandPlayed.begun(setupOf([{ name: 'w', targets: plan.targets.map(({ target: { id: name } }) => name) }]));
  const found = (one: RolloutPlan, departed: Departure = left) => departedTargets(one, { state: played.state, departed, at: at(1) });
  const as = (purpose: PlannedTarget['purpose']): RolloutPlan => ({
    ...plan,
    waves: purpose === 'destroy' ? plan.waves.map((wave) => ({ ...wave, watches: [] })) : plan.waves,
    targets: plan.targets.map((one) => ({ ...one, purpose })),
  });

  test.each(['forward', 'rollback', 'repair'] as const)(
    'every target of purpose %s in an account that left, with the reason',
    (purpose) => {
      expect(found(as(purpose))).toEqual({
        type: 'targets-departed',
        at: at(1),
        departed: ['eu-west-1', 'us-east-1'].map((region) => ({ target: id(`regional/${first}/${region}`), reason: 'it left' })),
      });
    },
  );

  test('nothing of what is destroyed: that its account left is no reason to leave it', () => {
    expect(found(as('destroy'))).toBeNull();
    expect(mayStillDeploy(as('destroy'), played.state)).toBe(false);
    expect(mayStillDeploy(plan, played.state)).toBe(true);
  });

  test('nothing where nobody left, and that all are back where some had', () => {
    expect(found(plan, () => null)).toBeNull();
    const state = { ...played.state, departed: new Map([[id(`regional/${first}/eu-west-1`), 'it left']]) };
    expect(departedTargets(plan, { state, departed: () => null, at: at(1) })).toEqual({
      type: 'targets-departed',
      at: at(1),
      departed: [],
    });
  });

  test('those whose alarms a gate would go by as well, though this rollout changes nothing of them', () => {
    const watches = [id('regional/200000000009/eu-west-1')];
    const watching = { ...plan, waves: plan.waves.map((wave) => ({ ...wave, watches })) };
    expect(found(watching, ({ account }) => (account === '200000000009' ? 'it left' : null))?.departed).toEqual([
      { target: 'regional/200000000009/eu-west-1', reason: 'it left' },
    ]);
  });

  test('nothing twice', () => {
    const state = { ...played.state, departed: new Map(found(plan)?.departed.map(({ target: name, reason }) => [name, reason])) };
    expect(departedTargets(plan, { state, departed: left, at: at(1) })).toBeNull();
  });
});
