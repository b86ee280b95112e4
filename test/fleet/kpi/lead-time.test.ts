import { leadTime } from '../../../fleet/kpi/lead-time';

import { id, rolledOut, type RolloutOf } from './kpi-fixture';

const period = { from: '2026-11-01', to: '2026-11-30' };
const leadOf = (...rollouts: readonly RolloutOf[]) => leadTime(rollouts.map(rolledOut), period);

test.each<[string, readonly RolloutOf[], object]>([
  ['no release is no data', [], { samples: 0, medianSeconds: null, p90Seconds: null, releases: [] }],
  ['a release counts from its first rollout to its last target', [{ at: '2026-11-02T10:00' }], { samples: 1, medianSeconds: 60, p90Seconds: 60 }],
  ['a release that failed first takes longer', [{ at: '2026-11-02T10:00', targets: { a: 'failed' } }, { at: '2026-11-02T11:00' }], { samples: 1, medianSeconds: 3660 }],
  ['one that never arrived is no sample', [{ at: '2026-11-02T10:00', targets: { a: 'rolled_back' } }], { samples: 0, medianSeconds: null }],
  ['a later change of the configuration is no release', [{ at: '2026-11-02T10:00' }, { at: '2026-11-20T10:00' }], { samples: 1, medianSeconds: 60 }],
  ['a rollback to a release does not bring it', [{ at: '2026-11-02T10:00', takesBack: 'x' }], { samples: 0 }],
  ['a rollout that changed nothing says nothing', [{ at: '2026-11-02T10:00', targets: { a: 'unchanged' } }, { at: '2026-11-03T10:00' }], { samples: 1, medianSeconds: 60 }],
  ['a release that arrived before the period is none of it', [{ at: '2026-10-02T10:00' }, { at: '2026-11-03T10:00' }], { samples: 0 }],
  ['a release that began before the period is, once it arrives', [{ at: '2026-10-31T10:00', targets: { a: 'failed' } }, { at: '2026-11-01T10:00' }], { samples: 1, medianSeconds: 86_460 }],
  ['one that has not ended has not arrived, but has begun', [{ at: '2026-11-02T10:00', targets: { a: 'succeeded', b: null } }], { samples: 0 }],
])('%s', (_, rollouts, expected) => {
  expect(leadOf(...rollouts)).toMatchObject(expected);
}); // prettier-ignore

test('what was found unchanged when its turn came, after all others, got nothing', () => {
  const rollout = rolledOut({ at: '2026-11-02T10:00' });
  const late = { outcome: 'unchanged', changed: false, endedAt: '2026-11-02T11:00:00.000Z' } as const;
  expect(leadTime([{ ...rollout, targets: new Map([...rollout.targets, [id('b'), late]]) }], period)).toMatchObject({ medianSeconds: 60 });
});

test('nine of ten releases were as fast as p90', () => {
  const rollouts = Array.from({ length: 10 }, (_, index) => ({
    ...{ at: `2026-11-${String(index + 10)}T10:00`, release: `r${index}`, seconds: 10 * (index + 1) },
  }));
  expect(leadOf(...rollouts)).toMatchObject({ samples: 10, medianSeconds: 55, p90Seconds: 90 });
});
