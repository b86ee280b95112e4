import { regionalOutputsSchema } from '../../contracts/regional';
import { checkDashboardBody } from '../../sandbox/dashboard-body';
import { alarmNames, parseAlarmRule } from '../../sandbox/alarm-rule';
import type { Rendering } from '../../sandbox/recording-monitor';
import { expectLayerRules } from '../layer-kit/layer-rules';
import { awsResources, find, monitoring, tags, text, workload } from '../layer-kit/render-layer';
import { foundationId, foundationOutputs, renderRegional, type RegionalOptions } from './render-regional';

let plain: Rendering;
beforeAll(async () => {
  plain = await renderRegional();
});

const aliases = (rendering: Rendering) =>
  awsResources(rendering)
    .filter(({ type }) => type.endsWith(':Alias') && type.includes('lambda'))
    .map(({ inputs }) => ({ name: inputs.name, version: inputs.functionVersion, routing: inputs.routingConfig }));

describe('the regional program', () => {
  test.each([
    ['as configured by default', {}],
    ['with a key of its own', { order: { encryption: 'customer' } }],
    ['without tracing, heartbeat and dashboard', { order: { tracing: 'passThrough', heartbeat: false, dashboard: 'none' } }],
  ] as const)('keeps the rules of every layer in the target account only, %s', async (_name, options) => {
    expectLayerRules(await renderRegional(options), [workload]);
  });

  test('exports exactly its contract', async () => {
    const { outputs } = plain;

    expect(regionalOutputsSchema.strict().parse(outputs)).toMatchObject({
      account: workload,
      region: 'eu-west-1',
      liveAliasArn: expect.stringMatching(/:orders-order:live$/) as string,
      alarms: { critical: 'orders-critical', warning: 'orders-warning' },
      dashboard: 'orders-target-eu-west-1',
    });
  });

  test.each<[string, RegionalOptions]>([
    ['new code', { digest: 'b'.repeat(64), outputs: { 'order-function': { version: '9' } } }],
    ['more memory', { order: { memoryMb: 2048 } }],
    ['another threshold', { order: { alarms: { errorRatePercent: 2 } } }],
    ['a traffic shift', { run: { stableVersion: '7', canaryPercent: 10 } }],
    ['a rollback', { run: { stableVersion: '7', publish: false } }],
  ])('%s leaves the outputs as they are, and with them everything above', async (_name, options) => {
    const after = await renderRegional(options);

    expect(after.outputs).toEqual(plain.outputs);
    // Something did change: these are not two equal programs.
    expect(JSON.stringify(after.resources)).not.toBe(JSON.stringify(plain.resources));
  });

  test('reads no name of an account or unit', async () => {
    const config = { account: { id: workload, name: 'storefront', unit: 'Elsewhere' } };

    expect(await renderRegional({ config, upstream: [{ target: foundationId, accountName: 'hub' }] })).toEqual(await renderRegional());
  });

  test('another attempt changes nothing at all', async () => {
    expect(await renderRegional({ run: { attempt: 2 } })).toEqual(plain);
  });

  test.each(['Queue', 'Table', 'Bucket', 'LogGroup'])('protects what holds data: %s', async (type) => {
    const found = awsResources(plain).filter((resource) => resource.type.endsWith(`:${type}`));

    expect(found.length).toBeGreaterThan(0);
    expect(found.filter(({ protect, inputs }) => !protect || (inputs.name ?? inputs.bucket) === undefined)).toEqual([]);
  });

  test('reads the foundation by reference, and nothing else', async () => {
    // The monitor fails the program for any other reference or look-up.
    const rendering = await renderRegional({ stacks: { [foundationId]: foundationOutputs } });

    expect(find(rendering, 'CompositeAlarm', 'critical').inputs.alarmActions).toEqual([foundationOutputs.topics.critical]);
    expect(find(rendering, 'CompositeAlarm', 'warning').inputs.alarmActions).toEqual([foundationOutputs.topics.warning]);
  });
});

