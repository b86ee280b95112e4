import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import fc from 'fast-check';

import { builtFrom, noteBuild, sourceKey } from '../../../fleet/release/source-key';
import { temporaryFolder } from '../../helpers/temporary-folder';

const folder = temporaryFolder('source');

const sources: Readonly<Record<string, string>> = {
  'foundation/index.ts': 'foundation',
  'regional/index.ts': 'regional',
  'regional/deep/er/part.ts': 'part',
  'observability/index.ts': 'observability',
  'contracts/ids.ts': 'ids',
  'layer-kit/tags.ts': 'tags',
  'lambda/order/index.ts': 'order',
  'package-lock.json': '{"lockfileVersion":3}',
};

let count = 0;
function writeSources(files: Readonly<Record<string, string>>): string {
  count += 1;
  const root = join(folder, `${count}`);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

const key = sourceKey(writeSources(sources));

describe('the key of sources', () => {
  test('is the same in another folder, whatever else lies there', () => {
    expect(sourceKey(writeSources({ ...sources, 'README.md': 'words', 'fleet/main.ts': 'manager', 'test/a.ts': 'test' }))).toBe(key);
  });

  test('is another one for a change of any byte of any file', () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(sources)), fc.nat(), fc.integer({ min: 1, max: 127 }), (path, at, change) => {
        const bytes = Buffer.from(sources[path] ?? '');
        const index = at % bytes.length;
        bytes.writeUInt8((bytes[index] ?? 0) ^ change, index);
        expect(sourceKey(writeSources({ ...sources, [path]: bytes.toString('latin1') }))).not.toBe(key);
      }),
      { numRuns: 40 },
    );
  });

  test('is another one for a file that came, went or was renamed', () => {
    const root = writeSources({ ...sources, 'lambda/order/more.ts': '' });
    const more = sourceKey(root);
    renameSync(join(root, 'lambda/order/more.ts'), join(root, 'lambda/order/other.ts'));
    const renamed = sourceKey(root);
    rmSync(join(root, 'lambda/order/other.ts'));

    expect(new Set([key, more, renamed]).size).toBe(3);
    expect(sourceKey(root)).toBe(key);
  });

  test('tells two files from one that quotes both', () => {
    const two = writeSources({ ...sources, 'lambda/a.ts': 'x', 'lambda/b.ts': 'y' });
    const one = writeSources({ ...sources, 'lambda/a.ts': 'x\0lambda/b.ts\0y' });

    expect(sourceKey(two)).not.toBe(sourceKey(one));
  });
});

describe('a noted build', () => {
  const releases = join(folder, 'releases');
  const digest = 'd'.repeat(64);

  test('is found by its sources while its release is there', () => {
    expect(builtFrom(releases, key)).toBeUndefined();
    noteBuild(releases, key, digest);
    expect(builtFrom(releases, key)).toBeUndefined();
    mkdirSync(join(releases, digest));

    expect(builtFrom(releases, key)).toBe(digest);
    expect(builtFrom(releases, 'another key')).toBeUndefined();
  });

  test.each([
    ['cut short', digest.slice(0, 30)],
    ['without its end', digest],
    ['empty', ''],
    ['a path', '../../etc\n'],
  ])('that is %s is none: it is built anew', (_how, text) => {
    const releases = join(folder, `noted ${text.length}`);
    mkdirSync(join(releases, digest), { recursive: true });
    noteBuild(releases, key, digest);
    writeFileSync(join(releases, 'by-source', key), text);
    expect(builtFrom(releases, key)).toBeUndefined();
    noteBuild(releases, key, digest);

    expect(builtFrom(releases, key)).toBe(digest);
    expect(readdirSync(join(releases, 'by-source'))).toEqual([key]);
  });
});
