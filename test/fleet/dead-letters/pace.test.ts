import fc from 'fast-check';

import { Pace } from '../../../fleet/dead-letters/pace';
import { FakeClock } from '../engine/sandbox/test-sandbox';

const { signal } = new AbortController();

test('the first goes at once, the others evenly', async () => {
  const clock = new FakeClock();
  const pace = new Pace(clock, 4);
  for (let turn = 0; turn < 4; turn += 1) await pace.turn(signal);

  expect(clock.slept).toEqual([250, 250, 250]);
});

test('who comes late does not make up for it', async () => {
  const clock = new FakeClock();
  const pace = new Pace(clock, 1);
  await pace.turn(signal);
  await clock.sleep(10_000);
  await pace.turn(signal);
  await pace.turn(signal);

  expect(clock.slept).toEqual([10_000, 1000]);
});

test('no second has more than the rate, whatever passes in between', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 50 }), fc.array(fc.nat({ max: 400 }), { maxLength: 150 }), async (rate, pauses) => {
      const clock = new FakeClock();
      const pace = new Pace(clock, rate);
      const times: number[] = [];
      for (const pause of pauses) {
        await clock.sleep(pause);
        await pace.turn(signal);
        times.push(clock.now().getTime());
      }
      for (const from of times) expect(times.filter((at) => at >= from && at < from + 1000).length).toBeLessThanOrEqual(rate);
    }),
  );
});

test('a wait ends when it is interrupted, and nobody has a turn after that', async () => {
  const pace = new Pace(new FakeClock(), 1);
  const stop = new AbortController();
  stop.abort(new Error('stopped'));

  await expect(pace.turn(stop.signal)).rejects.toThrow('stopped');
});
