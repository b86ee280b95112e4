import type { Finding } from '../../contracts/finding';
import type { FilePositions } from '../config/file-positions';
import { nearestPosition, settingPosition, type SettingOrigin } from '../config/setting-position';
import { formatProblem, type FilePosition, type Problem } from '../errors';

import type { PlanWarning } from './rollout-plan';

/** A finding about one target. */
export interface FoundAt {
  readonly finding: Finding;
  /** Where the target's settings come from. */
  readonly origin: SettingOrigin;
  /** For people, as `shop (200000000001) in eu-west-1`. */
  readonly place: string;
}

/** Findings of many targets as problems of fleet.yaml, in its order: what is the same in hundreds of accounts is one problem. */
export function problemsOf(found: readonly FoundAt[], positions: FilePositions): readonly Problem[] {
  return grouped(found, positions).map(({ finding, at, places }) => {
    const message = withPlaces(finding.message, { example: places[0] ?? null, targets: places.length });
    return at === null ? { message } : { message, at };
  });
}

/** Findings of many targets as warnings of a plan, grouped like problems. */
export function warningsOf(found: readonly FoundAt[], positions: FilePositions): readonly PlanWarning[] {
  return grouped(found, positions).map(({ finding, at, places }) => ({
    code: finding.code,
    message: finding.message,
    at,
    targets: places.length,
    example: places[0] ?? null,
  }));
}

/** A warning on one line, with its place in the file and what it is about. */
export function warningText(warning: PlanWarning): string {
  const message = withPlaces(warning.message, warning);
  return formatProblem(warning.at === null ? { message } : { message, at: warning.at });
}

interface Group {
  readonly finding: Finding;
  readonly at: FilePosition | null;
  readonly places: string[];
}

function grouped(found: readonly FoundAt[], positions: FilePositions): readonly Group[] {
  const groups = new Map<string, Group>();
  // Ten thousand targets have a handful of origins: each is looked for once.
  const byOrigin = new Map<string, Group>();
  for (const { finding, origin, place } of found) {
    const from = `${origin.overrides.join()} ${origin.accountTags.join()} ${finding.message}`;
    let group = byOrigin.get(from);
    if (!group) {
      const at = positionOf(finding, { positions, origin });
      const line = `${at?.line ?? ''}:${at?.column ?? ''} ${finding.message}`;
      group = groups.get(line) ?? { finding, at, places: [] };
      groups.set(line, group);
      byOrigin.set(from, group);
    }
    group.places.push(place);
  }
  return [...groups.values()].sort((left, right) => compare(left.at, right.at));
}

/** What is refused always has a line of its own, if only that of the block: somebody must change something. */
function positionOf(
  { level, keys }: Finding,
  { positions, origin }: { readonly positions: FilePositions; readonly origin: SettingOrigin },
): FilePosition | null {
  return (level === 'refused' ? nearestPosition : settingPosition)(positions, { keys, origin }) ?? null;
}

/** In the order of the file; what has no line of its own comes last. */
function compare(left: FilePosition | null, right: FilePosition | null): number {
  if (left === null || right === null) return Number(left === null) - Number(right === null);
  return left.line - right.line || left.column - right.column;
}

function withPlaces(message: string, { example, targets }: Pick<PlanWarning, 'example' | 'targets'>): string {
  if (example === null) return message;
  return `${message}: ${example}${targets > 1 ? ` and ${targets - 1} more` : ''}`;
}
