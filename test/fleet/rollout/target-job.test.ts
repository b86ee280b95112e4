import type { TargetId } from '../../../contracts/target';
import type { PlannedTarget } from '../../../fleet/plan/rollout-plan';
import type { Deployment } from '../../../fleet/plan/target-record';
import type { ReleaseHandle } from '../../../fleet/ports';
import { attemptId, forwardJob, rollbackJob, type JobContext } from '../../../fleet/rollout/target-job';
import { planOf, recordsAfter, releaseOf, smallFleet } from '../plan/plan-fixture';

const plan = planOf(smallFleet({ accounts: 1, regions: ['eu-west-1'] }));
const found = plan.targets.find(({ target }) => target.layer === 'regional');
if (!found) throw new Error('the plan has no regional target');
const planned: PlannedTarget = { ...found, stableVersion: '7' };
const release: ReleaseHandle = { digest: 'r', directory: '/nowhere', manifest: releaseOf().manifest };
const context: JobContext = { rollout: 'r-1', attempt: 2, records: recordsAfter(plan), createdAt: '2026-01-01T00:00:00.000Z', release };
const forward = (phase: 'full' | 'shift' | 'finish', over: Partial<PlannedTarget> = {}) =>
  forwardJob({ ...planned, ...over }, phase, { ...context, fingerprint: 'f', canaryPercent: 10 });
const plain = { createdAt: '2026-01-01T00:00:00.000Z', phase: 'full', publish: true, attempt: 2, missing: [], unprotect: 'nothing' };

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
    ['shifts nothing where no version serves', () => forward('shift', { stableVersion: null }), {}],
    [
      'of a rollback publishes nothing, the warm version serves',
      () => forward('full', { purpose: 'rollback' }),
      { publish: false, stableVersion: '7' },
    ],
    ['of a rollback without a known version publishes', () => forward('full', { purpose: 'rollback', stableVersion: null }), {}],
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

  test.each<[string | null, object]>([
    ['6', { publish: false, stableVersion: '6' }],
    [null, {}],
  ])('is what was good, with version %s', (live, expected) => {
    expect(rollbackJob(planned, { ...good, live }, context)).toEqual({
      id: `r-1/${planned.target.id}#2`,
      target: planned.target,
      release,
      config: good.config,
      run: { ...plain, ...expected },
      fingerprint: 'old',
      purpose: 'rollback',
    });
  });
});
