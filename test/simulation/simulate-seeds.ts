import type { Violation } from '../invariants/check-journal';

import { Coverage } from './coverage';
import { scenarioOf } from './draw-scenario';
import { runScenario } from './run-scenario';

/** What came of a range of seeds. */
export interface SeedsResult {
  readonly seeds: number;
  readonly failures: readonly { readonly seed: number; readonly violations: readonly Violation[] }[];
  readonly coverage: Readonly<Record<string, number>>;
}

/** Runs seeds from one on, one after the other. */
export async function simulateSeeds({ from, seeds }: { readonly from: number; readonly seeds: number }): Promise<SeedsResult> {
  const coverage = new Coverage();
  const failures: { seed: number; violations: readonly Violation[] }[] = [];
  for (let seed = from; seed < from + seeds; seed += 1) {
    const result = await runScenario(scenarioOf(seed));
    coverage.add(result.coverage);
    if (result.violations.length > 0) failures.push({ seed, violations: result.violations });
  }
  return { seeds, failures, coverage: coverage.toJSON() };
}
