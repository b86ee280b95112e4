import { counted } from '../../contracts/counted';
import type { TargetId } from '../../contracts/target';
import type { VersionDecision } from '../versions/versions-to-remove';

import { textTable } from './terminal-text';

/** What became of one target's versions; in a dry run `removed` is what would be. */
export interface PrunedTarget {
  readonly id: TargetId;
  /** Null where nothing with versions is deployed, or it cannot be read. */
  readonly functionName: string | null;
  readonly kept: VersionDecision['keep'];
  readonly removed: readonly string[];
  /** Versions that were to go and are still there. */
  readonly refused: readonly { readonly version: string; readonly code: string; readonly message: string }[];
  /** Why the target could not be looked at. */
  readonly error: { readonly code: string; readonly message: string } | null;
}

/** What stays of each function and why, and what goes, for people. */
export function pruneText(targets: readonly PrunedTarget[], { dryRun }: { readonly dryRun: boolean }): string {
  const count = (of: (one: PrunedTarget) => number) => targets.reduce((sum, one) => sum + of(one), 0);
  const removed = count((one) => one.removed.length);
  const refused = count((one) => one.refused.length);
  const notRead = targets.filter(({ error }) => error !== null).length;
  const summary = [
    `${counted(removed, 'version')} of ${counted(targets.length, 'target')} ${dryRun ? 'would be removed' : 'removed'}, ${count((one) => one.kept.length)} kept`,
    ...(refused > 0 ? [`${refused} not removed`] : []),
    ...(notRead > 0 ? [`${counted(notRead, 'target')} not looked at`] : []),
  ].join('; ');
  const rows = targets.flatMap((one): (readonly string[])[] => {
    if (one.error !== null) return [[one.id, 'NOT LOOKED AT', '', one.error.message]];
    if (one.functionName === null) return [[one.id, 'none', '', 'nothing with versions is deployed']];
    return [
      ...one.refused.map(({ version, message }) => [one.id, version, 'NOT REMOVED', message]),
      ...(one.removed.length > 0 ? [[one.id, one.removed.join(' '), dryRun ? 'would go' : 'removed', 'nothing needs them']] : []),
      ...one.kept.map(({ version, why }) => [one.id, version, 'kept', why.join(', ')]),
    ];
  });
  return [summary, textTable(['TARGET', 'VERSION', '', 'WHY'], rows)].join('\n\n');
}
