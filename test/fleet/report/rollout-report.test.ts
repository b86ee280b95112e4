import fc from 'fast-check';

import { noChanges, type GateAnswer } from '../../../fleet/ports';
import { reportOf, standingOf } from '../../../fleet/report/rollout-report';
import { setupOf } from '../../../fleet/rollout/core-setup';
import { decide, initialState } from '../../../fleet/rollout/decide';
import type { RolloutEvent, RolloutState } from '../../../fleet/rollout/state';
import { planOf, recordsAfter, smallFleet } from '../plan/plan-fixture';
import { playRollout } from '../rollout/simulate-core';

import { reportSchema } from './report-schema';

const fleet = smallFleet({ fleet: (text) => text.replace('mode: strict', 'mode: soft') });
const plan = planOf(fleet);
const setup = setupOf(plan, new Map());
const first = 'regional/200000000001/eu-west-1';
const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
const passed: GateAnswer = { verdict: 'pass', reason: 'all green', red: [], orders: null };

/** Goes on with a rollout second by second, every run succeeding, until `until` holds of its state. */
function goOn(from: RolloutState, until: (state: RolloutState) => boolean): { readonly state: RolloutState; readonly second: number } {
  let state = from;
  let second = 1;
  for (; !until(state); second += 1) {
    const asking = [...state.waveStates].find(([, wave]) => wave.state === 'asking')?.[0];
    const running = [...state.states].find(([, target]) => target.state === 'running')?.[0];
    const event: RolloutEvent | undefined =
      asking !== undefined
        ? { type: 'gate-answered', at: at(second), about: { moment: 'before', wave: asking }, answer: passed }
        : running !== undefined
          ? {
              type: 'target-ended',
              at: at(second),
              target: running,
              outcome: 'succeeded',
              engineRuns: 1,
              changes: { ...noChanges, create: 3 },
              error: null,
            }
          : [...state.waveStates].flatMap(([wave, { state: where }]): RolloutEvent[] =>
              where === 'judging' ? [{ type: 'gate-answered', at: at(second), about: { moment: 'end', wave }, answer: passed }] : [],
            )[0];
    if (!event) throw new Error('nothing is under way');
    state = decide(state, event).state;
  }
  return { state, second };
}

