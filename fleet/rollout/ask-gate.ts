import { counted } from '../../contracts/counted';
import type { GateAnswer } from '../ports';

import { gateQuestion } from './gate-question';
import type { RunContext } from './run-targets';
import type { GateAbout, RolloutState } from './state';

/** Asks the gate about a moment of a wave. Where nothing is deployed that could be ill, that is the answer. */
export async function askGate(
  about: GateAbout,
  context: Pick<RunContext, 'gates' | 'waves' | 'records' | 'planned'> & { readonly state: RolloutState; readonly signal: AbortSignal },
): Promise<GateAnswer> {
  const wave = context.waves.get(about.wave);
  if (!wave) throw new Error(`the core asked about ${about.wave}, which is no wave of the plan`);
  const repairs = new Set([...context.planned].flatMap(([id, { purpose }]) => (purpose === 'repair' ? [id] : [])));
  const question = gateQuestion(about, { wave, state: context.state, records: context.records, repairs });
  if (question === null) {
    const passedOver = wave.watches.filter((id) => repairs.has(id)).length;
    const reason =
      passedOver > 0
        ? `alarms of ${counted(passedOver, 'target')} that this repairs are passed over: what drifted is often what makes them red`
        : 'no target that its alarms would speak for is deployed yet';
    return { verdict: 'pass', reason, red: [], orders: null };
  }
  return context.gates.ask(question, { signal: context.signal });
}
