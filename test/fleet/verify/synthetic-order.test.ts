import { accountIdSchema, regionSchema } from '../../../contracts/ids';
import { orderMessageSchema } from '../../../contracts/order-message';
import { targetAt } from '../../../contracts/target';
import { FleetError } from '../../../fleet/errors';
import type { DeployedSource, OrderFate } from '../../../fleet/verify/deployed-source';
import { followOrder, syntheticOrder } from '../../../fleet/verify/synthetic-order';

const target = targetAt({ layer: 'regional', account: accountIdSchema.parse('200000000001'), region: regionSchema.parse('eu-west-1') });
const route = { queueUrl: 'https://queue', tableName: 'orders-order-table', synthetic: { namespace: 'n', metric: 'SyntheticOrders', dimensions: {} } }; // prettier-ignore

/** A queue whose order meets these fates, one a look; the last one stays. Time passes only while somebody sleeps. */
async function follow(
  fates: readonly OrderFate[],
  { counts = [1], change = {} }: { readonly counts?: readonly number[]; readonly change?: Partial<DeployedSource> } = {},
) {
  // prettier-ignore
  let now = Date.UTC(2026, 2, 4);
  const began = now;
  const sent: string[] = [];
  const left = { fates: [...fates], counts: [...counts] };
  const next = <Value>(values: Value[]): Value => (values.length > 1 ? values.shift() : values[0]) as Value;
  const source = {
    pollSeconds: 5,
    send: async (_target: unknown, { body }: { readonly body: string }) => void sent.push(body),
    fate: async () => next(left.fates),
    counted: async () => next(left.counts),
    ...change,
  } as unknown as DeployedSource;
  const clock = { now: () => new Date(now), sleep: async (milliseconds: number) => void (now += milliseconds) };
  const signal = new AbortController().signal;
  const findings = await followOrder({ target, route, orderId: 'verify-00000001' }, { source, clock, timeoutSeconds: 60, signal });
  return { findings, sent, seconds: (now - began) / 1000 };
}

test('an order is one that the function takes, synthetic and worth nothing', () => {
  const order = syntheticOrder('verify-00000001', new Date(0));

  expect(orderMessageSchema.parse(order)).toEqual(order);
  expect(order).toMatchObject({ synthetic: true, items: [{ unitPriceMinor: 0 }], placedAt: '1970-01-01T00:00:00.000Z' });
});

test('an order that is stored and counted passes as soon as it is', async () => {
  const { findings, sent, seconds } = await follow(['waiting', 'waiting', 'stored'], { counts: [0, 0, 1] });

  expect(findings).toEqual([{ check: 'order', verdict: 'passed', found: 'synthetic order verify-00000001 is in orders-order-table, and counted', advice: null }]); // prettier-ignore
  expect(sent).toHaveLength(1);
  expect(seconds).toBe(20);
});

test.each<[string, readonly OrderFate[], readonly number[], RegExp, number]>([
  ['never arrives', ['waiting'], [0], /did not arrive in orders-order-table within 60 s$/, 60],
  ['is stored and never counted', ['stored'], [0], /is in orders-order-table, and SyntheticOrders did not count it within 60 s$/, 60],
  ['is dead', ['waiting', 'dead'], [0], /failed every attempt and did not arrive in orders-order-table$/, 5],
])('an order that %s fails', async (_how, fates, counts, found, waited) => {
  const { findings, seconds } = await follow(fates, { counts });

  expect(findings).toEqual([expect.objectContaining({ check: 'order', verdict: 'failed', found: expect.stringMatching(found) as string })]);
  expect(seconds).toBe(waited);
});

test.each(['send', 'fate', 'counted'] as const)('where %s is refused, the order is unknown', async (call) => {
  const refused = () => Promise.reject(new FleetError('aws/AccessDenied', 'not allowed'));
  const { findings } = await follow(['stored'], { change: { [call]: refused } });

  expect(findings).toEqual([expect.objectContaining({ verdict: 'unknown', found: 'could not be asked: aws/AccessDenied: not allowed' })]);
});
