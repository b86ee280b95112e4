import { deploymentFrequency } from '../../../fleet/kpi/deployment-frequency';
import { sortRollouts } from '../../../fleet/kpi/sort-rollouts';

import { rolledOut, type RolloutOf } from './kpi-fixture';

const period = { from: '2026-11-01', to: '2026-11-10' };
const frequencyOf = (...rollouts: readonly RolloutOf[]) =>
  deploymentFrequency(sortRollouts(rollouts.map(rolledOut), period).changes, period);

test.each<[string, readonly RolloutOf[], object]>([
  ['no change is no data', [{ at: '2026-11-02T10:00', targets: { a: 'unchanged' } }], { samples: 0, deployments: 0, perDay: null, perWeek: null, daysWithOne: null, longestGapDays: null, met: null }],
  ['changes that all failed are data: none a day', [{ at: '2026-11-02T10:00', targets: { a: 'failed' } }], { samples: 1, deployments: 0, perDay: 0, perWeek: 0, daysWithOne: 0, longestGapDays: 10, met: false }],
  ['one in ten days', [{ at: '2026-11-04T10:00' }], { samples: 1, deployments: 1, perDay: 0.1, perWeek: 0.7, daysWithOne: 1, longestGapDays: 6, met: false }],
  ['several on one day', ['08:00', '09:00', '10:00'].map((time) => ({ at: `2026-11-10T${time}` })), { deployments: 3, perDay: 0.3, perWeek: 2.1, daysWithOne: 1, longestGapDays: 9 }],
  ['the day is the one on which it ended', [{ at: '2026-11-01T23:59', seconds: 120 }], { daysWithOne: 1, longestGapDays: 8 }],
  ['one every day', Array.from({ length: 10 }, (_, day) => ({ at: `2026-11-${String(day + 1).padStart(2, '0')}T10:00` })), { deployments: 10, perDay: 1, perWeek: 7, daysWithOne: 10, longestGapDays: 0, met: true }],
  ['a rollback is no deployment', [{ at: '2026-11-02T10:00' }, { at: '2026-11-03T10:00', takesBack: '2026-11-02T10:00' }], { samples: 1, deployments: 1 }],
])('%s', (_, rollouts, expected) => {
  expect(frequencyOf(...rollouts)).toMatchObject(expected);
}); // prettier-ignore
