import { appendFileSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { digestOf, sha256Hex } from '../../../fleet/digest';
import type { ReleaseManifest } from '../../../fleet/ports';
import type { BuiltRelease } from '../../../fleet/release/build-release';
import { openRelease, storeRelease } from '../../../fleet/release/release-folder';
import { temporaryFolder } from '../../helpers/temporary-folder';

const folder = temporaryFolder('releases');

/** A release as a build gives it, with a program that says something. */
function releaseSaying(text: string): BuiltRelease {
  const program = Buffer.from(`module.exports = ${JSON.stringify(text)};`);
  const [code, map] = [Buffer.from('code'), Buffer.from('map')];
  const manifest: ReleaseManifest = {
    version: 1,
    layers: { regional: { digest: sha256Hex(program), lambdas: ['order'] } },
    lambdas: { order: { digest: sha256Hex(Buffer.concat([code, map])), bytes: code.byteLength } },
    providerVersion: '7.48.0',
  };
  const files = new Map<string, Uint8Array>([
    ['regional/index.js', program],
    ['lambda/order/index.js', code],
    ['lambda/order/index.js.map', map],
    ['manifest.json', Buffer.from(JSON.stringify(manifest))],
  ]);
  return { digest: digestOf(manifest), manifest, files };
}

describe('a kept release', () => {
  const releases = join(folder, 'kept');
  const first = storeRelease(releases, releaseSaying('first'));
  storeRelease(releases, releaseSaying('second'));

  test('is opened by its digest, or by the start of it', () => {
    expect(openRelease(releases, first.digest)).toEqual(first);
    expect(openRelease(releases, first.digest.slice(0, 12))).toEqual(first);
  });

  test('is not written again', () => {
    const file = join(first.directory, 'regional/index.js');
    const before = statSync(file).ino;

    expect(storeRelease(releases, releaseSaying('first'))).toEqual(first);
    expect(statSync(file).ino).toBe(before);
  });

  test.each([
    ['a digest that none has', 'f'.repeat(64)],
    ['a start that is too short to mean one', 'abc'],
    ['a path', '../../etc'],
    ['nothing', ''],
  ])('is not found by %s; those there are named', (_name, digest) => {
    expect(() => openRelease(releases, digest)).toThrow(
      expect.objectContaining({
        code: 'user/unknown-release',
        message: expect.stringContaining(first.digest.slice(0, 12)) as string,
      }),
    );
  });

  test('is not found where none was ever kept', () => {
    expect(() => openRelease(join(folder, 'nowhere'), first.digest)).toThrow(/is not stored; stored releases: none$/);
  });

  test('is not found by a start that two share', () => {
    const shared = join(folder, 'shared');
    const name = (end: string) => 'abcdef'.padEnd(63, '0') + end;
    for (const end of ['1', '2']) storeRelease(shared, { ...releaseSaying(end), digest: name(end) });

    expect(() => openRelease(shared, 'abcdef')).toThrow(/"abcdef" is ambiguous/);
  });
});

describe('a damaged release is refused', () => {
  test.each([
    ['a changed program', (directory: string) => appendFileSync(join(directory, 'regional/index.js'), ' ')],
    ['a changed Lambda function', (directory: string) => writeFileSync(join(directory, 'lambda/order/index.js'), 'other')],
    ['a changed source map', (directory: string) => writeFileSync(join(directory, 'lambda/order/index.js.map'), 'other')],
    ['a missing program', (directory: string) => rmSync(join(directory, 'regional/index.js'))],
    ['a missing manifest', (directory: string) => rmSync(join(directory, 'manifest.json'))],
    ['a torn manifest', (directory: string) => writeFileSync(join(directory, 'manifest.json'), '{"version":1,')],
    ['a manifest of another version', (directory: string) => rewrite(directory, '"version":1', '"version":2')],
    ['a manifest with another provider', (directory: string) => rewrite(directory, '7.48.0', '7.49.0')],
  ])('%s', (name, damage) => {
    const releases = join(folder, name.replaceAll(' ', '-'));
    const { digest, directory } = storeRelease(releases, releaseSaying(name));
    expect(openRelease(releases, digest).digest).toBe(digest);
    damage(directory);

    expect(() => openRelease(releases, digest)).toThrow(
      expect.objectContaining({ code: 'user/release-damaged', message: expect.stringContaining(`remove ${directory}`) as string }),
    );
    expect(existsSync(directory)).toBe(true);
  });

  function rewrite(directory: string, from: string, to: string): void {
    const file = join(directory, 'manifest.json');
    writeFileSync(file, readFileSync(file, 'utf8').replace(from, to));
  }
});
