import picomatch from 'picomatch';

/** Does the path of an organisational unit, such as `Workloads/Prod`, match. Compiled once, for many units. */
export type UnitMatcher = (unit: string) => boolean;

/**
 * Units that match one of the globs: `*` is one level or a part of it, `?` one character of it, `**` any number of levels (`Workloads/**`
 * has `Workloads` itself). Every other character stands for itself, since AWS lets the names of units have them all.
 */
export function unitMatcher(globs: readonly string[]): UnitMatcher {
  const matches = globs.map((glob) => picomatch(literally(glob), { dot: true, nonegate: true, noextglob: true, flags: 's' }));
  return (unit) => unit !== '' && matches.some((match) => match(unit));
}

/** As {@link unitMatcher}, with all units below: who excludes `Workloads/Frozen` does not expect `Workloads/Frozen/Deep` to be deployed. */
export function unitTreeMatcher(globs: readonly string[]): UnitMatcher {
  return unitMatcher(globs.flatMap((glob) => [glob, `${glob.replace(/\/+$/, '')}/**`]));
}

/** No option of picomatch turns brackets, braces and backslashes off. */
function literally(glob: string): string {
  return glob.replace(/[^\p{L}\p{N}\s*?/_-]/gu, '\\$&');
}
