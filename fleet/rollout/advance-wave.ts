import { counted } from '../../contracts/counted';
import { addSeconds } from '../../contracts/duration';

import { approversText } from './approvers';
import type { Draft } from './draft';
import { advanceRollback, beginRollback } from './roll-back';
import { giveUp, mayStartAt, startReady } from './start-targets';
import type { CoreTarget, CoreWave, WaveState } from './state';
import { advanceWatches } from './watch-traffic';

type Running = Extract<WaveState, { readonly state: 'running' }>;

/** Moves one wave on as far as it goes at an instant; true once it is behind us and the next one may go. */
export function advanceWave(draft: Draft, wave: CoreWave, at: string): boolean {
  // Each pass handles one state; a wave may go through several at once.
  for (;;) {
    const before = draft.waveState(wave.name);
    const behind = step(draft, wave, at);
    if (behind !== null) return behind;
    if (draft.waveState(wave.name) === before) return false;
  }
}

/** True or false: it stands there for now. Null: look again, its state has changed. */
function step(draft: Draft, wave: CoreWave, at: string): boolean | null {
  const current = draft.waveState(wave.name);
  switch (current.state) {
    case 'passed':
    case 'failed':
    case 'cancelled':
      return true;
    case 'waiting':
      if (!draft.mayStart(wave)) return cancel(draft, wave);
      // A wave begins when its targets could: not while paused, nor outside the windows.
      if (!mayStartAt(draft, wave, at)) return false;
      if (!current.opened) return open(draft, wave, at);
      draft.askFirst(wave.name);
      return null;
    case 'held':
      if (!draft.mayStart(wave)) return cancel(draft, wave);
      return release(draft, wave, { held: current, at });
    case 'previewing':
    case 'asking':
      return draft.mayStart(wave) ? false : cancel(draft, wave);
    case 'running':
      return run(draft, wave, { current, at });
    case 'baking':
      if (!draft.mayStart(wave)) return stop(draft, wave, { current, at });
      if (at < current.bakeUntil) return false;
      return judge(draft, wave, current);
    case 'judging':
      return draft.halted?.kind === 'aborted' ? stop(draft, wave, { current, at }) : false;
    case 'undecided': {
      if (!draft.mayStart(wave)) return stop(draft, wave, { current, at });
      const approval = draft.findApproval(wave.name, 'undecided', at);
      if (!approval || !draft.useApproval(wave.name, 'undecided', at)) return false;
      const { startedAt, bakeUntil, verdict } = current;
      const reason = `accepted by ${approval.by}: ${current.reason}`;
      draft.passWave(wave, { state: 'passed', startedAt, bakeUntil, endedAt: at, verdict, reason });
      return null;
    }
    case 'rolling-back':
      return advanceRollback(draft, wave, { current, at });
    default:
      throw new Error(`unknown wave state ${(current satisfies never as WaveState).state}`);
  }
}

/** The way to a start: a person where the plan asks for one, then a preview of what stands there, then the gate. */
function open(draft: Draft, wave: CoreWave, at: string): boolean | null {
  if (wave.approval && !draft.useApproval(wave.name, 'start', at)) {
    draft.holdWave(wave.name, {
      hold: {
        kind: 'approval',
        reason: `wave ${wave.group} needs approval${wave.approvers ? ` by ${approversText(wave.approvers)}` : ''}`,
      },
      at,
    });
    return null;
  }
  return preview(draft, wave, at);
}

function preview(draft: Draft, wave: CoreWave, at: string): boolean | null {
  const looked = ({ deployed, asksPerson }: CoreTarget) => asksPerson || (wave.gated && deployed);
  const deployed = wave.targets.filter((id) => draft.stateOf(id).state === 'pending' && looked(draft.target(id)));
  if (deployed.length === 0) {
    if (wave.gated) draft.askFirst(wave.name);
    else draft.beginWave(wave.name, at);
    return null;
  }
  draft.setWave(wave.name, { state: 'previewing' });
  draft.commands.push({ type: 'preview-wave', wave: wave.name, targets: deployed });
  return false;
}

