import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import * as pulumi from '@pulumi/pulumi';

import { assetHasher } from '../../sandbox/asset-hash';
import { SIGNATURE } from '../../sandbox/recording-monitor';

const asset = (what: Readonly<Record<string, unknown>>) => ({ [SIGNATURE]: pulumi.runtime.specialAssetSig, ...what });
const archive = (what: Readonly<Record<string, unknown>>) => ({ [SIGNATURE]: pulumi.runtime.specialArchiveSig, ...what });

describe('hashing assets', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'asset-hash-'));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  const folder = (name: string, files: Readonly<Record<string, string>>): string => {
    for (const [file, text] of Object.entries(files)) {
      const path = join(directory, name, file);
      mkdirSync(join(path, '..'), { recursive: true });
      writeFileSync(path, text);
    }
    return join(directory, name);
  };
  const hash = (value: unknown) => assetHasher()(value);

  test.each<[string, (path: string) => unknown]>([
    ['a file', (path) => asset({ path: join(path, 'index.js') })],
    ['a folder', (path) => archive({ path })],
    [
      'an archive of assets',
      (path) => archive({ assets: { 'index.js': asset({ path: join(path, 'index.js') }), below: archive({ path }) } }),
    ],
  ])('%s is told apart by its content and not by its path', (_what, of) => {
    const one = folder('one', { 'index.js': 'a', 'lib/x.js': 'b' });
    const twin = folder('elsewhere/twin', { 'lib/x.js': 'b', 'index.js': 'a' });
    const other = folder('other', { 'index.js': 'A', 'lib/x.js': 'b' });

    expect(hash(of(twin))).toEqual(hash(of(one)));
    expect(hash(of(other))).not.toEqual(hash(of(one)));
    expect(JSON.stringify(hash(of(one)))).not.toContain(directory);
  });

  test('a folder whose files moved is another', () => {
    expect(hash(archive({ path: folder('one', { 'a.js': 'x', 'b.js': 'y' }) }))).not.toEqual(
      hash(archive({ path: folder('two', { 'a.js': 'y', 'b.js': 'x' }) })),
    );
  });

  test('assets of text are found at any depth and keep their kind; all else stays', () => {
    const replaced = hash({ plain: [1, 'x', null], nested: { code: asset({ text: 'hello' }) } });

    expect(replaced).toEqual({
      plain: [1, 'x', null],
      nested: { code: { [SIGNATURE]: pulumi.runtime.specialAssetSig, hash: expect.stringMatching(/^[0-9a-f]{64}$/) as string } },
    });
    expect(hash(asset({ text: 'hello' }))).not.toEqual(hash(asset({ text: 'hullo' })));
  });

  test('one hasher reads a path once', () => {
    const path = join(folder('one', { 'index.js': 'a' }), 'index.js');
    const once = assetHasher();
    const first = once(asset({ path }));
    writeFileSync(path, 'b');

    expect(once(asset({ path }))).toEqual(first);
    expect(hash(asset({ path }))).not.toEqual(first);
  });
});
