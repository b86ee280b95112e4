import type { TargetId } from '../../contracts/target';
import type { RolloutPlan } from '../plan/rollout-plan';
import type { TargetRecord, TargetRecords } from '../plan/target-record';
import type { RolloutEvent } from '../rollout/state';
import type { JournalEntry } from '../state/journal-entry';

/** What a journal holds, as a driver starts from it. */
export function startOf(entries: readonly JournalEntry[]): { readonly goods: TargetRecords; readonly events: readonly RolloutEvent[] } {
  const goods = entries.flatMap((entry) => ('goods' in entry ? entry.goods : []));
  return { goods: byTarget(goods), events: entries.flatMap((entry) => ('event' in entry ? [entry.event] : [])) };
}

/** Records of a plan's targets as its rollout begins: what a rollback goes back to. */
export function goodsOf(plan: RolloutPlan, records: TargetRecords): readonly TargetRecord[] {
  return plan.targets.flatMap(({ target, wave }) => {
    const record = wave === null ? undefined : records.get(target.id);
    return record ? [record] : [];
  });
}

/** Records by target. */
export function byTarget(records: readonly TargetRecord[]): ReadonlyMap<TargetId, TargetRecord> {
  return new Map(records.map((record) => [record.target, record]));
}
