import { parse } from 'yaml';

import type { AccountId } from '../../../contracts/ids';
import { initFiles, type InitOptions } from '../../../fleet/config/init-files';
import { sandboxAccounts } from '../../../fleet/config/init-organization';
import { parseFleetConfig } from '../../../fleet/config/load-config';
import { parseYaml } from '../../../fleet/config/yaml-file';
import { recordedInventory } from '../../../fleet/discovery/recorded-source';
import { selectPlaces } from '../../../fleet/discovery/select-targets';
import { organizationSchema } from '../../../sandbox/organization';
import { planOf } from '../plan/plan-fixture';

import { problemsOf } from './problems-of';

const options = (over: Partial<InitOptions> = {}): InitOptions => ({
  sandbox: true,
  accounts: 3,
  regions: ['eu-west-1', 'us-east-1'],
  name: 'orders',
  ...over,
});

const load = (files: ReturnType<typeof initFiles>) => ({
  config: parseFleetConfig(files['fleet.yaml'], { path: '/trial/fleet.yaml' }),
  organization: parseYaml(files['organization.yaml'] ?? '', {
    schema: organizationSchema,
    what: 'organization-file',
    file: 'organization.yaml',
  }).data,
});

describe('initFiles for a sandbox', () => {
  test.each([
    [1, ['eu-west-1']],
    [3, ['eu-west-1', 'us-east-1']],
    [25, ['eu-west-1', 'ap-east-1', 'me-central-1']],
  ])('gives %d accounts x %j as targets, opt-in regions included', (accounts, regions) => {
    const { config, organization } = load(initFiles(options({ accounts, regions })));
    const inventory = recordedInventory(organization, { source: 'sandbox', regions: config.regions, takenAt: new Date(0) });

    const places = selectPlaces({ config, inventory });

    expect(places.workloads).toHaveLength(accounts * regions.length);
    expect(places.excluded.map((exclusion) => exclusion.reason)).toEqual([
      'is the management account',
      'is the shared-services account',
      'is the monitoring account',
    ]);
  });

  test('rolls out in three waves with bakes of seconds and nothing that waits for a person', () => {
    const { config } = load(initFiles(options()));

    expect(config.engine).toEqual({ kind: 'sandbox' });
    expect(config.organization).toEqual({ source: 'sandbox', path: '/trial/organization.yaml' });
    expect(config.waves.map((wave) => [wave.name, wave.pick, wave.approval])).toEqual([
      ['canary', { amount: { kind: 'count', value: 1 }, filter: {} }, false],
      ['early', { amount: { kind: 'percent', value: 10 }, filter: {} }, false],
      ['rest', null, false],
    ]);
    expect(Math.max(...config.waves.map((wave) => wave.bakeSeconds))).toBeLessThan(10);
    expect([config.traffic, config.windows]).toEqual([null, null]);
    expect(config.limits).toMatchObject({
      maxConcurrent: { value: 20 },
      perAccount: 2,
      failureTolerance: { kind: 'percent', value: 10 },
      mode: 'strict',
    });
  });

  test('gives every workload account its own cost centre tag', () => {
    const { organization } = load(initFiles(options({ accounts: 7 })));

    const workloads = organization.accounts.filter((account) => account.unit === 'Workloads/Prod');

    expect(workloads).toHaveLength(7);
    expect(new Set(workloads.map((account) => account.tags.CostCenter)).size).toBeGreaterThan(1);
  });

  test('writes the same text every time', () => {
    expect(initFiles(options())).toEqual(initFiles(options()));
  });

  test('quotes a name that YAML would read as something else', () => {
    expect(load(initFiles(options({ name: 'true' }))).config.name).toBe('true');
  });

  test('can be written for 5,000 accounts', () => {
    const text = initFiles(options({ accounts: 5000, regions: ['eu-west-1'] }))['organization.yaml'] ?? '';

    expect((parse(text) as { accounts: unknown[] }).accounts).toHaveLength(5003);
  });
});

describe('initFiles for AWS', () => {
  test('gives a template that loads as it is', () => {
    const files = initFiles(options({ sandbox: false, accounts: 0 }));

    expect(Object.keys(files)).toEqual(['fleet.yaml']);
    expect(parseFleetConfig(files['fleet.yaml'], { path: '/x/fleet.yaml' })).toMatchObject({
      organization: { source: 'aws' },
      engine: { kind: 'pulumi', secretsProvider: 'passphrase' },
      regions: ['eu-west-1', 'us-east-1'],
    });
  });

  test('bakes as long as its alarms need', () => {
    const text = initFiles(options({ sandbox: false }))['fleet.yaml'].replace('source: aws', 'source: recorded\n  path: organization.yaml');
    const config = parseFleetConfig(text, { path: '/x/fleet.yaml' });
    const { organization } = load(initFiles(options()));
    const accounts = { shared: sandboxAccounts.shared as AccountId, monitoring: sandboxAccounts.monitoring as AccountId };
    const inventory = recordedInventory(organization, { source: 'recorded', regions: config.regions, takenAt: new Date(0) });

    expect(planOf({ config: { ...config, accounts }, inventory }).warnings).toEqual([]);
  });
});

test.each([
  [{ accounts: 0 }, ['accounts 0 must be a whole number from 1 to 5000']],
  [{ accounts: 5001 }, ['accounts 5001 must be a whole number from 1 to 5000']],
  [{ accounts: 1.5 }, ['accounts 1.5 must be a whole number from 1 to 5000']],
  [{ accounts: Number.NaN }, ['accounts NaN must be a whole number from 1 to 5000']],
  [{ regions: [] }, ['regions must name at least one region']],
  [
    { regions: ['eu-west-1', 'mars-1', 'eu-west-1'] },
    ['region "mars-1" is not an AWS region this fleet knows', 'region eu-west-1 is there twice: remove one'],
  ],
  [{ name: 'Orders' }, ['fleet name "Orders" must be lower case letters, digits and single hyphens, starting with a letter']],
])('initFiles refuses %j', (over, problems) => {
  expect(problemsOf(() => initFiles(options(over)))).toEqual({ code: 'user/init', problems });
});
