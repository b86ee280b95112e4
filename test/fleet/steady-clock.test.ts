import type { Clock } from '../../fleet/ports';
import { steadyClock } from '../../fleet/steady-clock';
import { systemClock } from '../../fleet/system-clock';

/** A machine's clock, and what passes whoever sets it. */
class Machine implements Clock {
  wall = Date.UTC(2026, 0, 1);
  #passed = 0.25;
  readonly monotonicMs = () => this.#passed;

  now = () => new Date(this.wall);

  sleep(milliseconds: number): Promise<void> {
    this.wall += milliseconds;
    this.#passed += milliseconds;
    return Promise.resolve();
  }
}

const start = Date.UTC(2026, 0, 1);
const HOUR = 3_600_000;

test.each<[string, (machine: Machine) => void, number]>([
  ['is left alone', () => undefined, 2 * HOUR],
  ['is set back', (machine) => (machine.wall -= 5 * HOUR), 2 * HOUR],
  ['is set forward', (machine) => (machine.wall += 5 * HOUR), 7 * HOUR],
  ['is set back by less than has passed', (machine) => (machine.wall -= HOUR / 2), 2 * HOUR],
])('an hour later, where the clock %s after an hour, it is what comes earlier', async (_what, set, expected) => {
  const machine = new Machine();
  const clock = steadyClock(machine);
  await clock.sleep(HOUR);
  set(machine);
  await clock.sleep(HOUR);

  expect(clock.now().getTime() - start).toBe(expected);
});

test('it never goes back, and goes by the wall again once that has come up', async () => {
  const machine = new Machine();
  const clock = steadyClock(machine);
  const seen: number[] = [];
  for (const step of [0, -10_000, 3_000, 20_000, -1, 0.4, 0.4, 0.4]) {
    machine.wall += step;
    await clock.sleep(0.4);
    seen.push(clock.now().getTime());
  }
  expect(seen).toEqual([...seen].sort((left, right) => left - right));
  expect(seen[3]).toBe(Math.floor(start + 13_000 + 1.6));
});

test('a clock of which nothing else is known is as it is, and this machine tells what passes', () => {
  const { now, sleep } = systemClock;
  const bare: Clock = { now, sleep };

  expect(steadyClock(bare)).toBe(bare);
  expect(Math.abs(steadyClock(systemClock).now().getTime() - Date.now())).toBeLessThan(1000);
});