describe('a report', () => {
  test('holds to its schema at any moment of any rollout', () => {
    fc.assert(
      fc.property(fc.infiniteStream(fc.nat(1_000_000)), fc.nat(60), (numbers, wildSteps) => {
        let calm = 0;
        playRollout(setup, {
          choose: (below) => (calm > wildSteps ? 0 : (numbers.next().value ?? 0) % below),
          wildSteps,
          observe: ({ state, event }) => {
            calm += 1;
            reportSchema.parse(reportOf('r', plan, { state, at: event.at }));
          },
        });
      }),
      { numRuns: 25 },
    );
  });

  test('of a rollout that did not start has every changed target pending, and the others unchanged', () => {
    const records = recordsAfter(plan);
    const changed = planOf({ ...smallFleet({ fleet: (text) => text.replace('memoryMb: 1024', 'memoryMb: 512') }), records });
    const report = reportSchema.parse(reportOf('r', changed, { state: initialState(setupOf(changed, records)), at: at(0) }));

    expect(report).toMatchObject({
      outcome: null,
      startedAt: null,
      endedAt: null,
      waiting: null,
      counts: { total: 12, unchanged: 2, succeeded: 0 },
    });
    expect(new Set(report.targets.filter((one) => one.layer === 'regional').map((one) => one.state))).toEqual(new Set(['pending']));
    expect(report.targets.filter((one) => one.layer === 'foundation')).toEqual(
      Array(2).fill(expect.objectContaining({ state: 'done', outcome: 'unchanged', wave: null, attempts: 0, startedAt: null })),
    );
  });

  test('says when a target ran, how often, what it changed and why it failed', () => {
    const begun = decide(initialState(setup), { type: 'begun', at: at(0) }).state;
    const { state: running, second } = goOn(begun, (state) =>
      [...state.states].some(([id, target]) => id === first && target.state === 'running'),
    );
    const { state } = decide(running, {
      type: 'target-ended',
      at: at(second),
      target: plan.targets.find(({ target }) => target.id === first)?.target.id ?? ('' as never),
      outcome: 'failed',
      engineRuns: 1,
      changes: { ...noChanges, create: 3 },
      error: { code: 'aws/Throttling', message: 'rate exceeded', resource: 'urn:x' },
    });
    const report = reportSchema.parse(reportOf('r', plan, { state, at: at(second) }));

    expect(report.targets.find((one) => one.id === first)).toEqual({
      id: first,
      layer: 'regional',
      account: '200000000001',
      accountName: 'workload-0001',
      region: 'eu-west-1',
      wave: 'canary',
      state: 'done',
      outcome: 'failed',
      attempts: 1,
      startedAt: at(second - 1),
      endedAt: at(second),
      changes: { ...noChanges, create: 3 },
      error: { code: 'aws/Throttling', message: 'rate exceeded', resource: 'urn:x' },
      cause: null,
    });
    expect(report.waves.find(({ name }) => name === 'canary')).toEqual({
      name: 'canary',
      verdict: null,
      startedAt: at(second - 1),
      endedAt: at(second),
      bakeUntil: null,
      reason: '1 of 1 target of canary failed, 0 may',
      red: [],
      counts: expect.objectContaining({ total: 1, failed: 1, succeeded: 0 }) as unknown,
    });
    expect(report.next).toEqual(['fleet resume r']);
  });

  test('says that a rollout is stopped where nobody drives it, and how it goes on', () => {
    const begun = decide(initialState(setup), { type: 'begun', at: at(0) }).state;
    const stopped = reportSchema.parse(reportOf('r', plan, { state: begun, at: at(1) }));
    const running = reportSchema.parse(reportOf('r', plan, { state: begun, at: at(1), driven: true }));

    expect([stopped.driven, stopped.next, standingOf(stopped)]).toEqual([false, ['fleet resume r'], 'stopped, nobody drives it']);
    expect([running.driven, running.next, standingOf(running)]).toEqual([true, [], 'running']);
  });

  test('of a bake says until when, and what to do then', () => {
    const begun = decide(initialState(setup), { type: 'begun', at: at(0) }).state;
    const { state, second } = goOn(begun, (one) => one.waveStates.get('canary')?.state === 'baking');
    const report = reportSchema.parse(reportOf('r', plan, { state, at: at(second) }));

    expect(report.until).toBe(report.waves.find(({ name }) => name === 'canary')?.bakeUntil);
    expect(report.waiting).toEqual({
      for: 'time',
      wave: 'canary',
      reason: 'it bakes',
      action: `fleet resume r at ${report.until ?? ''} or later`,
    });
  });

  test.each([
    ['inconclusive' as const, 'inconclusive: too few orders', 'fleet approve r --wave canary, then fleet resume r'],
    ['error' as const, 'error: too few orders', 'fleet approve r --wave canary, then fleet resume r'],
  ])('of a wave whose gate ends %s names the person who must act', (verdict, reason, action) => {
    const begun = decide(initialState(setup), { type: 'begun', at: at(0) }).state;
    const { state: baking } = goOn(begun, (one) => one.waveStates.get('canary')?.state === 'baking');
    const { state: judging } = decide(baking, { type: 'tick', at: at(3600) });
    const answer: GateAnswer = { verdict, reason: 'too few orders', red: [], orders: 0 };
    const { state } = decide(judging, { type: 'gate-answered', at: at(3601), about: { moment: 'end', wave: 'canary' }, answer });
    const report = reportSchema.parse(reportOf('r', plan, { state, at: at(3601) }));

    expect(report.waiting).toEqual({ for: 'person', wave: 'canary', reason, action });
    expect(report.waves.find(({ name }) => name === 'canary')).toMatchObject({ verdict, reason: 'too few orders', endedAt: null });
  });
});
