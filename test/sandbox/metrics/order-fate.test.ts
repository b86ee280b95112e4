import { loadOf } from '../../../sandbox/metrics/load';
import { orderFate } from '../../../sandbox/metrics/order-fate';
import type { TrafficRule } from '../../../sandbox/organization';

const attempts = { count: 3, apart: 100 };

/** From each instant on, what is planted. */
const segmentsOf = (...planted: readonly (readonly [from: number, rule: Partial<TrafficRule>])[]) =>
  planted.map(([from, rule], index) => ({
    from,
    until: planted[index + 1]?.[0] ?? Infinity,
    load: loadOf([{ target: '**', ...rule }], 'regional/1/eu-west-1'),
    struck: 'nobody' as const,
    known: true,
  }));

test.each<[string, Partial<TrafficRule>, string]>([
  ['healthy', {}, 'stored'],
  ['failing for some', { failPercent: 99 }, 'stored'],
  ['failing for all', { failPercent: 100 }, 'dead'],
  ['crashing always', { errorPercent: 100 }, 'dead'],
  ['losing orders', { deadLetters: 1 }, 'dead'],
])('at a target that is %s', (_which, rule, fate) => {
  expect(orderFate(1000, { attempts, segments: segmentsOf([0, rule]), now: 1300 })).toBe(fate);
});

test('an order waits while its attempts are not over, and is stored by the first that does not fail', () => {
  const failing = segmentsOf([0, { failPercent: 100 }]);
  const healed = segmentsOf([0, { failPercent: 100 }], [1150, {}]);

  expect(orderFate(1000, { attempts, segments: failing, now: 1299 })).toBe('waiting');
  expect(orderFate(1000, { attempts, segments: failing, now: 1300 })).toBe('dead');
  expect(orderFate(1000, { attempts, segments: healed, now: 1199 })).toBe('waiting');
  expect(orderFate(1000, { attempts, segments: healed, now: 1200 })).toBe('stored');
});
