import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import * as pulumi from '@pulumi/pulumi';

import { loadProgram } from '../../../fleet/engine/load-program';
import { sha256Hex } from '../../../fleet/digest';
import type { ReleaseHandle } from '../../../fleet/ports';

describe('loading a program', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'load-program-'));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  const release = (source?: string): ReleaseHandle => {
    if (source !== undefined) {
      mkdirSync(join(directory, 'regional'));
      writeFileSync(join(directory, 'regional', 'index.js'), source);
    }
    const layers = source === undefined ? {} : { regional: { digest: sha256Hex(source), lambdas: ['order'] } };
    const lambdas = { order: { digest: sha256Hex('codemap'), bytes: 4 } };
    mkdirSync(join(directory, 'lambda', 'order'), { recursive: true });
    writeFileSync(join(directory, 'lambda', 'order', 'index.js'), 'code');
    writeFileSync(join(directory, 'lambda', 'order', 'index.js.map'), 'map');
    return { digest: 'd1', directory, manifest: { version: 1, layers, lambdas, providerVersion: '7.48.0' } };
  };

  test("gives the module's function, with the manager's own Pulumi and Node's modules in reach", async () => {
    const program = loadProgram(
      release(`
        const pulumi = require('@pulumi/pulumi');
        const { join } = require('node:path');
        module.exports = async () => ({ pulumi, runtime: require('@pulumi/pulumi/runtime'), file: __filename, beside: join(__dirname, 'x') });
      `),
      'regional',
    );

    const result = (await program()) as Readonly<Record<string, unknown>>;
    expect(result.pulumi).toBe(pulumi);
    expect(result.runtime).toBe(pulumi.runtime);
    expect(result).toMatchObject({ file: join(directory, 'regional', 'index.js'), beside: join(directory, 'regional', 'x') });
  });

  test('keeps the state of one load from another', async () => {
    const handle = release('let calls = 0; module.exports = async () => (calls += 1);');
    const first = loadProgram(handle, 'regional');
    await first();

    expect(await first()).toBe(2);
    expect(await loadProgram(handle, 'regional')()).toBe(1);
  });

  test.each<[string, string | undefined, string, RegExp]>([
    ['a release without the layer', undefined, 'user/release-incomplete', /release d1 has no program for layer regional \(.*index\.js\)/],
    ['a module that exports no function', 'module.exports = { up() {} };', 'user/release-invalid', /layer regional of release d1/],
    [
      'a module that requires what its release lacks',
      "require('left-pad'); module.exports = async () => {};",
      'user/release-invalid',
      /"left-pad"/,
    ],
    ['a module that reaches for a file', "require('./other'); module.exports = async () => {};", 'user/release-invalid', /".\/other"/],
  ])('refuses %s', (_what, source, code, message) => {
    const handle = release(source);

    expect(() => loadProgram(handle, 'regional')).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) as string }) as Error,
    );
  });

  test.each([
    ['its program is another one than was built', 'regional/index.js', 'globalThis.planted = true;', 'regional/index.js is not as it was'],
    ['its program is gone', 'regional/index.js', null, 'regional/index.js is missing'],
    ['a function that it deploys is another one', 'lambda/order/index.js', 'evil', 'lambda/order/index.js'],
    ['a byte moved between two files of that function', 'lambda/order/index.js', 'codem', 'lambda/order/index.js'],
  ])('runs nothing of a release where %s', (_what, path, text, named) => {
    const handle = release('module.exports = async () => 1;');
    if (text === null) rmSync(join(directory, path));
    else writeFileSync(join(directory, path), text);
    if (text === 'codem') writeFileSync(join(directory, `${path}.map`), 'ap');

    expect(() => loadProgram(handle, 'regional')).toThrow(
      expect.objectContaining({
        code: 'user/release-damaged',
        message: expect.stringMatching(`release d1 does not match its digest .${named}.*, and nothing of it was run`) as string,
      }) as Error,
    );
    expect(globalThis).not.toHaveProperty('planted');
  });

  test('refuses such a require also while the program runs', async () => {
    const program = loadProgram(release("module.exports = async () => require('left-pad');"), 'regional');

    await expect(program()).rejects.toMatchObject({ code: 'user/release-invalid' });
  });
});
