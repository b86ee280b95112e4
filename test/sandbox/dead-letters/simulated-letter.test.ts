import { archivedDeadLetterSchema, redrivesOf, shownCause } from '../../../contracts/archived-dead-letter';
import { readArchiveKey } from '../../../contracts/dead-letter';
import { simulatedLetter, type LetterOrigin } from '../../../sandbox/dead-letters/simulated-letter';
import { readOrder } from '../../../lambda/common/read-order';
import { classifyDeadLetter } from '../../../lambda/dead-letter/classify-dead-letter';
import { deadLetterRecord } from '../../lambda/fixtures/records';

const origin = (change: Partial<LetterOrigin> = {}): LetterOrigin => ({
  identity: 'regional/111111111111/eu-west-1 100',
  sentAt: Date.UTC(2026, 2, 4, 23, 59),
  archivedAt: Date.UTC(2026, 2, 5),
  receives: 5,
  ...change,
});
const contentOf = (change: Partial<LetterOrigin> = {}) => archivedDeadLetterSchema.parse(simulatedLetter(origin(change)).content());

describe('a simulated letter', () => {
  test('is one that the dead-letter function could have archived, by the day it was sent', () => {
    const { key } = simulatedLetter(origin());
    const content = contentOf();
    const {
      class: letterClass,
      cause,
      payloads,
    } = classifyDeadLetter(deadLetterRecord({ body: content.payloads[0] ?? '', attributes: { ApproximateReceiveCount: '5' } }));

    expect(readArchiveKey(key)).toEqual({ class: letterClass, day: '2026-03-04', messageId: content.messageId });
    expect(content).toMatchObject({ class: letterClass, cause, payloads, archivedAt: '2026-03-05T00:00:00.000Z' });
    expect(readOrder(content.payloads[0] ?? '').kind).toBe('order');
    expect(shownCause(cause)).toBe(cause);
    expect(redrivesOf(content)).toBe(0);
  });

  test('is the same whenever it is looked at, and another one than any other', () => {
    expect(contentOf()).toEqual(contentOf());
    expect(contentOf({ identity: 'other' })).not.toMatchObject({ messageId: contentOf().messageId });
    expect(contentOf({ identity: 'other' }).payloads).not.toEqual(contentOf().payloads);
  });

  test('of an order that was sent again holds that order, and how often', () => {
    const [body = ''] = contentOf().payloads;
    const again = contentOf({ identity: 'sent 0', redriven: { redrives: 2, body } });

    expect(again.payloads).toEqual([body]);
    expect(redrivesOf(again)).toBe(2);
    expect(again.messageId).not.toBe(contentOf().messageId);
  });
});
