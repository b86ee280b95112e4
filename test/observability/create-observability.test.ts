import observability from '../../observability/index';
import { accountIdSchema, type Region } from '../../contracts/ids';
import { observabilityFootprint } from '../../contracts/footprints';
import { observabilityOutputsSchema } from '../../contracts/observability';
import { targetAt, type TargetId } from '../../contracts/target';
import { alarmNames, parseAlarmRule } from '../../sandbox/alarm-rule';
import { checkDashboardBody } from '../../sandbox/dashboard-body';
import { expectLayerRules } from '../layer-kit/layer-rules';
import {
  awsResources,
  configOf,
  find,
  ireland,
  monitoring,
  renderLayer,
  shared,
  text,
  virginia,
  type LayerOptions,
} from '../layer-kit/render-layer';
import { foundationId, foundationOutputs } from '../regional/render-regional';

const account = (index: number) => accountIdSchema.parse(String(300_000_000_000 + index));
const member = (index: number, region: Region = ireland): TargetId => targetAt({ layer: 'regional', account: account(index), region }).id;
const elsewhere = targetAt({ layer: 'observability', account: monitoring, region: virginia }).id;

const regionalOutputs = (index: number) => ({
  version: 1,
  account: account(index),
  region: ireland,
  queueUrl: 'https://sqs',
  queueArn: `arn:aws:sqs:eu-west-1:${account(index)}:orders-order-queue`,
  deadLetterQueueArn: 'arn:dlq',
  tableName: 'orders-order-table',
  archiveBucket: 'archive',
  functionName: 'orders-order',
  liveAliasArn: 'arn:live',
  deadLetterFunctionName: 'orders-dead-letter',
  alarms: { critical: 'orders-critical', warning: 'orders-warning', children: [] },
  dashboard: 'orders-target-eu-west-1',
});

const elsewhereOutputs = {
  version: 1,
  region: virginia,
  members: [{ account: account(9), name: 'ninth', region: virginia, present: false }],
  dashboards: [],
  alarms: [],
};

const upstream = [
  { target: foundationId, accountName: 'shared' },
  { target: member(2), accountName: 'second | account' },
  { target: member(1), accountName: 'first account' },
  { target: elsewhere, accountName: 'monitoring' },
];

const stacks = {
  [foundationId]: foundationOutputs,
  [member(1)]: regionalOutputs(1),
  [member(2)]: regionalOutputs(2),
  [elsewhere]: elsewhereOutputs,
};

const render = (changes: Partial<LayerOptions> = {}) =>
  renderLayer(observability, { layer: 'observability', account: monitoring, settings: { fleetWide: true }, upstream, stacks, ...changes });

