import { accountIdSchema, regionSchema } from '../../contracts/ids';
import type { CheckReport, CheckResult } from '../../fleet/checks/check-result';

import { FleetRunner } from './fleet-runner';
import { skipInWorker } from './running-fleet';
import { changeMemory, sandboxFleet } from './sandbox-fleet';
import { simulatedWorld } from './simulated-world';

const FIRST = 'regional/200000000001/eu-west-1';
const SECOND = 'regional/200000000002/eu-west-1';
const SHARED = '100000000002';
const MONITORING = '100000000003';
const fleets = sandboxFleet({ accounts: 2 });
const planned = new FleetRunner('worker');
beforeAll(async () => {
  planned.copyFrom(fleets.built());
  await planned.run('plan');
}, 60_000);
afterAll(() => planned.remove());

/** A fleet of which nothing is deployed; its release is noted, so that it is not built again. */
const undeployed = () => fleets.built().copyFrom(planned);
const matching = (pattern: RegExp) => expect.stringMatching(pattern) as string;

async function preflight(fleet: FleetRunner, ...flags: readonly string[]) {
  const ran = await fleet.run('preflight', '--json', ...flags);
  return { ...ran, report: ran.result as CheckReport };
}

const wrongIn = ({ results }: CheckReport): readonly CheckResult[] => results.filter(({ verdict }) => verdict !== 'passed');

/** What the fleet itself keeps: the simulated AWS notes when it was looked at. */
const ownFiles = (fleet: FleetRunner) => Object.entries(fleet.contents()).filter(([file]) => !file.endsWith('sandbox/conditions.ndjson'));

/** Makes a function in the simulated AWS that reserves executions, and is not the fleet's. */
function plantReserving(fleet: FleetRunner, executions: number): void {
  const account = accountIdSchema.parse('200000000001');
  simulatedWorld(fleet).put({
    ...{ account, region: regionSchema.parse('eu-west-1'), type: 'aws:lambda/function:Function', key: 'billing', id: 'billing' },
    ...{ inputs: {}, outputs: { name: 'billing', reservedConcurrentExecutions: executions }, owner: 'somebody else' },
  });
}

function setAccount(fleet: FleetRunner, id: string, change: Readonly<Record<string, unknown>>): void {
  fleet.organize(
    ({ accounts }) => void accounts.filter((account) => account.id === id).forEach((account) => Object.assign(account, change)),
  );
}

