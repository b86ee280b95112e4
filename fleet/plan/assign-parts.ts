import type { TargetId } from '../../contracts/target';

/**
 * Spreads members over parts of at most `size`. A member stays in the part it was in, whatever comes or goes; new ones take free places
 * of the lowest part, then open further parts. At least one part, even with no member.
 */
export function assignParts(
  members: readonly TargetId[],
  previous: ReadonlyMap<number, readonly TargetId[]>,
  size: number,
): ReadonlyMap<number, readonly TargetId[]> {
  const present = new Set(members);
  const parts = new Map<number, TargetId[]>([[1, []]]);
  const placed = new Set<TargetId>();
  for (const [part, kept] of [...previous].sort(([left], [right]) => left - right)) {
    const stay = kept.filter((member) => present.has(member) && !placed.has(member));
    if (stay.length > 0) parts.set(part, stay);
    stay.forEach((member) => placed.add(member));
  }
  for (const member of members) {
    if (placed.has(member)) continue;
    let part = 1;
    while ((parts.get(part)?.length ?? 0) >= size) part += 1;
    parts.set(part, [...(parts.get(part) ?? []), member]);
  }
  return new Map([...parts].sort(([left], [right]) => left - right).map(([part, kept]) => [part, [...kept].sort()]));
}