describe('the shared dashboard', () => {
  interface Body {
    readonly variables: readonly { readonly id: string; readonly type: string; readonly pattern: string; readonly defaultValue: string; readonly values: readonly { readonly value: string; readonly label: string }[] }[];
    readonly widgets: readonly { readonly properties: { readonly title: string; readonly region: string; readonly query?: string; readonly metrics?: readonly (readonly unknown[])[] } }[];
  } // prettier-ignore
  const shared = async (changes: Partial<LayerOptions> = {}) => {
    const rendering = await render({ settings: { fleetWide: true, sharedDashboard: true }, ...changes });
    return { rendering, body: text(find(rendering, 'Dashboard', 'targets-dashboard').inputs.dashboardBody) };
  };

  test('is made where it is asked for, and only there', async () => {
    const { rendering, body } = await shared();
    const named = (rendered: typeof rendering) => observabilityOutputsSchema.parse(rendered.outputs).dashboards;

    expect(named(rendering)).toEqual(['orders-region-eu-west-1', 'orders-overview', 'orders-account', 'orders-cost', 'orders-targets']);
    expect(named(await render())).toEqual(['orders-region-eu-west-1', 'orders-overview', 'orders-account', 'orders-cost']);
    expect(checkDashboardBody(body)).toEqual([]);
  });

  test('has the eight widgets of a target, of the account and region that are chosen among all members', async () => {
    const { body } = await shared();
    const { variables, widgets } = JSON.parse(body) as Body;
    const chosen = (id: string) => variables.find((variable) => variable.id === id);

    expect(widgets).toHaveLength(8);
    expect(variables.map(({ type }) => type)).toEqual(['pattern', 'pattern']);
    expect(chosen('account')?.values).toEqual([
      { value: account(1), label: `first account (${account(1)})` },
      { value: account(2), label: `second | account (${account(2)})` },
      { value: account(9), label: `ninth (${account(9)})` },
    ]);
    expect(chosen('region')?.values.map(({ value }) => value)).toEqual([ireland, virginia]);
  });

  test('shows another target once its account and region take the place of the first', async () => {
    const { variables, widgets } = JSON.parse((await shared()).body) as Body;
    const replaced = variables.reduce(
      (written, { id, pattern }) => written.replaceAll(new RegExp(pattern, 'g'), id === 'account' ? account(9) : virginia),
      JSON.stringify(widgets),
    );
    const other = JSON.parse(replaced) as Body['widgets'];
    const rows = other.flatMap(({ properties }) => properties.metrics ?? []).filter(([namespace]) => typeof namespace === 'string');

    expect(new Set(other.map(({ properties }) => properties.region))).toEqual(new Set([virginia]));
    expect(rows.length).toBeGreaterThan(10);
    expect(rows.filter((row) => (row.at(-1) as { readonly accountId?: string }).accountId !== account(9))).toEqual([]);
    expect(other.at(-1)?.properties.query).toContain(`SOURCE 'arn:aws:logs:${virginia}:${account(9)}:log-group:/orders/orders-order'`);
    expect(replaced).not.toContain('eu-west-1');
  });

  test('waits for its first member', async () => {
    const { body } = await shared({ upstream: [], stacks: {} });

    expect(body).toContain('No target is deployed yet');
    expect(checkDashboardBody(body)).toEqual([]);
  });
});

