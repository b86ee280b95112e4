import { accountIdSchema, regionSchema } from '../../contracts/ids';
import { askCosts } from '../../fleet/cost/ask-costs';
import { awsCostExplorer } from '../../fleet/cost/aws-cost-explorer';
import type { CostExplorer } from '../../fleet/cost/cost-explorer';
import { keptCosts } from '../../fleet/cost/kept-costs';
import { exactText } from '../../fleet/cost/money';
import { MemoryObjects } from '../../fleet/state/memory-objects';
import { systemClock } from '../../fleet/system-clock';
import { describeWithMoto } from '../helpers/engine-tier';

import { motoServer } from './moto-server';

/**
 * Real calls of Cost Explorer by way of a role in the payer. moto checks nothing and knows no cost allocation tags: it gives the answers that
 * it was handed, one for each new request body, so that a second page is a request of its own.
 */
const endpoint = motoServer();
const payer = accountIdSchema.parse('300000000009');
const { signal } = new AbortController();
const slice = { regions: [], tags: [] };

let explorer: CostExplorer;

beforeEach(() => {
  explorer = awsCostExplorer({
    payer,
    role: 'fleet/cost',
    homeRegion: regionSchema.parse('eu-west-1'),
    clock: systemClock,
    endpoint: endpoint(),
    credentials: { accessKeyId: 'AKIABASE', secretAccessKey: 'secret' },
    maxAttempts: 1,
  });
});
afterEach(() => explorer.close());

const group = (account: string, tag: string, Amount: string) => ({ Keys: [account, tag], Metrics: { UnblendedCost: { Amount, Unit: 'USD' } } }); // prettier-ignore
const result = (day: number, Estimated: boolean, Groups: readonly unknown[]) => ({
  TimePeriod: { Start: `2026-11-0${day}`, End: `2026-11-0${day + 1}` },
  Total: {},
  Groups,
  Estimated,
});

/** What the payer's next requests are answered with. */
async function seed(...results: readonly unknown[]): Promise<void> {
  const response = await fetch(`${endpoint()}/moto-api/static/ce/cost-and-usage-results`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ account_id: payer, results }),
  });
  expect(response.status).toBe(201);
}

describeWithMoto('Cost Explorer', () => {
  test('is read over pages that end within a day, exactly, and a closed day is kept', async () => {
    await seed(
      {
        ResultsByTime: [
          result(1, false, [group('200000000001', 'Team$commerce', '0.1015164830')]),
          result(2, false, [group('200000000001', 'Team$commerce', '1E-7')]),
        ],
        NextPageToken: 'second',
      },
      {
        ResultsByTime: [
          result(2, false, [group('200000000002', 'Team$', '-3.5'), group('200000000002', 'Team$commerce', '0.2')]),
          result(3, true, []),
        ],
      },
      { ResultsByTime: [result(3, true, [group('200000000001', 'Team$payments', '7')])] },
    );
    const objects = new MemoryObjects();
    const query = { cut: 'team', slice, period: { from: '2026-11-01', to: '2026-11-03' } } as const;
    const source = keptCosts(explorer, { objects, payer, refresh: false, signal });
    const { days, currency } = await source.read(query);
    const shown = days.map(({ day, estimated, items }) => [day, estimated, items.map(({ account, value, amount }) => [account, value, exactText(amount)])]); // prettier-ignore

    expect(currency).toBe('USD');
    expect(source.paidCalls()).toBe(2);
    expect(shown).toEqual([
      ['2026-11-01', false, [['200000000001', 'commerce', '0.101516483']]],
      ['2026-11-02', false, [['200000000001', 'commerce', '0.0000001'], ['200000000002', '', '-3.5'], ['200000000002', 'commerce', '0.2']]], // prettier-ignore
      ['2026-11-03', true, []],
    ]);

    // Only the day that was an estimate is asked for again: its request is another one, and gets the third answer.
    const later = keptCosts(explorer, { objects, payer, refresh: false, signal });
    const again = await later.read(query);
    expect(later.paidCalls()).toBe(1);
    expect(again.days.slice(0, 2)).toEqual(days.slice(0, 2));
    expect(again.days[2]?.items.map(({ value, amount }) => [value, exactText(amount)])).toEqual([['payments', '7']]);
  });

  test('that knows nothing of a day does not make it a day without cost', async () => {
    const period = { from: '2026-10-01', to: '2026-10-02' };
    const { days } = await askCosts(explorer, { cut: 'type', slice, period }, { signal, onCall: () => undefined });
    expect(days).toEqual([]);
  });

  test('is told by operation and account where it refuses', async () => {
    // moto knows no cost allocation tags.
    await expect(explorer.listCostAllocationTags({ TagKeys: ['Team'] }, { signal })).rejects.toMatchObject({
      code: expect.stringMatching(/^aws\//) as string,
      message: expect.stringMatching(/^ce:ListCostAllocationTags in account 300000000009 failed: /) as string,
    });
  });
});
