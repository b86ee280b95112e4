import { join } from 'node:path';

import { DeleteDashboardsCommand, DisableAlarmActionsCommand, PutDashboardCommand, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { CreateLogGroupCommand, DeleteRetentionPolicyCommand } from '@aws-sdk/client-cloudwatch-logs';
import { CreatePolicyCommand } from '@aws-sdk/client-iam';

import type { AuditReport } from '../../fleet/audit/audit-report';
import type { CheckReport } from '../../fleet/checks/check-result';
import { describeWithEngineAndMoto } from '../helpers/engine-tier';

import { AwsFleet, type Ran } from './aws-fleet';
import { emulatedAws, type AwsUnderTest } from './aws-under-test';
import { motoServer } from './moto-server';
import { RoleTroubles } from './role-troubles';
import { stopMapping, takeOrders } from './take-orders';

const REGION = 'eu-west-1';
const POLICY = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] });
const BODY = JSON.stringify({ widgets: [] });

/** What did not pass, as `check verdict: found`. */
const wrongIn = ({ result }: Ran): readonly string[] =>
  (result as CheckReport).results
    .filter(({ verdict }) => verdict !== 'passed')
    .map(({ account, check, verdict, found }) => `${account} ${check} ${verdict}: ${found}`);

const passedIn = ({ result }: Ran): ReadonlySet<string> =>
  new Set((result as CheckReport).results.filter(({ verdict }) => verdict === 'passed').map(({ check }) => check));