/** A held wave goes on where a person approved just what holds it. */
function release(
  draft: Draft,
  wave: CoreWave,
  { held, at }: { readonly held: Extract<WaveState, { readonly state: 'held' }>; readonly at: string },
): boolean | null {
  const { hold } = held;
  switch (hold.kind) {
    case 'approval':
      return draft.useApproval(wave.name, 'start', at) ? preview(draft, wave, at) : false;
    case 'irreversible':
      if (!draft.useApproval(wave.name, 'irreversible', at)) return false;
      draft.askFirst(wave.name);
      return null;
    case 'red':
      if (!draft.useApproval(wave.name, 'red', at)) return false;
      draft.rest.accepted = new Map([...draft.rest.accepted, [wave.name, hold.red]]);
      draft.beginWave(wave.name, at);
      return null;
    case 'gate-error':
      if (!draft.useApproval(wave.name, 'gate-error', at)) return false;
      draft.beginWave(wave.name, at);
      return null;
    default:
      throw new Error(`unknown hold ${String(hold satisfies never)}`);
  }
}

function run(draft: Draft, wave: CoreWave, { current, at }: { readonly current: Running; readonly at: string }): boolean | null {
  refuseTooManyFailures(draft, wave);
  const going = draft.mayStart(wave) && current.failing === null;
  // What passed its trial goes before what has not begun: the fewer on trial at once, the better.
  if (current.failing === null && draft.halted?.kind !== 'aborted') advanceWatches(draft, wave, at);
  if (going) startReady(draft, wave, { at, hold: current.unreadable !== null });
  else giveUp(draft, wave);

  const states = wave.targets.map((id) => draft.stateOf(id).state);
  if (states.includes('running') || states.includes('pending')) return false;
  // Spent tolerance lets what is on trial come to its end; an abort and a red alarm do not.
  if (states.includes('watching') && current.failing === null && draft.halted?.kind !== 'aborted') return false;
  if (current.failing !== null || states.includes('watching')) return beginRollback(draft, wave, { current, at });

  const ran = wave.targets.some((id) => draft.outcomeOf(id) === 'succeeded');
  if (!draft.mayStart(wave)) {
    const judged = ran && wave.gated && wave.bakeSeconds === 0 && draft.halted?.kind === 'tolerance';
    return judged ? judge(draft, wave, current) : stop(draft, wave, { current, at });
  }
  if (!wave.gated || !ran) {
    draft.passWave(wave, { state: 'passed', startedAt: current.startedAt, bakeUntil: null, endedAt: at, verdict: null, reason: null });
    return null;
  }
  if (wave.bakeSeconds === 0) return judge(draft, wave, current);
  const bakeUntil = addSeconds(at, wave.bakeSeconds);
  draft.setWave(wave.name, { state: 'baking', startedAt: current.startedAt, bakeUntil, unreadable: current.unreadable });
  draft.commands.push({ type: 'bake', wave: wave.name, until: bakeUntil });
  return false;
}

function refuseTooManyFailures(draft: Draft, wave: CoreWave): void {
  const failures = draft.failures(wave);
  const { failureTolerance } = draft.limitsOf(wave);
  if (failures > failureTolerance)
    draft.halt({
      kind: 'tolerance',
      reason: `${failures} of ${counted(wave.targets.length, 'target')} of ${wave.name} failed, ${failureTolerance} may`,
    });
  const total = draft.totalFailures();
  if (total > draft.rolloutTolerance)
    draft.halt({ kind: 'tolerance', reason: `${counted(total, 'target')} of this rollout failed, ${draft.rolloutTolerance} may` });
}

/** Asks the gate for the last word. */
function judge(
  draft: Draft,
  wave: CoreWave,
  { startedAt, bakeUntil }: { readonly startedAt: string; readonly bakeUntil: string | null },
): boolean | null {
  draft.setWave(wave.name, { state: 'judging', startedAt, bakeUntil });
  draft.commands.push({ type: 'ask-gate', about: { moment: 'end', wave: wave.name } });
  return false;
}

function stop(
  draft: Draft,
  wave: CoreWave,
  { current, at }: { readonly current: { readonly startedAt: string; readonly bakeUntil: string | null }; readonly at: string },
): boolean | null {
  const { startedAt, bakeUntil } = current;
  draft.endWave(wave.name, { state: 'failed', startedAt, bakeUntil, endedAt: at, verdict: null, reason: draft.halted?.reason ?? '' });
  return null;
}

function cancel(draft: Draft, wave: CoreWave): boolean | null {
  giveUp(draft, wave);
  draft.endWave(wave.name, { state: 'cancelled', reason: draft.halted?.reason ?? '' });
  return null;
}
