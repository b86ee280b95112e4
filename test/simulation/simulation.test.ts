import { scenarioOf } from './draw-scenario';
import { runScenario } from './run-scenario';
import { simulateSeeds } from './simulate-seeds';

/** npm run simulate runs thousands, and holds what they reach against a longer list. */
const SEEDS = 40;
const REACHED = ['event attempt-lost', 'hold irreversible', 'mishap killed', 'outcome failed', 'wave baking', 'seen locked'];

test(`${SEEDS} rollouts under faults, crashes and what people do break nothing and come to their ends`, async () => {
  const { failures, coverage } = await simulateSeeds({ from: 1, seeds: SEEDS });
  expect(failures).toEqual([]);
  expect(REACHED.filter((what) => coverage[what] === undefined)).toEqual([]);
}, 90_000);

test.each([3, 24, 61])('seed %i gives the same trace again', async (seed) => {
  const [once, twice] = [await runScenario(scenarioOf(seed)), await runScenario(scenarioOf(seed))];
  expect(once.trace.length).toBeGreaterThan(5);
  expect(twice.hash()).toBe(once.hash());
  expect(twice.trace).toEqual(once.trace);
});

test('two seeds give two traces', async () => {
  const [one, other] = [await runScenario(scenarioOf(3)), await runScenario(scenarioOf(4))];
  expect(other.hash()).not.toBe(one.hash());
});
