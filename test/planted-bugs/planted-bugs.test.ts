import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { root } from '../docs/page';

import bugs from './planted-bugs.json';

interface Bug {
  readonly name: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
  readonly test?: string;
  readonly title?: string;
  readonly simulate?: { readonly from: number; readonly seeds: number; readonly invariant: string };
}

const all: readonly Bug[] = bugs;

// Planting them takes minutes (npm run planted-bugs); that they can be planted is known at once.
test.each(all.map((bug) => [bug.name, bug] as const))('%s can be planted: its place is in its file once', (_name, { file, from, to }) => {
  expect(readFileSync(join(root, file), 'utf8').split(from)).toHaveLength(2);
  expect(to).not.toBe(from);
});

test.each(all.map((bug) => [bug.name, bug] as const))('%s says what catches it: a test that there is, or seeds', (_name, bug) => {
  const { test: path, title, simulate } = bug;
  if (simulate) expect([simulate.from > 0, simulate.seeds > 0, /^[SL]\d+$/.test(simulate.invariant)]).toEqual([true, true, true]);
  else expect([existsSync(join(root, path ?? 'nowhere')), typeof title]).toEqual([true, 'string']);
});
