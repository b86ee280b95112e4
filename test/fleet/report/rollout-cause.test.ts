import type { TargetId } from '../../../contracts/target';
import { noChanges, type RedAlarm, type TargetError } from '../../../fleet/ports';
import { causeOf, guiltyFirst, whyOf } from '../../../fleet/report/rollout-cause';
import { setupOf } from '../../../fleet/rollout/core-setup';
import { initialState } from '../../../fleet/rollout/decide';
import type { Outcome, RolloutState, TargetState, WaveState } from '../../../fleet/rollout/state';
import { planOf, smallFleet } from '../plan/plan-fixture';

const plan = planOf(smallFleet());
const canary = 'regional/200000000001/eu-west-1' as TargetId;
const other = plan.targets.find(({ wave }) => wave?.startsWith('rest/'))?.target.id ?? canary;
const at = '2026-01-01T00:00:00.000Z';
const boom: TargetError = { code: 'aws/Boom', message: 'it broke', resource: 'urn:x' };
const red = (target: TargetId, alarm: string, more: Partial<RedAlarm> = {}): RedAlarm => ({
  target,
  alarm,
  since: null,
  cleared: false,
  ...more,
});

const done = (outcome: Outcome, error: TargetError | null = null): TargetState => ({
  state: 'done',
  ...{ outcome, attempts: 2, startedAt: at, endedAt: at, changes: noChanges, error },
});
const failed = (reason: string, alarms?: readonly RedAlarm[]): WaveState => ({
  state: 'failed',
  ...{ startedAt: at, bakeUntil: null, endedAt: at, verdict: alarms ? ('fail' as const) : null, reason, ...(alarms && { red: alarms }) },
});
function stateWith(targets: readonly (readonly [TargetId, TargetState])[], waves: readonly (readonly [string, WaveState])[]): RolloutState {
  const state = initialState(setupOf(plan, new Map()));
  return { ...state, states: new Map([...state.states, ...targets]), waveStates: new Map([...state.waveStates, ...waves]) };
}

describe('the cause of a rollback', () => {
  test("is a target's own red alarms, with since when", () => {
    const alarms = [red(canary, 'orders-a', { since: at }), red(canary, 'orders-b', { cleared: true }), red(other, 'orders-c')];
    const state = stateWith([[canary, done('rolled_back')]], [['canary', failed('3 red alarms', alarms)]]);
    expect(causeOf(state, canary)).toEqual({
      code: 'fleet/gate-failed',
      message: `its alarms orders-a, orders-b (cleared) were red since ${at}`,
      wave: 'canary',
      own: true,
      alarms: [{ alarm: 'orders-a', since: at, cleared: false }, { alarm: 'orders-b', since: null, cleared: true }], // prettier-ignore
    });
  });

  test('is the wave that failed where another target is guilty, though that is a later wave', () => {
    const state = stateWith(
      [[canary, done('rolled_back')]],
      [['rest/eu-west-1', failed('1 red alarm: orders-a', [red(other, 'orders-a')])]],
    );
    expect(causeOf(state, canary)).toMatchObject({ own: false, wave: 'rest/eu-west-1', alarms: [], message: 'taken back with wave rest/eu-west-1: 1 red alarm: orders-a' }); // prettier-ignore
  });

  test.each([
    ['failed by itself and then went back', done('rolled_back', boom), true],
    ['could not go back', done('rollback_failed', boom), false],
    ['has nothing to go back to', done('failed', { ...boom, code: 'fleet/no-good' }), false],
  ])('of a target that %s says whether it is guilty', (_, target, own) => {
    const state = stateWith([[canary, target]], [['canary', failed('red', [red(other, 'orders-a')])]]);
    expect(causeOf(state, canary)).toMatchObject({ own, wave: 'canary' });
  });

  test('of a version on trial is the person who ended the rollout', () => {
    const state = stateWith([[canary, done('rolled_back')]], [['canary', failed('aborted by me@here: enough')]]);
    expect(causeOf(state, canary)).toMatchObject({
      code: 'fleet/aborted',
      message: 'taken back with wave canary: aborted by me@here: enough',
    });
  });

  test('is none of what merely failed, succeeded or was never begun', () => {
    for (const target of [done('failed', boom), done('succeeded'), done('cancelled'), done('skipped', boom)])
      expect(causeOf(stateWith([[canary, target]], [['canary', failed('red', [red(canary, 'orders-a')])]]), canary)).toBeNull();
  });
});

const cause = { code: 'fleet/gate-failed', message: 'taken back with wave canary: red', wave: 'canary', own: false, alarms: [] } as const;

test('what is told of a target is its error, the cause of its way back, or both in one line', () => {
  expect(whyOf({ outcome: 'failed', error: boom, cause: null })).toBe(boom);
  expect(whyOf({ outcome: 'rolled_back', error: null, cause })).toEqual({ code: cause.code, message: cause.message, resource: null });
  expect(whyOf({ outcome: 'rolled_back', error: boom, cause })).toEqual({ ...boom, message: `it broke; ${cause.message}` });
  const stays = { ...boom, code: 'fleet/no-good' };
  expect(whyOf({ outcome: 'failed', error: stays, cause })).toBe(stays);
});

test('the guilty come first, then what went back with them, what waited for them, and the rest as planned', () => {
  const one = (id: string, outcome: Outcome | null, more: Partial<Parameters<typeof whyOf>[0]> = {}) => ({ id, outcome, error: null, cause: null, ...more }); // prettier-ignore
  const planned = [
    one('well', 'succeeded'),
    one('cancelled', 'cancelled', { error: boom }),
    one('skipped', 'skipped', { error: boom }),
    one('back', 'rolled_back', { cause }),
    one('blocked', 'blocked', { error: boom }),
    one('ill', 'rolled_back', { cause: { ...cause, own: true } }),
    one('stuck', 'rollback_failed', { error: boom, cause }),
    one('open', null),
  ];
  expect(guiltyFirst(planned).map(({ id }) => id)).toEqual(['blocked', 'ill', 'stuck', 'back', 'skipped', 'well', 'cancelled', 'open']);
});
