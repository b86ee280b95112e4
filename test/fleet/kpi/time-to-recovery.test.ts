import { findIncidents } from '../../../fleet/kpi/find-incidents';
import { timeToRecovery } from '../../../fleet/kpi/time-to-recovery';

import { id, rolledOut, type RolloutOf } from './kpi-fixture';

const period = { from: '2026-11-01', to: '2026-11-30' };
const asOf = '2026-11-30T12:00:00.000Z';

function incidentsOf(rollouts: readonly RolloutOf[], isThere = true) {
  return findIncidents(rollouts.map(rolledOut), { isThere: () => isThere });
}

function recoveryOf(...rollouts: readonly RolloutOf[]) {
  return timeToRecovery(incidentsOf(rollouts), { period, asOf });
}

const failed: RolloutOf = { at: '2026-11-02T10:00', targets: { a: 'failed', b: 'succeeded', c: 'failed' } };

describe('an incident', () => {
  test('is over with the way back in the same rollout', () => {
    expect(recoveryOf({ at: '2026-11-02T10:00', targets: { a: 'rolled_back', b: 'cancelled' } })).toMatchObject({
      ...{ samples: 1, meanSeconds: 50, medianSeconds: 50, worstSeconds: 50, met: true, open: [] },
      recovered: [{ rollout: '2026-11-02T10:00', by: 'target-failed', targets: 1 }],
    });
  });

  test('is over once every target that it hit is good again, whichever rollouts did it', () => {
    const next: RolloutOf = { at: '2026-11-02T10:05', targets: { a: 'succeeded', b: 'unchanged', c: 'failed' } };
    const last: RolloutOf = { at: '2026-11-02T10:10', targets: { c: 'succeeded' } };
    // From 10:00:10 and from 10:05:10 to 10:11:00.
    expect(recoveryOf(failed, next, last)).toMatchObject({
      samples: 2,
      worstSeconds: 650,
      medianSeconds: 500,
      meanSeconds: 500,
      met: true,
    });
    expect(recoveryOf(failed, next)).toMatchObject({
      ...{ samples: 0, medianSeconds: null, meanSeconds: null, worstSeconds: null, met: false },
      open: [
        { rollout: failed.at, left: ['c'] },
        { rollout: next.at, left: ['c'] },
      ],
    });
  });

  test('that is open is named with its age, and is no sample; one of before the period as well', () => {
    const { open, samples, met } = recoveryOf({ ...failed, at: '2026-10-02T10:00' }, { at: '2026-11-30T11:00', targets: { x: 'failed' } });
    expect(samples).toBe(0);
    expect(open.map(({ rollout, ageSeconds }) => [rollout, ageSeconds])).toEqual([
      ['2026-10-02T10:00', 59 * 86_400 + 2 * 3600 - 10],
      ['2026-11-30T11:00', 3590],
    ]);
    expect(met).toBe(false);
  });

  test('that is younger than the goal misses nothing yet', () => {
    expect(recoveryOf({ at: '2026-11-30T11:58', targets: { x: 'failed' } })).toMatchObject({ samples: 0, met: null, open: [{ ageSeconds: 110 }] });
  }); // prettier-ignore

  test('whose way back failed stays open until a rollout succeeds there', () => {
    const stuck: RolloutOf = { at: '2026-11-02T10:00', targets: { a: 'rollback_failed' } };
    expect(incidentsOf([stuck])).toMatchObject([{ state: 'open', left: ['a'] }]);
    expect(incidentsOf([stuck, { at: '2026-11-02T11:00', targets: { a: 'unchanged' } }])).toMatchObject([{ state: 'recovered', recoveredAt: '2026-11-02T11:00:00.000Z' }]); // prettier-ignore
  });

  test('is not over by a rollout that has not ended: it may go back yet', () => {
    expect(incidentsOf([failed, { at: '2026-11-02T11:00', targets: { a: 'succeeded', c: 'succeeded', z: null } }])).toMatchObject([{ state: 'open' }]); // prettier-ignore
  });

  test('is gone with targets that were destroyed: neither recovered nor open', () => {
    const gone = timeToRecovery(incidentsOf([failed], false), { period, asOf });
    expect(gone).toMatchObject({ samples: 0, meanSeconds: null, met: null, open: [], gone: 1 });
  });

  test('stays open while one of its targets is there and bad, whatever became of the others', () => {
    const left = findIncidents([rolledOut(failed)], { isThere: (target) => target === id('c') });
    expect(left).toMatchObject([{ state: 'open', left: ['a', 'c'] }]);
  });

  test('needs a target: a rollout that failed for a lock hit none, and neither did one that deployed nothing', () => {
    expect(incidentsOf([{ at: '2026-11-02T10:00', targets: { a: 'blocked', b: 'succeeded' } }])).toEqual([]);
    expect(incidentsOf([{ at: '2026-11-02T10:00', outcome: 'failed', targets: { a: 'skipped' } }])).toEqual([]);
  });
});

describe('a later rollback', () => {
  const good: RolloutOf = { at: '2026-11-02T10:00', targets: { a: 'succeeded', b: 'succeeded' } };
  const back: RolloutOf = { at: '2026-11-02T12:00', takesBack: good.at, targets: { a: 'succeeded', b: 'succeeded' } };

  test('is how a failure is known that nothing else showed', () => {
    expect(incidentsOf([good, back])).toMatchObject([
      { rollout: good.at, by: 'rollback-begun', knownAt: '2026-11-02T12:00:00.000Z', state: 'recovered', recoveredAt: '2026-11-02T12:01:00.000Z' },
    ]); // prettier-ignore
  });

  test('that leaves a target behind leaves it open', () => {
    expect(incidentsOf([good, { ...back, targets: { a: 'succeeded', b: 'failed' } }])).toMatchObject([{ state: 'open', left: ['b'] }]);
    expect(incidentsOf([good, { ...back, targets: { a: 'succeeded', b: null } }])).toMatchObject([{ state: 'open', left: ['a', 'b'] }]);
  });

  test('belongs to the incident that is open when it begins', () => {
    const bad: RolloutOf = { ...good, targets: { a: 'succeeded', b: 'failed' } };
    const [incident, ...others] = incidentsOf([bad, back]);
    expect(others).toEqual([]);
    expect(incident).toMatchObject({ by: 'target-failed', targets: ['b', 'a'], recoveredAt: '2026-11-02T12:01:00.000Z' });
  });

  test('that begins at the very moment in which the incident is over belongs to it still', () => {
    const bad: RolloutOf = { ...good, targets: { a: 'succeeded', b: 'rolled_back' }, seconds: 7200 };
    expect(incidentsOf([bad, { ...back, targets: { a: 'succeeded', b: 'unchanged' } }])).toMatchObject([{ targets: ['b', 'a'] }]);
  });

  test('after the incident is over is another one', () => {
    const bad: RolloutOf = { ...good, targets: { a: 'succeeded', b: 'rolled_back' } };
    const back: RolloutOf = { at: '2026-11-02T12:00', takesBack: good.at, targets: { a: 'succeeded', b: 'unchanged' } };
    expect(incidentsOf([bad, back]).map(({ by, targets }) => [by, targets])).toEqual([
      ['target-failed', ['b']],
      ['rollback-begun', ['a']],
    ]);
  });
});
