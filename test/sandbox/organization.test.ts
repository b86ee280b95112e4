import * as fc from 'fast-check';

import { parseYaml } from '../../fleet/config/yaml-file';
import { faultMatches, organizationSchema } from '../../sandbox/organization';
import { problemsOf } from '../fleet/config/problems-of';

const HEAD = `id: o-abcdefghij
managementAccount: "100000000001"
accounts:
  - { id: "100000000001", name: management, email: m@example.com, unit: "" }
  - { id: "200000000001", name: a, email: a@example.com }
`;

const parse = (text: string) => parseYaml(text, { schema: organizationSchema, what: 'organization-file', file: 'organization.yaml' });
const refused = (text: string) => problemsOf(() => parse(text)).problems;

describe('organizationSchema', () => {
  test('defaults what an account or the organisation leaves out', () => {
    const { data } = parse(HEAD);

    expect(data.accounts[1]).toEqual({
      id: '200000000001',
      name: 'a',
      email: 'a@example.com',
      unit: 'Workloads/Prod',
      state: 'ACTIVE',
      tags: {},
      regions: {},
      lambdaConcurrency: 1000,
    });
    expect(data).toMatchObject({ faults: [], traffic: [], drift: [], ledger: {}, clock: { secondsPerSecond: 300 } });
  });

  test('reads faults with every field', () => {
    const { data } = parse(`${HEAD}faults:
  - { target: "regional/*/eu-west-1", kind: slow, on: "aws:sqs/queue:Queue", times: 1, after: 2, seconds: 0.2, phase: rollback, release: new }
  - { target: "**", kind: alarm }
`);

    expect(data.faults).toEqual([
      {
        target: 'regional/*/eu-west-1',
        kind: 'slow',
        on: 'aws:sqs/queue:Queue',
        times: 1,
        after: 2,
        seconds: 0.2,
        phase: 'rollback',
        release: 'new',
      },
      { target: '**', kind: 'alarm', after: 0 },
    ]);
  });

  test('reads traffic, drift, ledger and the clock', () => {
    const { data } = parse(`${HEAD}traffic: [{ target: "**", ordersPerMinute: 5 }]
drift: [{ target: "**", on: "aws:sqs/queue:Queue", set: { delaySeconds: 5 } }]
ledger: { rows: [{ day: 2026-11-03, account: "200000000001", amount: "1.5" }], pageSize: 7 }
clock: { secondsPerSecond: 60 }
`);

    expect(data.traffic).toEqual([{ target: '**', ordersPerMinute: 5 }]);
    expect(data.drift[0]?.set).toEqual({ delaySeconds: 5 });
    const row = { day: '2026-11-03', account: '200000000001', service: 'AWS Lambda', type: 'Usage', amount: '1.5', tags: {} };
    expect(data.ledger).toEqual({ rows: [row], pageSize: 7, estimatedDays: 2, activeTags: [] });
    expect(data.clock.secondsPerSecond).toBe(60);
  });

  test.each([
    ['  - { id: "200000000001", name: b, email: b@example.com }', '6:11: id 200000000001 is already used by accounts[1]'],
    ['  - { id: "200000000002", name: b, email: A@example.com }', '6:43: email A@example.com is already used by accounts[1]'],
    ['  - { id: 020000000002, name: b }', '6:11: account id 020000000002 must be quoted: YAML reads it as a number; write "020000000002"'],
    ['  - { id: "200000000002", name: b, email: nobody }', '6:43: email "nobody" is not an e-mail address such as on-call@example.com'],
    [
      '  - { id: "200000000002", name: b, state: active }',
      '6:43: accounts[2].state "active" is not one of PENDING_ACTIVATION, ACTIVE, SUSPENDED, PENDING_CLOSURE, CLOSED; did you mean ACTIVE?',
    ],
    [
      '  - { id: "200000000002", name: b, regions: { ap-east-9: DISABLED } }',
      '6:47: region "ap-east-9" is not an AWS region this fleet knows',
    ],
    [
      '  - { id: "200000000002", name: b, unit: Workloads// }',
      '6:42: unit "Workloads//" must be names joined by single slashes, such as Workloads/Prod',
    ],
    ['  - { id: "200000000002", name: b, units: X }', '6:36: unknown key units; did you mean unit?'],
    ['fault: []', '6:1: unknown key fault; did you mean faults?'],
    ['faults: [{ target: "**", kind: explode }]', expect.stringContaining('6:32: faults[0].kind "explode" is not one of create-fails,')],
    [
      'faults: [{ target: "regional/eu*/x", kind: crash }]',
      '6:20: target "regional/eu*/x" is not a pattern of whole segments such as regional/*/eu-west-1 or **',
    ],
    ['faults: [{ target: "**", kind: slow }]', '6:10: a slow fault needs seconds: how much longer each operation takes'],
    ['faults: [{ target: "**", kind: crash, on: Queue }]', '6:43: on "Queue" is not a resource type such as aws:sqs/queue:Queue'],
    ['traffic: [{ target: "**", failPercents: 5 }]', expect.stringContaining('unknown key failPercents; did you mean failPercent?')],
    ['traffic: [{ target: "**", failPercent: 101 }]', expect.stringContaining('traffic[0].failPercent must be at most 100, not 101')],
    ['clock: { secondsPerSecond: 0 }', '6:28: clock.secondsPerSecond must be at least 1, not 0'],
  ])('refuses %s', (line, problem) => {
    expect(refused(`${HEAD}${line}\n`)).toEqual([problem]);
  });

  test('gives an account without an e-mail address one that no other has', () => {
    const { data } = parse(`${HEAD}  - { id: "200000000002", name: b }\n  - { id: "200000000003", name: c }\n`);

    expect(data.accounts.slice(2).map((account) => account.email)).toEqual([
      'aws-200000000002@example.com',
      'aws-200000000003@example.com',
    ]);
  });

  test('refuses a management account that is not listed', () => {
    expect(refused(HEAD.replace('managementAccount: "100000000001"', 'managementAccount: "100000000009"'))).toEqual([
      '2:20: managementAccount 100000000009 is not in accounts: list it there',
    ]);
  });

  test('reads 10,000 accounts in a few seconds', () => {
    const accounts = Array.from(
      { length: 10_000 },
      (_, index) =>
        `  - id: "${300_000_000_000 + index}"\n    name: w${index}\n    email: w${index}@example.com\n    tags:\n      CostCenter: cc-1\n`,
    );
    const started = performance.now();

    const { data } = parse(HEAD + accounts.join(''));

    expect(data.accounts).toHaveLength(10_002);
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});

describe('faultMatches', () => {
  test.each([
    ['regional/*/eu-west-1', 'regional/200000000001/eu-west-1', true],
    ['regional/*/eu-west-1', 'regional/200000000001/us-east-1', false],
    ['regional/*/eu-west-1', 'regional/eu-west-1', false],
    ['regional/*', 'regional/200000000001/eu-west-1', false],
    ['*/*/eu-west-1', 'observability/200000000001/eu-west-1/2', false],
    ['observability/**', 'observability/200000000001/eu-west-1/2', true],
    ['**', 'regional/200000000001/eu-west-1', true],
    ['**/eu-west-1', 'regional/200000000001/eu-west-1', true],
    ['regional/**/eu-west-1', 'regional/eu-west-1', true],
    ['regional/**/**', 'regional', true],
    ['**/2', 'observability/200000000001/eu-west-1', false],
    ['region', 'regional', false],
  ])('%s against %s: %s', (pattern, target, matches) => {
    expect(faultMatches(pattern, target)).toBe(matches);
  });

  test('agrees with a regular expression', () => {
    const segment = fc.constantFrom('a', 'b', 'c');
    const wanted = fc.constantFrom('a', 'b', '*', '**');
    fc.assert(
      fc.property(
        fc.array(wanted, { minLength: 1, maxLength: 5 }),
        fc.array(segment, { minLength: 1, maxLength: 5 }),
        (pattern, target) => {
          const source = pattern.map((step) => (step === '**' ? '(?:/[^/]+)*' : step === '*' ? '/[^/]+' : `/${step}`)).join('');

          expect(faultMatches(pattern.join('/'), target.join('/'))).toBe(new RegExp(`^${source}$`).test(`/${target.join('/')}`));
        },
      ),
      { numRuns: 2000 },
    );
  });

  test('takes no time on a pattern that would make a backtracking matcher run for ever', () => {
    const started = performance.now();

    expect(faultMatches(`${'**/a/'.repeat(40)}b`, Array<string>(200).fill('a').join('/'))).toBe(false);
    expect(performance.now() - started).toBeLessThan(100);
  });
});
