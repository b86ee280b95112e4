import { accountIdSchema, regionSchema } from '../../../contracts/ids';
import { targetAt } from '../../../contracts/target';
import { describeFilter, everything, matchesFilter, type TargetFilter } from '../../../fleet/plan/target-filter';

const account = accountIdSchema.parse('200000000001');
const other = accountIdSchema.parse('200000000002');
const region = regionSchema.parse('eu-west-1');
const elsewhere = regionSchema.parse('us-east-1');
const one = { target: targetAt({ layer: 'regional', account, region }), unit: 'Workloads/Prod', config: { tags: { Team: 'commerce' } } };

test.each<[string, Partial<TargetFilter>, boolean]>([
  ['no filter', {}, true],
  ['its layer', { layers: ['regional'] }, true],
  ['one of several layers', { layers: ['foundation', 'regional'] }, true],
  ['another layer', { layers: ['foundation'] }, false],
  ['its account', { accounts: [other, account] }, true],
  ['another account', { accounts: [other] }, false],
  ['its region', { regions: [region] }, true],
  ['another region', { regions: [elsewhere] }, false],
  ['its unit by a glob', { units: ['Workloads/**'] }, true],
  ['a unit above it', { units: ['Workloads'] }, false],
  ['its tag', { tags: [{ key: 'Team', value: 'commerce' }] }, true],
  ['its tag with another value', { tags: [{ key: 'Team', value: 'payments' }] }, false],
  ['a tag that only objects have', { tags: [{ key: 'constructor', value: 'Object' }] }, false],
  ['one filter that matches and one that does not', { layers: ['regional'], regions: [elsewhere] }, false],
  ['what failed, and it did', { only: 'failed', failed: new Set(['regional/200000000001/eu-west-1']) }, true],
  ['what failed, and it did not', { only: 'failed' }, false],
])('by %s: %j', (_name, filter, expected) => {
  expect(matchesFilter(one, { ...everything, ...filter })).toBe(expected);
});

test('an unknown unit matches no unit filter, and every other', () => {
  expect(matchesFilter({ ...one, unit: null }, { ...everything, units: ['**'] })).toBe(false);
  expect(matchesFilter({ ...one, unit: null }, { ...everything, layers: ['regional'] })).toBe(true);
});

test('a filter is described as its flags', () => {
  expect(describeFilter(everything)).toBe('the fleet');
  expect(
    describeFilter({
      layers: ['regional'],
      accounts: [account],
      units: ['a/**'],
      regions: [region],
      tags: [{ key: 'Team', value: 'x=y' }],
      only: 'changed',
      failed: new Set(),
    }),
  ).toBe('--layer regional --account 200000000001 --unit a/** --region eu-west-1 --tag Team=x=y --only changed');
});
