import type { TargetId } from '../../../contracts/target';
import type { PlannedWave } from '../../../fleet/plan/rollout-plan';
import type { TargetRecord, TargetRecords } from '../../../fleet/plan/target-record';
import type { GateTarget } from '../../../fleet/ports';
import { setupOf } from '../../../fleet/rollout/core-setup';
import { initialState } from '../../../fleet/rollout/decide';
import { gateQuestion } from '../../../fleet/rollout/gate-question';
import type { CoreTarget, RolloutState, TargetState, WaveState } from '../../../fleet/rollout/state';
import { planOf, recordsAfter, smallFleet } from '../plan/plan-fixture';

import { at, BEGIN, red, updated } from './core-fixture';

const plan = planOf(smallFleet({ accounts: 4, regions: ['eu-west-1'] }));
const found = plan.waves.findLast(({ stage }) => stage === 'waves');
if (!found) throw new Error('the plan has no wave');
const wave: PlannedWave = { ...found, bakeSeconds: 60, minOrders: 100, countSynthetic: true };
const [a, b, c] = wave.targets;
if (a === undefined || b === undefined || c === undefined) throw new Error('the wave is too small');
const health = { composites: ['critical'], children: [], orders: null, synthetic: null };
const records: TargetRecords = new Map([...recordsAfter(plan)].map(([id, record]) => [id, { ...record, health }]));
const without = (id: string, over: Partial<TargetRecord>): TargetRecords =>
  new Map([...records].map(([key, record]) => [key, key === id ? { ...record, ...over } : record]));

const done = (outcome: 'succeeded' | 'failed' | 'unchanged', startedAt = at(5)): TargetState => ({
  ...{ state: 'done', outcome, attempts: 1, startedAt, endedAt: at(9), changes: updated, error: null },
});
const watching: TargetState = {
  state: 'watching',
  attempts: 1,
  startedAt: at(3),
  since: at(8),
  until: at(68),
  changes: updated,
  watch: 'asked',
};
const running: WaveState = { state: 'running', startedAt: BEGIN, bakeUntil: null, unreadable: null, failing: null };

function stateOf(states: Readonly<Record<string, TargetState>>, waveState: WaveState = running): RolloutState {
  const state = initialState(setupOf(plan, records));
  return {
    ...state,
    states: new Map([...state.states].map(([id, one]) => [id, states[id] ?? one])),
    waveStates: new Map([...state.waveStates, [wave.name, waveState]]),
  };
}

/** A state whose setup knows a target otherwise. */
const knowing = (state: RolloutState, id: TargetId, over: Partial<CoreTarget>): RolloutState => ({
  ...state,
  setup: {
    ...state.setup,
    targets: new Map([...state.setup.targets].map(([key, target]) => [key, key === id ? { ...target, ...over } : target])),
  },
});

/** What is asked of each target: since when of alarms, since when of orders. */
const asked = (targets: readonly GateTarget[] | undefined) =>
  Object.fromEntries((targets ?? []).map(({ target, alarmsSince, ordersSince }) => [target.id, [alarmsSince, ordersSince]]));
const name = wave.name;
const none: ReadonlySet<TargetId> = new Set();

describe('before a wave', () => {
  const ask = (known: TargetRecords, watches = wave.watches) =>
    gateQuestion({ moment: 'before', wave: name }, { wave: { ...wave, watches }, state: stateOf({}), records: known, repairs: none });

  test('all that is deployed and watched is asked whether it is red now', () => {
    const question = ask(without(b, { current: null }));

    expect(question).toMatchObject({ demand: 'not-red', minOrders: 100, countSynthetic: true, accepted: [] });
    expect(asked(question?.targets)).toEqual(Object.fromEntries(wave.watches.filter((id) => id !== b).map((id) => [id, [null, null]])));
    expect(question?.targets[0]).toMatchObject({ target: { id: a, layer: 'regional' }, health });
  });

  test('what left the organisation is not asked: nobody could tell whether it is red', () => {
    const state = { ...stateOf({}), departed: new Map([[a, 'it left']]) };
    const question = gateQuestion({ moment: 'before', wave: name }, { wave, state, records, repairs: none });

    expect(Object.keys(asked(question?.targets))).toEqual(wave.watches.filter((id) => id !== a));
  });

  test.each(['during', 'end'] as const)('%s a leading wave neither, where it stands on that; what the wave itself changed is', (moment) => {
    const state = { ...stateOf({ [b]: done('succeeded') }), departed: new Map([a, b].map((id) => [id, 'it left'])) };
    const of = (targets: readonly TargetId[]) =>
      asked(gateQuestion({ moment, wave: name }, { wave: { ...wave, targets, watches: [a, b] }, state, records, repairs: none })?.targets);

    expect(Object.keys(of([]))).toEqual([]);
    expect(Object.keys(of([b]))).toEqual([b]);
  });

  test('nobody is asked where nothing is deployed', () => {
    expect(ask(new Map())).toBeNull();
    expect(ask(records, [])).toBeNull();
  });

  test('what stopped half way and was never good has no alarm that speaks; what was good must have', () => {
    expect(asked(ask(without(a, { health: null, good: null }), [a])?.targets)).toEqual({});
    expect(ask(without(a, { health: null }), [a])?.targets[0]?.health).toBeNull();
    expect(asked(ask(without(a, { good: null }), [a])?.targets)).toEqual({ [a]: [null, null] });
  });
});

