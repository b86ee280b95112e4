import { monitoringTokens as tokens } from '../../../sandbox/types/common/monitoring-tokens';
import { cloudwatchDashboard } from '../../../sandbox/types/cloudwatch-dashboard';
import { monitoringTypes } from '../../../sandbox/types/monitoring';

import { FakeWorld, otherAccount, otherRegion } from './fake-world';

const dashboardBody = JSON.stringify({ widgets: [] });

test('a dashboard has an ARN without a region and no tags', () => {
  const made = new FakeWorld(monitoringTypes).given(tokens.dashboard, { dashboardName: 'orders', dashboardBody });
  expect(made.id).toBe('orders');
  expect(made.outputs).toMatchObject({ dashboardArn: 'arn:aws:cloudwatch::111122223333:dashboard/orders', dashboardBody });
  expect(cloudwatchDashboard.taggable).toBe(false);
});

test('names are one space per account: another region overwrites, another account does not', () => {
  const world = new FakeWorld(monitoringTypes);
  const text = JSON.stringify({ widgets: [{ type: 'text', properties: { markdown: 'x' } }] });
  const here = world.given(tokens.dashboard, { dashboardName: 'orders', dashboardBody });
  world.given(tokens.dashboard, { dashboardName: 'orders', dashboardBody: text }, { place: otherAccount });
  expect(world.list(tokens.dashboard, otherRegion)).toEqual([here]);
  world.given(tokens.dashboard, { dashboardName: 'orders', dashboardBody: text }, { place: otherRegion });
  expect(world.list(tokens.dashboard, otherRegion).map(({ inputs }) => inputs.dashboardBody)).toEqual([text]);
});

test.each([
  ['a name with a dot', { dashboardName: 'orders.eu', dashboardBody }],
  ['a name of 256 characters', { dashboardName: 'x'.repeat(256), dashboardBody }],
  ['a body without widgets', { dashboardName: 'orders', dashboardBody: '{}' }],
  ['no body', { dashboardName: 'orders' }],
  ['tags', { dashboardName: 'orders', dashboardBody, tags: { Team: 'x' } }],
])('refuses %s', (_name, inputs) => {
  expect(new FakeWorld(monitoringTypes).create(tokens.dashboard, inputs)).toMatchObject({ kind: 'refused', name: 'InvalidParameterInput' });
});