describe('the observability program', () => {
  test('keeps the rules of every layer, in the monitoring account only', async () => {
    expectLayerRules(await render(), [monitoring]);
  });

  test('reads the names of the accounts of its members, and of no other account or unit', async () => {
    const rename = (layer: string) => upstream.map((up) => (up.target.startsWith(layer) ? { ...up, accountName: 'renamed' } : up));
    const own = { account: { id: monitoring, name: 'eye', unit: 'Elsewhere' } };
    const before = await render();

    expect(await render({ config: own, upstream: rename('foundation') })).toEqual(before);
    expect(await render({ upstream: rename('observability') })).toEqual(before);
    expect(await render({ upstream: rename('regional') })).not.toEqual(before);
  });

  test('exports exactly its contract: who the members are, sorted', async () => {
    const { outputs } = await render();

    expect(observabilityOutputsSchema.strict().parse(outputs)).toMatchObject({
      region: 'eu-west-1',
      members: [
        { account: account(1), name: 'first account', region: 'eu-west-1', present: true },
        { account: account(2), name: 'second | account', region: 'eu-west-1', present: true },
      ],
      dashboards: ['orders-region-eu-west-1', 'orders-overview', 'orders-account', 'orders-cost'],
    });
  });

  test('runs when everything above it is missing, and says so', async () => {
    const rendering = await render({ run: { missing: upstream.map(({ target }) => target) }, stacks: {} });

    expect(observabilityOutputsSchema.parse(rendering.outputs).members.map(({ present }) => present)).toEqual([false, false]);
    expect(find(rendering, 'CompositeAlarm', 'critical').inputs.alarmActions).toEqual([]);
    for (const dashboard of awsResources(rendering).filter(({ type }) => type.endsWith(':Dashboard'))) {
      expect(checkDashboardBody(text(dashboard.inputs.dashboardBody))).toEqual([]);
    }
    expect(text(find(rendering, 'Dashboard', 'region-dashboard').inputs.dashboardBody)).toContain('**missing**');
    expect(text(find(rendering, 'Dashboard', 'overview-dashboard').inputs.dashboardBody)).toContain('not reported');
  });

  test('a member whose first deployment failed half way is missing, not an error', async () => {
    const { outputs } = await render({ stacks: { ...stacks, [member(1)]: {} } });

    expect(observabilityOutputsSchema.parse(outputs).members.map(({ present }) => present)).toEqual([false, true]);
  });

  test('the alarms notify the topics of the same region through composites', async () => {
    const rendering = await render();
    const composites = awsResources(rendering).filter(({ type }) => type.endsWith(':CompositeAlarm'));
    const children = awsResources(rendering).filter(({ type }) => type.endsWith(':MetricAlarm'));
    const names = children.map(({ inputs }) => text(inputs.name));

    expect(composites.map(({ inputs }) => inputs.alarmActions)).toEqual([
      [foundationOutputs.topics.critical],
      [foundationOutputs.topics.warning],
    ]);
    expect(children.filter(({ inputs }) => inputs.alarmActions !== undefined)).toEqual([]);
    const watched = composites.flatMap(({ inputs }) => {
      const parsed = parseAlarmRule(text(inputs.alarmRule));
      return 'rule' in parsed ? alarmNames(parsed.rule) : [];
    });
    expect([...watched].sort()).toEqual([...names].sort());
    expect(observabilityOutputsSchema.parse(rendering.outputs).alarms).toEqual([...names, 'orders-fleet-critical', 'orders-fleet-warning']);
  });

  test('composites are made after their children, and go before them', async () => {
    const rendering = await render();
    const children = awsResources(rendering).filter(({ type }) => type.endsWith(':MetricAlarm')).map(({ urn }) => urn); // prettier-ignore

    expect(find(rendering, 'CompositeAlarm', 'critical').dependencies).toEqual(expect.arrayContaining(children));
  });

  test('a second part shows its members and leaves the alarms to the first: on-call is told once', async () => {
    const rendering = await render({ part: 2, settings: { fleetWide: false } });

    expect(rendering.resources.filter(({ type }) => type.endsWith('Alarm'))).toEqual([]);
    expect(rendering.outputs.dashboards).toEqual(['orders-region-eu-west-1-2']);
  });

  test('other regions are read only for the fleet-wide view', async () => {
    const rendering = await render({
      settings: { fleetWide: false },
      upstream: upstream.slice(0, 3),
      stacks: { ...stacks, [elsewhere]: {} },
    });

    expect(rendering.outputs.dashboards).toEqual(['orders-region-eu-west-1']);
  });

  test.each([
    [{ fleetWide: true, sharedDashboard: true }, 1],
    [{ fleetWide: true, sharedDashboard: false }, 1],
    [{ fleetWide: false, sharedDashboard: false }, 2],
  ])('the dashboards that its footprint names are those that it makes: %j, part %i', async (settings, part) => {
    const config = configOf({ layer: 'observability', account: monitoring, settings, part });
    const named = observabilityFootprint(config)?.names.map(({ name }) => name);

    expect([...(named ?? [])].sort()).toEqual([...((await render({ settings, part })).outputs.dashboards as string[])].sort());
  });

  test('a full part of 200 members fits one dashboard', async () => {
    const many = Array.from({ length: 200 }, (_, index) => index);
    const rendering = await render({
      upstream: [...upstream.slice(0, 1), ...many.map((index) => ({ target: member(index), accountName: `account ${index}` }))],
      stacks: { [foundationId]: foundationOutputs, ...Object.fromEntries(many.map((index) => [member(index), regionalOutputs(index)])) },
    });

    expect(checkDashboardBody(text(find(rendering, 'Dashboard', 'region-dashboard').inputs.dashboardBody))).toEqual([]);
    expect(observabilityOutputsSchema.parse(rendering.outputs).members).toHaveLength(200);
  });
});

test('the shared account is not a member', async () => {
  const { outputs } = await render();

  expect(JSON.stringify(outputs)).not.toContain(shared);
});
