import type { RolloutReport } from '../../fleet/report/rollout-report';
import { reportSchema } from '../fleet/report/report-schema';

import { FleetRunner } from './fleet-runner';
import { stopWorker } from './running-fleet';

const MONITORING = '100000000003';
const FOUNDATION = '100000000002';

const outcomes = (result: unknown): Readonly<Record<string, string | null>> =>
  Object.fromEntries((result as RolloutReport).targets.map((target) => [target.id, target.outcome]));
const withOutcome = (result: unknown, outcome: string) =>
  Object.entries(outcomes(result)).flatMap(([id, value]) => (value === outcome ? [id] : []));
const rollout = async (fleet: FleetRunner) => {
  const ran = await fleet.run('rollout', '--yes', '--json');
  reportSchema.parse(ran.result);
  return ran;
};

describe('a fleet of three accounts and two regions, rolled out', () => {
  const base = new FleetRunner('worker');
  let first: RolloutReport;
  let messages: readonly string[];
  let fleet: FleetRunner;

  beforeAll(async () => {
    await base.run('init', '.', '--sandbox', '--accounts', '3', '--regions', 'eu-west-1,us-east-1');
    base.edit('fleet.yaml', (text) => text.replaceAll('bake: 2s', 'bake: 1s'));
    const ran = await rollout(base);
    first = ran.result as RolloutReport;
    messages = ran.out;
  }, 60_000);
  afterAll(() => {
    base.remove();
    stopWorker();
  });
  beforeEach(() => {
    fleet = new FleetRunner('worker').copyFrom(base);
  });
  afterEach(() => fleet.remove());

  test('has every target succeeded, foundations before what needs them, observability last', () => {
    expect(first).toMatchObject({ version: 1, outcome: 'succeeded', counts: { total: 10, succeeded: 10 } });
    const target = (id: string) => first.targets.find((one) => one.id === id);
    for (const one of first.targets.filter(({ layer }) => layer === 'regional')) {
      expect(Date.parse(one.startedAt ?? '')).toBeGreaterThanOrEqual(
        Date.parse(target(`foundation/${FOUNDATION}/${one.region}`)?.endedAt ?? ''),
      );
      expect(Date.parse(target(`observability/${MONITORING}/${one.region}`)?.startedAt ?? '')).toBeGreaterThanOrEqual(
        Date.parse(one.endedAt ?? ''),
      );
    }
    expect(messages.map((line) => (JSON.parse(line) as { code: string }).code)).toEqual(
      expect.arrayContaining(['wave-started', 'target-started', 'target-succeeded', 'wave-ended']),
    );
  });

  test('the same again is unchanged, with no engine run', async () => {
    const { exitCode, result } = await rollout(fleet);

    expect(exitCode).toBe(0);
    expect((result as RolloutReport).counts).toMatchObject({ total: 10, unchanged: 10 });
    expect((result as RolloutReport).targets.every((target) => target.attempts === 0)).toBe(true);
  });

  test('another cost centre of one account changes that account alone', async () => {
    fleet.edit('organization.yaml', (text) => text.replace('CostCenter: cc-102', 'CostCenter: cc-999'));
    const { result } = await rollout(fleet);

    expect(withOutcome(result, 'succeeded')).toEqual(['regional/200000000002/eu-west-1', 'regional/200000000002/us-east-1']);
  });

  test('another memory size changes every regional target and neither foundation nor observability', async () => {
    fleet.edit('fleet.yaml', (text) => text.replace('memoryMb: 1024', 'memoryMb: 512'));
    const { result } = await rollout(fleet);

    expect(withOutcome(result, 'succeeded')).toHaveLength(6);
    expect(withOutcome(result, 'succeeded').every((id) => id.startsWith('regional/'))).toBe(true);
    expect(withOutcome(result, 'unchanged')).toHaveLength(4);
  });

  test('an account that joins, one that leaves, a suspended one and an opted-out region', async () => {
    fleet.edit(
      'organization.yaml',
      (text) => `${text}  - { id: "300000000001", name: newcomer, unit: Workloads/Prod, regions: { us-east-1: DISABLED } }\n`,
    );
    const joined = await rollout(fleet);
    expect(withOutcome(joined.result, 'succeeded').sort()).toEqual([
      `observability/${MONITORING}/eu-west-1`,
      'regional/300000000001/eu-west-1',
    ]);
    // It comes in through the same waves as any change.
    expect((joined.result as RolloutReport).targets.find(({ account }) => account === '300000000001')?.wave).toBe('canary');

    fleet.edit('organization.yaml', (text) =>
      text
        .replace(/ {2}- \{ id: "300000000001".*\n/, '')
        .replace('    name: workload-0003', '    name: workload-0003\n    state: SUSPENDED'),
    );
    const plan = (await fleet.run('plan', '--json')).result as { orphans: string[]; excluded: { account: string; reason: string }[] };
    expect(plan.orphans).toEqual(['regional/200000000003/eu-west-1', 'regional/200000000003/us-east-1', 'regional/300000000001/eu-west-1']);
    expect(plan.excluded).toContainEqual({ account: '200000000003', region: null, reason: 'is SUSPENDED' });

    const shown = await fleet.run('show', 'regional/300000000001/eu-west-1', '--json');
    expect(shown.exitCode).toBe(0);
  });

  test('one target that fails to be created is failed with its resource, the rest goes on, and the next rollout redoes only what is not done', async () => {
    const broken = new FleetRunner('worker');
    await broken.run('init', '.', '--sandbox', '--accounts', '3', '--regions', 'eu-west-1');
    broken.edit('fleet.yaml', (text) => text.replaceAll('bake: 2s', 'bake: 1s').replace('failureTolerance: "10%"', 'failureTolerance: 1'));
    broken.edit(
      'organization.yaml',
      (text) => `${text}faults:\n  - { target: regional/200000000002/*, kind: create-fails, on: "aws:sqs/queue:Queue", times: 1 }\n`,
    );

    const { exitCode, result } = await rollout(broken);
    const failed = (result as RolloutReport).targets.find((target) => target.outcome === 'failed');
    expect(exitCode).toBe(1);
    expect(withOutcome(result, 'succeeded')).toHaveLength(4);
    expect(failed).toMatchObject({
      id: 'regional/200000000002/eu-west-1',
      error: { code: 'aws/InternalFailure', resource: expect.stringContaining('aws:sqs/queue:Queue') as string },
    });
    const board = await broken.run('show', `observability/${MONITORING}/eu-west-1`, '--json');
    expect(JSON.stringify(board.result)).toContain('missing');

    const again = await rollout(broken);
    expect(again.exitCode).toBe(0);
    expect(withOutcome(again.result, 'succeeded').sort()).toEqual([
      `observability/${MONITORING}/eu-west-1`,
      'regional/200000000002/eu-west-1',
    ]);
    const mended = await broken.run('show', `observability/${MONITORING}/eu-west-1`, '--json');
    expect(JSON.stringify(mended.result)).not.toContain('**missing**');
    broken.remove();
  }, 60_000);

  test('show, preview, status and report agree on what stands', async () => {
    const shown = (await fleet.run('show', 'regional/200000000001/eu-west-1', '--json')).result as {
      resources: { type: string; inputs: { tags?: Record<string, string> } }[];
      outputs: { functionName: string };
    };
    expect(shown.outputs.functionName).toBe('orders-order');
    const tagged = shown.resources.filter(({ inputs }) => inputs.tags !== undefined);
    expect(tagged.length).toBeGreaterThan(10);
    for (const { inputs } of tagged)
      expect(Object.keys(inputs.tags ?? {})).toEqual(
        expect.arrayContaining(['Environment', 'Application', 'Team', 'CostCenter', 'ManagedBy', 'CreatedAt']),
      );

    expect((await fleet.run('preview', 'regional/200000000001/eu-west-1', '--json')).result).toMatchObject({
      changes: { create: 0, update: 0, replace: 0, delete: 0 },
      error: null,
    });
    expect((await fleet.run('status', '--json')).result).toEqual(first);
    expect((await fleet.run('report', '--json')).result).toEqual(first);
  });

  test('destroy keeps what holds data, filtered and whole, and with --delete-data leaves nothing', async () => {
    const types = async (target: string) =>
      ((await fleet.run('show', target, '--json')).result as { resources: { type: string; protect: boolean }[] }).resources
        .filter((one) => one.protect)
        .map((one) => one.type);

    expect((await fleet.run('destroy', '--account', '200000000001', '--confirm', 'orders')).exitCode).toBe(0);
    expect(new Set(await types('regional/200000000001/eu-west-1'))).toEqual(
      new Set([
        'aws:dynamodb/table:Table',
        'aws:s3/bucket:Bucket',
        'aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock',
        'aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration',
        'aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration',
        'aws:s3/bucketPolicy:BucketPolicy',
        'aws:cloudwatch/logGroup:LogGroup',
        'aws:cloudwatch/logDataProtectionPolicy:LogDataProtectionPolicy',
      ]),
    );
    expect((await fleet.run('show', 'regional/200000000002/eu-west-1')).exitCode).toBe(0);
    expect(JSON.stringify((await fleet.run('show', `observability/${MONITORING}/eu-west-1`, '--json')).result)).toContain('**missing**');

    expect((await fleet.run('destroy', '--confirm', 'orders')).exitCode).toBe(0);
    expect(await types(`foundation/${FOUNDATION}/eu-west-1`)).toEqual(['aws:kms/key:Key']);

    expect((await fleet.run('destroy', '--confirm', 'orders', '--delete-data')).exitCode).toBe(0);
    for (const target of ['regional/200000000001/eu-west-1', `foundation/${FOUNDATION}/eu-west-1`])
      expect((await fleet.run('show', target)).exitCode).toBe(2);
    expect(fleet.files().filter((file) => file.includes('stacks/'))).toEqual([]);
  }, 60_000);

  test('a plan file is rolled out while it holds, and refused once it is outdated or was changed', async () => {
    fleet.edit('fleet.yaml', (text) => text.replace('memoryMb: 1024', 'memoryMb: 256'));
    expect((await fleet.run('plan', '-o', 'plan.json', '--detailed-exitcode')).exitCode).toBe(4);
    expect((await fleet.run('rollout', 'plan.json', '--yes')).exitCode).toBe(0);

    const outdated = await fleet.run('rollout', 'plan.json', '--yes');
    expect([outdated.exitCode, outdated.err.join()]).toEqual([2, expect.stringContaining('is outdated')]);
    fleet.edit('plan.json', (text) => text.replace('"maxConcurrent": 20', '"maxConcurrent": 99'));
    const changed = await fleet.run('rollout', 'plan.json', '--yes');
    expect([changed.exitCode, changed.err.join()]).toEqual([2, expect.stringContaining('changed after it was made')]);
  });
});