describe('while a wave runs', () => {
  const ask = (states: Readonly<Record<string, TargetState>>, watches = wave.watches) =>
    gateQuestion({ moment: 'during', wave: name }, { wave: { ...wave, watches }, state: stateOf(states), records, repairs: none });

  test('its targets on the new release are asked whether they were red since they were begun', () => {
    const question = ask({ [a]: done('succeeded'), [b]: watching, [c]: done('failed') });

    expect(question?.demand).toBe('not-red');
    expect(asked(question?.targets)).toEqual({ [a]: [at(5), null], [b]: [at(3), null] });
  });

  test('nobody is asked while none stands on it', () => {
    expect(ask({ [a]: done('unchanged'), [b]: done('failed') })).toBeNull();
  });

  test('what stands on it, where a layer leads, is asked since the wave began', () => {
    expect(asked(ask({}, [plan.targets[0]?.target.id ?? a])?.targets)).toEqual({ [plan.targets[0]?.target.id ?? a]: [BEGIN, null] });
  });
});

describe('at its end', () => {
  const ask = (waveState: WaveState, states: Readonly<Record<string, TargetState>> = { [a]: done('succeeded') }) =>
    gateQuestion({ moment: 'end', wave: name }, { wave, state: stateOf(states, waveState), records, repairs: none });

  test('all must be healthy, with orders since the bake began', () => {
    const question = ask({ state: 'judging', startedAt: BEGIN, bakeUntil: at(100) });

    expect(question?.demand).toBe('healthy');
    expect(asked(question?.targets)).toEqual({ [a]: [at(5), at(40)] });
  });

  test('only what is red speaks against a wave without a bake', () => {
    const question = ask({ state: 'judging', startedAt: BEGIN, bakeUntil: null });

    expect(question?.demand).toBe('not-red');
    expect(asked(question?.targets)).toEqual({ [a]: [at(5), null] });
  });

  test('a wave that has no such time is asked the same', () => {
    expect(ask({ state: 'waiting' })?.demand).toBe('not-red');
  });
});

describe('a target that was cut short before it was ever good', () => {
  const baking: WaveState = { state: 'judging', startedAt: BEGIN, bakeUntil: at(100) };
  const ask = (
    moment: 'during' | 'end',
    {
      over,
      attempts = 1,
      waveState = baking,
    }: { readonly over: Partial<CoreTarget>; readonly attempts?: number; readonly waveState?: WaveState },
  ) => {
    const state = stateOf({ [a]: { ...done('succeeded'), attempts } }, waveState);
    const question = gateQuestion({ moment, wave: name }, { wave, state: knowing(state, a, over), records, repairs: none });
    return question?.targets.map(({ alarmsSince, redBefore }) => [alarmsSince, redBefore])[0];
  };
  const cutShort = { hasGood: false, deployed: true };

  test('is asked since it is whole; what was red before may stand for the while, and must have cleared in the end', () => {
    expect(ask('during', { over: cutShort })).toEqual([at(9), 'may-stand']);
    expect(ask('end', { over: cutShort })).toEqual([at(9), 'must-clear']);
    expect(ask('end', { over: cutShort, waveState: { ...baking, bakeUntil: null } })).toEqual([at(9), 'must-clear']);
    expect(ask('during', { over: { hasGood: false, deployed: false }, attempts: 2 })).toEqual([at(9), 'may-stand']);
  });

  test('is none that was good before, nor one that is made at once', () => {
    expect(ask('during', { over: { hasGood: true, deployed: true }, attempts: 2 })).toEqual([at(5), 'counts']);
    expect(ask('end', { over: { hasGood: false, deployed: false } })).toEqual([at(5), 'counts']);
  });
});

describe('a trial', () => {
  const ask = (states: Readonly<Record<string, TargetState>>) =>
    gateQuestion({ moment: 'watch', wave: name, target: b }, { wave, state: stateOf(states), records, repairs: none });

  test('must be healthy, with orders since the traffic was shifted', () => {
    const question = ask({ [a]: watching, [b]: watching });

    expect(question?.demand).toBe('healthy');
    expect(asked(question?.targets)).toEqual({ [b]: [at(8), at(8)] });
  });

  test('that is over is only asked how it is', () => {
    expect(asked(ask({ [b]: done('succeeded') })?.targets)).toEqual({ [b]: [null, null] });
  });
});

test('alarms that a person accepted as red are passed over, in that wave', () => {
  const state = { ...stateOf({ [a]: done('succeeded') }), accepted: new Map([[name, [red(a)]], ['other', [red(b)]]]) }; // prettier-ignore

  expect(gateQuestion({ moment: 'during', wave: name }, { wave, state, records, repairs: none })?.accepted).toEqual([red(a)]);
});