describe('the versions of the order function', () => {
  test.each([
    ['a plain release', { servedBefore: ['7', '6'] }, { version: '8', routing: undefined }, '7'],
    [
      'a shift of 10 %',
      { stableVersion: '7', canaryPercent: 10, servedBefore: ['7', '6'] },
      { version: '7', routing: { additionalVersionWeights: { '8': 0.1 } } },
      '6',
    ],
    ['a shift taken back', { stableVersion: '7', canaryPercent: 0, servedBefore: ['6'] }, { version: '7', routing: undefined }, '6'],
    ['a shift with nothing new published', { stableVersion: '8', canaryPercent: 10 }, { version: '8', routing: undefined }, '8'],
    ['a rollback', { publish: false, stableVersion: '7', servedBefore: ['6'] }, { version: '7', routing: undefined }, '6'],
    ['a first release', { servedBefore: [] }, { version: '8', routing: undefined }, '8'],
  ])('%s', async (_name, run, expected, previous) => {
    const rendering = await renderRegional({ run });
    const byName = new Map(aliases(rendering).map((alias) => [alias.name, alias]));

    expect([...byName.keys()].sort()).toEqual(['live', 'previous', 'prod']);
    expect(byName.get('live')).toEqual({ name: 'live', ...expected });
    expect(byName.get('prod')).toEqual({ name: 'prod', ...expected });
    expect(byName.get('previous')).toEqual({ name: 'previous', version: previous, routing: undefined });
    expect(find(rendering, 'Function', 'order-function').inputs.publish).toBe(!('publish' in run));
  });

  test.each([
    ['that says nothing of earlier versions leaves the alias where it is', {}, ['functionVersion']],
    ['that names none moves it', { servedBefore: [] }, []],
  ])('a run %s', async (_name, run, ignored) => {
    expect(find(await renderRegional({ run }), 'Alias', 'order-previous').ignoreChanges).toEqual(ignored);
  });

  test('the failures of the version on trial are watched by themselves', async () => {
    const version = async (run: Readonly<Record<string, unknown>>) =>
      find(await renderRegional({ run }), 'MetricAlarm', 'version-failures').inputs.dimensions;

    expect(await version({ stableVersion: '7', canaryPercent: 10 })).toEqual({ FunctionName: 'orders-order', version: '8' });
    expect(await version({ stableVersion: '7' })).toEqual({ FunctionName: 'orders-order', version: '7' });
  });

  test('the bundle is told by the description, never by what would publish for its own sake', async () => {
    const { inputs } = find(plain, 'Function', 'order-function');

    expect(inputs.description).toBe(`bundle ${'a'.repeat(64)}`);
    expect(JSON.stringify(inputs.environment)).not.toContain('aaaa');
    expect(inputs.tags).toEqual({ Version: 'a'.repeat(32) });
  });
});

describe('the order function', () => {
  test('runs as the requirements say', async () => {
    const { inputs, dependencies } = find(plain, 'Function', 'order-function');

    expect(inputs).toMatchObject({
      runtime: 'nodejs24.x',
      architectures: ['arm64'],
      memorySize: 1024,
      timeout: 30,
      reservedConcurrentExecutions: 50,
      loggingConfig: { logFormat: 'JSON', logGroup: '/orders/orders-order' },
      tracingConfig: { mode: 'Active' },
      environment: {
        variables: { ORDERS_TABLE: 'orders-order-table', POWERTOOLS_METRICS_NAMESPACE: 'fleet/orders', SLOW_ORDER_MS: '1000' },
      },
    });
    expect(dependencies.some((urn) => urn.endsWith('::order-policy'))).toBe(true);
  });

  test('is fed through the live alias, and fails orders one by one', async () => {
    const rendering = plain;

    expect(find(rendering, 'EventSourceMapping', 'order-source').inputs).toMatchObject({
      functionName: expect.stringMatching(/:live$/) as string,
      eventSourceArn: find(rendering, 'Queue', 'order-queue').outputs.arn,
      functionResponseTypes: ['ReportBatchItemFailures'],
      scalingConfig: { maximumConcurrency: 50 },
      batchSize: 10,
    });
    expect(find(rendering, 'FunctionEventInvokeConfig').inputs).toMatchObject({
      qualifier: 'live',
      destinationConfig: { onFailure: { destination: find(rendering, 'Queue', 'dead-letter-queue').outputs.arn } },
    });
  });

  test.each([[10], [null]])("reserves nothing where the account's limit is %p", async (lambdaConcurrency) => {
    const rendering = await renderRegional({ lambdaConcurrency });

    expect(find(rendering, 'Function', 'order-function').inputs.reservedConcurrentExecutions).toBeUndefined();
    expect(find(rendering, 'EventSourceMapping', 'order-source').inputs.scalingConfig).toEqual({ maximumConcurrency: 2 });
  });
});

describe('the queues', () => {
  test('a failed order goes to the dead-letter queue, which takes from that queue only and keeps 14 days', async () => {
    const rendering = await renderRegional({ order: { maxReceiveCount: 3 } });
    const order = find(rendering, 'Queue', 'order-queue');
    const deadLetter = find(rendering, 'Queue', 'dead-letter-queue');

    expect(JSON.parse(text(order.inputs.redrivePolicy))).toEqual({ deadLetterTargetArn: deadLetter.outputs.arn, maxReceiveCount: 3 });
    expect(JSON.parse(text(find(rendering, 'RedriveAllowPolicy').inputs.redriveAllowPolicy))).toEqual({
      redrivePermission: 'byQueue',
      sourceQueueArns: [order.outputs.arn],
    });
    expect(deadLetter.inputs.messageRetentionSeconds).toBe(1_209_600);
    expect(order.inputs).toMatchObject({ sqsManagedSseEnabled: true, visibilityTimeoutSeconds: 180 });
  });
});

