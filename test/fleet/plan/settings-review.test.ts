import { planDigest } from '../../../fleet/plan/rollout-plan';
import { warningText } from '../../../fleet/plan/settings-review';
import { everything } from '../../../fleet/plan/target-filter';
import { problemsOf } from '../config/problems-of';

import { planOf, recordsAfter, smallFleet, type FleetOptions } from './plan-fixture';

/** A recorded fleet of two accounts and regions with other lines in place of its order block, and more after it; no wave bakes. */
function fleetWith(order: string, rest = '', options: Pick<FleetOptions, 'organization'> = {}) {
  let text = '';
  const { config, inventory } = smallFleet({
    ...options,
    accounts: 2,
    fleet: (initial) => {
      text = initial.replace(/order:\n[^]*?\n\n/, () => `${order}\n\n`).replace(/ {4}bake: 2s\n/g, '') + rest;
      return text;
    },
  });
  /** Line and column of what is written behind some words. */
  const behind = (words: string) => {
    const before = text.slice(0, text.indexOf(words) + words.length).split('\n');
    return `${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
  };
  return { fleet: { config, inventory }, behind };
}

const limitOf = (limits: Readonly<Record<string, number>>) => ({
  organization: ({ accounts }: { readonly accounts: readonly { readonly id: string }[] }) =>
    accounts.forEach((account) => Object.assign(account, account.id in limits ? { lambdaConcurrency: limits[account.id] } : {})),
});

describe('what AWS would refuse is refused by the line that makes it so', () => {
  test.each<[string, string, string, string, string]>([
    [
      'the later key of one block is as good as the earlier: the queue gives way',
      'order: { timeout: 40s, visibilityTimeout: 39s }',
      '',
      'visibilityTimeout: ',
      'workload-0001 (200000000001) in eu-west-1 and 3 more',
    ],
    [
      'an override that sets the one over a block with the other',
      'order: { visibilityTimeout: 3m }',
      'overrides: [{ match: { region: us-east-1 }, order: { timeout: 200s } }]\n',
      'timeout: 200',
      'workload-0001 (200000000001) in us-east-1 and 1 more',
    ],
    [
      'an override against a default',
      'order: {}',
      'overrides: [{ match: { account: "200000000002" }, order: { visibilityTimeout: 29s } }]\n',
      'visibilityTimeout: ',
      'workload-0002 (200000000002) in eu-west-1 and 1 more',
    ],
    [
      'the later of two overrides',
      'order: {}',
      'overrides:\n  - { match: { region: us-east-1 }, order: { visibilityTimeout: 40s } }\n  - { match: { account: "200000000002" }, order: { timeout: 50s } }\n',
      'order: { timeout: ',
      'workload-0002 (200000000002) in us-east-1',
    ],
    [
      'an earlier override, where the later does not hold',
      'order: {}',
      'overrides:\n  - { match: { region: us-east-1 }, order: { visibilityTimeout: 20s } }\n  - { match: { region: eu-west-1 }, order: { timeout: 50s } }\n',
      'visibilityTimeout: ',
      'workload-0001 (200000000001) in us-east-1 and 1 more',
    ],
  ])('%s', (_what, order, rest, words, places) => {
    const { fleet, behind } = fleetWith(order, rest);
    const { code, problems } = problemsOf(() => planOf(fleet));

    expect(code).toBe('user/invalid-target');
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(`${behind(words.replace(/\d+$/, ''))}: order.visibilityTimeout `);
    expect(problems[0]).toMatch(new RegExp(`\\): ${places.replace(/[()]/g, '\\$&')}$`));
  });

  test('tags too, by their own line', () => {
    const wrong = fleetWith('order: {}', 'overrides: [{ match: { region: us-east-1 }, tags: { team: x } }]\n');

    expect(problemsOf(() => planOf(wrong.fleet)).problems).toEqual([
      `${wrong.behind('tags: { team: ')}: tag keys Team and team differ only by case: shared (100000000002) in us-east-1 and 3 more`,
    ]);
  });

  test('a shared dashboard that an override alone asks for; the file itself may, and overrides may take targets out', () => {
    const alone = fleetWith('order: {}', 'overrides: [{ match: { region: us-east-1 }, order: { dashboard: shared } }]\n');
    const whole = fleetWith(
      'order: { dashboard: shared }',
      'overrides: [{ match: { region: us-east-1 }, order: { dashboard: perTarget } }]\n',
    );
    const plan = planOf(whole.fleet);
    const settings = (id: string) => plan.targets.find(({ target }) => target.id === id)?.config.settings;

    expect(problemsOf(() => planOf(alone.fleet)).problems).toEqual([
      expect.stringMatching(new RegExp(`^${alone.behind('dashboard: ')}: order\\.dashboard shared is set by an override`)),
    ]);
    expect(settings('observability/100000000003/eu-west-1')).toEqual({ fleetWide: true, sharedDashboard: true });
    expect(settings('observability/100000000003/us-east-1')).toEqual({ fleetWide: false, sharedDashboard: false });
    expect(settings('regional/200000000001/us-east-1')).toMatchObject({ dashboard: 'perTarget' });
  });

  test('a tag that is nowhere is missed at the tags of the file', () => {
    const { config, inventory } = smallFleet({ fleet: (text) => text.replace('  Application: orders\n', '') });

    expect(problemsOf(() => planOf({ config, inventory })).problems).toEqual([
      expect.stringMatching(/^\d+:\d+: required tag Application is missing: /),
    ]);
  });

  test('all at once, in the order of the file', () => {
    const { fleet } = fleetWith(
      'order: { timeout: 40s, visibilityTimeout: 39s, maxReceiveCount: 10 }',
      'overrides:\n  - { match: { region: us-east-1 }, order: { visibilityTimeout: 12h } }\n  - { match: { account: "200000000002" }, tags: { Environment: prod, team: x } }\n',
    );

    expect(problemsOf(() => planOf(fleet)).problems.map((problem) => /^\d+:\d+: (.*?) (?:is|x|and) /.exec(problem)?.[1])).toEqual([
      'order.visibilityTimeout 39s',
      'order.maxReceiveCount 10',
      'tag keys Team',
    ]);
  });
});

describe('what is advised against is a warning of the plan', () => {
  const dev = 'overrides: [{ match: { region: us-east-1 }, order: { memoryMb: 256 } }]\n';

  test('once for all targets of one line, as data and as text', () => {
    const { fleet, behind } = fleetWith('order: {}', dev);
    const [warning, ...others] = planOf(fleet).warnings;

    expect(others).toEqual([]);
    expect(warning).toMatchObject({
      code: 'unusual-value',
      targets: 2,
      example: 'workload-0001 (200000000001) in us-east-1',
      at: { file: '/somewhere/fleet.yaml' },
    });
    expect(warningText(warning!)).toMatch(
      new RegExp(
        `^/somewhere/fleet.yaml:${behind('memoryMb: ')}: order\\.memoryMb 256 MB is .*: workload-0001 \\(200000000001\\) in us-east-1 and 1 more$`,
      ),
    );
  });

  test('of what an account is by itself without a line, once for each limit', () => {
    const { fleet } = fleetWith('order: {}', '', limitOf({ '200000000001': 10, '200000000002': 50 }));
    const { warnings } = planOf(fleet);

    expect(warnings.map(({ code, at, targets, example }) => [code, at, targets, example])).toEqual([
      ['nothing-reserved', null, 2, 'workload-0001 (200000000001) in eu-west-1'],
      ['nothing-reserved', null, 2, 'workload-0002 (200000000002) in eu-west-1'],
    ]);
    expect(warnings.map(({ message }) => /limit \d+/.exec(message)?.[0])).toEqual(['limit 10', 'limit 50']);
  });

  test('not of targets that do not change, or are not in the plan, and it is no part of the digest', () => {
    const { fleet } = fleetWith('order: {}', dev);
    const plan = planOf(fleet);

    expect(planOf({ ...fleet, records: recordsAfter(plan) }).warnings).toEqual([]);
    expect(planOf({ ...fleet, filter: { ...everything, layers: ['foundation'] } }).warnings).toEqual([]);
    expect(planDigest({ ...plan, warnings: [] })).toBe(plan.digest);
  });
});
