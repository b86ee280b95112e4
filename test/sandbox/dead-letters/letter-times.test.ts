import fc from 'fast-check';

import { fateOf, letterTimes } from '../../../sandbox/dead-letters/letter-times';
import { sampleShape } from '../../../sandbox/metrics/datapoint';
import { loadOf } from '../../../sandbox/metrics/load';
import type { Segment } from '../../../sandbox/metrics/segments';

const segment = (from: number, until: number, deadLetters: number): Segment => ({
  from,
  until,
  load: { ...loadOf([], 'a'), deadLetters },
  struck: 'nobody',
  known: true,
});
const attempts = { count: 3, apart: 100 };

describe('dead letters', () => {
  test('come at the ticks of the metric, oldest first, until now', () => {
    expect([...letterTimes([segment(50, 600, 3), segment(600, 900, 0), segment(900, Infinity, 1)], 1300)]).toEqual([
      100, 200, 300, 400, 500, 900, 1200,
    ]);
  });

  test('of before the last deployment are kept, though the metric forgets them', () => {
    expect([...letterTimes([{ ...segment(0, 600, 1), known: false }], 600)]).toEqual([0, 300]);
  });

  test('are as many as the metric counts, in every time', () => {
    fc.assert(
      fc.property(fc.nat({ max: 10_000 }), fc.nat({ max: 10_000 }), fc.integer({ min: 1, max: 50 }), (from, length, count) => {
        const counted = sampleShape({ kind: 'ticks', every: 300 / count, from: 0 }, from, from + length)?.samples ?? 0;
        expect([...letterTimes([segment(from, from + length, count)], Infinity)]).toHaveLength(counted);
      }),
    );
  });
});

describe('an order that was sent again', () => {
  const ailing = [segment(0, 1000, 2), segment(1000, Infinity, 0)];

  test.each([
    ['fails every attempt and is a dead letter', 100, 5000, { kind: 'dead', at: 400 }],
    ['waits for its attempts while orders fail', 100, 250, { kind: 'waiting' }],
    ['waits though all attempts have failed, until the last one is over', 100, 399, { kind: 'waiting' }],
    ['is stored by the first attempt after the fault', 850, 5000, { kind: 'stored' }],
    ['is not known to be stored before that attempt', 850, 1049, { kind: 'waiting' }],
    ['is stored at once where nothing fails', 2000, 2000, { kind: 'stored' }],
  ])('%s', (_name, sentAt, now, fate) => {
    expect(fateOf(sentAt, { attempts, segments: ailing, now })).toEqual(fate);
  });
});
