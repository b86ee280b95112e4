import type { MetricDataResult, StatusCode } from '@aws-sdk/client-cloudwatch';
import fc from 'fast-check';

import { countWindow, sumOfPages } from '../../../fleet/gates/count-orders';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

describe('countWindow', () => {
  test.each([
    ['whole minutes stay', '10:00:00', '10:05:00', '10:00:00', '10:05:00'],
    ['a minute that began before is left out, the one under way is counted', '10:00:01', '10:05:01', '10:01:00', '10:06:00'],
    ['the first whole minute counts while it lasts', '10:00:30', '10:01:01', '10:01:00', '10:02:00'],
  ])('%s', (_name, since, now, from, until) => {
    const day = (time: string) => new Date(`2026-11-24T${time}Z`);

    expect(countWindow(day(since), day(now))).toEqual({ from: day(from), until: day(until), periodSeconds: 60 });
  });

  test('is empty until a whole minute has begun', () => {
    expect(countWindow(new Date(1), new Date(59_999))).toBeNull();
    expect(countWindow(new Date(MINUTE), new Date(MINUTE))).toBeNull();
    expect(countWindow(new Date(MINUTE), new Date(0))).toBeNull();
  });

  test.each([
    [15 * DAY - 1, 60],
    [15 * DAY, 300],
    [63 * DAY - 1, 300],
    [63 * DAY, 3600],
  ])('of %d ms takes periods of %d s, which CloudWatch still has', (age, periodSeconds) => {
    const since = new Date('2026-01-01T00:00:00Z');

    expect(countWindow(since, new Date(since.getTime() + age))?.periodSeconds).toBe(periodSeconds);
  });

  test('begins and ends with whole periods, never before the instant asked about', () => {
    fc.assert(
      fc.property(fc.nat(100 * DAY), fc.nat(100 * DAY), (start, length) => {
        const window = countWindow(new Date(start), new Date(start + length));
        if (window === null) return;
        const period = window.periodSeconds * 1000;
        expect(window.from.getTime() % period).toBe(0);
        expect(window.until.getTime() % period).toBe(0);
        expect(window.from.getTime() - start).toBeGreaterThanOrEqual(0);
        expect(window.from.getTime() - start).toBeLessThan(period);
        expect(window.until.getTime()).toBeGreaterThanOrEqual(start + length);
      }),
    );
  });
});

describe('sumOfPages', () => {
  const page = (StatusCode: StatusCode | undefined, ...Values: number[]): MetricDataResult => ({ Id: 'orders', StatusCode, Values });

  test.each<[string, readonly MetricDataResult[], number]>([
    ['one page', [page('Complete', 1, 2, 3)], 6],
    ['no data', [page('Complete')], 0],
    ['no list of data', [{ Id: 'orders', StatusCode: 'Complete' }], 0],
    ['pages that announce more', [page('PartialData', 1, 2), page('PartialData'), page('Complete', 4)], 7],
  ])('adds up %s', (_name, pages, sum) => {
    expect(sumOfPages(pages)).toBe(sum);
  });

  test.each<[string, readonly MetricDataResult[], string]>([
    ['nothing', [], 'the answer lacks the metric'],
    ['a last page that is not all', [page('Complete', 1), page('PartialData', 1)], 'the last page has status PartialData'],
    ['an error inside', [page('InternalError'), page('Complete', 1)], 'a page has status InternalError'],
    ['an error at the end', [page('InternalError', 5)], 'the last page has status InternalError'],
    ['what is forbidden', [page('Forbidden')], 'the last page has status Forbidden'],
    ['no status', [page(undefined, 5)], 'the last page has status undefined'],
  ])('refuses %s', (_name, pages, message) => {
    expect(() => sumOfPages(pages)).toThrow(message);
  });
});
