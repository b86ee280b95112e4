import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The product's runbooks as Markdown, by kind; none where it came without. */
export function readRunbooks(productRoot: string): ReadonlyMap<string, string> {
  const folder = join(productRoot, 'docs', 'runbooks');
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return new Map();
  const files = readdirSync(folder).filter((name) => name.endsWith('.md'));
  return new Map(files.sort().map((name) => [name.slice(0, -'.md'.length), readFileSync(join(folder, name), 'utf8')]));
}
