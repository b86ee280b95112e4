import { changeFailureRate } from '../../../fleet/kpi/change-failure-rate';
import { sortRollouts } from '../../../fleet/kpi/sort-rollouts';

import { rolledOut, type RolloutOf } from './kpi-fixture';

const period = { from: '2026-11-01', to: '2026-11-30' };

function rateOf(...rollouts: readonly RolloutOf[]) {
  const all = rollouts.map(rolledOut);
  return changeFailureRate(sortRollouts(all, period).changes, all);
}

test.each<[string, readonly RolloutOf[], object]>([
  ['no rollout is no data', [], { samples: 0, failed: 0, rate: null }],
  ['one that deployed nothing is no sample', [{ at: '2026-11-02T10:00', targets: { a: 'unchanged' } }], { samples: 0, rate: null }],
  ['one where only previews failed is none either', [{ at: '2026-11-02T10:00', outcome: 'failed', targets: { a: 'cancelled' } }], { samples: 0, rate: null }],
  ['one that succeeded', [{ at: '2026-11-02T10:00' }], { samples: 1, failed: 0, rate: 0 }],
  ['one that failed', [{ at: '2026-11-02T10:00', targets: { a: 'failed' } }], { samples: 1, failed: 1, rate: 1 }],
  ['one that failed since a target was locked, with others changed', [{ at: '2026-11-02T10:00', targets: { a: 'blocked', b: 'succeeded' } }], { samples: 1, failed: 1 }],
  ['one that went back, of three', [{ at: '2026-11-02T10:00' }, { at: '2026-11-03T10:00', targets: { a: 'rolled_back' } }, { at: '2026-11-04T10:00' }], { samples: 3, failed: 1, rate: 0.3333 }],
  ['one whose way back failed', [{ at: '2026-11-02T10:00', targets: { a: 'rollback_failed' } }], { samples: 1, failed: 1, rate: 1 }],
  ['an abort is told apart', [{ at: '2026-11-02T10:00', outcome: 'aborted', targets: { a: 'succeeded', b: 'cancelled' } }], { samples: 1, failed: 0, aborted: 1, rate: 0 }],
  ['an abort that took something back is a failure', [{ at: '2026-11-02T10:00', outcome: 'aborted', targets: { a: 'rolled_back' } }], { samples: 1, failed: 1, aborted: 0, rate: 1 }],
  ['an abort before anything was deployed is no sample', [{ at: '2026-11-02T10:00', outcome: 'aborted', targets: { a: 'cancelled' } }], { samples: 0, aborted: 0, rate: null }],
  ['one that ended before the period is none of its samples', [{ at: '2026-10-31T10:00', targets: { a: 'failed' } }], { samples: 0, rate: null }],
  ['one that has not ended is no sample', [{ at: '2026-11-02T10:00', targets: { a: 'succeeded', b: null } }], { samples: 0, rate: null }],
])('%s', (_, rollouts, expected) => {
  expect(rateOf(...rollouts)).toMatchObject(expected);
}); // prettier-ignore

test('a change that a later rollback took back failed, and the rollback is no change; it may end after the period, or not yet', () => {
  const change = { at: '2026-11-30T10:00', targets: { a: 'succeeded', b: 'succeeded' } } as const;
  for (const back of [
    { a: 'succeeded', b: 'unchanged' },
    { a: null, b: 'unchanged' },
  ] as const) {
    const rate = rateOf(change, { at: '2026-12-02T10:00', takesBack: change.at, targets: back });
    expect(rate).toMatchObject({ samples: 1, failed: 1, rate: 1, failures: [{ rollout: change.at, outcome: 'succeeded', takenBackBy: ['2026-12-02T10:00'] }] }); // prettier-ignore
    // What stood on the old release already was not taken back.
    expect(rate.targets).toMatchObject({ samples: 2, failed: 1, rate: 0.5 });
  }
});

test('each target has its own rate, the worst first', () => {
  const { targets } = rateOf(
    { at: '2026-11-02T10:00', targets: { a: 'succeeded', b: 'failed', c: 'unchanged', d: 'skipped' } },
    { at: '2026-11-03T10:00', targets: { a: 'succeeded', b: 'rolled_back' } },
    { at: '2026-11-04T10:00', targets: { a: 'succeeded', b: 'succeeded' } },
  );
  expect(targets).toEqual({
    samples: 6,
    failed: 2,
    rate: 0.3333,
    byTarget: [
      { target: 'b', samples: 3, failed: 2, rate: 0.6667 },
      { target: 'a', samples: 3, failed: 0, rate: 0 },
    ],
  });
});
