import type { TargetId } from '../../contracts/target';

import { noChanges, type TargetError } from '../ports';

import { neverStarted, type Draft } from './draft';
import type { CoreTarget, CoreWave } from './state';
import { windowsOpen } from './windows';

/** Starts what is ready while the limits last, in plan order. `hold`: the gate cannot be read, nothing may start. */
export function startReady(draft: Draft, wave: CoreWave, { at, hold }: { readonly at: string; readonly hold: boolean }): void {
  skipHopeless(draft, wave);
  if (hold) return;
  let free = strictSlots(draft, wave);
  // Windows are looked up only where something would start: time zones are slow to ask.
  let open: boolean | undefined;
  for (const id of wave.targets) {
    if (free <= 0) return;
    const current = draft.stateOf(id);
    if (current.state !== 'pending') continue;
    const target = draft.target(id);
    if (blocker(draft, target) !== null || !hasRoom(draft, wave, target)) continue;
    open ??= mayStartAt(draft, wave, at);
    if (!open) return;
    const phase = target.shifts ? 'shift' : 'full';
    const attempts = current.attempts + 1;
    draft.setTarget(id, { state: 'running', phase, attempts, startedAt: at, changes: noChanges });
    draft.commands.push({ type: 'run-target', target: id, wave: wave.name, attempt: attempts, phase });
    free -= 1;
  }
}

/** Pauses and windows hold back what goes forward. Dashboards are wanted at any hour. */
export function mayStartAt(draft: Draft, wave: CoreWave, at: string): boolean {
  const { paused, setup } = draft.rest;
  if (paused !== null) return false;
  return setup.windows === null || wave.stage === 'trailing' || windowsOpen(setup.windows, at);
}

/** Ends what has not been started and will not be any more. What was lost in the middle of its run may have changed something: it failed. */
export function giveUp(draft: Draft, wave: CoreWave): void {
  skipHopeless(draft, wave);
  const reason = draft.halted?.reason ?? '';
  for (const id of wave.targets) {
    const current = draft.stateOf(id);
    if (current.state !== 'pending') continue;
    if (current.attempts === 0) draft.endTarget(id, 'cancelled', { code: 'fleet/not-started', message: reason, resource: null });
    else
      draft.endTarget(id, 'failed', {
        code: 'fleet/lost',
        message: `its run was cut short and is not run again: ${reason}`,
        resource: null,
      });
  }
}

/** Whether a target's account and region, and the whole, have a slot left. */
export function hasRoom(draft: Draft, wave: CoreWave, target: CoreTarget): boolean {
  const limits = draft.limitsOf(wave);
  return (
    draft.using < limits.maxConcurrent &&
    draft.usingIn('account', target) < limits.perAccount &&
    draft.usingIn('region', target) < limits.perRegion
  );
}

/** Strict: even if all that is under way fails, failures stay within tolerance + 1 (StackSets' rule). Dashboards are wanted most when things failed. */
function strictSlots(draft: Draft, wave: CoreWave): number {
  const limits = draft.limitsOf(wave);
  if (limits.mode === 'soft' || wave.stage === 'trailing') return Number.POSITIVE_INFINITY;
  const underWay = wave.targets.filter((id) => ['running', 'watching'].includes(draft.stateOf(id).state)).length;
  const left = Math.min(limits.failureTolerance - draft.failures(wave), draft.rolloutTolerance - draft.totalFailures());
  return left + 1 - underWay;
}

/** Ends what can no longer succeed, since something it needs did not. */
function skipHopeless(draft: Draft, wave: CoreWave): void {
  let again = true;
  while (again) {
    again = false;
    for (const id of wave.targets) {
      if (draft.stateOf(id).state !== 'pending') continue;
      const blocked = blocker(draft, draft.target(id));
      if (blocked === null || blocked === 'not yet') continue;
      draft.setTarget(id, neverStarted('skipped', hopeless(draft, id, blocked)));
      again = true; // Others may depend on this one, and stand earlier in the list.
    }
  }
}

function hopeless(draft: Draft, id: TargetId, blocker: TargetId): TargetError {
  const ended = `${blocker}, which ended ${draft.outcomeOf(blocker) ?? 'unknown'}`;
  return draft.target(id).destroys
    ? { code: 'fleet/still-needed', message: `is needed by ${ended}: it stays`, resource: null }
    : { code: 'fleet/upstream-failed', message: `needs ${ended}`, resource: null };
}

/** Null: ready. A target id: a hard dependency that did not succeed. */
function blocker(draft: Draft, target: CoreTarget): TargetId | 'not yet' | null {
  for (const { target: id, kind } of target.dependencies) {
    // Outside this rollout: planning made sure that it is deployed.
    if (!draft.states.has(id)) continue;
    const upstream = draft.stateOf(id);
    if (upstream.state !== 'done') return 'not yet';
    if (kind === 'hard' && upstream.outcome !== 'succeeded' && upstream.outcome !== 'unchanged') return id;
  }
  return null;
}
