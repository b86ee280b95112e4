import { addSeconds } from '../../../contracts/duration';
import { driveRollout } from '../../../fleet/rollout/driver';
import type { Clock, Engine, EngineResult } from '../../../fleet/ports';
import { planOf, smallFleet } from '../plan/plan-fixture';

/** A clock whose timers fire a millisecond early by its own time, as real ones may. */
function earlyClock(): Clock & { readonly sleeps: number[] } {
  let now = '2026-01-01T00:00:00.000Z';
  const sleeps: number[] = [];
  return {
    sleeps,
    now: () => new Date(now),
    sleep: async (milliseconds, signal) => {
      // The target's time limit: ends when the target does.
      if (milliseconds > 60_000)
        return new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(new Error('over')), { once: true }));
      sleeps.push(milliseconds);
      now = addSeconds(now, (milliseconds - (milliseconds > 1 ? 1 : 0)) / 1000);
    },
  };
}

test('a bake whose timer fires early is waited out, and the rollout ends', async () => {
  const clock = earlyClock();
  const succeeded: EngineResult = {
    status: 'succeeded',
    changes: { create: 1, update: 0, replace: 0, delete: 0, same: 0 },
    steps: [],
    outputs: {},
  };
  const engine: Engine = {
    name: 'sandbox',
    run: () => Promise.resolve(succeeded),
    inspect: () => Promise.reject(new Error('not asked')),
    close: () => Promise.resolve(),
  };
  const plan = planOf(smallFleet({ accounts: 2, regions: ['eu-west-1'] }));
  const [first] = plan.waves.filter((wave) => wave.bakeSeconds > 0);

  const { state } = await driveRollout(plan, new Map(), {
    engine,
    clock,
    reporter: { report: () => undefined },
    journal: { event: () => undefined, record: () => undefined },
    release: { digest: plan.release, directory: '/nowhere', manifest: { version: 1, layers: {}, lambdas: {}, providerVersion: '7' } },
    drain: new AbortController().signal,
  });

  expect(state.outcome).toBe('succeeded');
  expect(clock.sleeps).toEqual([(first?.bakeSeconds ?? 0) * 1000, 1]);
});
