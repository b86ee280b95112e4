import { addSeconds } from '../../contracts/duration';
import type { GateAnswer } from '../ports';

import { addChanges, neverStarted, type Draft } from './draft';
import { mayStartAt } from './start-targets';
import { SECRET_VARIABLE, type Approval, type GateAbout, type RolloutEvent, type WaveState } from './state';

/**
 * Puts one event into the draft. What comes twice, too late or for what was never started changes nothing: a journal may hold all of these.
 */
export function takeEvent(draft: Draft, event: RolloutEvent): void {
  const { rest } = draft;
  if (rest.outcome !== null) return;
  switch (event.type) {
    case 'begun':
      if (rest.startedAt === null) rest.requester = event.by ?? null;
      rest.startedAt ??= event.at;
      break;
    case 'tick':
    case 'request-refused':
      break; // Whoever advances looks at the time.
    case 'wave-previewed':
      takePreview(draft, event);
      break;
    case 'gate-answered':
      takeAnswer(draft, event);
      break;
    case 'target-ended':
      takeEnd(draft, event);
      break;
    case 'target-shifted':
      takeShift(draft, event);
      break;
    case 'attempt-lost':
      takeLoss(draft, event);
      break;
    case 'rollback-ended':
      takeRollback(draft, event);
      break;
    case 'approved':
      if (rest.approved.some((known) => isSame(known, event.approval))) break;
      rest.approvals = [...rest.approvals, event.approval];
      rest.approved = [...rest.approved, event.approval];
      break;
    case 'paused':
      rest.paused ??= { by: event.by, at: event.at };
      break;
    case 'resumed':
      rest.paused = null;
      break;
    case 'abort-requested':
      draft.halt({ kind: 'aborted', reason: `aborted by ${event.by}${event.reason === '' ? '' : `: ${event.reason}`}` });
      break;
    case 'limits-set':
      rest.limitChange = { ...rest.limitChange, ...event.limits };
      break;
    case 'targets-departed':
      draft.depart(event.departed);
      break;
    default:
      throw new Error(`unknown event ${(event satisfies never as RolloutEvent).type}`);
  }
}

function isSame(one: Approval, other: Approval): boolean {
  return (['wave', 'subject', 'by', 'at', 'expiresAt'] as const).every((key) => one[key] === other[key]);
}

type EventOf<Type extends RolloutEvent['type']> = Extract<RolloutEvent, { readonly type: Type }>;

function takePreview(draft: Draft, event: EventOf<'wave-previewed'>): void {
  const wave = draft.waveState(event.wave);
  if (wave.state !== 'previewing') return;
  for (const { target, error } of event.failed)
    if (draft.stateOf(target).state === 'pending') draft.setTarget(target, neverStarted('failed', error));
  draft.rest.irreversible = new Set([...draft.rest.irreversible, ...event.irreversible.map((step) => step.target)]);
  if (event.irreversible.length === 0) draft.askFirst(event.wave);
  else
    draft.holdWave(event.wave, {
      hold: { kind: 'irreversible', reason: irreversibleReason(event.irreversible), steps: event.irreversible },
      at: event.at,
    });
}

function irreversibleReason(steps: EventOf<'wave-previewed'>['irreversible']): string {
  const named = steps
    .slice(0, 3)
    .map((step) => `${step.op} of ${step.type === SECRET_VARIABLE ? `${step.type} ` : ''}${step.urn} on ${step.target}`);
  return `cannot be undone: ${named.join(', ')}${steps.length > 3 ? ` and ${steps.length - 3} more` : ''}`;
}

