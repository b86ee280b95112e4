import fc from 'fast-check';

import { noChanges } from '../../../fleet/ports';
import { reportOf } from '../../../fleet/report/rollout-report';
import { decide, initialState } from '../../../fleet/rollout/decide';
import { setupOf } from '../../../fleet/rollout/driver';
import type { RolloutState } from '../../../fleet/rollout/state';
import { planOf, recordsAfter, smallFleet } from '../plan/plan-fixture';
import { playRollout, type World } from '../rollout/simulate-core';

import { reportSchema } from './report-schema';

const fleet = smallFleet({ fleet: (text) => text.replace('mode: strict', 'mode: soft') });
const plan = planOf(fleet);
const first = 'regional/200000000001/eu-west-1';

/** Every state a rollout goes through. */
function statesOf(world: World): readonly RolloutState[] {
  const states = [initialState(setupOf(plan))];
  playRollout(setupOf(plan), { ...world, observe: (state) => states.push(state) });
  return states;
}

describe('a report', () => {
  test('holds to its schema at any moment of any rollout', () => {
    const outcome = fc.constantFrom('succeeded' as const, 'succeeded' as const, 'unchanged' as const, 'failed' as const);
    const outcomes = fc.array(outcome, { minLength: plan.targets.length, maxLength: plan.targets.length });
    fc.assert(
      fc.property(outcomes, fc.option(fc.nat(20), { nil: undefined }), (ends, abortAfter) => {
        const ids = plan.targets.map(({ target }) => target.id);
        const states = statesOf({
          outcomeOf: (id) => ends[ids.indexOf(id)] ?? 'succeeded',
          pick: () => 0,
          ...(abortAfter === undefined ? {} : { abortAfter }),
        });
        for (const state of states) reportSchema.parse(withErrors(reportOf('r', plan, state)));
      }),
      { numRuns: 25 },
    );
  });

  test('of a rollout that did not start has every changed target pending, and the others unchanged', () => {
    const records = recordsAfter(plan);
    const changed = planOf({ ...smallFleet({ fleet: (text) => text.replace('memoryMb: 1024', 'memoryMb: 512') }), records });
    const report = reportSchema.parse(reportOf('r', changed, initialState(setupOf(changed))));

    expect(report).toMatchObject({ outcome: null, startedAt: null, endedAt: null, counts: { total: 12, unchanged: 2, succeeded: 0 } });
    expect(new Set(report.targets.filter((one) => one.layer === 'regional').map((one) => one.state))).toEqual(new Set(['pending']));
    expect(report.targets.filter((one) => one.layer === 'foundation')).toEqual(
      Array(2).fill(expect.objectContaining({ state: 'done', outcome: 'unchanged', wave: null, attempts: 0, startedAt: null })),
    );
  });

  test('says when a target ran, how often, what it changed and why it failed', () => {
    let state = initialState(setupOf(plan));
    const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
    const take = (event: Parameters<typeof decide>[1]) => (state = decide(state, event).state);
    take({ type: 'begun', at: at(0) });
    for (let second = 1; ; second += 1) {
      const running = [...state.states].find(([, one]) => one.state === 'running')?.[0];
      if (running === undefined) break;
      const failed = running === first;
      take({
        type: 'target-ended',
        at: at(second),
        target: running,
        outcome: failed ? 'failed' : 'succeeded',
        engineRuns: 1,
        changes: { ...noChanges, create: 3 },
        error: failed ? { code: 'aws/Throttling', message: 'rate exceeded', resource: 'urn:x' } : null,
      });
      if (failed) break;
    }
    const report = reportSchema.parse(reportOf('r', plan, state));

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
      startedAt: at(2),
      endedAt: at(3),
      changes: { ...noChanges, create: 3 },
      error: { code: 'aws/Throttling', message: 'rate exceeded', resource: 'urn:x' },
    });
    expect(report.waves.find(({ name }) => name === 'canary')).toEqual({
      name: 'canary',
      verdict: null,
      startedAt: at(2),
      endedAt: at(3),
      bakeUntil: null,
      reason: '1 of 1 targets of canary failed, 0 may',
    });
  });
});

/** The simulated world gives no reasons; a real engine always does. */
function withErrors(report: ReturnType<typeof reportOf>): ReturnType<typeof reportOf> {
  const error = { code: 'fleet/engine', message: 'it failed', resource: null };
  return { ...report, targets: report.targets.map((one) => (one.outcome === 'failed' ? { ...one, error } : one)) };
}
