import { runScenario } from './run-scenario';
import { scenarioOf } from './scenario';
import { simulateSeeds } from './simulate-seeds';

const SEEDS = 150;

test(`${SEEDS} rollouts under faults, crashes and people's doings break no invariant and come to their ends`, async () => {
  const { failures, coverage } = await simulateSeeds({ from: 1, seeds: SEEDS });
  expect(failures).toEqual([]);
  // What any such run reaches; npm run simulate holds a longer list against its thousands.
  const often = ['event attempt-lost', 'command roll-back', 'hold irreversible', 'seen locked', 'mishap killed', 'outcome failed', 'wave baking'];
  for (const what of often) expect({ what, reached: (coverage[what] ?? 0) > 0 }).toEqual({ what, reached: true });
});

test.each([3, 24, 61])('seed %i gives the same trace again', async (seed) => {
  const [once, twice] = [await runScenario(scenarioOf(seed)), await runScenario(scenarioOf(seed))];
  expect(once.trace.length).toBeGreaterThan(5);
  expect(twice.hash).toBe(once.hash);
  expect(twice.trace).toEqual(once.trace);
});

test('two seeds give two traces', async () => {
  const [one, other] = [await runScenario(scenarioOf(3)), await runScenario(scenarioOf(4))];
  expect(other.hash).not.toBe(one.hash);
});
