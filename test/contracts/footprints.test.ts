import { nameKinds, nameOfResource, typesOfKind } from '../../contracts/footprint';
import { foundationShares, observabilityFootprint, regionalFootprint } from '../../contracts/footprints';
import { regionalExpectations } from '../../contracts/layer-expectations';
import type { OrderBlock } from '../../contracts/regional';
import { resolveRegionalSettings } from '../../contracts/regional';
import { configOf, ireland, workload } from '../layer-kit/render-layer';
import { foundationId, foundationOutputs, renderRegional } from '../regional/render-regional';

const configWith = (order: OrderBlock, limit: number | null) =>
  configOf({
    ...{ layer: 'regional', account: workload, upstream: [{ target: foundationId, accountName: 'shared' }] },
    settings: resolveRegionalSettings(order, limit),
  });

const sorted = (names: readonly { readonly kind: string; readonly name: string }[]) =>
  names.map(({ kind, name }) => `${kind} ${name}`).sort();

describe('the footprint of a regional target', () => {
  test.each<[string, OrderBlock, number | null]>([
    ['an ordinary one', {}, 1000],
    ['one without heartbeat and dashboard', { heartbeat: false, dashboard: 'none' }, 1000],
    ['one whose limit is unknown', {}, null],
    ['one whose limit leaves nothing', {}, 10],
    ['one under a key of its own', { encryption: 'customer' }, 1000],
  ])('names exactly what its program makes: %s', async (_which, order, limit) => {
    const { resources } = await renderRegional({ order, lambdaConcurrency: limit });
    const made = resources.flatMap(({ type, inputs }) => {
      const kind = nameKinds.find((one) => typesOfKind(one).includes(type));
      const name = inputs.name ?? inputs.bucket ?? inputs.dashboardName ?? inputs.alarmName;
      return kind === undefined ? [] : [{ kind, name: String(name) }];
    });

    expect(made.length).toBeGreaterThan(15);
    expect(sorted(regionalFootprint(configWith(order, limit))?.names ?? [])).toEqual(sorted(made));
  });

  test('is null for a config of another version', () => {
    expect(regionalFootprint({ ...configWith({}, 1000), settings: { memory: 1 } })).toBeNull();
    expect(observabilityFootprint({ ...configWith({}, 1000), settings: {} })).toBeNull();
  });

  test('has the reservation as it is deployed', () => {
    expect(regionalFootprint(configWith({}, 1000))?.concurrency).toEqual({ functionName: 'orders-order', reserved: 50, eventSourceMaximum: 50 }); // prettier-ignore
    expect(regionalFootprint(configWith({}, 10))?.concurrency).toEqual({ functionName: 'orders-order', reserved: null, eventSourceMaximum: 2 }); // prettier-ignore
  });
});

test('the name of a deployed resource is found by its type', () => {
  const named = (type: string, outputs: Readonly<Record<string, unknown>>) => nameOfResource({ type, outputs });

  expect(named('aws:sqs/queue:Queue', { name: 'q' })).toEqual({ kind: 'queue', name: 'q' });
  expect(named('aws:s3/bucket:Bucket', { bucket: 'b', name: 'no' })).toEqual({ kind: 'bucket', name: 'b' });
  expect(named('aws:cloudwatch/compositeAlarm:CompositeAlarm', { alarmName: 'a' })).toEqual({ kind: 'alarm', name: 'a' });
  expect(named('aws:cloudwatch/dashboard:Dashboard', { dashboardName: 'd' })).toEqual({ kind: 'dashboard', name: 'd' });
  expect(named('aws:cloudwatch/dashboard:Dashboard', { name: 'd' })).toBeUndefined();
  expect(named('aws:lambda/permission:Permission', { name: 'p' })).toBeUndefined();
});

test('topics and key of a foundation are those of its outputs; other outputs tell nothing', () => {
  expect(foundationShares(foundationOutputs)).toEqual({
    topics: [foundationOutputs.topics.critical, foundationOutputs.topics.warning],
    keys: [foundationOutputs.alertKeyArn],
  });
  expect(foundationShares(null)).toBeNull();
  expect(foundationShares({ version: 2 })).toBeNull();
});

test('what is expected of a regional target is what its program makes', async () => {
  const config = configWith({}, 1000);
  const { outputs, resources } = await renderRegional();
  const inputsOf = (type: string) => resources.filter((one) => one.type === type).map(({ inputs }) => inputs);
  const expected = regionalExpectations(outputs, config);
  const functions = inputsOf('aws:lambda/function:Function');
  const groups = inputsOf('aws:cloudwatch/logGroup:LogGroup');

  expect(config.region).toBe(ireland);
  const byName = (left: { readonly name: unknown }, right: { readonly name: unknown }) => (String(left.name) < String(right.name) ? -1 : 1);
  expect([...(expected?.functions ?? [])].sort(byName)).toEqual(
    functions
      .map(({ name, loggingConfig, tracingConfig }) => ({
        name,
        logGroup: (loggingConfig as { readonly logGroup: string }).logGroup,
        retentionDays: groups[0]?.retentionInDays,
        tracing: (tracingConfig as { readonly mode: string }).mode,
      }))
      .sort(byName),
  );
  expect(expected?.alarms.names).toHaveLength(
    inputsOf('aws:cloudwatch/metricAlarm:MetricAlarm').length + (expected?.alarms.composites.length ?? 0),
  );
  expect(expected?.eventSources.map(({ queueArn }) => queueArn).sort()).toEqual(
    inputsOf('aws:lambda/eventSourceMapping:EventSourceMapping')
      .map(({ eventSourceArn }) => eventSourceArn)
      .sort(),
  );
  expect(regionalExpectations(null, config)).toBeNull();
});
