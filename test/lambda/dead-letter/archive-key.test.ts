import fc from 'fast-check';

import { deadLetterClasses } from '../../../contracts/order-message';
import { archiveKey } from '../../../lambda/dead-letter/archive-key';
import { deadLetterRecord } from '../fixtures/records';

test('a key tells class, day and message', () => {
  expect(archiveKey('transient', deadLetterRecord())).toBe('dead-letters/transient/2026/03/04/7c2d8a4e-1f60-4b8e-9d7a-2b7a52a3c111.json');
});

test.each([
  { sent: Date.UTC(2026, 2, 4, 23, 59, 59, 999), day: '2026/03/04' },
  { sent: Date.UTC(2026, 2, 5), day: '2026/03/05' },
  { sent: Date.UTC(2024, 1, 29, 12), day: '2024/02/29' },
])('the day is that of UTC: $sent is $day', ({ sent, day }) => {
  expect(archiveKey('unknown', deadLetterRecord({ attributes: { SentTimestamp: String(sent) } }))).toContain(`/${day}/`);
});

test.each(['', 'yesterday', '-1', '9'.repeat(20)])('the time %p that cannot be read falls on one fixed day', (SentTimestamp) => {
  expect(archiveKey('unknown', deadLetterRecord({ attributes: { SentTimestamp } }))).toContain('dead-letters/unknown/1970/01/01/');
});

test('only what was sent decides: receiving again does not move it', () => {
  const again = deadLetterRecord({
    receiptHandle: 'another',
    attributes: { ApproximateReceiveCount: '9', ApproximateFirstReceiveTimestamp: '1' },
  });

  expect(archiveKey('transient', again)).toBe(archiveKey('transient', deadLetterRecord()));
});

test('no time and no message id breaks the shape of a key', () => {
  const time = fc.oneof(fc.nat({ max: 99_999_999_999_999 }).map(String), fc.string());
  fc.assert(
    fc.property(fc.constantFrom(...deadLetterClasses), time, fc.string({ minLength: 1 }), (deadLetterClass, SentTimestamp, messageId) => {
      const key = archiveKey(deadLetterClass, deadLetterRecord({ messageId, attributes: { SentTimestamp } }));
      return /^dead-letters\/(malformed|rejected|transient|unknown)\/\d{4}\/\d{2}\/\d{2}\/[^/]+\.json$/.test(key);
    }),
  );
});