/** One fleet, looked at before and after it is rolled out; the steps take a minute and are done once. */
describeWithEngineAndMoto('fleet preflight, fleet verify and fleet audit over AWS', () => {
  const moto = motoServer();
  let doors: RoleTroubles;
  let aws: AwsUnderTest;
  let fleet: AwsFleet;
  let workload: string;
  const seen: Record<string, Ran> = {};

  beforeAll(async () => {
    doors = await new RoleTroubles(moto(), 'fleet/orders/orders-deploy').listen();
    aws = await emulatedAws(doors.endpoint, { workloads: 1, regions: [REGION] });
    const environment = { ...aws.environment, FLEET_PULUMI: process.env.FLEET_PULUMI };
    fleet = new AwsFleet({ config: { ...aws.config, waves: [{ name: 'all', bake: '1s', shortBake: true, minOrders: 0 }] }, environment, attachProvider: aws.attachProvider }); // prettier-ignore
    seen.bare = await fleet.run('preflight');
    workload = (seen.bare.result as CheckReport).results.find(({ target }) => target?.startsWith('regional/'))?.account ?? '';
    const clients = await aws.clients(workload, REGION);
    for (const account of [workload, aws.shared, aws.monitoring]) {
      const { iam } = await aws.clients(account, REGION);
      await iam.send(new CreatePolicyCommand({ PolicyName: 'orders-workload-boundary', Path: '/fleet/orders/', PolicyDocument: POLICY }));
    }
    await clients.cloudwatch.send(new PutDashboardCommand({ DashboardName: `orders-target-${REGION}`, DashboardBody: BODY }));
    doors.troubles.set(aws.monitoring, { is: 'no-such-role' });
    doors.troubles.set(aws.shared, { is: 'credentials-ended' });
    seen.troubled = await fleet.run('preflight');
    doors.troubles.set(aws.shared, { is: 'other-account', account: workload });
    seen.misled = await fleet.run('preflight', '--layer', 'foundation');
    doors.troubles.clear();
    await clients.cloudwatch.send(new DeleteDashboardsCommand({ DashboardNames: [`orders-target-${REGION}`] }));
    seen.before = await fleet.run('preflight');

    const { release } = await fleet.rollOut();
    const folder = join(fleet.directory, '.fleet', 'releases', release);
    seen.after = await fleet.run('preflight');
    seen.verified = await fleet.run('verify', '--no-order', '--timeout', '0s');
    seen.audited = await fleet.run('audit');
    await clients.cloudwatch.send(new DisableAlarmActionsCommand({ AlarmNames: ['orders-errors'] }));
    await clients.cloudwatch.send(new DeleteDashboardsCommand({ DashboardNames: [`orders-target-${REGION}`] }));
    await stopMapping(clients);
    await clients.logs.send(new CreateLogGroupCommand({ logGroupName: '/aws/lambda/orders-old' }));
    await clients.logs.send(new DeleteRetentionPolicyCommand({ logGroupName: '/orders/orders-order' }));
    seen.auditedLate = await fleet.run('audit');
    seen.late = await fleet.run('verify', '--timeout', '1s', '--layer', 'regional');
    const verifying = fleet.run('verify', '--timeout', '20s', '--layer', 'regional');
    let isOver = false;
    void verifying.then(() => (isOver = true));
    while (!isOver) await takeOrder();
    seen.ordered = await verifying;

    /** What Lambda does with the queue, and CloudWatch with what the function's log says. */
    async function takeOrder(): Promise<void> {
      await takeOrders(clients, { release: folder, region: REGION, endpoint: aws.environment.AWS_ENDPOINT_URL ?? '' });
      const MetricData = [{ MetricName: 'SyntheticOrders', Value: 1, Dimensions: [{ Name: 'FunctionName', Value: 'orders-order' }] }];
      await clients.cloudwatch.send(new PutMetricDataCommand({ Namespace: 'fleet/orders', MetricData }));
    }
  }, 300_000);

  afterAll(async () => {
    fleet.remove();
    await aws.close();
    await doors.close();
  });

  const of = (name: string): Ran => seen[name] ?? { exitCode: null, out: '', err: `${name} was not run`, result: null };

  test('names the boundary that is in no account yet', () => {
    expect(of('bare')).toMatchObject({ exitCode: 1, err: '' });
    expect([...wrongIn(of('bare'))].sort()).toEqual(
      [workload, aws.shared, aws.monitoring].map((account) => `${account} boundary failed: policy fleet/orders/orders-workload-boundary is not in account ${account}`).sort(), // prettier-ignore
    );
  });

  test('names a role that is not there as failed, one that nobody can tell of as unknown, and a dashboard of others', () => {
    const wrong = wrongIn(of('troubled'));

    expect(of('troubled').exitCode).toBe(1);
    expect(wrong).toHaveLength(3);
    expect(wrong).toContainEqual(expect.stringContaining(`${aws.monitoring} role failed: arn:aws:iam::${aws.monitoring}:role/fleet/orders/orders-deploy cannot be assumed`)); // prettier-ignore
    expect(wrong).toContainEqual(expect.stringContaining(`${aws.shared} role unknown: could not be asked: aws/ExpiredToken`));
    expect(wrong).toContainEqual(
      `${workload} names failed: dashboard orders-target-${REGION} is owned by others: it stands, and is not in the state of this target`,
    );
  });

  test('names a role that leads into another account', () => {
    expect(wrongIn(of('misled'))).toEqual([
      `${aws.shared} role failed: arn:aws:iam::${aws.shared}:role/fleet/orders/orders-deploy leads to account ${workload} in place of ${aws.shared}`,
    ]);
  });

  test.each(['before', 'after'])('passes all else %s the rollout, quotas among it', (when) => {
    expect(wrongIn(of(when))).toEqual([]);
    expect(of(when).exitCode).toBe(0);
    expect([...passedIn(of(when))]).toEqual(expect.arrayContaining(['role', 'boundary', 'concurrency', 'code-storage', 'names']));
  });

  test('finds the topics and the key of the deployed foundation, and no alarm red', () => {
    expect([...passedIn(of('after'))]).toEqual(expect.arrayContaining(['shared-parts', 'alarms-red']));
  });

  test('verifies what was deployed: all but what moto has otherwise', () => {
    // moto evaluates no alarm, does not tell where a function logs to, and puts the version in the place of the alias that a mapping was given.
    const known = / (alarms-data failed: alarm orders-[a-z-]+ has no data|logs unknown: AWS does not tell where function orders-[a-z-]+ logs to|event-source failed: nothing feeds orders-order:live from queue orders-order-queue: its messages wait)$/; // prettier-ignore

    expect(wrongIn(of('verified')).filter((line) => !known.test(line))).toEqual([]);
    for (const check of ['alarms-there', 'alarms-armed', 'alarms-green', 'tracing', 'alias', 'redrive', 'dashboards', 'shared-topics'])
      expect(passedIn(of('verified'))).toContain(check);
  });

  test('names what was broken since, and the order that does not arrive in time', () => {
    expect(of('late').exitCode).toBe(1);
    expect(wrongIn(of('late'))).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/ order failed: synthetic order verify-\S+ did not arrive in orders-order-table within 1 s$/),
        `${workload} alarms-armed failed: actions of alarm orders-errors are disabled: nobody would be told`,
        `${workload} dashboards failed: dashboard orders-target-${REGION} does not exist`,
        expect.stringMatching(/ event-source failed: the event source of queue orders-order-dlq is disabled: its messages wait$/),
      ]),
    );
  });

  test('follows an order through the deployed code into the table, until it is counted', () => {
    expect(passedIn(of('ordered'))).toContain('order');
  });

  test('audits what was deployed without a finding', () => {
    const { score, findings, notAudited } = of('audited').result as AuditReport;

    expect([findings, notAudited, score, of('audited').exitCode]).toEqual([[], [], 100, 0]);
  });

  test('audits what was broken since, as AWS has it: gone, disabled, kept for ever, left behind', () => {
    const { findings, notAudited } = of('auditedLate').result as AuditReport;
    const told = findings.map(({ rule, account, resource, found }) => `${account} ${rule} ${resource?.name ?? '-'}: ${found}`);

    expect(notAudited).toEqual([]);
    expect(told).toEqual(
      expect.arrayContaining([
        `${workload} resource-gone dashboard: was deployed, and is not there any more`,
        `${workload} alarm-changed errors: changed past the fleet: actionsEnabled`,
        `${workload} event-source-enabled dead-letter-source: enabled is false: nothing is read from its queue`,
        `${workload} log-retention order-logs: retentionInDays is not set: logs are kept, and paid for, for ever`,
        `${workload} log-group-unused -: log group /aws/lambda/orders-old belongs to no deployed function`,
      ]),
    );
  });
});
