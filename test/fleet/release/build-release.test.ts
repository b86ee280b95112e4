import { appendFileSync, cpSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join, resolve } from 'node:path';

import { layers } from '../../../contracts/layers';
import { buildRelease, type BuiltRelease } from '../../../fleet/release/build-release';
import { temporaryFolder } from '../../helpers/temporary-folder';

const root = resolve(__dirname, '../../..');
const folder = temporaryFolder('build');

/** The sources in another folder, deeper than the first; node_modules is the same one. */
function copySources(name: string): string {
  const copy = join(folder, 'some', 'other', name);
  mkdirSync(copy, { recursive: true });
  for (const part of [...layers.map((layer) => layer.name), 'contracts', 'layer-kit', 'lambda', 'package.json'])
    cpSync(join(root, part), join(copy, part), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}

const textOf = (release: BuiltRelease, path: string) => Buffer.from(release.files.get(path) ?? new Uint8Array()).toString('utf8');

describe('a release', () => {
  let release: BuiltRelease;
  let copy: string;
  beforeAll(async () => {
    release = await buildRelease(root);
    copy = copySources('fleet');
  });

  test('has the same digest and the same bytes when it is built from a copy of the sources', async () => {
    const again = await buildRelease(copy);

    expect(again.digest).toBe(release.digest);
    expect([...again.files.keys()]).toEqual([...release.files.keys()]);
    for (const [path, content] of release.files) expect(Buffer.compare(content, again.files.get(path) ?? Buffer.alloc(0))).toBe(0);
  });

  test('has another digest, and one other Lambda digest, where one Lambda function changed', async () => {
    const changed = copySources('changed');
    appendFileSync(join(changed, 'lambda/dead-letter/index.ts'), '\nexport const addition = 1;\n');
    const { digest, manifest } = await buildRelease(changed);

    expect(digest).not.toBe(release.digest);
    expect(manifest.lambdas['dead-letter']).not.toEqual(release.manifest.lambdas['dead-letter']);
    expect({ ...manifest.lambdas, 'dead-letter': null }).toEqual({ ...release.manifest.lambdas, 'dead-letter': null });
    expect(manifest.layers).toEqual(release.manifest.layers);
  });

  test('holds every layer program and Lambda function, and no path of this machine in any file', () => {
    expect([...release.files.keys()].sort()).toEqual(
      [
        ...layers.map((layer) => `${layer.name}/index.js`),
        ...['dead-letter', 'order'].flatMap((name) => [`lambda/${name}/index.js`, `lambda/${name}/index.js.map`]),
        'manifest.json',
      ].sort(),
    );
    for (const path of release.files.keys()) {
      for (const machinePath of [root, folder, process.env.HOME ?? root]) expect(textOf(release, path)).not.toContain(`${machinePath}/`);
    }
  });

  test.each(layers.map((layer) => layer.name))('needs nothing but Node and @pulumi/pulumi for %s', (name) => {
    const required = new Set([...textOf(release, `${name}/index.js`).matchAll(/\brequire\(["']([^"']+)["']\)/g)].map(([, id]) => id ?? ''));

    expect(required).toContain('@pulumi/pulumi');
    const others = [...required].filter((id) => !builtinModules.includes(id.replace(/^node:/, '')) && !/^@pulumi\/pulumi(\/|$)/.test(id));
    expect(others).toEqual([]);
  });

  test('is refused where the source is not there or does not bundle, naming the entry', async () => {
    await expect(buildRelease(folder)).rejects.toMatchObject({
      code: 'user/no-source',
      message: expect.stringContaining('foundation/index.ts') as string,
    });

    const broken = copySources('broken');
    appendFileSync(join(broken, 'foundation/index.ts'), '\nimport "./nowhere";\n');
    await expect(buildRelease(broken)).rejects.toMatchObject({
      code: 'user/build-failed',
      message: expect.stringMatching(/^foundation\/index\.ts does not bundle: .*\.\/nowhere/) as string,
    });
    rmSync(broken, { recursive: true });
  });
});
