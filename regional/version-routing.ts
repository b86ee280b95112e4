import type { RunInputs } from '../contracts/target-config';

/** Where the aliases send orders. */
export interface VersionRouting {
  /** The version that serves, alone or with the weights beside it. */
  readonly live: string;
  /** The version to switch back to: the one that served before, or `live` itself where none is known. */
  readonly previous: string;
  /** Share (0 to 1) of invocations that another version takes; undefined: none does. */
  readonly weights: Readonly<Record<string, number>> | undefined;
  /** The version on trial: the newest one that gets any traffic. Its own failures are watched (AWS.md A3). */
  readonly onTrial: string;
}

/** Lambda's name for unpublished code; it cannot take a share of an alias. */
export const UNPUBLISHED = '$LATEST';

/**
 * Decides what the aliases point at. `published` is the function's newest version. Where a stable version is named it stays live, and the
 * newest takes `canaryPercent` beside it; otherwise the newest is live (AWS.md B2).
 */
export function versionRouting(
  published: string,
  run: Pick<RunInputs, 'stableVersion' | 'canaryPercent' | 'servedBefore'>,
): VersionRouting {
  const live = run.stableVersion ?? published;
  const share = (run.canaryPercent ?? 0) / 100;
  const shifting = live !== published && share > 0 && published !== UNPUBLISHED;
  const previous = run.servedBefore?.find((version) => version !== live) ?? live;
  return shifting
    ? { live, previous, weights: { [published]: share }, onTrial: published }
    : { live, previous, weights: undefined, onTrial: live };
}
