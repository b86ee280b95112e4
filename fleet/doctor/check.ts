import { formatProblem, isFleetError, messageOf } from '../errors';

/** One thing that a run needs. */
export interface Check {
  /** As `engine`, `state`, `role shared`; does not change. */
  readonly name: string;
  /** `warning`: a run works, and something is not as it should be. `skipped`: this fleet does not need it, or it could not be looked at yet. */
  readonly status: 'ok' | 'warning' | 'failed' | 'skipped';
  /** What was found, in one line. */
  readonly detail: string;
  /** What to do; null where nothing is to be done, or the detail says it. */
  readonly advice: string | null;
  /** Code of the error of a failed one, as a verb would end with it. */
  readonly code: string | null;
}

/** What is as it should be. */
export function ok(name: string, detail: string): Check {
  return { name, status: 'ok', detail, advice: null, code: null };
}

/** What was not looked at, and why. */
export function skipped(name: string, why: string): Check {
  return { name, status: 'skipped', detail: why, advice: null, code: null };
}

/** What works and should be otherwise. */
export function warning(name: string, { detail, advice }: Pick<Check, 'detail' | 'advice'>): Check {
  return { name, status: 'warning', detail, advice, code: null };
}

/** What a run would fail of. An error's message says what to do, unless there is more to be said. */
export function failed(name: string, error: unknown, advice: string | null = null): Check {
  const code = isFleetError(error) ? error.code : 'fleet/internal';
  const [problem = { message: messageOf(error) }] = isFleetError(error) ? error.problems : [];
  return { name, status: 'failed', detail: formatProblem(problem), advice, code };
}
