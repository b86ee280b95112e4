import { simulatedClock } from '../../sandbox/simulated-clock';

describe('the simulated clock', () => {
  const slept: [number, AbortSignal | undefined][] = [];
  const clock = simulatedClock(
    {
      now: () => new Date(5000),
      sleep: async (milliseconds, signal) => void slept.push([milliseconds, signal]),
    },
    300,
  );
  beforeEach(() => void slept.splice(0));

  test('waits simulated seconds in a fraction of the time, real ones in full', async () => {
    const { signal } = new AbortController();
    await clock.wait(30, signal);
    await clock.waitReal(2, signal);

    expect(slept).toEqual([
      [100, signal],
      [2000, signal],
    ]);
  });

  test('counts simulated seconds between real instants', () => {
    expect(clock.realNow()).toBe(5000);
    expect(clock.secondsBetween(5000, 5100)).toBe(30);
  });
});
