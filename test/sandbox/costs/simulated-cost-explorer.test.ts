import type { Expression, GetCostAndUsageCommandInput } from '@aws-sdk/client-cost-explorer';

import { ActiveTags } from '../../../sandbox/costs/active-tags';
import { generatedRows, type StandingCost } from '../../../sandbox/costs/generated-ledger';
import { ledgerSchema, type LedgerRow } from '../../../sandbox/costs/ledger';
import { SimulatedCostExplorer } from '../../../sandbox/costs/simulated-cost-explorer';
import { MemoryLogs } from '../../../sandbox/memory-logs';
import { accountIdSchema, regionSchema } from '../../../contracts/ids';

const TODAY = '2026-11-20';
const FIRST = '200000000001';
const logs = new MemoryLogs();
let opened = 0;

function explorerOver(
  rows: readonly Readonly<Record<string, unknown>>[],
  of: { readonly pageSize?: number; readonly active?: readonly string[]; readonly path?: string } = {},
) {
  // prettier-ignore
  const ledger = ledgerSchema.parse({ rows });
  const tags = new ActiveTags({ path: of.path ?? `tags-${(opened += 1)}`, initial: of.active ?? ['Team'], openLog: logs.takeOver() });
  const rowsOf = (day: string): readonly LedgerRow[] => (ledger.rows ?? []).filter((row) => row.day === day);
  return new SimulatedCostExplorer({ rowsOf, tags, today: () => TODAY, pageSize: of.pageSize ?? 50, estimatedDays: 2 });
}

const byTeam = { Type: 'TAG', Key: 'Team' } as const;
const byAccount = { Type: 'DIMENSION', Key: 'LINKED_ACCOUNT' } as const;
const request = (of: Partial<GetCostAndUsageCommandInput> = {}): GetCostAndUsageCommandInput => ({
  TimePeriod: { Start: '2026-11-18', End: '2026-11-21' },
  Granularity: 'DAILY',
  Metrics: ['UnblendedCost'],
  GroupBy: [byAccount, byTeam],
  ...of,
});

const rows = [
  { day: '2026-11-18', account: FIRST, amount: '0.1', tags: { Team: 'a' } },
  { day: '2026-11-18', account: FIRST, amount: '0.2', tags: { Team: 'a' } },
  { day: '2026-11-18', account: FIRST, amount: '-1.000000000001', tags: {} },
  { day: '2026-11-20', account: FIRST, region: 'eu-west-1', amount: '5', tags: { Team: 'b' } },
];

const shown = (explorer: SimulatedCostExplorer, of: Partial<GetCostAndUsageCommandInput> = {}) =>
  (explorer.getCostAndUsage(request(of)).ResultsByTime ?? []).map(({ TimePeriod, Estimated, Groups }) => [
    TimePeriod?.Start,
    Estimated,
    Groups?.map(({ Keys = [], Metrics }) => [...Keys.slice(1), Metrics?.UnblendedCost?.Amount]),
  ]);

test('days are grouped, exactly summed, with those without costs among them, and the last ones are estimates', () => {
  expect(shown(explorerOver(rows))).toEqual([
    ['2026-11-18', false, [['Team$', '-1.000000000001'], ['Team$a', '0.300000000000']]], // prettier-ignore
    ['2026-11-19', true, []],
    ['2026-11-20', true, [['Team$b', '5.000000000000']]],
  ]);
});

test('pages are small, may end within a day, and give all in the end', () => {
  const explorer = explorerOver(rows, { pageSize: 1 });
  const pages: unknown[][] = [];
  let NextPageToken: string | undefined;
  do {
    const page = explorer.getCostAndUsage({ ...request(), ...(NextPageToken !== undefined && { NextPageToken }) });
    pages.push((page.ResultsByTime ?? []).map(({ TimePeriod, Groups }) => [TimePeriod?.Start, Groups?.length]));
    ({ NextPageToken } = page);
  } while (NextPageToken !== undefined);
  expect(pages).toEqual([[['2026-11-18', 1]], [['2026-11-18', 1]], [['2026-11-19', 0]], [['2026-11-20', 1]]]);
});

test('a token belongs to its request', () => {
  const explorer = explorerOver(rows, { pageSize: 1 });
  const { NextPageToken } = explorer.getCostAndUsage(request());
  expect(() => explorer.getCostAndUsage({ ...request({ GroupBy: [byAccount] }), NextPageToken })).toThrow(/another request/);
  expect(() => explorer.getCostAndUsage({ ...request(), NextPageToken: 'made up' })).toThrow(/another request/);
});

test.each<[string, Partial<GetCostAndUsageCommandInput>]>([
  ['three groups', { GroupBy: [byAccount, byTeam, { Type: 'DIMENSION', Key: 'REGION' }] }],
  ['one group twice', { GroupBy: [byAccount, byAccount] }],
  ['an unknown dimension', { GroupBy: [{ Type: 'DIMENSION', Key: 'PLANET' }] }],
  ['an end at its start', { TimePeriod: { Start: '2026-11-18', End: '2026-11-18' } }],
  ['an end before its start', { TimePeriod: { Start: '2026-11-18', End: '2026-11-17' } }],
  ['a day that is none', { TimePeriod: { Start: '2026-02-30', End: '2026-03-02' } }],
  ['a time of day', { TimePeriod: { Start: '2026-11-18T00:00:00Z', End: '2026-11-19' } }],
  ['a start in the future', { TimePeriod: { Start: '2026-11-21', End: '2026-11-22' } }],
  ['a start beyond what is kept', { TimePeriod: { Start: '2025-08-31', End: '2025-09-02' } }],
  ['no period', { TimePeriod: undefined }],
  ['hours', { Granularity: 'HOURLY' }],
  ['another metric', { Metrics: ['BlendedCost'] }],
  ['an Or of one', { Filter: { Or: [{ Tags: { Key: 'Team', Values: ['a'] } }] } }],
  ['two things in one expression', { Filter: { Tags: { Key: 'Team', Values: ['a'] }, Not: { Tags: { Key: 'Team', Values: ['a'] } } } }],
])('%s is refused', (_, of) => {
  expect(() => explorerOver(rows).getCostAndUsage(request(of))).toThrow(expect.objectContaining({ name: 'ValidationException' }));
});