describe('fleet preflight', () => {
  test('passes everything on a sound organisation, tells how much it checked, and leaves no file', async () => {
    const fleet = undeployed();
    const before = fleet.contents();
    const { exitCode, report } = await preflight(fleet);

    expect(exitCode).toBe(0);
    expect(wrongIn(report)).toEqual([]);
    expect(report.targets).toBe(4);
    expect(new Set(report.results.map(({ check }) => check))).toEqual(
      new Set(['inventory', 'region', 'role', 'boundary', 'names', 'concurrency', 'alarm-quota', 'table-quota']),
    );
    expect(fleet.contents()).toEqual(before);
  });

  test.each([
    ['a workload account', '200000000002', SECOND],
    ['the shared account', SHARED, `foundation/${SHARED}/eu-west-1`],
    ['the monitoring account', MONITORING, `observability/${MONITORING}/eu-west-1`],
  ])('names a region that is not opted in, in %s', async (_whose, account, target) => {
    const fleet = undeployed();
    setAccount(fleet, account, { regions: { 'eu-west-1': 'DISABLED' } });
    const before = fleet.contents();
    const { exitCode, report } = await preflight(fleet);

    expect(exitCode).toBe(1);
    expect(wrongIn(report)).toEqual([
      expect.objectContaining({
        ...{ target, account, region: 'eu-west-1', check: 'region', verdict: 'failed' },
        found: `region eu-west-1 is not opted in, in account ${account}: nothing can be deployed there`,
      }),
    ]);
    expect(fleet.contents()).toEqual(before);
  });

  test('names every target where the region is off in all accounts, where a plan could not even be made', async () => {
    const fleet = undeployed();
    for (const account of ['200000000001', '200000000002']) setAccount(fleet, account, { regions: { 'eu-west-1': 'DISABLED' } });
    const { exitCode, report } = await preflight(fleet);

    expect(exitCode).toBe(1);
    expect(wrongIn(report).map(({ target }) => target)).toEqual([FIRST, SECOND]);
  });

  test('names a role that cannot be assumed', async () => {
    const fleet = undeployed();
    fleet.plant({ target: FIRST, kind: 'role-missing' });
    const before = fleet.contents();
    const { exitCode, report } = await preflight(fleet);

    expect(exitCode).toBe(1);
    expect(wrongIn(report)).toEqual([
      expect.objectContaining({
        ...{ target: FIRST, account: '200000000001', check: 'role', verdict: 'failed' },
        found: matching(/^arn:aws:iam::200000000001:role\/fleet\/orders\/orders-deploy cannot be assumed: AccessDenied/),
        advice: matching(/fleet bootstrap/),
      }),
    ]);
    expect(fleet.contents()).toEqual(before);
  });

  test('names an alarm that is red already, of a deployed target, and deploys nothing', async () => {
    const fleet = fleets.deployed();
    changeMemory(fleet, 512);
    fleet.plant({ target: SECOND, kind: 'alarm' });
    await fleet.run('preflight');
    skipInWorker(3);
    const before = ownFiles(fleet);
    const { exitCode, report } = await preflight(fleet);

    expect(exitCode).toBe(1);
    expect(new Set(wrongIn(report).map(({ target, check, verdict }) => `${target} ${check} ${verdict}`))).toEqual(
      new Set([`${SECOND} alarms-red failed`]),
    );
    expect(wrongIn(report).map(({ found }) => found)).toContainEqual(matching(/^alarm orders-order-failures is red since \d{4}-/));
    expect(ownFiles(fleet)).toEqual(before);
  });

  test.each([
    ['dashboard', '200000000001', 'aws:cloudwatch/dashboard:Dashboard', 'orders-target-eu-west-1', /overwrite/],
    ['queue', '200000000001', 'aws:sqs/queue:Queue', 'orders-order-queue', /take it over/],
    ['function', '200000000001', 'aws:lambda/function:Function', 'orders-order', /refuse/],
    ['bucket', '200000000001', 'aws:s3/bucket:Bucket', 'orders-archive-200000000001-eu-west-1-an', /refuse/],
    ['log group', '200000000001', 'aws:cloudwatch/logGroup:LogGroup', '/orders/orders-order', /refuse/],
    ['table', '200000000001', 'aws:dynamodb/table:Table', 'orders-order-table', /refuse/],
    ['alarm', '200000000001', 'aws:cloudwatch/metricAlarm:MetricAlarm', 'orders-errors', /overwrite/],
    ['role', '200000000001', 'aws:iam/role:Role', 'orders-order-eu-west-1', /refuse/],
    ['topic', SHARED, 'aws:sns/topic:Topic', 'orders-alerts-critical', /take it over/],
  ])('names a %s that is owned by others', async (kind, account, type, key, what) => {
    const fleet = undeployed();
    fleet.organize((organization) => (organization.foreign = [{ account, region: 'eu-west-1', on: type, name: key }]));
    const before = fleet.contents();
    const { exitCode, report } = await preflight(fleet);

    expect(exitCode).toBe(1);
    expect(wrongIn(report)).toEqual([
      expect.objectContaining({
        ...{ account, check: 'names', verdict: 'failed', advice: matching(what) },
        found: `${kind} ${key} is owned by others: it stands, and is not in the state of this target`,
      }),
    ]);
    expect(fleet.contents()).toEqual(before);
  });

  test('refuses what others made of a type that is not simulated: it would never be found', async () => {
    const fleet = undeployed();
    fleet.organize((organization) => (organization.foreign = [{ account: SHARED, region: 'eu-west-1', on: 'aws:ec2/vpc:Vpc', name: 'v' }]));

    expect(await fleet.run('preflight')).toMatchObject({
      exitCode: 2,
      err: [matching(/^user\/organization-file: .*foreign\[0\]\.on aws:ec2\/vpc:Vpc is no resource type/)],
    });
  });

  test('takes a limit of 10 executions for a warning, and says what comes of it', async () => {
    const fleet = undeployed();
    setAccount(fleet, '200000000001', { lambdaConcurrency: 10 });
    const { exitCode, report } = await preflight(fleet);
    const text = (await fleet.run('preflight')).out.join('\n');

    expect(exitCode).toBe(0);
    expect(wrongIn(report)).toEqual([
      expect.objectContaining({
        ...{ target: FIRST, check: 'concurrency', verdict: 'warning' },
        found:
          "the account's limit is 10 concurrent executions, of which nothing can be reserved: the queue feeds orders-order at most 2 at once, and other functions of the account can take even these",
      }),
    ]);
    expect(text).toMatch(/WARNING +concurrency +regional\/200000000001\/eu-west-1/);
  });

  test('fails where what others reserve leaves no room for the reservation', async () => {
    const fleet = undeployed();
    setAccount(fleet, '200000000001', { lambdaConcurrency: 120 });
    const base = await preflight(fleet);
    expect(base.exitCode).toBe(0);
    plantReserving(fleet, 20);
    const { exitCode, report } = await preflight(fleet);

    expect(exitCode).toBe(1);
    expect(wrongIn(report)).toEqual([
      expect.objectContaining({
        ...{ target: FIRST, check: 'concurrency', verdict: 'failed' },
        found: 'orders-order is to reserve 6, which would leave 94 of 120 executions unreserved: AWS keeps 100',
      }),
    ]);
  });

  test('a deployed fleet passes: what is in its state is its own, and its topics and keys are there', async () => {
    const { exitCode, report } = await preflight(fleets.deployed());

    expect(wrongIn(report)).toEqual([]);
    expect(exitCode).toBe(0);
    expect(report.results.filter(({ check }) => check === 'alarms-red').map(({ target }) => target)).toEqual([FIRST, SECOND]);
    expect(report.results.find(({ check }) => check === 'shared-parts')).toMatchObject({ verdict: 'passed', account: SHARED });
  });

  test('what cannot be asked is unknown, never passed, and exits with 1', async () => {
    const fleet = fleets.deployed();
    fleet.plant({ target: FIRST, kind: 'gate-error' });
    const { exitCode, report } = await preflight(fleet, '--account', '200000000001');

    expect(exitCode).toBe(1);
    expect(wrongIn(report)).toEqual([
      expect.objectContaining({ target: FIRST, check: 'alarms-red', verdict: 'unknown', found: matching(/DescribeAlarms .* failed/) }),
    ]);
  });

  test('looks at the targets that match alone', async () => {
    const fleet = fleets.deployed();
    fleet.plant({ target: FIRST, kind: 'role-missing' });

    expect((await preflight(fleet, '--account', '200000000002')).report).toMatchObject({ targets: 1, counts: { failed: 0 } });
    expect((await preflight(fleet, '--account', '200000000001')).exitCode).toBe(1);
  });

  test.each([
    [['--region', 'moon-1'], /^user\/invalid-flag: --region: region "moon-1"/],
    [['--account', '300000000001'], /^user\/filter-matches-nothing: no target matches --account 300000000001/],
    [['--layer', 'regionl'], /^user\/unknown-layer: --layer regionl .*did you mean regional/],
    [['--no-order'], /^user\/command-line: unknown option '--no-order'/],
  ])('%j is bad input', async (argv, message) => {
    const fleet = undeployed();
    const before = fleet.contents();

    expect(await fleet.run('preflight', ...argv)).toMatchObject({ exitCode: 2, err: [matching(message)] });
    expect(fleet.contents()).toEqual(before);
  });
});
