import type { Finding } from '../../contracts/finding';
import type { TargetId } from '../../contracts/target';
import { settingPosition, type SettingOrigin } from '../config/setting-position';
import type { FilePositions } from '../config/file-positions';
import { formatProblem } from '../errors';

import type { FoundAt } from './settings-review';

/** One thing that AWS would refuse of a target. */
export interface Refusal extends FoundAt {
  readonly target: TargetId;
  readonly account: string;
  /** As many places could have it: it is refused everywhere where so many do. */
  readonly outOf: number;
  /** What is found there without what only the account says: its tags and limits. */
  readonly withoutAccount: () => readonly Finding[];
}

/** Refusals by who must act. */
export interface SortedRefusals {
  /** Lines of fleet.yaml, wrong whatever an account says. */
  readonly ofFile: readonly FoundAt[];
  /** Why targets are left as they are, for one account's own tags or limits: nobody else waits for these. */
  readonly blocked: ReadonlyMap<TargetId, string>;
}

/** Tells what fleet.yaml makes wrong from what one account does. What is refused in every place is fleet.yaml's, or lacks there. Pure. */
export function sortRefusals(refusals: readonly Refusal[], positions: FilePositions): SortedRefusals {
  const places = new Map<string, number>();
  for (const { finding } of refusals) places.set(finding.code, (places.get(finding.code) ?? 0) + 1);
  const ofFile: FoundAt[] = [];
  const blocked = new Map<TargetId, string>();
  for (const refusal of refusals) {
    const everywhere = (places.get(refusal.finding.code) ?? 0) >= refusal.outOf;
    if (everywhere || madeByFile(refusal, positions)) {
      ofFile.push(refusal);
      continue;
    }
    const earlier = blocked.get(refusal.target);
    const reason = reasonOf(refusal, positions);
    blocked.set(refusal.target, earlier === undefined ? reason : `${earlier}; ${reason}`);
  }
  return { ofFile, blocked };
}

function madeByFile({ finding, origin, withoutAccount }: Refusal, positions: FilePositions): boolean {
  const line = lineOf(finding, { positions, origin });
  if (line === undefined) return false;
  // An override holds where it says it does, and nothing of the account stands over it.
  if (line !== lineOf(finding, { positions, origin: { ...origin, overrides: [] } })) return true;
  return withoutAccount().some(({ level, code }) => level === 'refused' && code === finding.code);
}

function reasonOf({ finding, origin, account }: Refusal, positions: FilePositions): string {
  const at = lineOf(finding, { positions, origin });
  if (at !== undefined) return formatProblem({ message: `${finding.message} in account ${account}`, at });
  const tags = finding.keys.every(([block]) => block === 'tags');
  return tags
    ? `${finding.message}: correct the tags of account ${account}, or set it in an override for the account`
    : `${finding.message}: set it in an override for account ${account}`;
}

function lineOf({ keys }: Finding, { positions, origin }: { readonly positions: FilePositions; readonly origin: SettingOrigin }) {
  return settingPosition(positions, { keys, origin });
}
