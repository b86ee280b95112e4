// Rollouts of 20 and 100 targets take longer: npm run simulate -- --crash-points 20
import { crashPoints, problemsOf, repeatedCrashPoints, undisturbed, type CrashPoint } from './crash-points';

/** Points whose runs go wrong, each with the first thing that does. */
async function failing(
  targets: 3,
  points: (writes: number) => readonly CrashPoint[],
): Promise<{ readonly tried: number; readonly failed: readonly unknown[] }> {
  const { writes, final } = await undisturbed(targets);
  const failed: unknown[] = [];
  const all = points(writes);
  for (const point of all) {
    const [problem] = await problemsOf(targets, point, final);
    if (problem !== undefined) failed.push({ point, problem });
  }
  return { tried: all.length, failed };
}

test('the undisturbed rollouts succeed, and go through every kind of step', async () => {
  const { final } = await undisturbed(20);
  expect(final.outcome).toBe('succeeded');
  expect(Object.keys(final.targets)).toHaveLength(20);
  expect(new Set(Object.values(final.targets))).toEqual(new Set(['succeeded']));
});

test('a controller that dies at any write of a rollout of 3 targets changes nothing of its end', async () => {
  const { tried, failed } = await failing(3, crashPoints);
  expect(failed).toEqual([]);
  expect(tried).toBeGreaterThan(30);
}, 60_000);

test('nor does one that dies again twice while it recovers', async () => {
  const { tried, failed } = await failing(3, repeatedCrashPoints);
  expect(failed).toEqual([]);
  expect(tried).toBeGreaterThan(60);
}, 60_000);
