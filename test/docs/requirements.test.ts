import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

import { page } from './page';

const root = resolve(__dirname, '../..');
const text = page('requirements.md');
const paths = [...new Set([...text.matchAll(/`((?:\.github|contracts|docs|fleet|foundation|lambda|layer-kit|observability|organization|regional|test)\/[^`\s]*)`/g)].map(([, path = '']) => path))]; // prettier-ignore

test('docs/requirements.md names places and tests, each of which is there', () => {
  expect(paths.length).toBeGreaterThan(60);
  expect(paths.filter((path) => !existsSync(resolve(root, path)))).toEqual([]);
});

test('every requirement has a place, and a test where the place is not n/a', () => {
  const rows = text.split('\n').filter((line) => /^\| (?!required|-|\d)/.test(line)).map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim())); // prettier-ignore

  expect(rows.length).toBeGreaterThan(55);
  expect(rows.filter(([, place = '']) => place === '')).toEqual([]);
  const unshown = rows.filter(([, place = '', shown = '']) => shown === '' && !/^(n\/a|not made|as under|layers)/.test(place));
  expect(unshown).toEqual([]);
});
