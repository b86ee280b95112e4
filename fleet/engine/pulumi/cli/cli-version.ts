/** What a CLI prints as its version, without the leading `v`; undefined where that is none. Lines around it are passed over. */
export function versionIn(printed: string): string | undefined {
  return /^v?(\d+\.\d+\.\d+(?:-[\w.-]+)?)(?:\+[\w.-]+)?\s*$/m.exec(printed)?.[1];
}

/** True where a version, as `3.259.0`, is `minimum` or a later one. What comes before a release, as `3.248.0-alpha.1`, is earlier than that. */
export function isAtLeast(version: string, minimum: string): boolean {
  const [ours, theirs] = [version, minimum].map(numbersOf);
  for (const place of [0, 1, 2] as const) {
    const difference = (ours?.[place] ?? 0) - (theirs?.[place] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return !version.includes('-') || minimum.includes('-');
}

function numbersOf(version: string): readonly number[] {
  return (version.split('-')[0] ?? '').split('.').map(Number);
}
