import fc from 'fast-check';

import type { Window, Windows } from '../../../fleet/plan/rollout-plan';
import { windowsAt, windowsOpen } from '../../../fleet/rollout/windows';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const zones = ['UTC', 'Europe/Paris', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'Pacific/Apia'];

const window = (days: readonly number[], from: string, to: string): Window => {
  const minute = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
  return { days, fromMinute: minute(from), toMinute: minute(to) };
};
const windowsIn = (timezone: string, ...allow: readonly Window[]): Windows => ({ timezone, allow });

/** Open or not by another road: what Intl shows as the wall clock of a minute. */
function intlOpen({ timezone, allow }: Windows): (instant: number) => boolean {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: timezone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  return (instant) => {
    const parts = new Map(format.formatToParts(instant).map(({ type, value }) => [type, value]));
    const day = WEEKDAYS.indexOf(parts.get('weekday') ?? '') + 1;
    const minute = Number(parts.get('hour')) * 60 + Number(parts.get('minute'));
    return allow.some(({ days, fromMinute, toMinute }) => days.includes(day) && fromMinute <= minute && minute < toMinute);
  };
}

const ALWAYS = window([1, 2, 3, 4, 5, 6, 7], '00:00', '24:00');
const WORK = window([1, 2, 3, 4], '08:00', '16:00');
const SUNDAY_NIGHT = window([7], '02:00', '03:00');

describe('windows', () => {
  test.each([
    ['are open from their first minute', windowsIn('UTC', WORK), '2026-01-05T08:00:00.000Z', true, '2026-01-05T16:00:00.000Z'],
    ['are closed just before it', windowsIn('UTC', WORK), '2026-01-05T07:59:59.999Z', false, '2026-01-05T08:00:00.000Z'],
    ['are open up to their last moment', windowsIn('UTC', WORK), '2026-01-05T15:59:59.999Z', true, '2026-01-05T16:00:00.000Z'],
    ['are closed from their end on', windowsIn('UTC', WORK), '2026-01-05T16:00:00.000Z', false, '2026-01-06T08:00:00.000Z'],
    ['wait over the weekend', windowsIn('UTC', WORK), '2026-01-08T16:00:00.000Z', false, '2026-01-12T08:00:00.000Z'],
    ['follow the clock of their zone', windowsIn('Europe/Paris', WORK), '2026-01-05T06:30:00.000Z', false, '2026-01-05T07:00:00.000Z'],
    ['follow it in summer', windowsIn('Europe/Paris', WORK), '2026-07-06T05:30:00.000Z', false, '2026-07-06T06:00:00.000Z'],
    [
      'are in the day of their zone, not of UTC',
      windowsIn('America/New_York', window([5], '22:00', '24:00')),
      '2026-01-10T03:30:00.000Z',
      true,
      '2026-01-10T05:00:00.000Z',
    ],
    [
      'that meet at midnight are one',
      windowsIn('UTC', window([1], '22:00', '24:00'), window([2], '00:00', '02:00')),
      '2026-01-05T23:00:00.000Z',
      true,
      '2026-01-06T02:00:00.000Z',
    ],
    [
      'that overlap are one',
      windowsIn('UTC', window([1], '08:00', '12:00'), window([1], '11:00', '13:00')),
      '2026-01-05T09:00:00.000Z',
      true,
      '2026-01-05T13:00:00.000Z',
    ],
    ['that never close say the end of the search', windowsIn('UTC', ALWAYS), '2026-01-05T09:00:00.000Z', true, '2026-01-20T09:00:00.000Z'],
    // Clocks in Paris go from 02:00 to 03:00 on 29 March 2026: that Sunday has no such hour.
    [
      'of an hour that the change to summer time swallows open a week later',
      windowsIn('Europe/Paris', SUNDAY_NIGHT),
      '2026-03-22T12:00:00.000Z',
      false,
      '2026-04-05T00:00:00.000Z',
    ],
    [
      'that begin in the swallowed hour open when the clock has passed it',
      windowsIn('Europe/Paris', window([7], '02:30', '04:00')),
      '2026-03-29T00:59:00.000Z',
      false,
      '2026-03-29T01:00:00.000Z',
    ],
    [
      'that end in the swallowed hour close where it begins',
      windowsIn('Europe/Paris', window([7], '01:00', '02:30')),
      '2026-03-29T00:30:00.000Z',
      true,
      '2026-03-29T01:00:00.000Z',
    ],
    // And back from 03:00 to 02:00 on 25 October 2026: the hour comes twice.
    [
      'of an hour that comes twice are open for both',
      windowsIn('Europe/Paris', SUNDAY_NIGHT),
      '2026-10-25T00:00:00.000Z',
      true,
      '2026-10-25T02:00:00.000Z',
    ],
    [
      'of half of it close in between',
      windowsIn('Europe/Paris', window([7], '02:30', '03:00')),
      '2026-10-25T00:45:00.000Z',
      true,
      '2026-10-25T01:00:00.000Z',
    ],
    [
      'of half of it open again',
      windowsIn('Europe/Paris', window([7], '02:30', '03:00')),
      '2026-10-25T01:00:00.000Z',
      false,
      '2026-10-25T01:30:00.000Z',
    ],
    // New York: 02:00 to 03:00 on 8 March 2026, back on 1 November.
    [
      'lose an hour in New York as well',
      windowsIn('America/New_York', window([7], '00:00', '04:00')),
      '2026-03-08T05:00:00.000Z',
      true,
      '2026-03-08T08:00:00.000Z',
    ],
    [
      'gain one there in autumn',
      windowsIn('America/New_York', window([7], '00:00', '04:00')),
      '2026-11-01T04:00:00.000Z',
      true,
      '2026-11-01T09:00:00.000Z',
    ],
    // Lord Howe Island turns its clocks by half an hour: from 02:00 back to 01:30 on 5 April 2026.
    [
      'gain half an hour on Lord Howe Island',
      windowsIn('Australia/Lord_Howe', window([7], '01:00', '02:00')),
      '2026-04-04T14:00:00.000Z',
      true,
      '2026-04-04T15:30:00.000Z',
    ],
  ])('%s', (_name, windows, at, open, until) => {
    expect(windowsAt(windows, at)).toEqual({ open, until });
  });

  test('of a zone that is not known here are refused by name', () => {
    expect(() => windowsAt(windowsIn('Mars/Olympus', WORK), '2026-01-05T09:00:00.000Z')).toThrow(
      'time zone Mars/Olympus is not known here',
    );
  });
});

