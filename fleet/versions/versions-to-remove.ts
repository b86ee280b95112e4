/** How many of the newest versions stay in any case, where nobody says otherwise. */
export const KEPT_VERSIONS = 3;

/** A version that something needs. */
export interface NeededVersion {
  readonly version: string;
  /** What needs it, for people: `alias live`. */
  readonly by: string;
}

/** Which of a function's versions stay and why, and which may go; both oldest first. */
export interface VersionDecision {
  readonly keep: readonly { readonly version: string; readonly why: readonly string[] }[];
  readonly remove: readonly string[];
}

/**
 * Decides which published versions nobody needs: not those that an alias or a record names, not the `keep` newest ones, and none that is
 * newer than the newest one needed: it may be about to serve. Where nothing is needed nothing is known, and all stay. Pure.
 */
export function versionsToRemove(
  published: readonly string[],
  { needed, keep }: { readonly needed: readonly NeededVersion[]; readonly keep: number },
): VersionDecision {
  // `$LATEST` is no version: it is what the next one is published from.
  const versions = published.filter((version) => /^\d+$/.test(version)).sort((one, other) => Number(one) - Number(other));
  const why = reasonsBy(needed);
  const newestNeeded = Math.max(-1, ...versions.filter((version) => why.has(version)).map(Number));
  const firstOfNewest = versions.length - keep;
  const decided = versions.map((version, index) => ({
    version,
    why: [
      ...(why.get(version) ?? []),
      ...(newestNeeded < 0 ? ['no alias and no record says which version serves'] : []),
      ...(newestNeeded >= 0 && Number(version) > newestNeeded ? ['newer than all that are needed'] : []),
      ...(why.has(version) || index < firstOfNewest ? [] : [`one of the ${keep} newest`]),
    ],
  }));
  return {
    keep: decided.filter((one) => one.why.length > 0),
    remove: decided.filter((one) => one.why.length === 0).map(({ version }) => version),
  };
}

function reasonsBy(needed: readonly NeededVersion[]): ReadonlyMap<string, readonly string[]> {
  const reasons = new Map<string, readonly string[]>();
  for (const { version, by } of needed) reasons.set(version, [...new Set([...(reasons.get(version) ?? []), by])]);
  return reasons;
}
