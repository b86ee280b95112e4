import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { readableStack } from '../../../lambda/common/readable-stack';
import { temporaryFolder } from '../../helpers/temporary-folder';

const folder = temporaryFolder('readable-stack');

/** A bundle whose first line maps column 0 to line 7, column 2 of one source and column 20 to line 3, column 0 of another. */
function bundle(name: string, map: string | undefined): string {
  const file = join(folder, name, 'index.js');
  mkdirSync(join(folder, name));
  if (map !== undefined) writeFileSync(`${file}.map`, map);
  return file;
}

const map = JSON.stringify({
  version: 3,
  sources: ['lambda/order/store.ts', 'lambda/common/log.ts'],
  names: [],
  mappings: 'AAME,oBCJF',
});

test('frames in the bundle name their sources; all else stays as it is', () => {
  const file = bundle('known', map);
  const stack = [
    'RecordError: a message',
    `    at put (${file}:1:5)`,
    `    at ${file}:1:21`,
    '    at node:internal/process:1:5',
    '    at run (/elsewhere/index.js:1:5)',
  ];

  expect(readableStack(file)(stack.join('\n')).split('\n')).toEqual([
    'RecordError: a message',
    '    at put (lambda/order/store.ts:7:3)',
    '    at lambda/common/log.ts:3:1',
    '    at node:internal/process:1:5',
    '    at run (/elsewhere/index.js:1:5)',
  ]);
});

test.each([
  ['there is no map', undefined],
  ['the map is broken', '{"version":3'],
  ['the map maps nothing', JSON.stringify({ version: 3, sources: [], names: [], mappings: '' })],
])('where %s, a stack stays as it is', (what, content) => {
  const file = bundle(what.replaceAll(' ', '-'), content);
  const stack = `Error: a message\n    at put (${file}:1:5)`;

  expect(readableStack(file)(stack)).toBe(stack);
});

test('the map is read at the first stack, and once', () => {
  const file = bundle('late', undefined);
  const readable = readableStack(file);
  writeFileSync(`${file}.map`, map);

  expect(readable(`    at ${file}:1:5`)).toContain('store.ts');
  writeFileSync(`${file}.map`, '');

  expect(readable(`    at ${file}:1:5`)).toContain('store.ts');
});
