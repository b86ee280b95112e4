import { noChanges, type Changes, type EngineStep } from '../ports';

/** Steps by what was done; what is retained counts as no change. */
export function countChanges(steps: readonly EngineStep[]): Changes {
  const counts = { ...noChanges };
  for (const { op } of steps) if (op !== 'retain') counts[op] += 1;
  return counts;
}
