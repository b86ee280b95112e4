import type { TargetId } from '../../contracts/target';
import type { RolloutPlan } from '../../fleet/plan/rollout-plan';
import type { TargetRecord } from '../../fleet/plan/target-record';
import type { RolloutEvent } from '../../fleet/rollout/state';

import { linesOf, type CheckedRollout, type JournalLine, type Violation } from './journal-lines';

/** What is known of a target by what destroys it: `doubtful` may be there in part, or not at all. */
type Gone = 'doubtful' | 'destroyed';

/** Whether a plan destroys a target. */
export function destroys(plan: RolloutPlan, id: TargetId): boolean {
  const purpose: string | undefined = plan.targets.find(({ target }) => target.id === id)?.purpose;
  return purpose === 'destroy';
}

/**
 * S18: what was destroyed, or may have been, is never told as unchanged. From the beginning of an attempt to destroy it to its end the record of
 * a target is dirty, nothing of what is gone is good, and no later rollout ends it unchanged, until a run deploys it again. Of journals, oldest
 * rollout first, and of the records that were left after them, where those are known.
 */
export function checkDestroyed(rollouts: readonly CheckedRollout[], records?: Iterable<TargetRecord>): readonly Violation[] {
  const gone = new Map<TargetId, Gone>();
  const violations: Violation[] = [];
  const no = (at: string, message: string) => violations.push({ invariant: 'S18', at, message });
  for (const { id, plan, segments } of rollouts) {
    // A target that a plan leaves alone is told as unchanged without an event.
    for (const { target, wave } of plan.targets) if (wave === null && gone.has(target.id)) no(id, toldUnchanged(target.id, gone));
    for (const line of linesOf({ id, segments })) takeLine(line, { plan, gone, no });
  }
  for (const record of records ?? []) checkRecord(record, { at: 'records', gone, no });
  return violations;
}

interface Telling {
  readonly plan: RolloutPlan;
  readonly gone: Map<TargetId, Gone>;
  readonly no: (at: string, message: string) => void;
}

function takeLine({ entry, at }: JournalLine, telling: Telling): void {
  const { plan, gone } = telling;
  if ('event' in entry) takeEvent(entry.event, at, telling);
  else if ('goods' in entry) for (const record of entry.goods) checkRecord(record, { ...telling, at });
  else if ('record' in entry) {
    const { record } = entry;
    if (record.dirty && destroys(plan, record.target)) gone.set(record.target, 'doubtful');
    else checkRecord(record, { ...telling, at });
  }
}

function takeEvent(event: RolloutEvent, at: string, { plan, gone, no }: Telling): void {
  if (event.type === 'rollback-ended' && event.outcome === 'rolled_back') gone.delete(event.target);
  if (event.type === 'target-shifted') gone.delete(event.target);
  if (event.type !== 'target-ended') return;
  const { target, outcome } = event;
  if (outcome === 'unchanged' && gone.has(target)) no(at, toldUnchanged(target, gone));
  if (outcome !== 'succeeded') return;
  if (destroys(plan, target)) gone.set(target, 'destroyed');
  else gone.delete(target);
}

function checkRecord(
  { target, dirty, good }: TargetRecord,
  { at, gone, no }: Pick<Telling, 'gone' | 'no'> & { readonly at: string },
): void {
  switch (gone.get(target)) {
    case undefined:
      return;
    case 'doubtful':
      if (!dirty) no(at, `${target} may have been destroyed, and its record is not dirty`);
      return;
    case 'destroyed':
      if (good !== null && !dirty) no(at, `${target} was destroyed, and its record says that it is good`);
      return;
    default:
      throw new Error(`unknown state of ${target}`);
  }
}

function toldUnchanged(id: TargetId, gone: ReadonlyMap<TargetId, Gone>): string {
  return `${id} ${gone.get(id) === 'destroyed' ? 'was' : 'may have been'} destroyed, and is told as unchanged`;
}