function takeAnswer(draft: Draft, { at, about, answer }: EventOf<'gate-answered'>): void {
  const current = draft.waveState(about.wave);
  switch (about.moment) {
    case 'before':
      if (current.state === 'asking' || (current.state === 'held' && isGateHold(current))) takeFirst(draft, about.wave, { answer, at });
      break;
    case 'during':
      if (answer.verdict === 'fail') failGate(draft, about.wave, answer);
      else if (current.state === 'running' || current.state === 'baking')
        draft.setWave(about.wave, { ...current, unreadable: answer.verdict === 'error' ? answer.reason : null });
      break;
    case 'watch':
      takeWatch(draft, about, answer);
      break;
    case 'end':
      if (current.state !== 'judging' && current.state !== 'undecided') break;
      takeLast(draft, about.wave, { answer, at });
      break;
    default:
      throw new Error(`unknown moment ${(about satisfies never as GateAbout).moment}`);
  }
}

function isGateHold(wave: Extract<WaveState, { readonly state: 'held' }>): boolean {
  return wave.hold.kind === 'red' || wave.hold.kind === 'gate-error';
}

/** Before a wave neither missing data nor missing traffic speaks against it: only red alarms and an unreadable gate do. */
function takeFirst(draft: Draft, wave: string, { answer, at }: { readonly answer: GateAnswer; readonly at: string }): void {
  switch (answer.verdict) {
    case 'pass':
    case 'inconclusive':
      beginOrWait(draft, wave, at);
      break;
    case 'fail':
      draft.holdWave(wave, { hold: { kind: 'red', reason: answer.reason, red: answer.red }, at });
      break;
    case 'error':
      draft.holdWave(wave, { hold: { kind: 'gate-error', reason: answer.reason }, at });
      break;
    default:
      throw new Error(`unknown verdict ${String(answer.verdict satisfies never)}`);
  }
}

/** An answer counts for a start at once: hours later, after a pause or when a window opens, alarms may be red. */
function beginOrWait(draft: Draft, name: string, at: string): void {
  const wave = draft.wave(name);
  if (wave && mayStartAt(draft, wave, at)) draft.beginWave(name, at);
  else draft.setWave(name, { state: 'waiting', opened: true });
}

function takeWatch(draft: Draft, about: Extract<GateAbout, { readonly moment: 'watch' }>, answer: GateAnswer): void {
  const target = draft.stateOf(about.target);
  if (target.state !== 'watching') return;
  // What was not asked, or is settled, is not answered either; red is red at any time.
  if (answer.verdict !== 'fail' && target.watch !== 'asked' && target.watch !== 'undecided') return;
  switch (answer.verdict) {
    case 'pass':
      draft.setTarget(about.target, { ...target, watch: 'passed' });
      break;
    case 'fail':
      failGate(draft, about.wave, answer);
      break;
    case 'inconclusive':
    case 'error':
      if (target.watch === 'undecided') break;
      draft.setTarget(about.target, { ...target, watch: 'undecided' });
      draft.commands.push({ type: 'undecided-wave', wave: about.wave, verdict: answer.verdict, reason: answer.reason });
      break;
    default:
      throw new Error(`unknown verdict ${String(answer.verdict satisfies never)}`);
  }
}

function watchSeconds(draft: Draft, wave: string): number {
  return draft.wave(wave)?.traffic?.watchSeconds ?? 0;
}

function takeLast(draft: Draft, name: string, { answer, at }: { readonly answer: GateAnswer; readonly at: string }): void {
  const current = draft.waveState(name);
  const wave = draft.wave(name);
  if ((current.state !== 'judging' && current.state !== 'undecided') || !wave) return;
  const { startedAt, bakeUntil } = current;
  const ended = { startedAt, bakeUntil, endedAt: at, verdict: answer.verdict } as const;
  // Stopped by failures and without a bake to wait out: what it deployed is judged all the same, so that it need not be done again.
  const stopped = draft.halted?.reason;
  switch (answer.verdict) {
    case 'pass':
      draft.passWave(
        wave,
        stopped === undefined ? { state: 'passed', ...ended, reason: answer.reason } : { state: 'failed', ...ended, reason: stopped },
      );
      break;
    case 'fail':
      failGate(draft, name, answer);
      break;
    case 'inconclusive':
    case 'error':
      if (stopped !== undefined) {
        draft.endWave(name, { state: 'failed', ...ended, reason: stopped });
        break;
      }
      if (current.state === 'undecided' && current.verdict === answer.verdict) break;
      draft.setWave(name, { state: 'undecided', startedAt, bakeUntil, verdict: answer.verdict, reason: answer.reason, since: at });
      draft.commands.push({ type: 'undecided-wave', wave: name, verdict: answer.verdict, reason: answer.reason });
      break;
    default:
      throw new Error(`unknown verdict ${String(answer.verdict satisfies never)}`);
  }
}

