import type { Clock } from './ports';

/**
 * A clock that is never behind what has passed since it was last right: where the machine's is set back, it goes on from where it was. So what ends at
 * an instant ends at the earlier of both, by the wall clock or once so much time has passed. A clock that is set forward, and a machine that slept,
 * count as they did.
 */
export function steadyClock(clock: Clock): Clock {
  const { monotonicMs } = clock;
  if (!monotonicMs) return clock;
  let since = { wall: clock.now().getTime(), monotonic: monotonicMs() };
  return {
    now: () => {
      const [wall, monotonic] = [clock.now().getTime(), monotonicMs()];
      const passed = Math.floor(since.wall + monotonic - since.monotonic);
      if (wall >= passed) since = { wall, monotonic };
      return new Date(Math.max(wall, passed));
    },
    monotonicMs,
    sleep: (milliseconds, signal) => clock.sleep(milliseconds, signal),
  };
}
