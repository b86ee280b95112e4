import type { PrunedTarget } from '../../fleet/report/prune-text';
import { describeWithEngineAndMoto } from '../helpers/engine-tier';
import { order } from '../lambda/fixtures/records';

import { AwsFleet } from './aws-fleet';
import { awsUnderTest, type AwsUnderTest } from './aws-under-test';
import { idOf, live, outcomesOf, type Life, type Place } from './fleet-life';
import { motoServer } from './moto-server';
import { ProductCopy } from '../helpers/product-copy';
import { LACKING_TYPES } from './provider/types';
import type { RegionalTarget } from './read-back';

/** What has no emulator: said at the end of the run, and nothing may join it unseen. */
const ANSWERED_HERE = [
  'account:ListRegions',
  'cloudwatch:DescribeAlarmHistory',
  'cloudwatch:ListTagsForResource (composites)',
  'cloudwatch:PutCompositeAlarm',
  'lambda:GetAccountSettings',
];

/** The life takes a minute or two, and is lived once: its tests look at what was seen, in any order. */
describeWithEngineAndMoto('a fleet of AWS accounts', () => {
  const moto = motoServer();
  const ordered = order();
  let product: ProductCopy;
  let aws: AwsUnderTest;
  let fleet: AwsFleet;
  let life: Life;

  beforeAll(async () => {
    product = new ProductCopy();
    aws = await awsUnderTest(moto);
    const environment = { ...aws.environment, FLEET_PULUMI: process.env.FLEET_PULUMI, FLEET_PRODUCT: product.directory };
    fleet = new AwsFleet({ config: aws.config, environment, attachProvider: aws.attachProvider });
    life = await live({ aws, fleet, product, order: ordered });
  }, 300_000);

  afterAll(async () => {
    const { types, operations } = aws.standIns();
    process.stdout.write(`kept in memory, as moto lacks them: ${types.join(', ')}\nanswered in its place: ${operations.join(', ')}\n`);
    fleet.remove();
    product.remove();
    await aws.close();
  });

  /** Holds for every regional target. */
  const everywhere = (look: (target: RegionalTarget, place: Place) => void, seen: Life['made'] = life.made) => {
    expect(seen.size).toBeGreaterThan(1);
    for (const place of life.places) look(targetOf(place, seen), place);
  };
  const targetOf = (place: Place, seen: Life['made']): RegionalTarget => {
    const target = seen.get(idOf(place));
    if (!target) throw new Error(`${idOf(place)} was not read`);
    return target;
  };
  const all = (layer: string, outcome: string, report: Life['first']) =>
    expect(new Set(outcomesOf(report, layer))).toEqual(new Set([outcome]));

  test('is found through Organizations, planned whole and rolled out with every gate passed', () => {
    expect(life.discovered).toMatchObject({ exitCode: 0, err: '' });
    expect(life.planned).toMatchObject({ exitCode: 0, result: { counts: { unchanged: 0 } } });
    expect(life.first.outcome).toBe('succeeded');
    for (const layer of ['foundation', 'regional', 'observability']) all(layer, 'succeeded', life.first);
    expect(life.first.waves.filter(({ name }) => /^(canary|rest)/.test(name)).map(({ verdict }) => verdict)).not.toContain('fail');
    expect(life.places.length).toBe(outcomesOf(life.first, 'regional').length);
  });

  test('has the order function of its release in each account and region, as configured', () => {
    everywhere(({ function: deployed }, { account, region }) => {
      expect(deployed.Configuration).toMatchObject({
        FunctionArn: `arn:aws:lambda:${region}:${account}:function:orders-order`,
        Role: `arn:aws:iam::${account}:role/orders/orders-order-${region}`,
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        Handler: 'index.handler',
        MemorySize: 1024,
        Timeout: 30,
        TracingConfig: { Mode: 'Active' },
        Environment: { Variables: { ORDERS_TABLE: 'orders-order-table', POWERTOOLS_METRICS_NAMESPACE: 'fleet/orders' } },
      });
      expect(deployed.Concurrency?.ReservedConcurrentExecutions).toBe(50);
    });
  });

  test('publishes a version, with `live`, `previous` and the alias of the environment on it, and feeds it from the order queue', () => {
    everywhere(({ versions, aliases, mapping, onFailure }, { account, region }) => {
      expect(versions).toEqual(['$LATEST', '1']);
      expect(aliases).toEqual({ live: '1', previous: '1', prod: '1' });
      expect(mapping).toMatchObject({
        EventSourceArn: `arn:aws:sqs:${region}:${account}:orders-order-queue`,
        BatchSize: 10,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        ScalingConfig: { MaximumConcurrency: 50 },
        State: 'Enabled',
      });
      // moto puts the version in the place of the alias that it was told.
      expect(mapping?.FunctionArn).toBe(`arn:aws:lambda:${region}:${account}:function:orders-order:${aws.emulated ? '1' : 'live'}`);
      expect(onFailure).toBe(`arn:aws:sqs:${region}:${account}:orders-order-dlq`);
    });
  });

  test('hands orders that fail five times to the dead-letter queue, which keeps them for 14 days', () => {
    everywhere(({ queues: { orders, deadLetters } }, { account, region }) => {
      expect(JSON.parse(orders.attributes.RedrivePolicy ?? '')).toEqual({
        deadLetterTargetArn: `arn:aws:sqs:${region}:${account}:orders-order-dlq`,
        maxReceiveCount: 5,
      });
      expect(orders.attributes).toMatchObject({ VisibilityTimeout: '180', MessageRetentionPeriod: '345600', SqsManagedSseEnabled: 'true' });
      expect(deadLetters.attributes).toMatchObject({ MessageRetentionPeriod: '1209600', SqsManagedSseEnabled: 'true' });
    });
  });

  test('keeps orders and dead letters safe: recovery, deletion protection, encryption, expiry, no public access', () => {
    everywhere(({ table, backups, archive }) => {
      expect(table).toMatchObject({ DeletionProtectionEnabled: true, BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' } });
      expect(backups?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus).toBe('ENABLED');
      expect(archive.encryption?.Rules?.[0]?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm).toBe('AES256');
      expect(archive.lifecycle).toEqual([expect.objectContaining({ Status: 'Enabled', Expiration: { Days: 365 } })]);
      expect(Object.values(archive.publicAccess ?? {})).toEqual([true, true, true, true]);
      expect(archive.policy).toContain('aws:SecureTransport');
    });
  });

  test('watches each target: eleven alarms that change state, and two composites that tell the topics of their region', () => {
    everywhere(({ alarms, composites, dashboards }, { region }) => {
      expect(alarms.map(({ AlarmName }) => AlarmName).sort()).toEqual(
        ['concurrency', 'dead-letters', 'dlq-age', 'errors', 'heartbeat', 'oldest-message', 'order-failures', 'slow-orders', 'throttles', 'unreserved-concurrency', 'version-failures'].map((name) => `orders-${name}`), // prettier-ignore
      );
      expect(alarms.flatMap(({ AlarmActions = [] }) => AlarmActions)).toEqual([]);
      expect(alarms.find(({ AlarmName }) => AlarmName === 'orders-order-failures')).toMatchObject({
        Namespace: 'fleet/orders',
        MetricName: 'OrderFailed',
        Dimensions: [{ Name: 'FunctionName', Value: 'orders-order' }],
        Threshold: 0.01,
        Period: 300,
        TreatMissingData: 'notBreaching',
      });
      for (const severity of ['critical', 'warning']) {
        const topic = `arn:aws:sns:${region}:${aws.shared}:orders-alerts-${severity}`;
        const composite = composites.find(({ AlarmName }) => AlarmName === `orders-${severity}`);
        expect(composite).toMatchObject({ ActionsEnabled: true, AlarmActions: [topic], OKActions: [topic] });
      }
      expect(dashboards).toContain(`orders-target-${region}`);
    });
  });

  test('has alert topics that the alarms of its organisation alone may publish to, encrypted, with their subscribers', () => {
    const { 'orders-alerts-critical': critical, 'orders-alerts-warning': warning } = life.topics as Readonly<
      Record<string, Record<string, unknown>>
    >;
    expect(critical?.endpoints).toEqual(['https://alerts.example.com/critical']);
    for (const topic of [critical, warning]) {
      expect(topic?.KmsMasterKeyId).toMatch(/^arn:aws:kms:/);
      const [statement] = (JSON.parse(String(topic?.Policy)) as { readonly Statement: readonly unknown[] }).Statement;
      expect(statement).toMatchObject({
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Action: 'sns:Publish',
        Condition: { StringEquals: { 'aws:SourceOrgID': (life.discovered.result as { readonly inventory: { readonly organizationId: string } }).inventory.organizationId } }, // prettier-ignore
      });
    }
  });

  test('gives each function a role of its own, under the boundary, that may do what it needs and no more', () => {
    everywhere(({ role, access }, { account, region }) => {
      expect(role?.PermissionsBoundary?.PermissionsBoundaryArn).toBe(
        `arn:aws:iam::${account}:policy/fleet/orders/orders-workload-boundary`,
      );
      expect(decodeURIComponent(role?.AssumeRolePolicyDocument ?? '')).toContain('lambda.amazonaws.com');
      const { Statement } = JSON.parse(access) as {
        readonly Statement: readonly { readonly Action: readonly string[]; readonly Resource: string }[];
      };
      const allowed = Object.fromEntries(Statement.map(({ Action, Resource }) => [Resource, Action]));
      expect(allowed[`arn:aws:dynamodb:${region}:${account}:table/orders-order-table`]).toEqual(['dynamodb:PutItem']);
      expect(allowed[`arn:aws:sqs:${region}:${account}:orders-order-dlq`]).toEqual(['sqs:SendMessage']);
      expect(Statement.flatMap(({ Action }) => Action)).not.toContainEqual(expect.stringContaining('*'));
    });
  });

  test('keeps logs for 30 days, sends a heartbeat, and tags what it makes with the cost centre of the account', () => {
    everywhere(({ logGroups = [], schedule, queues, function: deployed, alarmTags = [], role }, { account, region }) => {
      expect(logGroups.map(({ logGroupName, retentionInDays }) => [logGroupName, retentionInDays])).toEqual([
        ['/orders/orders-dead-letter', 30],
        ['/orders/orders-order', 30],
      ]);
      expect(schedule).toMatchObject({ ScheduleExpression: 'rate(5 minutes)', State: 'ENABLED' });
      expect(schedule.Target?.Arn).toBe(`arn:aws:sqs:${region}:${account}:orders-order-queue`);
      const listed = (tags: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[]) =>
        Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value]));
      for (const tags of [queues.orders.tags, deployed.Tags, listed(alarmTags), listed(role?.Tags ?? [])]) {
        expect(tags).toMatchObject({
          Application: 'orders',
          ManagedBy: 'Pulumi',
          Environment: 'prod',
          CreatedAt: expect.stringMatching(/Z$/) as string,
        });
        if (aws.emulated) expect(tags?.CostCenter).toMatch(/^cc-workload-\d$/);
      }
    });
    const centres = new Set(life.places.map((place) => targetOf(place, life.made).queues.orders.tags?.CostCenter));
    expect(centres.size).toBe(new Set(life.places.map(({ account }) => account)).size);
  });

  test('stores an order from its queue in its own table, and in no other', () => {
    expect(life.failedOrders).toEqual([]);
    expect(life.item?.order?.M).toMatchObject({ orderId: { S: ordered.orderId }, customerId: { S: ordered.customerId } });
    expect(life.elsewhere).toBeUndefined();
  });

  test('sends a dead letter to its order queue again, marks it, and never sends it a second time', () => {
    if (life.letter === null) return;
    const { listed, redriven, again, messages, tags } = life.letter;

    expect(listed).toMatchObject({ exitCode: 0, err: '', result: { counts: { letters: 1, redriven: 0, notRead: 0 } } });
    expect(redriven).toMatchObject({ exitCode: 0, err: '', result: { counts: { letters: 1, messages: 1, left: 0 } } });
    expect(again).toMatchObject({ exitCode: 0, result: { counts: { letters: 0, refused: { marked: 1 } } } });
    expect(messages).toEqual([[JSON.stringify(ordered), { 'fleet-redrives': '1' }]]);
    const time = expect.stringMatching(/Z$/) as string;
    expect(tags).toEqual({ 'redrive-begun': time, redriven: time, redrives: '1' });
    expect([listed.out, redriven.out].join()).not.toContain(ordered.customerId);
  });

  test('is clean once it is rolled out', () => {
    const total = life.first.targets.length;
    expect(life.clean).toMatchObject({ exitCode: 0, result: { counts: { total, clean: total, drifted: 0, notChecked: 0 } } });
  });

  test('gets other code by a second release, and nothing else is touched', () => {
    expect(life.second.release).not.toBe(life.first.release);
    all('foundation', 'unchanged', life.second);
    all('regional', 'succeeded', life.second);
    all('observability', 'unchanged', life.second);
    everywhere(({ versions, aliases, function: deployed, queues, table }, place) => {
      const before = targetOf(place, life.made);
      expect([versions, aliases]).toEqual([['$LATEST', '1', '2'], { live: '2', previous: '1', prod: '2' }]);
      expect(deployed.Configuration?.CodeSha256).not.toBe(before.function.Configuration?.CodeSha256);
      expect(deployed.Tags?.CreatedAt).toBe(before.function.Tags?.CreatedAt);
      expect(queues).toEqual({ ...before.queues, orders: { ...before.queues.orders, attributes: expect.objectContaining({ CreatedTimestamp: before.queues.orders.attributes.CreatedTimestamp }) as object } }); // prettier-ignore
      expect(table?.CreationDateTime).toEqual(before.table?.CreationDateTime);
    }, life.renewed);
  });

  test('needs both versions, as Lambda tells it: one serves, and one is switched back to', () => {
    const { targets } = life.pruned.result as { readonly targets: readonly PrunedTarget[] };
    expect([life.pruned.exitCode, targets.map(({ id }) => id).sort()]).toEqual([0, life.places.map(idOf).sort()]);
    for (const { functionName, kept, removed } of targets) {
      expect([functionName, removed, kept.map(({ version }) => version)]).toEqual(['orders-order', [], ['1', '2']]);
      expect(kept[0]?.why.slice(0, 2)).toEqual(['alias previous', 'last good']);
      expect([...(kept[1]?.why ?? [])].sort()).toEqual(['alias live', 'alias prod', 'last good']);
    }
  });

  test('notices what was changed by hand, and where', () => {
    const { targets } = life.drifted.result as {
      readonly targets: readonly { readonly id: string; readonly resources?: readonly { readonly op: string; readonly urn: string; readonly keys: readonly string[] }[] }[]; // prettier-ignore
    };
    const found = targets.flatMap(({ id, resources = [] }) =>
      resources.map(({ op, urn, keys }) => [id, op, urn.split('::').at(-1), keys.join()]),
    );
    const [one, other] = life.places.map(idOf);
    expect(targets.filter(({ resources }) => resources === undefined)).toEqual([]);
    expect(life.drifted.exitCode).toBe(4);
    expect(found.sort()).toEqual(
      [
        [one, 'update', 'order-queue', 'visibilityTimeoutSeconds'],
        [other, 'delete', 'dlq-age', ''],
        [other, 'update', 'order-function', 'memorySize'],
      ].sort(),
    );
  });

  test('leaves nothing when it is destroyed with its data', () => {
    expect([life.destroyed.err, life.destroyed.exitCode]).toEqual(['', 0]);
    expect(life.left).toEqual([]);
  });

  test('was made by AWS or its emulator, but for what is known to be lacking', () => {
    const { types, operations, standing } = aws.standIns();
    expect(types).toEqual(aws.emulated ? LACKING_TYPES : []);
    expect(operations).toEqual(aws.emulated ? ANSWERED_HERE : []);
    expect(standing).toEqual([]);
  });
});
