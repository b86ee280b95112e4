import type { RolloutPlan } from '../../../fleet/plan/rollout-plan';
import { everything } from '../../../fleet/plan/target-filter';
import { problemsOf } from '../config/problems-of';

import { planOf, recordsAfter, smallFleet, type FleetOptions } from './plan-fixture';

const FIRST = '200000000001';
const SHARED = '100000000002';

/** A small fleet whose accounts have other tags: `undefined` takes one away. */
const tagged = (changes: Readonly<Record<string, Readonly<Record<string, string | undefined>>>>, options: FleetOptions = {}) =>
  smallFleet({
    ...options,
    organization: ({ accounts }) => {
      for (const account of accounts) {
        const tags = { ...account.tags, ...changes[account.id] };
        account.tags = Object.fromEntries(Object.entries(tags).filter((entry): entry is [string, string] => entry[1] !== undefined));
      }
    },
  });

const blockedIn = (plan: RolloutPlan) =>
  Object.fromEntries(plan.targets.flatMap(({ target, blocked }) => (blocked === undefined ? [] : [[target.id, blocked]])));
const withoutTag = (key: string) => (text: string) => text.replace(new RegExp(`^  ${key}: .*\n`, 'm'), '');
const byAccount = (message: string) =>
  `${message}: correct the tags of account workload-0001 (${FIRST}), or set it in an override for the account`;

describe('what only one account makes wrong', () => {
  test.each([
    ['a value outside the standard', { Environment: 'qa' }, {}, 'tag Environment is "qa"; allowed are dev, staging, prod'],
    ['an empty value', { Team: '' }, {}, 'required tag Team is missing'],
    [
      'a tag that all others have and fleet.yaml does not',
      { CostCenter: undefined },
      { fleet: withoutTag('CostCenter') },
      'required tag CostCenter is missing',
    ],
  ])('blocks its targets and nobody else: %s', (_name, tags, options, message) => {
    const plan = planOf(tagged({ [FIRST]: tags }, options));

    expect(blockedIn(plan)).toEqual({
      [`regional/${FIRST}/eu-west-1`]: byAccount(message),
      [`regional/${FIRST}/us-east-1`]: byAccount(message),
    });
    const [blocked, others] = [true, false].map((is) => plan.targets.filter((one) => (one.blocked !== undefined) === is));
    expect(blocked?.map(({ reasons, wave }) => [reasons, wave])).toEqual([[[], null], [[], null]]); // prettier-ignore
    expect(others?.every(({ reasons, wave }) => reasons.includes('new') && wave !== null)).toBe(true);
    expect(plan.waves.flatMap(({ targets }) => targets)).toHaveLength(12 - 2);
  });

  test('is told whole', () => {
    const plan = planOf(tagged({ [FIRST]: { Environment: 'qa', Team: '' } }));

    expect(Object.values(blockedIn(plan))[0]).toBe(
      `${byAccount('required tag Team is missing')}; ${byAccount('tag Environment is "qa"; allowed are dev, staging, prod')}`,
    );
  });

  test('changes nothing of what reads it', () => {
    const records = recordsAfter(planOf(smallFleet()));
    const plan = planOf({ ...tagged({ [FIRST]: { Environment: 'qa' } }), records });

    expect(Object.keys(blockedIn(plan))).toHaveLength(2);
    expect(plan.targets.filter(({ reasons }) => reasons.length > 0)).toEqual([]);
    expect(plan.waves).toEqual([]);
  });

  test('of the shared account blocks the foundations, which the others are planned behind', () => {
    const plan = planOf(tagged({ [SHARED]: { Environment: 'qa' } }));

    expect(Object.keys(blockedIn(plan))).toEqual([`foundation/${SHARED}/eu-west-1`, `foundation/${SHARED}/us-east-1`]);
    expect(plan.waves.map(({ name }) => name)).toEqual(['canary', 'rest/eu-west-1', 'rest/us-east-1', 'observability']);
  });

  test('is in the plan of who asks for changes, and changes its digest', () => {
    const records = recordsAfter(planOf(smallFleet()));
    const only = (account: string) => planOf({ ...tagged({ [account]: { Environment: 'qa' } }), records, filter: { ...everything, only: 'changed' } }); // prettier-ignore

    expect(only(FIRST).targets.map(({ target }) => target.id)).toEqual([`regional/${FIRST}/eu-west-1`, `regional/${FIRST}/us-east-1`]);
    expect(only(FIRST).digest).not.toBe(only('200000000002').digest);
  });

  test('does not make a wrong wave of one that picks it', () => {
    const fleet = (text: string) => text.replace('      percent: 10', `      account: "${FIRST}"`);
    expect(Object.keys(blockedIn(planOf(tagged({ [FIRST]: { Environment: 'qa' } }, { fleet }))))).toHaveLength(2);
  });
});

describe('what fleet.yaml makes wrong is refused, with its line:', () => {
  const override = (match: string, rest: string) => (text: string) => `${text}overrides:\n  - match: { ${match} }\n    ${rest}\n`;

  test.each<[string, FleetOptions, string]>([
    [
      'a tag of its own',
      { fleet: (text) => text.replace('Environment: prod', 'Environment: qa') },
      '25:16: tag Environment is "qa"; allowed are dev, staging, prod: shared (100000000002) in eu-west-1 and 11 more',
    ],
    [
      'a tag that an override sets for one account',
      { fleet: override(`account: "${FIRST}"`, 'tags: { Environment: qa }') },
      '52:26: tag Environment is "qa"; allowed are dev, staging, prod: workload-0001 (200000000001) in eu-west-1 and 1 more',
    ],
    [
      'an order that it makes in one region',
      { fleet: override('region: us-east-1', 'order: { visibilityTimeout: 10s }') },
      '52:33: order.visibilityTimeout 10s is less than order.timeout 30s, which AWS refuses: make it 3m (6 x timeout): workload-0001 (200000000001) in us-east-1 and 3 more',
    ],
    [
      'a tag that is missing everywhere',
      { fleet: withoutTag('Application') },
      'required tag Application is missing: shared (100000000002) in eu-west-1 and 11 more',
    ],
  ])('%s', (_name, options, problem) => {
    const { code, problems } = problemsOf(() => planOf(tagged({}, options)));
    expect([code, problems.map((text) => text.replace(/^\d+:\d+: (?=required)/, ''))]).toEqual(['user/invalid-target', [problem]]);
  });

  test('also beside an account that is wrong by itself, which is not named then', () => {
    const fleet = tagged({ [FIRST]: { Team: '' } }, { fleet: (text) => text.replace('Environment: prod', 'Environment: qa') });
    expect(problemsOf(() => planOf(fleet)).problems).toEqual([expect.stringMatching(/^25:16: tag Environment is "qa"/)]);
  });
});
