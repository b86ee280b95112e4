import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { digestOf, sha256Hex } from '../../../fleet/digest';
import type { ReleaseManifest } from '../../../fleet/ports';
import type { BuiltRelease } from '../../../fleet/release/build-release';
import { openRelease, storeRelease } from '../../../fleet/release/release-folder';
import { temporaryFolder } from '../../helpers/temporary-folder';

const folder = temporaryFolder('releases');

/** A release as a build gives it, with a program that says something; or as an earlier fleet's did. */
function releaseSaying(text: string, version: 1 | 2 = 2): BuiltRelease {
  const program = Buffer.from(`module.exports = ${JSON.stringify(text)};`);
  const [code, map] = [Buffer.from('code'), Buffer.from('map')];
  const bundles = { 'regional/index.js': program, 'lambda/order/index.js': code, 'lambda/order/index.js.map': map };
  const manifest: ReleaseManifest = {
    version,
    layers: { regional: { digest: sha256Hex(program), lambdas: ['order'] } },
    lambdas: { order: { digest: sha256Hex(Buffer.concat([code, map])), bytes: code.byteLength } },
    providerVersion: '7.48.0',
    ...(version === 2 && { files: Object.fromEntries(Object.entries(bundles).map(([path, content]) => [path, sha256Hex(content)])) }),
  };
  const files = new Map<string, Uint8Array>([...Object.entries(bundles), ['manifest.json', Buffer.from(JSON.stringify(manifest))]]);
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

describe('a damaged release is refused, and what is wrong in it named', () => {
  const write = (path: string, text: string) => (directory: string) => {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  };
  const order = 'lambda/order/index.js';

  describe.each([1, 2] as const)('of version %d', (version) => {
    test.each<[string, (directory: string) => void, string]>([
      ['a changed program', (directory) => appendFileSync(join(directory, 'regional/index.js'), ' '), 'regional/index.js is not as it was'],
      ['a changed Lambda function', write(order, 'other'), `${order}`],
      ['a changed source map', write(`${order}.map`, 'other'), `${order}.map is not as it was`],
      [
        'a byte that moved from one file to the next',
        (directory) => {
          write(order, 'cod')(directory);
          write(`${order}.map`, 'emap')(directory);
        },
        order,
      ],
      ['a missing program', (directory) => rmSync(join(directory, 'regional/index.js')), 'regional/index.js is missing'],
      ['a file that nobody built', write('lambda/order/more.js', 'x'), 'lambda/order/more.js is no file of it'],
      ['a folder that nobody built', write('node_modules/left-pad/index.js', 'x'), 'node_modules/left-pad/index.js is no file of it'],
      [
        'a link, wherever it leads',
        (directory) => symlinkSync('/etc/passwd', join(directory, 'regional/note')),
        'regional/note is no file',
      ],
      ['a missing manifest', (directory) => rmSync(join(directory, 'manifest.json')), 'manifest.json is not the one'],
      ['a torn manifest', write('manifest.json', '{"version":1,'), 'manifest.json is not the one'],
      ['a manifest of another version', (directory) => rewrite(directory, /"version":./, '"version":9'), 'manifest.json is not the one'],
      ['a manifest with another provider', (directory) => rewrite(directory, '7.48.0', '7.49.0'), 'manifest.json is not the one'],
    ])('%s', (name, damage, what) => {
      const releases = join(folder, `${version}-${name.replaceAll(' ', '-')}`);
      const { digest, directory } = storeRelease(releases, releaseSaying(name, version));
      expect(openRelease(releases, digest).digest).toBe(digest);
      damage(directory);

      expect(() => openRelease(releases, digest)).toThrow(
        expect.objectContaining({
          code: 'user/release-damaged',
          message: expect.stringMatching(new RegExp(`[( ]${what}.*\\): remove ${directory} and`)) as string,
        }),
      );
      expect(existsSync(directory)).toBe(true);
    });
  });

  test('one whose manifest lists a program and not its file', () => {
    const { manifest, files } = releaseSaying('unlisted');
    const { 'regional/index.js': program, ...listed } = manifest.files ?? {};
    const other: ReleaseManifest = { ...manifest, files: listed };
    const releases = join(folder, 'unlisted');
    const release = {
      digest: digestOf(other),
      manifest: other,
      files: new Map(files).set('manifest.json', Buffer.from(JSON.stringify(other))),
    };
    storeRelease(releases, release);

    expect(program).toHaveLength(64);
    expect(() => openRelease(releases, release.digest)).toThrow(/\(regional\/index.js is not listed in its manifest\)/);
  });

  test('also where a build gives the same again: what stands there is not taken for it', () => {
    const releases = join(folder, 'planted');
    const { directory } = storeRelease(releases, releaseSaying('planted'));
    writeFileSync(join(directory, 'regional/index.js'), 'module.exports = "other";');

    expect(() => storeRelease(releases, releaseSaying('planted'))).toThrow(expect.objectContaining({ code: 'user/release-damaged' }));
  });

  function rewrite(directory: string, from: string | RegExp, to: string): void {
    const file = join(directory, 'manifest.json');
    writeFileSync(file, readFileSync(file, 'utf8').replace(from, to));
  }
});
