import { existsSync, mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { STATE_FOLDER, writeWhole } from '../../../fleet/release/write-whole';
import { temporaryFolder } from '../../helpers/temporary-folder';

const folder = temporaryFolder('write-whole');
const digest = 'a'.repeat(64);
const old = new Date(Date.now() - 2 * 3_600_000);

function filled(partial: string): void {
  mkdirSync(partial);
  writeFileSync(join(partial, 'file'), 'text');
}

test('what fails half done leaves nothing, and is told in one line with the folder and what to do', () => {
  const releases = join(folder, 'half');
  const full = (partial: string): void => {
    filled(partial);
    throw new Error('ENOSPC: no space left on device');
  };

  expect(() => writeWhole(join(releases, digest), full)).toThrow(
    expect.objectContaining({
      code: 'fleet/releases-io',
      message: `${digest} cannot be kept in folder ${releases}: ENOSPC: no space left on device; make room there, or let this user write to it`,
    }),
  );
  expect(readdirSync(releases)).toEqual([]);
});

test.each(['file', 'file/below'])('a folder that cannot be made is told in the same way: %s', (name) => {
  writeFileSync(join(folder, 'file'), '');

  expect(() => writeWhole(join(folder, name, digest), filled)).toThrow(
    expect.objectContaining({ code: 'fleet/releases-io', message: expect.stringContaining(`in folder ${join(folder, name)}: `) as string }),
  );
});

test('what is there is replaced, and what another process puts there meanwhile is left', () => {
  const path = join(folder, 'raced', digest);
  writeWhole(path, filled);
  writeWhole(path, filled);
  writeWhole(path, (partial) => {
    filled(partial);
    writeWhole(path, filled);
  });

  expect([readdirSync(join(folder, 'raced')), readdirSync(path)]).toEqual([[digest], ['file']]);
});

test('what dead processes left beside it is swept once it is old, and nothing else', () => {
  const releases = join(folder, 'swept');
  const left = [`${digest}.4711.partial`, `${digest}.0f2c1c52-7a4b-4a8e-9a2f-000000000000.partial`];
  const others = ['notes.partial', 'b'.repeat(64), `${digest}.0f2c1c52-7a4b-4a8e-9a2f-000000000001.partial`];
  for (const name of [...left, ...others]) filled(makeIn(releases, name));
  for (const name of [...left, ...others.slice(0, 2)]) utimesSync(join(releases, name), old, old);
  writeWhole(join(releases, digest), filled);

  expect(left.filter((name) => existsSync(join(releases, name)))).toEqual([]);
  expect(others.filter((name) => !existsSync(join(releases, name)))).toEqual([]);
});

test.each([
  [STATE_FOLDER, 0o700],
  [{}, 0o777 & ~process.umask()],
])('the folder around it is its owner’s alone where it is a state’s: %j', (options, mode) => {
  const releases = join(folder, `mode-${mode}`);
  writeWhole(join(releases, digest), filled, options);

  expect(statSync(releases).mode & 0o777).toBe(mode);
});

function makeIn(releases: string, name: string): string {
  mkdirSync(releases, { recursive: true });
  return join(releases, name);
}
