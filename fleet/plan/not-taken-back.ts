import type { TargetId } from '../../contracts/target';
import type { Departure } from '../discovery/departures';

import type { PlannedTarget, PlanPurpose, PlanWarning } from './rollout-plan';
import { isDestroyed, type TargetRecord } from './target-record';

/** A rollout that began after the one that is taken back. */
export interface LaterRollout {
  readonly id: string;
  readonly purpose: PlanPurpose;
  readonly release: string;
  /** Targets that it changed, or began to. */
  readonly changed: ReadonlySet<TargetId>;
  /** Of these, those that it destroyed, or began to. */
  readonly destroyed: ReadonlySet<TargetId>;
}

/** What happened since a rollout that is taken back. */
export interface SinceThen {
  /** Oldest first. */
  readonly later: readonly LaterRollout[];
  /** Where nothing may be deployed any more. */
  readonly departed: Departure;
}

/** Why a target is not taken back, though it had something to go back to; null: it may go. What was let go of is never made again by it. */
export function notTakenBack(
  { target }: Pick<PlannedTarget, 'target'>,
  { record, later, departed }: SinceThen & { readonly record: TargetRecord | undefined },
): string | null {
  if (record?.forgotten) return `it was forgotten at ${record.forgotten.at} by ${record.forgotten.by}: ${record.forgotten.reason}`;
  const gone = departed(target);
  if (gone !== null) return gone;
  const last = later.findLast(({ changed }) => changed.has(target.id));
  if (last?.destroyed.has(target.id)) {
    const how = record?.good ? `destroy ${last.id} began to destroy it: fleet destroy ends that` : `destroy ${last.id} destroyed it since`;
    return `${how}, fleet rollout deploys it again`;
  }
  const isGone = record !== undefined && (isDestroyed(record) || (record.current === null && record.good === null && !record.dirty));
  return isGone ? 'it was destroyed since: fleet rollout deploys it again' : null;
}

/** What else goes with a rollout that is taken back: what later ones changed on the same targets. */
export function takenBackAsWell(going: readonly Pick<PlannedTarget, 'target'>[], later: readonly LaterRollout[]): readonly PlanWarning[] {
  return later.flatMap(({ id, purpose, release, changed }): readonly PlanWarning[] => {
    const same = going.filter(({ target }) => changed.has(target.id));
    const [first] = same;
    if (first === undefined || (purpose !== 'rollout' && purpose !== 'rollback')) return [];
    const message = `${purpose} ${id} (release ${release.slice(0, 12)}) changed ${same.length} of these since, and its release and settings there go as well`;
    return [{ code: 'takes-back-later', message, at: null, targets: same.length, example: first.target.id }];
  });
}