test('the first day that is kept is taken', () => {
  expect(() => explorerOver(rows).getCostAndUsage(request({ TimePeriod: { Start: '2025-09-01', End: '2025-09-02' } }))).not.toThrow();
});

test.each<[string, Expression, readonly string[]]>([
  ['tag', { Tags: { Key: 'Team', Values: ['a', 'b'] } }, ['0.300000000000', '5.000000000000']],
  ['missing tag', { Tags: { Key: 'Team', MatchOptions: ['ABSENT'] } }, ['-1.000000000001']],
  ['region', { Dimensions: { Key: 'REGION', Values: ['eu-west-1'] } }, ['5.000000000000']],
  ['what is not', { Not: { Tags: { Key: 'Team', Values: ['a'] } } }, ['-1.000000000001', '5.000000000000']],
  ['both', { And: [{ Tags: { Key: 'Team', Values: ['b'] } }, { Dimensions: { Key: 'REGION', Values: ['eu-west-1'] } }] }, ['5.000000000000']], // prettier-ignore
])('a filter by %s leaves the rest out', (_, Filter, amounts) => {
  const { ResultsByTime = [] } = explorerOver(rows).getCostAndUsage(request({ Filter }));
  expect(ResultsByTime.flatMap(({ Groups = [] }) => Groups.map(({ Metrics }) => Metrics?.UnblendedCost?.Amount))).toEqual(amounts);
});

describe('cost allocation tags', () => {
  test('tell nothing until they are active; activating is kept, and only what billing has seen can be activated', () => {
    const explorer = explorerOver(rows, { active: [], path: 'kept' });
    expect(shown(explorer)[0]).toEqual(['2026-11-18', false, [['Team$', '-0.700000000001']]]);
    expect(explorer.listCostAllocationTags({ TagKeys: ['Team', 'CostCenter'] }).CostAllocationTags).toEqual([
      { TagKey: 'Team', Type: 'UserDefined', Status: 'Inactive' },
    ]);
    const status = (TagKey: string) => ({ TagKey, Status: 'Active' as const });
    const { Errors } = explorer.updateCostAllocationTagsStatus({ CostAllocationTagsStatus: [status('Team'), status('CostCenter')] });
    expect(Errors).toMatchObject([{ TagKey: 'CostCenter' }]);
    expect(shown(explorerOver(rows, { active: [], path: 'kept' }))[0]).toEqual(['2026-11-18', false, [['Team$', '-1.000000000001'], ['Team$a', '0.300000000000']]]); // prettier-ignore
    expect(() => explorer.updateCostAllocationTagsStatus({ CostAllocationTagsStatus: Array.from({ length: 21 }, () => status('Team')) })).toThrow(/21 entries/); // prettier-ignore
  });

  test('used first today have not been seen', () => {
    const explorer = explorerOver([{ day: TODAY, account: FIRST, amount: '1', tags: { Team: 'a' } }]);
    expect(explorer.listCostAllocationTags({}).CostAllocationTags).toEqual([]);
  });
});

test('a generated day is the same whenever it is made, within a tenth of the average, with tax on the first', () => {
  const standing: StandingCost[] = [{ account: accountIdSchema.parse(FIRST), region: regionSchema.parse('eu-west-1'), tags: { Team: 'a' }, service: 'AWS Lambda', monthly: 30 }]; // prettier-ignore
  const [lambda, trail, ...others] = generatedRows('2026-11-02', standing);
  expect(generatedRows('2026-11-02', standing)).toEqual([lambda, trail, ...others]);
  expect(Number(lambda?.amount)).toBeGreaterThanOrEqual(0.9);
  expect(Number(lambda?.amount)).toBeLessThanOrEqual(1.1);
  expect([trail?.tags, others]).toEqual([{}, []]);
  expect(generatedRows('2026-11-01', standing).map(({ type }) => type)).toEqual(['Usage', 'Usage', 'Tax']);
  expect(ledgerSchema.safeParse({ rows: generatedRows('2026-11-01', standing) }).success).toBe(true);
});

test.each([
  [{ day: '2026-11-31' }, /day "2026-11-31"/],
  [{ amount: 1.5 }, /must be quoted/],
  [{ amount: '1.0000000000001' }, /at most 12 digits/],
  [{ type: 'Gift' }, /type|Invalid option/],
])('a ledger row with %j is refused', (change, message) => {
  const parsed = ledgerSchema.safeParse({ rows: [{ day: '2026-11-03', account: FIRST, amount: '1', ...change }] });
  expect(parsed.error?.issues[0]?.message).toMatch(message);
});
