import * as fc from 'fast-check';

import { accountIdSchema, regionSchema } from '../../../contracts/ids';
import { parseFleetConfig } from '../../../fleet/config/load-config';
import { placeSettings, resolveBlocks, resolveTags, type PlaceFacts } from '../../../fleet/config/place-settings';

const HEAD = `name: orders
organization: { source: aws }
accounts: { shared: "111111111111", monitoring: "222222222222" }
regions: [eu-west-1, us-east-1]
`;

const config = (rest: string) => parseFleetConfig(HEAD + rest, { path: '/fleet/fleet.yaml' });

const facts = (over: Partial<PlaceFacts> = {}): PlaceFacts => ({
  account: accountIdSchema.parse('333333333333'),
  region: regionSchema.parse('eu-west-1'),
  unit: 'Workloads/Prod',
  accountTags: {},
  ...over,
});

describe('resolveBlocks', () => {
  test('merges matching overrides key by key, the last one winning', () => {
    const settings = config(`order: { memoryMb: 1024, alarms: { errorRatePercent: 1, slowOrderPercent: 5 } }
overrides:
  - { match: { region: eu-west-1 }, order: { memoryMb: 512, alarms: { errorRatePercent: 2 } } }
  - { match: { region: us-east-1 }, order: { memoryMb: 256 } }
  - { match: { account: "333333333333" }, order: { memoryMb: 768, tracing: passThrough } }
`);

    expect(resolveBlocks(settings, facts())).toEqual({
      order: { memoryMb: 768, tracing: 'passThrough', alarms: { errorRatePercent: 2, slowOrderPercent: 5 } },
    });
    expect(settings.blocks).toEqual({ order: { memoryMb: 1024, alarms: { errorRatePercent: 1, slowOrderPercent: 5 } } });
  });

  test('replaces lists, and adds blocks that the file itself does not have', () => {
    const settings = config(`alerts: { critical: [{ email: a@example.com }] }
overrides: [{ match: { region: eu-west-1 }, alerts: { critical: [] }, order: { memoryMb: 512 } }]
`);

    expect(resolveBlocks(settings, facts())).toEqual({ alerts: { critical: [] }, order: { memoryMb: 512 } });
  });

  test.each([
    ['Workloads/Dev/**', 'Workloads/Dev', true],
    ['Workloads/Dev/**', 'Workloads/Dev/Team A/x', true],
    ['Workloads/Dev/**', 'Workloads/Develop', false],
    ['Workloads/*', 'Workloads/Dev', true],
    ['Workloads/*', 'Workloads/Dev/Deep', false],
    ['**/Dev', 'Workloads/Dev', true],
    ['**', '', false],
    ['**', null, false],
    ['workloads/dev', 'Workloads/Dev', false],
    ['!Workloads/Dev', 'Workloads/Prod', false],
  ])('matches unit %s against %s: %s', (glob, unit, matches) => {
    const settings = config(`overrides: [{ match: { unit: "${glob}" }, order: { memoryMb: 512 } }]\n`);

    expect(resolveBlocks(settings, facts({ unit }))).toEqual(matches ? { order: { memoryMb: 512 } } : {});
  });

  test('needs every key of a match', () => {
    const settings = config('overrides: [{ match: { region: us-east-1, unit: "Workloads/**" }, order: { memoryMb: 512 } }]\n');

    expect(resolveBlocks(settings, facts())).toEqual({});
    expect(resolveBlocks(settings, facts({ region: regionSchema.parse('us-east-1') }))).toEqual({ order: { memoryMb: 512 } });
  });

  test('matches the environment that the account and earlier overrides say', () => {
    const settings = config(`tags: { Environment: prod }
overrides:
  - { match: { unit: "Workloads/Dev/**" }, tags: { Environment: dev } }
  - { match: { environment: dev }, order: { memoryMb: 256 } }
`);

    expect(resolveBlocks(settings, facts())).toEqual({});
    expect(resolveBlocks(settings, facts({ unit: 'Workloads/Dev/A' }))).toEqual({ order: { memoryMb: 256 } });
    expect(resolveBlocks(settings, facts({ accountTags: { Environment: 'dev' } }))).toEqual({ order: { memoryMb: 256 } });
  });
});

describe('resolveTags', () => {
  test("takes over the standard's tags of an account and nothing else of it", () => {
    const accountTags = { CostCenter: 'cc-7', Owner: 'somebody', CreatedAt: '2020', ManagedBy: 'hand', Version: '3', costcenter: 'x' };

    expect(resolveTags(config('tags: { CostCenter: cc-1, Owner: fleet }\n'), facts({ accountTags }))).toEqual({
      CostCenter: 'cc-7',
      Owner: 'fleet',
    });
  });

  test("gives the file's tags where the account's are unknown", () => {
    expect(resolveTags(config('tags: { Team: a }\n'), facts({ accountTags: null }))).toEqual({ Team: 'a' });
  });

  test('lets overrides win over the account, and the account over the file, key by key', () => {
    const keys = ['Environment', 'Application', 'Team', 'CostCenter', 'Repository', 'Compliance'];
    const tags = fc.dictionary(fc.constantFrom(...keys), fc.constantFrom('dev', 'prod', 'staging'));
    const withTags = { ...config(''), overrides: [] };

    fc.assert(
      fc.property(tags, tags, fc.array(tags, { maxLength: 4 }), (base, accountTags, layers) => {
        const overrides = layers.map((layer) => ({ match: { region: facts().region }, tags: layer, blocks: {} }));

        const resolved = placeSettings({ ...withTags, tags: base, overrides })(facts({ accountTags })).tags;

        for (const key of keys) {
          expect(resolved[key]).toBe([base, accountTags, ...layers].map((layer) => layer[key]).findLast((value) => value !== undefined));
        }
      }),
    );
  });
});

test('the settings of 10,000 places with 20 overrides take little time', () => {
  const overrides = Array.from(
    { length: 20 },
    (_, index) => `  - { match: { unit: "Workloads/Team${index}/**" }, order: { memoryMb: ${512 + index} } }`,
  );
  const settingsOf = placeSettings(config(`order: { memoryMb: 1024 }\noverrides:\n${overrides.join('\n')}\n`));
  const started = performance.now();

  for (let index = 0; index < 10_000; index += 1) settingsOf(facts({ unit: `Workloads/Team${index % 40}/A` }));

  expect(performance.now() - started).toBeLessThan(2000);
});
