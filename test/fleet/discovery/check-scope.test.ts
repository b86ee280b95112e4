import { parseFleetConfig } from '../../../fleet/config/load-config';
import { checkScope } from '../../../fleet/discovery/check-scope';
import { makeInventory, type InventoryAccount } from '../../../fleet/discovery/inventory';
import { recordedInventory } from '../../../fleet/discovery/recorded-source';
import { formatProblem } from '../../../fleet/errors';
import { organizationSchema } from '../../../sandbox/organization';

const accounts = [
  { id: '100000000001', name: 'management', unit: '' },
  { id: '100000000002', name: 'shared', unit: 'Infrastructure' },
  { id: '100000000003', name: 'monitoring', unit: 'Infrastructure' },
  { id: '200000000001', name: 'shop', unit: 'Workloads/Prod', tags: { Environment: 'prod' } },
  { id: '200000000002', name: 'trial', unit: 'Workloads/Dev', tags: { Environment: 'dev' } },
  { id: '200000000003', name: 'closed', unit: 'Workloads/Frozen/Deep', state: 'SUSPENDED', tags: { Environment: 'prod' } },
];

const configOf = (rest: string) =>
  parseFleetConfig(
    `name: orders
organization: { source: aws }
accounts: { shared: "100000000002", monitoring: "100000000003" }
regions: [us-east-1, eu-west-1]
${rest}`,
    { path: '/fleet/fleet.yaml' },
  );

/** What is found, as `line:column: message`. */
function found(rest: string, over: Partial<InventoryAccount> = {}, departed: readonly string[] = []) {
  const config = configOf(rest);
  const organization = organizationSchema.parse({ id: 'o-abcdefghij', managementAccount: '100000000001', accounts });
  const recorded = recordedInventory(organization, { source: 'recorded', regions: config.regions, takenAt: new Date(0) });
  const inventory = makeInventory({
    ...recorded,
    accounts: recorded.accounts.map((account) => (account.name === 'trial' ? { ...account, ...over } : account)),
    departed: departed as InventoryAccount['id'][],
    takenAt: new Date(0),
  });
  const { refused, advice } = checkScope({ config, inventory });
  const told = (problems: typeof refused) => problems.map((problem) => formatProblem(problem).replace('/fleet/fleet.yaml:', ''));
  return { refused: told(refused), advice: told(advice) };
}

