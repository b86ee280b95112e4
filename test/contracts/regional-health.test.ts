import { regionalHealth, regionalVersions } from '../../contracts/regional-health';
import { regionalSettingsSchema } from '../../contracts/regional';
import type { TargetConfig } from '../../contracts/target-config';
import { planOf, smallFleet } from '../fleet/plan/plan-fixture';

const planned = planOf(smallFleet({ accounts: 1, regions: ['eu-west-1'] })).targets.find(({ target }) => target.layer === 'regional');
if (!planned) throw new Error('no regional target');
const { config, target } = planned;
const outputs = {
  version: 1,
  account: target.account,
  region: target.region,
  queueUrl: 'q',
  queueArn: 'q',
  deadLetterQueueArn: 'd',
  tableName: 't',
  archiveBucket: 'a',
  functionName: 'orders-order',
  liveAliasArn: 'l',
  deadLetterFunctionName: 'f',
  alarms: { critical: 'orders-critical', warning: 'orders-warning', children: ['orders-errors', 'orders-throttles'] },
  dashboard: null,
};
const withSettings = (change: object): TargetConfig => ({
  ...config,
  settings: { ...regionalSettingsSchema.parse(config.settings), ...change },
});

describe("a regional target's health", () => {
  test('is all its alarms, children beside composites, and the orders its function counts under its name', () => {
    expect(regionalHealth(outputs, config)).toEqual({
      composites: ['orders-critical', 'orders-warning'],
      children: ['orders-errors', 'orders-throttles'],
      orders: { namespace: 'fleet/orders', metric: 'OrderFailed', dimensions: { FunctionName: 'orders-order' } },
      synthetic: { namespace: 'fleet/orders', metric: 'SyntheticOrders', dimensions: { FunctionName: 'orders-order' } },
    });
  });

  test('counts no synthetic orders where none are sent', () => {
    expect(regionalHealth(outputs, withSettings({ heartbeat: false }))?.synthetic).toBeNull();
  });

  test.each([
    ['outputs of another shape', { ...outputs, alarms: undefined }, config],
    ['no outputs', null, config],
    ['settings of another shape', outputs, { ...config, settings: {} }],
  ])('is not known from %s', (_name, given, of) => {
    expect(regionalHealth(given, of)).toBeNull();
  });
});

describe("a regional target's versions", () => {
  const code = (version: string, description = 'bundle abc') => ({
    type: 'aws:lambda/function:Function',
    outputs: { name: 'orders-order', arn: 'arn:f', version, description },
  });
  const alias = (functionVersion: string, name = 'live') => ({
    type: 'aws:lambda/alias:Alias',
    outputs: { name, functionName: 'orders-order', functionVersion },
  });
  const other = {
    type: 'aws:lambda/function:Function',
    outputs: { name: 'orders-dead-letter', arn: 'arn:d', version: '9', description: 'x' },
  };

  test('are the newest published one, the one that serves, the one before, and the code that the serving one was made from', () => {
    expect(regionalVersions([other, code('8'), alias('3', 'prod'), alias('7', 'previous'), alias('8')])).toEqual({
      functionName: 'orders-order',
      published: '8',
      live: '8',
      previous: '7',
      liveDigest: 'abc',
    });
  });

  test('tell no code of a version that is not the newest: its description is that of another one', () => {
    expect(regionalVersions([code('8'), alias('7')])).toMatchObject({ published: '8', live: '7', previous: null, liveDigest: null });
  });

  test.each([
    ['without an alias', [code('8')]],
    ['without the function', [alias('8'), other]],
    ['with a function that has no version', [alias('8'), { ...code('8'), outputs: { name: 'orders-order' } }]],
    ['where only the version before has an alias', [alias('8', 'previous'), code('8')]],
  ])('are not known %s', (_name, resources) => {
    expect(regionalVersions(resources)).toBeUndefined();
  });
});
