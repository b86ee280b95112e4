import type { TargetId } from '../../../contracts/target';
import type { PlannedTarget } from '../../../fleet/plan/rollout-plan';
import type { Deployment } from '../../../fleet/plan/target-record';
import type { ReleaseHandle } from '../../../fleet/ports';
import { attemptId, forwardJob, rollbackJob, type JobContext } from '../../../fleet/rollout/target-job';
import { planOf, recordsAfter, releaseOf, smallFleet } from '../plan/plan-fixture';

const plan = planOf(smallFleet({ accounts: 1, regions: ['eu-west-1'] }));
const found = plan.targets.find(({ target }) => target.layer === 'regional');
if (!found) throw new Error('the plan has no regional target');
const planned: PlannedTarget = { ...found, stableVersion: '7', previousVersion: '6' };
const release: ReleaseHandle = { digest: 'r', directory: '/nowhere', manifest: releaseOf().manifest };
const context: JobContext = { rollout: 'r-1', attempt: 2, records: recordsAfter(plan), createdAt: '2026-01-01T00:00:00.000Z', release };
const forward = (phase: 'full' | 'shift' | 'finish', over: Partial<PlannedTarget> = {}) =>
  forwardJob({ ...planned, ...over }, phase, { ...context, fingerprint: 'f', canaryPercent: 10 });
const plain = {
  ...{ createdAt: '2026-01-01T00:00:00.000Z', phase: 'full', publish: true, attempt: 2, missing: [], unprotect: 'nothing' },
  servedBefore: ['7', '6'],
};

test('an attempt is named by rollout, target and number', () => {
  expect(attemptId('r-1', planned.target.id, 3)).toBe(`r-1/${planned.target.id}#3`);
});

describe('a job forward', () => {
  test('is the planned target with its release, configuration and fingerprint', () => {
    expect(forward('full')).toEqual({
      id: `r-1/${planned.target.id}#2`,
      target: planned.target,
      release,
      config: planned.config,
      run: plain,
      fingerprint: 'f',
      purpose: 'forward',
    });
  });

  test.each<[string, () => ReturnType<typeof forward>, object]>([
    [
      'shifts a share of the orders beside the version that serves',
      () => forward('shift'),
      { phase: 'shift', stableVersion: '7', canaryPercent: 10 },
    ],
    ['gives all the orders to the newest version at once', () => forward('full'), {}],
    ['gives all the orders to the version that was on trial', () => forward('finish'), {}],
    [
      'shifts nothing where no version serves',
      () => forward('shift', { stableVersion: null, previousVersion: null }),
      { servedBefore: [] },
    ],
    [
      'of a rollback publishes nothing, the warm version serves',
      () => forward('full', { purpose: 'rollback' }),
      { publish: false, stableVersion: '7', servedBefore: ['6'] },
    ],
    [
      'of a rollback without a known version publishes',
      () => forward('full', { purpose: 'rollback', stableVersion: null, previousVersion: null }),
      { servedBefore: [] },
    ],
  ])('%s', (_name, job, expected) => {
    expect(job().run).toEqual({ ...plain, ...expected });
  });

  test('names the upstream stacks that do not exist', () => {
    const [upstream] = planned.config.upstream.map(({ target }): TargetId => target);
    const records = new Map([...context.records].filter(([id]) => id !== upstream));
    const job = forwardJob(planned, 'full', { ...context, records, fingerprint: 'f', canaryPercent: 10 });

    expect(upstream).toBeDefined();
    expect(job.run.missing).toEqual([upstream]);
  });
});

describe('a job back', () => {
  const known = context.records.get(planned.target.id)?.good;
  if (!known) throw new Error('nothing good is known');
  const good: Deployment = {
    ...known,
    fingerprint: 'old',
    config: { ...planned.config, deployRole: 'fleet/other' },
  };

  test.each<[string | null, string | null | undefined, object]>([
    ['6', '5', { publish: false, stableVersion: '6', servedBefore: ['5'] }],
    ['6', undefined, { publish: false, stableVersion: '6', servedBefore: [] }],
    [null, null, { servedBefore: [] }],
  ])('is what was good, with version %s, and %s to switch back to', (live, previous, expected) => {
    expect(rollbackJob(planned, { ...good, live, ...(previous === undefined ? {} : { previous }) }, context)).toEqual({
      id: `r-1/${planned.target.id}#2`,
      target: planned.target,
      release,
      config: good.config,
      run: { ...plain, ...expected },
      fingerprint: 'old',
      purpose: 'rollback',
    });
  });

  test.each([
    ['it is newer than all that was pruned', { through: '5', kept: [] }, { publish: false, stableVersion: '6', servedBefore: [] }],
    ['it was kept', { through: '9', kept: ['6', '9'] }, { publish: false, stableVersion: '6', servedBefore: [] }],
    ['the one before it was kept as well', { through: '9', kept: ['5', '6'] }, { publish: false, stableVersion: '6', servedBefore: ['5'] }],
    ['it was pruned: its code is published anew', { through: '9', kept: ['9', '5'] }, { publish: true, servedBefore: ['5'] }],
  ])('serves the version of then where %s', (_name, versionsLeft, expected) => {
    const record = context.records.get(planned.target.id);
    if (!record) throw new Error('no record');
    const records = new Map([[planned.target.id, { ...record, versionsLeft }]]);
    const { run } = rollbackJob(planned, { ...good, live: '6', previous: '5' }, { ...context, records });

    expect(run).toMatchObject(expected);
    expect('stableVersion' in run).toBe('stableVersion' in expected);
  });
});
