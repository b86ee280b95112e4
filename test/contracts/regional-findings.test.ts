import * as fc from 'fast-check';

import type { Finding } from '../../contracts/finding';
import {
  MIN_UNRESERVED_CONCURRENCY,
  ORDER_RETENTION_SECONDS,
  orderBlockSchema,
  resolveRegionalSettings,
  type OrderBlock,
} from '../../contracts/regional';
import { regionalFindings } from '../../contracts/regional-findings';

const found = (block: OrderBlock = {}, lambdaConcurrency: number | null = 1000): readonly Finding[] =>
  regionalFindings(resolveRegionalSettings(block, lambdaConcurrency), { block, lambdaConcurrency, sharesDashboard: true });
const codes = (block: OrderBlock, limit?: number | null) => found(block, limit).map(({ level, code }) => `${level} ${code}`);
const messages = (block: OrderBlock, limit?: number | null) => found(block, limit).map(({ message }) => message);

test('the defaults are what AWS and the requirements advise', () => {
  expect(found()).toEqual([]);
});

describe('what is refused', () => {
  test.each<[string, OrderBlock, readonly string[]]>([
    ['a visibility timeout under the timeout', { timeout: 31, visibilityTimeout: 30 }, ['refused visibility-under-timeout']],
    ['equal ones are advised against only', { timeout: 30, visibilityTimeout: 30 }, ['advice visibility-under-advice']],
    [
      'attempts that outlast the queue',
      { timeout: 60, visibilityTimeout: 43_200, maxReceiveCount: 8 },
      ['refused expires-before-dead-letter'],
    ],
    ['the last second before', { timeout: 60, visibilityTimeout: 43_199, maxReceiveCount: 8 }, []],
    ['the default visibility counts as well', { timeout: 60, maxReceiveCount: 960 }, ['refused expires-before-dead-letter']],
  ])('%s', (_what, block, expected) => {
    expect(codes(block)).toEqual(expected);
  });

  test('a shared dashboard that an override alone asks for: no layer would make it', () => {
    const reviewed = (dashboard: 'shared' | 'none', sharesDashboard: boolean) =>
      regionalFindings(resolveRegionalSettings({ dashboard }, 1000), { block: { dashboard }, lambdaConcurrency: 1000, sharesDashboard });

    expect(reviewed('shared', false)).toMatchObject([{ level: 'refused', code: 'shared-in-override', keys: [['order', 'dashboard']] }]);
    expect(reviewed('shared', true)).toEqual([]);
    expect(reviewed('none', false)).toEqual([]);
  });

  test('names both values, what to change, and the keys that can be meant', () => {
    expect(found({ timeout: 60, visibilityTimeout: 30 })).toEqual([
      {
        level: 'refused',
        code: 'visibility-under-timeout',
        message: 'order.visibilityTimeout 30s is less than order.timeout 1m, which AWS refuses: make it 6m (6 x timeout)',
        keys: [
          ['order', 'visibilityTimeout'],
          ['order', 'timeout'],
        ],
      },
    ]);
    expect(messages({ visibilityTimeout: 43_200, maxReceiveCount: 9 })).toEqual([
      'order.maxReceiveCount 9 x order.visibilityTimeout 12h is 108h, but the queue keeps an order 4d: it would be deleted before it becomes a dead letter; lower one of them',
    ]);
  });

  test('is nothing that AWS takes, and all that it does not', () => {
    const anyBlock = fc.record({
      timeout: fc.integer({ min: 1, max: 900 }),
      visibilityTimeout: fc.option(fc.integer({ min: 1, max: 43_200 }), { nil: undefined }),
      maxReceiveCount: fc.integer({ min: 1, max: 1000 }),
    });
    fc.assert(
      fc.property(anyBlock, (block) => {
        const visibility = block.visibilityTimeout ?? 6 * block.timeout;
        const isRefused = visibility < block.timeout || block.maxReceiveCount * visibility >= ORDER_RETENTION_SECONDS;

        expect(found(block as OrderBlock).some(({ level }) => level === 'refused')).toBe(isRefused);
      }),
    );
  });
});

