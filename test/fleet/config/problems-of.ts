import { formatProblem, isFleetError } from '../../../fleet/errors';

/** The code and the problems of what an action throws, as `line:column: message`. Fails where nothing or something else is thrown. */
export function problemsOf(action: () => unknown): { readonly code: string; readonly problems: readonly string[] } {
  try {
    action();
  } catch (error) {
    if (!isFleetError(error)) throw error;
    return { code: error.code, problems: error.problems.map((problem) => formatProblem(problem).replace(/^[^:\s]*:(?=\d+:\d+:)/, '')) };
  }
  throw new Error('nothing was refused');
}
