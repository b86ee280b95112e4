import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { makeFolders } from '../../sandbox/make-folders';
import { temporaryFolder } from '../helpers/temporary-folder';

const folder = temporaryFolder('make-folders');

test('makes a folder with those above it, and leaves one that is there', () => {
  const path = join(folder, 'a', 'b', 'c');
  makeFolders(path);
  makeFolders(path);
  expect(statSync(path).isDirectory()).toBe(true);
});

test.each(['/proc/fleet', '/proc/fleet/below', '/dev/null/fleet', '/dev/null'])(
  '%s ends with what the system says, and names it',
  (path) => {
    expect(() => makeFolders(path)).toThrow(new RegExp(`^(ENOENT|ENOTDIR|EEXIST|EACCES): .*mkdir '${path.replace('/below', '')}`));
  },
);

test('a file in the way is named', () => {
  const file = join(folder, 'file');
  writeFileSync(file, '');
  expect(() => makeFolders(join(file, 'below'))).toThrow(/^ENOTDIR: .*file\/below'/);
});