describe('concurrency', () => {
  test.each<[string, OrderBlock, number | null, readonly string[]]>([
    ['an unknown limit', {}, null, ['advice lambda-limit-unknown']],
    ['an unknown limit is the one thing to say', { reservedConcurrencyPercent: 50 }, null, ['advice lambda-limit-unknown']],
    ['a limit of ten', {}, 10, ['advice nothing-reserved']],
    ['the most that leaves nothing', {}, 100, ['advice nothing-reserved']],
    ['one that can be reserved, but the event source takes two', {}, 101, ['advice reservation-cut', 'advice event-source-over-reserved']],
    ['a share that is cut', {}, 104, ['advice reservation-cut']],
    ['a share that just fits', {}, 106, []],
    ['nothing is wanted', { reservedConcurrencyPercent: 0 }, 10, ['advice unusual-value']],
    ['a share of less than one', { reservedConcurrencyPercent: 0.05 }, 1000, ['advice nothing-reserved', 'advice unusual-value']],
  ])('%s', (_what, block, limit, expected) => {
    expect(codes(block, limit)).toEqual(expected);
  });

  test('says what comes of it, in the numbers of the account', () => {
    expect(messages({}, 10)).toEqual([
      "nothing can be reserved of the account's Lambda limit 10: the queue feeds at most 2 at once, and other functions of the account can take even these; AWS keeps 100 of an account unreserved: ask it for a higher limit",
    ]);
    expect(messages({ reservedConcurrencyPercent: 50 }, 120)[0]).toBe(
      "order.reservedConcurrencyPercent 50 of the account's Lambda limit 120 would be 60: it reserves 20, so that 100 stay unreserved",
    );
  });

  test('never leaves less than 100 unreserved, and says so wherever it is less than was asked for', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 20_000 }), fc.integer({ min: 1, max: 50 }), (limit, reservedConcurrencyPercent) => {
        const settings = resolveRegionalSettings({ reservedConcurrencyPercent }, limit);
        const reserved = settings.reservedConcurrency ?? 0;
        const told = codes({ reservedConcurrencyPercent }, limit).some((code) => /nothing-reserved|reservation-cut/.test(code));

        expect(reserved === 0 || limit - reserved >= MIN_UNRESERVED_CONCURRENCY).toBe(true);
        expect(settings.unreservedConcurrency).toBe(limit - reserved);
        expect(told).toBe(reserved < Math.max(1, Math.floor((limit * reservedConcurrencyPercent) / 100)));
      }),
    );
  });
});

describe("the requirements' usual ranges", () => {
  test.each<[string, OrderBlock, string | null]>([
    ['memoryMb', { memoryMb: 511 }, "order.memoryMb 511 MB is outside the requirements' 512 MB to 1024 MB: Lambda gives"],
    ['memoryMb', { memoryMb: 512 }, null],
    ['memoryMb', { memoryMb: 1025 }, 'each invocation costs more'],
    ['timeout', { timeout: 29 }, "order.timeout 29s is outside the requirements' 30s to 1m: a slow batch is cut off"],
    ['timeout', { timeout: 60 }, null],
    ['timeout', { timeout: 61 }, 'an order that hangs is tried again'],
    [
      'logRetentionDays',
      { logRetentionDays: 5 },
      "order.logRetentionDays 5 days is outside the requirements' 7 days to 30 days: logs may be gone",
    ],
    ['logRetentionDays', { logRetentionDays: 7 }, null],
    ['logRetentionDays', { logRetentionDays: 60 }, 'logs cost more'],
    [
      'reservedConcurrencyPercent',
      { reservedConcurrencyPercent: 4.9 },
      "order.reservedConcurrencyPercent 4.9 % is outside the requirements' 5 % to 10 %: the order function has little",
    ],
    ['reservedConcurrencyPercent', { reservedConcurrencyPercent: 10 }, null],
    ['reservedConcurrencyPercent', { reservedConcurrencyPercent: 10.1 }, 'less is left for all other functions'],
    [
      'errorRatePercent',
      { alarms: { errorRatePercent: 0.9 } },
      "order.alarms.errorRatePercent 0.9 % is outside the requirements' 1 % to 5 %: a few failed orders",
    ],
    ['errorRatePercent', { alarms: { errorRatePercent: 5 } }, null],
  ])('%s of %j', (key, block, expected) => {
    const advice = found(block);

    expect(advice.map(({ code }) => code)).toEqual(expected === null ? [] : ['unusual-value']);
    if (expected !== null) {
      expect(advice[0]?.message).toContain(expected);
      expect(advice[0]?.keys[0]?.at(-1)).toBe(key);
    }
  });
});

describe('what the block itself refuses', () => {
  test.each([
    [{ memoryMb: 127 }, 'memoryMb 127 must be 128 to 10240'],
    [{ batchSize: 11 }, 'batchSize 11 must be 1 to 10'],
    [{ maxReceiveCount: 0 }, 'maxReceiveCount 0 must be 1 to 1000'],
    [{ reservedConcurrencyPercent: 51 }, 'reservedConcurrencyPercent 51 must be 0 to 50'],
    [{ logRetentionDays: 31 }, 'logRetentionDays 31 is not one of 1, 3, 5, 7'],
    [{ alarms: { errorRatePercent: 6 } }, 'errorRatePercent 6 must be 0.1 to 5'],
    [{ alarms: { concurrencyPercent: '101%' } }, 'concurrencyPercent 101 must be 10 to 100'],
    [{ alarms: { slowOrderPercent: 0 } }, 'slowOrderPercent 0 must be 0.1 to 50'],
    [{ alarms: { oldestMessage: '59s' } }, 'duration 59s is out of range: 1m to 1d'],
    [{ visibilityTimeout: '13h' }, 'duration 13h is out of range: 1s to 12h'],
  ])('%j', (block, message) => {
    expect(orderBlockSchema.safeParse(block).error?.issues.map((issue) => issue.message)).toEqual([expect.stringContaining(message)]);
  });
});
