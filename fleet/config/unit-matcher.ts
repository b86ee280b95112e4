import picomatch from 'picomatch';

/** Does the path of an organisational unit, such as `Workloads/Prod`, match. Compiled once, for many units. */
export type UnitMatcher = (unit: string) => boolean;

/** Units that match one of the globs: `*` is one level, `**` any number of them (`Workloads/**` has `Workloads` itself). */
export function unitMatcher(globs: readonly string[]): UnitMatcher {
  const matches = globs.map((glob) => picomatch(glob, { dot: true, nonegate: true, noextglob: true }));
  return (unit) => unit !== '' && matches.some((match) => match(unit));
}

/** As {@link unitMatcher}, with all units below: who excludes `Workloads/Frozen` does not expect `Workloads/Frozen/Deep` to be deployed. */
export function unitTreeMatcher(globs: readonly string[]): UnitMatcher {
  return unitMatcher(globs.flatMap((glob) => [glob, `${glob.replace(/\/+$/, '')}/**`]));
}
