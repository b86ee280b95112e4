import type { GetCostAndUsageCommandInput, GetCostAndUsageCommandOutput, ResultByTime } from '@aws-sdk/client-cost-explorer';

import { regionSchema } from '../../../contracts/ids';
import { askCosts } from '../../../fleet/cost/ask-costs';
import type { CostExplorer } from '../../../fleet/cost/cost-explorer';
import type { CostQuery } from '../../../fleet/cost/cost-source';
import { parseMoney } from '../../../fleet/cost/money';

const query: CostQuery = { cut: 'team', slice: { regions: [], tags: [] }, period: { from: '2026-11-01', to: '2026-11-02' } };

/** Cost Explorer that gives these pages, and keeps what it was asked. */
function explorerOf(...pages: readonly Omit<GetCostAndUsageCommandOutput, '$metadata'>[]) {
  const asked: GetCostAndUsageCommandInput[] = [];
  const unused = () => Promise.reject(new Error('not asked'));
  const explorer: CostExplorer = {
    getCostAndUsage: async (input) => {
      asked.push(input);
      const page = pages[asked.length - 1];
      if (!page) throw new Error('there is no such page');
      return page;
    },
    listCostAllocationTags: unused,
    updateCostAllocationTagsStatus: unused,
    close: () => Promise.resolve(),
  };
  return { explorer, asked };
}

const day = (of: Partial<ResultByTime>): ResultByTime => ({ TimePeriod: { Start: '2026-11-01', End: '2026-11-02' }, Estimated: false, Groups: [], ...of }); // prettier-ignore
const group = (Amount: string, Unit = 'USD') => ({ Keys: ['200000000001', 'Team$commerce'], Metrics: { UnblendedCost: { Amount, Unit } } });

async function ask(of: ReturnType<typeof explorerOf>, asked = query) {
  let calls = 0;
  const found = await askCosts(of.explorer, asked, { signal: new AbortController().signal, onCall: () => (calls += 1) });
  return { ...found, calls };
}

test('days are asked for with the end left out, by account and one thing more, and no filter where there is none', async () => {
  const of = explorerOf({ ResultsByTime: [] });
  await ask(of);
  expect(of.asked).toEqual([
    {
      TimePeriod: { Start: '2026-11-01', End: '2026-11-03' },
      Granularity: 'DAILY',
      Metrics: ['UnblendedCost'],
      GroupBy: [
        { Type: 'DIMENSION', Key: 'LINKED_ACCOUNT' },
        { Type: 'TAG', Key: 'Team' },
      ],
    },
  ]);
});

test.each([
  [{ cut: 'region', regions: ['eu-west-1'], tags: [] }, { Dimensions: { Key: 'REGION', Values: ['eu-west-1'] } }],
  [{ cut: 'team', regions: [], tags: [['Team', 'a']] }, { Tags: { Key: 'Team', Values: ['a'] } }],
  [
    {
      cut: 'team',
      regions: ['eu-west-1'],
      tags: [
        ['Team', 'a'],
        ['Team', 'b'],
      ],
    },
    {
      And: [
        { Dimensions: { Key: 'REGION', Values: ['eu-west-1'] } },
        { Or: [{ Tags: { Key: 'Team', Values: ['a'] } }, { Tags: { Key: 'Team', Values: ['b'] } }] },
      ],
    },
  ],
  [
    { cut: 'untagged', regions: [], tags: [] },
    { Or: [{ Tags: { Key: 'Team', MatchOptions: ['ABSENT'] } }, { Tags: { Key: 'CostCenter', MatchOptions: ['ABSENT'] } }] },
  ],
] as const)('a part of the bill is a filter that AWS takes: %j', async ({ cut, regions, tags }, Filter) => {
  // prettier-ignore
  const of = explorerOf({ ResultsByTime: [] });
  const slice = { regions: regions.map((region) => regionSchema.parse(region)), tags: tags.map(([key, value]) => ({ key, value })) };
  await ask(of, { ...query, cut, slice });
  expect(of.asked[0]?.Filter).toEqual(Filter);
});

test('what does not say that it is final is an estimate, also where only one page of a day says so', async () => {
  const pages = [{ ResultsByTime: [day({ Groups: [group('1')] })], NextPageToken: 'next' }, { ResultsByTime: [day({ Estimated: true, Groups: [group('2')] })] }]; // prettier-ignore
  const { days, calls } = await ask(explorerOf(...pages));
  expect(calls).toBe(2);
  expect(days).toMatchObject([{ estimated: true, items: [{ value: 'commerce', amount: parseMoney('3') }] }]);

  const unsaid = await ask(explorerOf({ ResultsByTime: [{ TimePeriod: { Start: '2026-11-01', End: '2026-11-02' } }] }));
  expect(unsaid.days).toEqual([{ day: '2026-11-01', estimated: true, items: [] }]);
});

test('amounts of two currencies are not added up; a unit of N/A says nothing', async () => {
  await expect(ask(explorerOf({ ResultsByTime: [day({ Groups: [group('1'), group('1', 'CNY')] })] }))).rejects.toMatchObject({
    code: 'fleet/two-currencies',
  });
  const { currency } = await ask(explorerOf({ ResultsByTime: [day({ Groups: [group('0', 'N/A'), group('1', 'CNY')] })] }));
  expect(currency).toBe('CNY');
});

test.each([
  ['no day', { ResultsByTime: [{ Groups: [group('1')] }] }],
  ['no keys', { ResultsByTime: [day({ Groups: [{ Metrics: { UnblendedCost: { Amount: '1', Unit: 'USD' } } }] })] }],
  ['another metric', { ResultsByTime: [day({ Groups: [{ Keys: ['1', 'Team$'], Metrics: { BlendedCost: { Amount: '1', Unit: 'USD' } } }] })] }], // prettier-ignore
])('an answer with %s is refused as a whole', async (_, page) => {
  await expect(ask(explorerOf(page))).rejects.toMatchObject({ code: 'fleet/cost-answer' });
});

test('a token that leads back to itself ends it', async () => {
  const page = { ResultsByTime: [], NextPageToken: 'same' };
  await expect(ask(explorerOf(page, page, page))).rejects.toThrow(/token/);
});
