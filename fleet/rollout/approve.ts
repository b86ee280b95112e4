import { addSeconds } from '../../contracts/duration';

import { refusedPerson } from './approvers';
import { givenFor, neededFor } from './given-approvals';
import type { Approval, ApprovalSubject, CoreWave, RolloutState } from './state';

/** What a person says yes to. */
export interface ApprovalRequest {
  /** A wave's or a configured wave's name; null: the one that waits, else the next that will ask; of a start the configured wave. */
  readonly wave: string | null;
  /** Starts a wave though alarms are red already. */
  readonly acceptRed: boolean;
  readonly by: string;
  readonly at: string;
  readonly expiresAt: string;
}

/** The approval that a request makes of a rollout as it stands, or why it makes none (one line). Pure. */
export function approvalFor(state: RolloutState, request: ApprovalRequest): Approval | { readonly refused: string } {
  if (state.outcome !== null) return { refused: `this rollout has ended (${state.outcome}): there is nothing to approve` };
  if (request.expiresAt <= request.at) return { refused: `the approval would have expired at ${request.expiresAt} already` };
  const wave = waveOf(state, request.wave);
  if (wave === undefined) {
    const asking = [...new Set(state.setup.waves.filter((one) => one.approval).map((one) => one.group))];
    const which = request.wave === null ? 'nothing waits for approval' : `wave ${request.wave} is no wave of this rollout, or is over`;
    return { refused: `${which}; waves that ask for approval: ${asking.join(', ') || 'none'}` };
  }
  const subject = subjectOf(state, wave);
  // A start is approved for the whole configured wave, unless somebody names one part of it: what holds a wave later is its own.
  const named = subject === 'start' && request.wave !== wave.name ? wave.group : wave.name;
  const person = refusedPerson(wave.approvers, { by: request.by, requester: state.requester });
  if (person !== null) return { refused: person };
  // Until it has begun, nobody knows whose approval would be their own.
  if (wave.approvers !== undefined && state.startedAt === null)
    return { refused: 'this rollout has not begun yet: approve it once it has' };
  const earlier = earlierOf(state, { wave, named, subject, at: request.at, by: request.by });
  if (earlier !== undefined) return { refused: `wave ${earlier.wave} was approved already, by ${earlier.by} at ${earlier.at}` };
  if (subject === null) return { refused: `wave ${wave.name} waits for no approval` };
  if (subject === 'red' && !request.acceptRed) {
    const current = state.waveStates.get(wave.name);
    const why = current?.state === 'held' ? current.hold.reason : 'red';
    return { refused: `wave ${wave.name} has red alarms before it began (${why}): repair them, or approve with --accept-red` };
  }
  return { wave: named, subject, by: request.by, at: request.at, expiresAt: expiryOf(wave, request) };
}

/** A wave may say how long an approval of it is good for. */
function expiryOf({ approvers }: CoreWave, { at, expiresAt }: ApprovalRequest): string {
  if (approvers?.expiresSeconds === undefined) return expiresAt;
  const latest = addSeconds(at, approvers.expiresSeconds);
  return latest < expiresAt ? latest : expiresAt;
}

interface Asked {
  readonly wave: CoreWave;
  readonly named: string;
  readonly subject: ApprovalSubject | null;
  readonly at: string;
  readonly by: string;
}

/** An approval that says the same already: of as many as are needed the last, else this person's own. */
function earlierOf(state: RolloutState, { wave, named, subject, at, by }: Asked): Approval | undefined {
  const covers = (approval: Approval) => approval.wave === named || (approval.subject === 'start' && approval.wave === wave.group);
  if (subject === null) return state.approved.findLast(covers);
  const valid = givenFor(state, { wave, subject, at }).filter(covers);
  return valid.length >= neededFor(wave, subject) ? valid.at(-1) : valid.find((approval) => approval.by === by);
}

/** What a wave waits for a person for, or will; null: nothing. */
function subjectOf(state: RolloutState, wave: CoreWave): ApprovalSubject | null {
  const current = state.waveStates.get(wave.name) ?? { state: 'waiting' as const };
  switch (current.state) {
    case 'held':
      return current.hold.kind === 'approval' ? 'start' : current.hold.kind;
    case 'undecided':
      return 'undecided';
    case 'waiting':
      return wave.approval && !current.opened ? 'start' : null;
    case 'rolling-back':
      return [...state.states.values()].some((target) => target.state === 'rolling-back' && target.step === 'held') ? 'rollback' : null;
    case 'running': {
      const undecided = wave.targets.some((id) => {
        const target = state.states.get(id);
        return target?.state === 'watching' && target.watch === 'undecided';
      });
      return undecided ? 'undecided' : null;
    }
    case 'previewing':
    case 'asking':
    case 'baking':
    case 'judging':
    case 'passed':
    case 'failed':
    case 'cancelled':
      return null;
    default:
      throw new Error(`unknown wave state ${String(current satisfies never)}`);
  }
}

function waveOf(state: RolloutState, name: string | null): CoreWave | undefined {
  const open = state.setup.waves.filter(
    (wave) => !['passed', 'failed', 'cancelled'].includes(state.waveStates.get(wave.name)?.state ?? 'waiting'),
  );
  if (name !== null) {
    const exact = state.setup.waves.find((wave) => wave.name === name);
    if (exact) return exact;
    const parts = open.filter((wave) => wave.group === name);
    return parts.find((wave) => subjectOf(state, wave) !== null) ?? parts[0] ?? state.setup.waves.find((wave) => wave.group === name);
  }
  return open.find((wave) => subjectOf(state, wave) !== null) ?? open[0];
}
