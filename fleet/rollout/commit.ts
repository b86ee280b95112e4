import type { TargetId } from '../../contracts/target';
import type { TargetRecord, TargetRecords } from '../plan/target-record';

import { decideAll, type Decision } from './decide';
import type { RolloutEntry } from './driver-ports';
import type { RolloutState } from './state';
import { promoted } from './target-result';

/** What entries lead to, and all that is to be written down before anything follows from it. */
export interface Commit extends Decision {
  /** The entries, and the records of what a passed wave promoted: together, or a crash in between would lose a promotion. */
  readonly written: readonly RolloutEntry[];
  readonly records: ReadonlyMap<TargetId, TargetRecord>;
}

/** Decides on what happened. Pure. */
export function commit(entries: readonly RolloutEntry[], known: { readonly state: RolloutState; readonly records: TargetRecords }): Commit {
  const events = entries.flatMap((entry) => ('event' in entry ? [entry.event] : []));
  const records = new Map(entries.flatMap((entry) => ('record' in entry ? [[entry.record.target, entry.record] as const] : [])));
  const decision = decideAll(known.state, events);
  for (const command of decision.commands) {
    if (command.type !== 'promote') continue;
    for (const id of command.targets) {
      const record = records.get(id) ?? known.records.get(id);
      if (record) records.set(id, promoted(record));
    }
  }
  return { ...decision, records, written: [...events.map((event) => ({ event })), ...[...records.values()].map((record) => ({ record }))] };
}
