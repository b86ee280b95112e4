import { configurationDigest } from '../../../fleet/config/configuration-digest';
import { initFiles } from '../../../fleet/config/init-files';
import { parseFleetConfig } from '../../../fleet/config/load-config';
import { withPreset } from '../../../fleet/config/resolve-config';

const base = `${initFiles({ name: 'orders', sandbox: true, accounts: 1, regions: ['eu-west-1', 'us-east-1'] })['fleet.yaml']}
state: ../state
overrides:
  - { match: { region: us-east-1 }, order: { memoryMb: 512 } }
traffic: { canaryPercent: 10, watch: 15m, in: [canary] }
windows: { timezone: UTC, allow: ["mon 08:00-16:00"] }
`;
const digest = (text: string, path = '/somewhere/fleet.yaml') => configurationDigest(parseFleetConfig(text, { path }));

test.each([
  ['it stands elsewhere', base, '/a/deeper/place/other.yaml'],
  ['it has another comment', `# new\n${base}`, undefined],
  ['its keys are in another order', `rollback: wave\n${base.replace('rollback: wave\n', '')}`, undefined],
  ['a default is written out', `${base}deployRole: fleet/orders/orders-deploy\n`, undefined],
])('the same configuration has the same digest where %s', (_name, text, path) => {
  expect(digest(text, path)).toBe(digest(base));
});

test.each([
  ['a bake', 'bake: 2s', 'bake: 3s'],
  ['a number of targets', 'count: 1', 'count: 2'],
  ['a filter', 'percent: 10', 'percent: 10\n      region: us-east-1'],
  ['an approval', '- name: rest', '- name: rest\n    approval: required'],
  ['a limit', 'perAccount: 2', 'perAccount: 3'],
  ['the rollback scope', 'rollback: wave', 'rollback: rollout'],
  ['the traffic shift', 'watch: 15m', 'watch: 16m'],
  ['a window', 'mon 08:00', 'mon 08:01'],
  ['its time zone', 'timezone: UTC', 'timezone: Europe/Paris'],
  ['the order of regions', '  - eu-west-1\n  - us-east-1', '  - us-east-1\n  - eu-west-1'],
  ['a tag', 'Team: platform', 'Team: other'],
  ['a setting', 'memoryMb: 1024', 'memoryMb: 1025'],
  ['an override', 'memoryMb: 512', 'memoryMb: 513'],
  ['the organisation it is for', 'path: organization.yaml', 'path: other.yaml'],
  ['where its state is', 'state: ../state', 'state: ../elsewhere'],
])('another configuration has another digest: %s', (_name, from, to) => {
  expect(base).toContain(from);
  expect(digest(base.replace(from, to))).not.toBe(digest(base));
});

test('a preset in place of its waves is another configuration', () => {
  const config = parseFleetConfig(base, { path: '/somewhere/fleet.yaml' });

  expect(configurationDigest(withPreset(config, 'dev'))).not.toBe(configurationDigest(config));
});
