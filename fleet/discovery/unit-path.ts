/**
 * The path of organisational units from their names, the outermost first: joined by slashes. A slash in a name is written `%2F`, and a `%`
 * that would read as such a sign `%25`, so that no two rows of names have one path.
 */
export function unitPath(names: readonly string[]): string {
  return names.map((name) => name.replace(/%(?=2F|25)/gi, '%25').replaceAll('/', '%2F')).join('/');
}