/** A red alarm while a wave runs, bakes or is judged: nothing further starts, and the wave is going to be rolled back. */
function failGate(draft: Draft, wave: string, answer: GateAnswer): void {
  const current = draft.waveState(wave);
  switch (current.state) {
    case 'running':
      if (current.failing === null) draft.setWave(wave, { ...current, failing: answer });
      break;
    case 'baking':
    case 'judging':
    case 'undecided':
      draft.setWave(wave, {
        state: 'running',
        startedAt: current.startedAt,
        bakeUntil: current.bakeUntil,
        unreadable: null,
        failing: answer,
      });
      break;
    case 'waiting':
    case 'held':
    case 'previewing':
    case 'asking':
    case 'rolling-back':
    case 'passed':
    case 'failed':
    case 'cancelled':
      return;
    default:
      throw new Error(`unknown wave state ${(current satisfies never as WaveState).state}`);
  }
  draft.halt({ kind: 'gate', reason: `the gate of ${wave} failed` });
}

function takeEnd(draft: Draft, event: EventOf<'target-ended'>): void {
  const current = draft.stateOf(event.target);
  if (current.state !== 'running') return;
  draft.setTarget(event.target, {
    state: 'done',
    outcome: event.outcome,
    // The run was counted when it was started, and turned out not to be needed.
    attempts: current.attempts - 1 + event.engineRuns,
    startedAt: current.startedAt,
    endedAt: event.at,
    changes: addChanges(current.changes, event.changes),
    error: event.error,
    ...(event.kept && { kept: event.kept }),
  });
}

function takeShift(draft: Draft, event: EventOf<'target-shifted'>): void {
  const current = draft.stateOf(event.target);
  if (current.state !== 'running' || current.phase !== 'shift') return;
  const wave = draft.target(event.target).wave ?? '';
  draft.setTarget(event.target, {
    state: 'watching',
    attempts: current.attempts,
    startedAt: current.startedAt,
    since: event.at,
    until: addSeconds(event.at, watchSeconds(draft, wave)),
    changes: event.changes,
    watch: 'open',
  });
}

function takeLoss(draft: Draft, event: EventOf<'attempt-lost'>): void {
  const current = draft.stateOf(event.target);
  // An attempt that the engine never began was none.
  const attempts = current.attempts - (event.ran ? 0 : 1);
  if (current.state === 'rolling-back' && current.step === 'running') {
    draft.setTarget(event.target, { ...current, step: 'pending', attempts });
    return;
  }
  if (current.state !== 'running') return;
  if (current.phase === 'finish') {
    const { startedAt, changes } = current;
    // The version on trial has passed its watch already.
    draft.setTarget(event.target, {
      state: 'watching',
      ...{ attempts, startedAt, changes, since: event.at, until: event.at, watch: 'passed' },
    });
    return;
  }
  draft.setTarget(event.target, { state: 'pending', attempts });
  draft.endDeparted();
}

function takeRollback(draft: Draft, event: EventOf<'rollback-ended'>): void {
  const current = draft.stateOf(event.target);
  if (current.state !== 'rolling-back' || current.step !== 'running') return;
  draft.setTarget(event.target, {
    state: 'done',
    outcome: event.outcome,
    attempts: current.attempts,
    startedAt: current.startedAt,
    endedAt: event.at,
    changes: addChanges(current.changes, event.changes),
    error: event.error ?? current.error,
  });
}