describe('checkScope', () => {
  test.each([
    [
      'a second glob of workloads.units',
      'workloads: { units: ["Workloads/**", "Wrokloads/Dev"] }',
      '5:38: workloads.units: glob Wrokloads/Dev matches no unit that has accounts; did you mean Workloads/Dev?',
    ],
    [
      'a glob of workloads.units that is far from every unit',
      'workloads: { units: ["Labs", "Workloads/**"] }',
      '5:22: workloads.units: glob Labs matches no unit that has accounts: correct or remove it',
    ],
    [
      'a unit that is excluded',
      'workloads: { exclude: { units: ["Workloads/Frozn"] } }',
      '5:33: workloads.exclude.units: glob Workloads/Frozn matches no unit that has accounts; did you mean Workloads/Frozen?',
    ],
    [
      'a unit of another case, which is another unit',
      'workloads: { exclude: { units: ["workloads/frozen"] } }',
      '5:33: workloads.exclude.units: glob workloads/frozen matches no unit that has accounts; did you mean Workloads/Frozen?',
    ],
    [
      'braces, which stand for themselves',
      'workloads: { exclude: { units: ["Workloads/{Dev,Frozen}"] } }',
      '5:33: workloads.exclude.units: glob Workloads/{Dev,Frozen} matches no unit that has accounts; did you mean Workloads/Frozen?',
    ],
    [
      'an account that is excluded',
      'workloads: { exclude: { accounts: ["200000000009"] } }',
      '5:36: workloads.exclude.accounts: account 200000000009 is no account of organisation o-abcdefghij; did you mean 200000000001?',
    ],
    [
      'the account of an override',
      'overrides: [{ match: { account: "999999999999" }, tags: { Team: x } }]',
      '5:33: overrides.match.account: account 999999999999 is no account of organisation o-abcdefghij: correct or remove it',
    ],
    [
      'the unit of an override',
      'overrides: [{ match: { unit: "Workloads/Prd" }, tags: { Team: x } }]',
      '5:30: overrides.match.unit: glob Workloads/Prd matches no unit that has accounts; did you mean Workloads/Prod?',
    ],
    [
      'the region of an override',
      'overrides: [{ match: { region: us-east-2 }, tags: { Team: x } }]',
      "5:32: overrides.match.region: region us-east-2 is none of this fleet's; did you mean us-east-1?",
    ],
    [
      'the environment of an override',
      'overrides: [{ match: { environment: staging }, tags: { Team: x } }]',
      '5:37: overrides.match.environment: environment staging is that of no account and region, by their tags and the overrides above: correct or remove it',
    ],
    [
      'one value of an override whose others match',
      'overrides: [{ match: { account: "200000000001", region: ap-south-1 }, tags: { Team: x } }]',
      "5:57: overrides.match.region: region ap-south-1 is none of this fleet's; regions has us-east-1, eu-west-1",
    ],
    [
      'values of an override that match, but never together',
      'overrides: [{ match: { account: "200000000001", environment: dev }, tags: { Team: x } }]',
      '5:22: overrides.match: environment dev and account 200000000001 match no account and region together: correct or remove it',
    ],
  ])('refuses %s with its place', (_name, rest, problem) => {
    expect(found(`${rest}\n`)).toEqual({ refused: [problem], advice: [] });
  });

  test.each([
    ['globs that match', 'workloads: { units: ["Workloads/*", "Workloads/Frozen/**"], exclude: { units: ["Workloads/Frozen"] } }'],
    ['an account that is suspended', 'overrides: [{ match: { account: "200000000003", region: eu-west-1 }, tags: { Team: x } }]'],
    [
      'an account that is excluded',
      'workloads: { exclude: { accounts: ["200000000001"] } }\noverrides: [{ match: { account: "200000000001" } }]',
    ],
    ['the shared account', 'overrides: [{ match: { unit: Infrastructure } }]'],
    [
      'an environment that an override above makes',
      'overrides: [{ match: { account: "200000000001" }, tags: { Environment: staging } }, { match: { environment: staging } }]',
    ],
  ])('takes %s', (_name, rest) => {
    expect(found(`${rest}\n`)).toEqual({ refused: [], advice: [] });
  });

  test('tells all that matches nothing at once', () => {
    const rest = 'workloads: { units: ["A", "Workloads/**"], exclude: { accounts: ["300000000000"], units: ["B"] } }\noverrides: [{ match: { unit: C } }]\n'; // prettier-ignore
    expect(found(rest).refused.map((problem) => problem.split(' ')[0])).toEqual(['5:22:', '5:66:', '5:91:', '6:30:']);
  });

  test.each(['workloads: { exclude: { accounts: ["300000000000"] } }', 'overrides: [{ match: { account: "300000000000" } }]'])(
    'only advises about an account that an earlier inventory knew: %s',
    (rest) => {
      expect(found(`${rest}\n`, {}, ['300000000000'])).toEqual({
        refused: [],
        advice: [expect.stringMatching(/^5:\d+: .*: account 300000000000 has left organisation o-abcdefghij: correct or remove it$/)],
      });
      expect(found(`${rest}\n`, {}, ['300000000001']).refused).toHaveLength(1);
    },
  );

  test('only advises where what could not be read might match', () => {
    const units = 'workloads: { exclude: { units: ["Workloads/Gone"] } }\n';
    const environment = 'overrides: [{ match: { environment: staging } }]\n';
    expect(found(units, { unit: null })).toMatchObject({ refused: [], advice: [expect.stringContaining('Workloads/Gone')] });
    expect(found(environment, { tags: null })).toMatchObject({ refused: [], advice: [expect.stringContaining('staging')] });
    // Of accounts and regions everything is known.
    expect(found('overrides: [{ match: { region: us-east-2 } }]\n', { unit: null, tags: null }).refused).toHaveLength(1);
  });
});
