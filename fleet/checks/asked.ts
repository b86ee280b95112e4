import { codedText, toldError } from '../errors';

import type { CheckFinding } from './check-result';
import type { CheckId } from './check-table';

/** Something that was asked of AWS: its answer, or why there is none. */
export type Asked<Value> = { readonly value: Value } | { readonly trouble: { readonly code: string; readonly message: string } };

/** Asks; what is thrown is why there is no answer, unless everything was stopped. */
export async function asked<Value>(signal: AbortSignal, ask: () => Promise<Value>): Promise<Asked<Value>> {
  signal.throwIfAborted();
  try {
    return { value: await ask() };
  } catch (error) {
    signal.throwIfAborted();
    return { trouble: toldError(error) };
  }
}

/** What a check says of an answer; without one it is unknown. */
export function judged<Value>(
  check: CheckId,
  answer: Asked<Value>,
  judge: (value: Value) => CheckFinding | readonly CheckFinding[],
): readonly CheckFinding[] {
  if ('trouble' in answer)
    return [
      {
        check,
        verdict: 'unknown',
        found: `could not be asked: ${codedText(answer.trouble)}`,
        advice: 'see to that, and ask again: nobody knows whether it would pass',
      },
    ];
  const found = judge(answer.value);
  return 'check' in found ? [found] : found;
}
