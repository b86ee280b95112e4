import type { GateAnswer } from '../ports';

import { gateQuestion } from './gate-question';
import type { RunContext } from './run-targets';
import type { GateAbout, RolloutState } from './state';

/** Asks the gate about a moment of a wave. Where nothing is deployed that could be ill, that is the answer. */
export async function askGate(
  about: GateAbout,
  context: Pick<RunContext, 'gates' | 'waves' | 'records'> & { readonly state: RolloutState; readonly signal: AbortSignal },
): Promise<GateAnswer> {
  const wave = context.waves.get(about.wave);
  if (!wave) throw new Error(`the core asked about ${about.wave}, which is no wave of the plan`);
  const question = gateQuestion(about, { wave, state: context.state, records: context.records });
  if (question === null)
    return { verdict: 'pass', reason: 'no target that its alarms would speak for is deployed yet', red: [], orders: null };
  return context.gates.ask(question, { signal: context.signal });
}