/** Windows with round and odd edges, none of which is empty. */
const anyWindow = fc
  .record({
    days: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 7 }),
    edges: fc.uniqueArray(fc.oneof(fc.constantFrom(0, 60, 90, 120, 150, 180, 1440), fc.integer({ min: 0, max: 1440 })), {
      minLength: 2,
      maxLength: 2,
    }),
  })
  .map(({ days, edges }): Window => ({ days, fromMinute: Math.min(...edges), toMinute: Math.max(...edges) }));
const anyWindows = fc.record({
  timezone: fc.constantFrom(...zones),
  allow: fc.array(anyWindow, { minLength: 1, maxLength: 3 }),
});
/** Around the changes of clocks of 2026, and anywhere in the year. */
const anyInstant = fc
  .tuple(
    fc.constantFrom('2026-03-29T01:00Z', '2026-10-25T01:00Z', '2026-03-08T07:00Z', '2026-11-01T06:00Z', '2026-04-04T15:00Z', '2026-10-03T15:30Z', '2026-06-15T00:00Z'), // prettier-ignore
    fc.oneof(fc.integer({ min: -DAY, max: DAY }), fc.integer({ min: -180 * DAY, max: 180 * DAY })),
  )
  .map(([around, offset]) => Date.parse(around) + offset);

test('any windows stay as they are until the instant they give, and then change', () => {
  fc.assert(
    fc.property(anyWindows, anyInstant, fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 20 }), (windows, at, shares) => {
      const { open, until } = windowsAt(windows, new Date(at).toISOString());
      const end = Date.parse(until);

      expect(windowsOpen(windows, new Date(at).toISOString())).toBe(open);
      expect(end).toBeGreaterThan(at);
      expect(until).toBe(new Date(end).toISOString());
      if (end < at + 15 * DAY) expect(windowsAt(windows, until).open).toBe(!open);
      for (const share of [...shares, 1]) {
        const between = Math.min(end - 1, at + Math.floor(share * (end - at)));
        expect(windowsAt(windows, new Date(between).toISOString())).toEqual({ open, until: expect.any(String) as string });
      }
    }),
    { numRuns: 300 },
  );
});

test('any windows are what a scan of every minute of the wall clock says', () => {
  fc.assert(
    fc.property(anyWindows, anyInstant, (windows, instant) => {
      const at = Math.floor(instant / MINUTE) * MINUTE;
      const isOpen = intlOpen(windows);
      const { open, until } = windowsAt(windows, new Date(at).toISOString());
      let scanned = at;
      // Three days are enough for every kind of edge; the rest would only repeat them.
      do scanned += MINUTE;
      while (scanned < at + 3 * DAY && isOpen(scanned) === open);

      expect(open).toBe(isOpen(at));
      if (scanned < at + 3 * DAY) expect(until).toBe(new Date(scanned).toISOString());
      else expect(Date.parse(until)).toBeGreaterThanOrEqual(scanned);
    }),
    { numRuns: 150 },
  );
});