describe('encryption with a key of the target', () => {
  test('every store uses it, and every role that needs it may', async () => {
    const rendering = await renderRegional({ order: { encryption: 'customer' } });
    const key = text(find(rendering, 'Key').outputs.arn);

    expect(find(rendering, 'Queue', 'order-queue').inputs).toMatchObject({ kmsMasterKeyId: key });
    expect(find(rendering, 'Queue', 'order-queue').inputs.sqsManagedSseEnabled).toBeUndefined();
    expect(find(rendering, 'Table').inputs.serverSideEncryption).toEqual({ enabled: true, kmsKeyArn: key });
    expect(find(rendering, 'LogGroup', 'order-logs').inputs.kmsKeyId).toBe(key);
    expect(find(rendering, 'Function', 'order-function').inputs.kmsKeyArn).toBe(key);
    expect(JSON.stringify(find(rendering, 'BucketServerSideEncryptionConfiguration').inputs)).toContain(key);
    for (const name of ['order-policy', 'dead-letter-policy', 'heartbeat-policy'])
      expect(text(find(rendering, 'RolePolicy', name).inputs.policy)).toContain(key);
  });
});

describe('roles', () => {
  test("each is the function's own, under the boundary, with the region in its name", async () => {
    const roles = awsResources(plain).filter(({ type }) => type.endsWith(':Role'));

    expect(roles.map(({ inputs }) => inputs.name).sort()).toEqual([
      'orders-dead-letter-eu-west-1',
      'orders-order-eu-west-1',
      'orders-scheduler-eu-west-1',
    ]);
    for (const { inputs } of roles) {
      expect(inputs).toMatchObject({ path: '/orders/', permissionsBoundary: `arn:aws:iam::${workload}:policy/fleet/workload-boundary` });
    }
  });

  test.each([
    ['sourceAccount', { StringEquals: { 'aws:SourceAccount': workload } }],
    ['service', undefined],
  ] as const)('roles trust their service as order.roleTrust says: %s', async (roleTrust, condition) => {
    const roles = awsResources(await renderRegional({ order: { roleTrust } })).filter(({ type }) => type.endsWith(':Role'));
    const trusts = roles.map(
      ({ inputs }) => JSON.parse(text(inputs.assumeRolePolicy)) as { readonly Statement: readonly { readonly Condition?: object }[] },
    );

    expect(trusts.map(({ Statement }) => Statement[0]?.Condition)).toEqual([condition, condition, condition]);
  });
});

describe('alarms', () => {
  test('only the composites notify, and they name every child', async () => {
    const rendering = plain;
    const children = awsResources(rendering).filter(({ type }) => type.endsWith(':MetricAlarm'));
    const composites = awsResources(rendering).filter(({ type }) => type.endsWith(':CompositeAlarm'));

    expect(children.filter(({ inputs }) => inputs.alarmActions !== undefined || inputs.okActions !== undefined)).toEqual([]);
    const named = composites.flatMap(({ inputs }) => {
      const parsed = parseAlarmRule(text(inputs.alarmRule));
      return 'rule' in parsed ? alarmNames(parsed.rule) : [];
    });
    expect(named.sort()).toEqual(children.map(({ inputs }) => text(inputs.name)).sort());
    expect(regionalOutputsSchema.parse(rendering.outputs).alarms.children).toHaveLength(children.length);
    for (const composite of composites) expect(composite.dependencies.length).toBeGreaterThan(0);
  });

  test('without a heartbeat nothing waits for one', async () => {
    const { resources } = await renderRegional({ order: { heartbeat: false } });

    expect(resources.filter(({ name }) => name.startsWith('heartbeat'))).toEqual([]);
  });
});

describe('the views', () => {
  test('the dashboard is one that CloudWatch takes', async () => {
    expect(checkDashboardBody(text(find(plain, 'Dashboard').inputs.dashboardBody))).toEqual([]);
  });

  test.each(['shared', 'none'] as const)('with dashboard: %s the target has none of its own', async (dashboard) => {
    const rendering = await renderRegional({ order: { dashboard } });

    expect(rendering.resources.filter(({ type }) => type.endsWith(':Dashboard'))).toEqual([]);
    expect(rendering.outputs.dashboard).toBeNull();
  });

  test('telemetry is linked to the sink of the region, except from the monitoring account itself', async () => {
    const linked = plain;
    const own = await renderRegional({ account: monitoring });

    expect(find(linked, 'Link').inputs).toMatchObject({ sinkIdentifier: foundationOutputs.sinkArn, labelTemplate: '$AccountName' });
    expect(own.resources.filter(({ type }) => type.endsWith(':Link'))).toEqual([]);
  });
});

test("an alias bears the name of the target's environment, and only prod is protected from deletion by AWS too", async () => {
  const dev = await renderRegional({ config: { tags: { ...tags, Environment: 'dev' } } });

  expect(
    aliases(dev)
      .map(({ name }) => name)
      .sort(),
  ).toEqual(['dev', 'live', 'previous']);
  expect(find(dev, 'Table').inputs.deletionProtectionEnabled).toBe(false);
  expect(find(plain, 'Table').inputs.deletionProtectionEnabled).toBe(true);
});
