import fc from 'fast-check';

import { windowSchema, windowTexts } from '../../../fleet/config/window';

test.each([
  ['mon-thu 08:00-16:00', ['mon-thu 08:00-16:00']],
  ['sat 22:00-24:00', ['sat 22:00-24:00']],
  ['mon-sun 00:00-24:00', ['mon-sun 00:00-24:00']],
  ['sun-mon 00:00-06:30', ['mon 00:00-06:30', 'sun 00:00-06:30']],
  ['fri-mon 09:05-10:00', ['mon 09:05-10:00', 'fri-sun 09:05-10:00']],
])('%s is told as %j', (text, expected) => {
  expect(windowTexts(windowSchema.parse(text))).toEqual(expected);
});

test('the texts of any window say the same window', () => {
  const window = fc
    .tuple(
      fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
      fc.uniqueArray(fc.integer({ min: 0, max: 1440 }), { minLength: 2, maxLength: 2 }),
    )
    .map(([days, edges]) => ({
      days: [...days].sort((left, right) => left - right),
      fromMinute: Math.min(...edges),
      toMinute: Math.max(...edges),
    }));
  fc.assert(
    fc.property(window, (one) => {
      const read = windowTexts(one).map((text) => windowSchema.parse(text));

      expect(read.flatMap(({ days }) => days)).toEqual(one.days);
      for (const { fromMinute, toMinute } of read) expect([fromMinute, toMinute]).toEqual([one.fromMinute, one.toMinute]);
    }),
  );
});
