import { DEFAULT_RATE, MAX_RATE, parseClass, parseDays, parseLimit, parseMax, parseRate } from '../../../fleet/commands/dlq-flags';

const refused = (message: string) => expect.objectContaining({ code: 'user/invalid-flag', message: expect.stringContaining(message) as string }) as Error; // prettier-ignore

describe('flags of dlq', () => {
  test('a class is one of four', () => {
    expect(parseClass('unknown')).toBe('unknown');
    expect(() => parseClass('transiant')).toThrow(refused('--class transiant is no class of dead letters; did you mean transient?'));
  });

  test.each([
    [{}, { since: null, until: null }],
    [
      { since: '2026-03-04', until: '2026-03-04' },
      { since: '2026-03-04', until: '2026-03-04' },
    ],
    [{ until: '2024-02-29' }, { since: null, until: '2024-02-29' }],
  ])('days %j are %j', (flags, days) => {
    expect(parseDays(flags)).toEqual(days);
  });

  test.each([
    [{ since: '2026-3-4' }, '--since 2026-3-4 is not a day'],
    [{ until: '2026-02-29' }, '--until 2026-02-29 is not a day'],
    [{ until: '2026-02-30' }, '--until 2026-02-30 is not a day'],
    [{ since: 'yesterday' }, '--since yesterday is not a day'],
    [{ since: '2026-03-05', until: '2026-03-04' }, 'no day is left'],
  ])('days %j are refused: %s', (flags, message) => {
    expect(() => parseDays(flags)).toThrow(refused(message));
  });

  test.each([
    [undefined, DEFAULT_RATE],
    ['7', 7],
    ['7/s', 7],
    ['1/s', 1],
    [`${MAX_RATE}/s`, MAX_RATE],
  ])('rate %p is %i a second', (text, rate) => {
    expect(parseRate(text)).toBe(rate);
  });

  test.each(['0', '0/s', `${MAX_RATE + 1}/s`, '5/m', '-1', '1.5', 'fast', ''])('rate %p is refused', (text) => {
    expect(() => parseRate(text)).toThrow(refused('--rate'));
  });

  test('a limit is a whole number of orders, 1 or more, and there is one where nothing is said', () => {
    expect([parseLimit(undefined), parseLimit('12')]).toEqual([1000, 12]);
    for (const text of ['0', '-1', '1.5', 'all', '']) expect(() => parseLimit(text)).toThrow(refused('--limit'));
  });

  test('a maximum is a whole number, 1 or more', () => {
    expect([parseMax(undefined), parseMax('12')]).toEqual([null, 12]);
    for (const text of ['0', '-1', '1.5', 'all', '']) expect(() => parseMax(text)).toThrow(refused('--max'));
  });
});
