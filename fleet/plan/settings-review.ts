import type { Finding } from '../../contracts/finding';
import type { FilePositions } from '../config/file-positions';
import { nearestPosition, settingPosition, type SettingOrigin } from '../config/setting-position';
import { formatProblem, type FilePosition, type Problem } from '../errors';

import type { PlanWarning } from './rollout-plan';

/** A finding with its place in fleet.yaml. */
export interface PlacedFinding {
  readonly finding: Finding;
  readonly at: FilePosition | null;
}

/** A finding and one of the targets it is about. */
export interface FoundAt extends PlacedFinding {
  /** For people, as `shop (200000000001) in eu-west-1`. */
  readonly place: string;
}

/** Looks for the line of fleet.yaml that a finding comes from. What is refused always has one, if only that of the block. */
export function placeFinding(
  finding: Finding,
  where: { readonly positions: FilePositions; readonly origin: SettingOrigin },
): PlacedFinding {
  const query = { keys: finding.keys, origin: where.origin };
  const position = finding.level === 'refused' ? nearestPosition(where.positions, query) : settingPosition(where.positions, query);
  return { finding, at: position ?? null };
}

/** Findings of many targets as problems of fleet.yaml, in its order: what is the same in hundreds of accounts is one problem. */
export function problemsOf(found: readonly FoundAt[]): readonly Problem[] {
  return grouped(found).map(({ finding, at, places }) => {
    const message = `${finding.message}: ${namePlaces(places)}`;
    return at === null ? { message } : { message, at };
  });
}

/** Findings of many targets as warnings of a plan, grouped like problems. */
export function warningsOf(found: readonly FoundAt[]): readonly PlanWarning[] {
  return grouped(found).map(({ finding, at, places }) => ({
    code: finding.code,
    message: finding.message,
    at,
    targets: places.length,
    example: places[0] ?? null,
  }));
}

/** A warning on one line, with its place in the file and what it is about. */
export function warningText({ message, at, targets, example }: PlanWarning): string {
  const places = example === null ? '' : `: ${example}${targets > 1 ? ` and ${targets - 1} more` : ''}`;
  return formatProblem({ message: `${message}${places}`, ...(at === null ? {} : { at }) });
}

interface Group extends PlacedFinding {
  readonly places: string[];
}

function grouped(found: readonly FoundAt[]): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const { finding, at, place } of found) {
    const key = `${at?.line ?? ''}:${at?.column ?? ''} ${finding.message}`;
    const group = groups.get(key);
    if (group) group.places.push(place);
    else groups.set(key, { finding, at, places: [place] });
  }
  // What has no line of its own comes last.
  const order = ({ at }: Group) => [at?.line ?? Infinity, at?.column ?? Infinity] as const;
  return [...groups.values()].sort((left, right) => {
    const [leftLine, leftColumn] = order(left);
    const [rightLine, rightColumn] = order(right);
    return leftLine === rightLine ? compare(leftColumn, rightColumn) : compare(leftLine, rightLine);
  });
}

function compare(left: number, right: number): number {
  return left === right ? 0 : left < right ? -1 : 1;
}

function namePlaces([first = '', ...others]: readonly string[]): string {
  return others.length === 0 ? first : `${first} and ${others.length} more`;
}
