import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

import { obtainPulumiCli, type CliAttempt, type ObtainPulumiCliOptions } from '../../../../../fleet/engine/pulumi/cli/obtain-pulumi-cli';
import { PINNED_VERSION } from '../../../../../fleet/engine/pulumi/cli/pulumi-cli';
import { isGone } from '../../../../../fleet/state/process-identity';
import { temporaryFolder } from '../../../../helpers/temporary-folder';
import { until } from '../../../../helpers/until';
import { ManualClock } from '../../../state/manual-clock';

import { Machine } from './machine';

const folder = temporaryFolder('obtain-cli');

let machine: Machine;
let attempts: CliAttempt[];
beforeEach(() => {
  machine = new Machine(folder);
  attempts = [];
});

const noNetwork = () => machine.plantAutomation(`throw new Error('Failed to download https://get.pulumi.com/install.sh: fetch failed');`);

/** What an installer's body does to leave a CLI. */
const writes = (version: string) => `
  const { mkdirSync, writeFileSync } = require('node:fs');
  mkdirSync(root + '/bin', { recursive: true });
  writeFileSync(root + '/bin/pulumi', '#!/bin/sh\\necho v${version}\\n', { mode: 0o755 });`;

function obtain(options: Partial<ObtainPulumiCliOptions> = {}) {
  const { env, productRoot } = machine;
  const automation = options.automation ?? noNetwork();
  return obtainPulumiCli({ env, productRoot, onAttempt: (attempt) => attempts.push(attempt), ...options, automation });
}

const told = () => attempts.map(({ way, state, message }) => `${way} ${state}: ${message}`);

describe('a CLI', () => {
  test('that is on PATH is taken, and nothing is made', async () => {
    const path = machine.plantCli('bin/pulumi', '3.250.0');

    expect(await obtain()).toEqual({ path, version: '3.250.0', source: 'path' });
    expect(told()).toEqual([`path succeeded: on PATH: ${path} is 3.250.0`]);
    expect(machine.cache).toEqual([]);
  });

  test('that was obtained earlier is taken', async () => {
    machine.plantCli(relative(machine.home, machine.cached), PINNED_VERSION);

    expect(await obtain()).toMatchObject({ path: machine.cached, source: 'cache' });
    expect(attempts.map(({ way, state }) => [way, state])).toEqual([
      ['path', 'failed'],
      ['cache', 'succeeded'],
    ]);
  });

  test('that is named and cannot be used is not replaced by another one', async () => {
    machine.plantCli('bin/pulumi', PINNED_VERSION);

    await expect(obtain({ env: { ...machine.env, FLEET_PULUMI: '/no/such' } })).rejects.toMatchObject({ code: 'pulumi/cli-missing' });
    expect(attempts).toEqual([
      { way: 'named', state: 'failed', message: 'FLEET_PULUMI: /no/such does not say its version: /no/such is not there' },
    ]);
  });

  test('is installed from the official release, and found there the next time', async () => {
    const automation = machine.plantAutomation(writes(PINNED_VERSION));

    expect(await obtain({ automation })).toEqual({ path: machine.cached, version: PINNED_VERSION, source: 'installed' });
    expect(machine.cache).toEqual([`pulumi-${PINNED_VERSION}`]);
    expect(await obtain({ automation })).toMatchObject({ source: 'cache' });
  });

  test('is built with Go where the release cannot be had: each attempt is one line', async () => {
    machine.plantGo(PINNED_VERSION);

    expect(await obtain()).toEqual({ path: machine.cached, version: PINNED_VERSION, source: 'built' });
    expect(told()).toEqual([
      'path failed: on PATH: no pulumi is on PATH',
      `cache failed: obtained earlier: none of version 3.259.0 was obtained yet: ${machine.cached} is not there`,
      'release begun: the official release 3.259.0 is downloaded',
      'release failed: official release: Failed to download https://get.pulumi.com/install.sh: fetch failed',
      'build begun: version 3.259.0 is built from its Go module: about 5 minutes the first time',
      `build succeeded: build with Go: ${machine.cached} is 3.259.0`,
    ]);
    expect(machine.cache).toEqual([`pulumi-${PINNED_VERSION}`]);
  });

  test('is built from the pinned module, checked against its sums, with nothing of the environment that changes what is built', async () => {
    machine.plantGo(PINNED_VERSION);
    const env = { ...machine.env, GOPROXY: 'https://proxy.example', GOFLAGS: '-mod=mod', AWS_SECRET_ACCESS_KEY: 'canary' };
    await obtain({ env });
    const [cwd, ...noted] = machine.noted('go').split('\n');

    expect(cwd).toBe(join(machine.productRoot, 'tools', 'pulumi'));
    expect(noted.slice(0, 5)).toEqual([
      'build',
      '-buildvcs=false',
      '-ldflags',
      '-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v3.259.0',
      '-o',
    ]);
    expect(noted[6]).toBe('github.com/pulumi/pulumi/pkg/v3/cmd/pulumi');
    expect(noted).toContain('GOPROXY=https://proxy.example');
    expect(noted.join()).not.toMatch(/GOFLAGS|canary/);
  });

  test('takes the place of one in the cache that is broken', async () => {
    machine.plant(relative(machine.home, machine.cached), 'exit 1');
    machine.plantGo(PINNED_VERSION);

    expect(await obtain()).toMatchObject({ source: 'built' });
    expect(attempts.find(({ way }) => way === 'cache')?.message).toMatch(/does not say its version: exit code 1$/);
    expect(machine.cache).toEqual([`pulumi-${PINNED_VERSION}`]);
  });

  test('that two obtain at once is there once, and whole', async () => {
    machine.plantGo(PINNED_VERSION);

    const both = await Promise.all([obtain(), obtain()]);
    expect(both.map(({ path, version }) => [path, version])).toEqual(Array(2).fill([machine.cached, PINNED_VERSION]));
    expect(machine.cache).toEqual([`pulumi-${PINNED_VERSION}`]);
  });
});

describe('where no way works', () => {
  test('one error names every way, why it failed, and what to do; nothing is left', async () => {
    await expect(obtain()).rejects.toMatchObject({
      code: 'pulumi/cli-missing',
      message:
        'no Pulumi CLI can be had: on PATH: no pulumi is on PATH; ' +
        `obtained earlier: none of version 3.259.0 was obtained yet: ${machine.cached} is not there; ` +
        'official release: Failed to download https://get.pulumi.com/install.sh: fetch failed; build with Go: go is not there: ' +
        'put one of 3.248.0 or newer on PATH (https://www.pulumi.com/docs/install), or install Go (https://go.dev/dl) where its module proxy can be reached',
    });
    expect(machine.cache).toEqual([]);
  });

  test.each<[string, () => string, string]>([
    ['it is another version', () => machine.plantAutomation(writes('3.250.0')), 'bin/pulumi is 3.250.0, not 3.259.0'],
    ['it is too old', () => machine.plantAutomation(writes('3.1.0')), 'bin/pulumi is 3.1.0, older than 3.248.0'],
    ['it installs nothing', () => machine.plantAutomation(''), 'bin/pulumi is not there'],
    [
      'it fails halfway',
      () => machine.plantAutomation(`${writes(PINNED_VERSION)} throw new Error('curl: (6) no such host');`),
      'curl: (6) no such host',
    ],
    ['it does not load', () => '/no/such/module', "official release: Cannot find module '/no/such/module'"],
    [
      'it fails in a script',
      () => machine.plantAutomation(`throw new Error('Command failed: /bin/sh\\n+ Downloading\\nerror: failed to download');`),
      'official release: Command failed: /bin/sh (error: failed to download)',
    ],
  ])('an installer is not trusted: %s', async (_what, automation, why) => {
    const error = await obtain({ automation: automation() }).catch((thrown: unknown) => thrown);

    expect(error).toMatchObject({ code: 'pulumi/cli-missing' });
    const failed = attempts.find(({ way, state }) => way === 'release' && state === 'failed');
    expect(failed?.message).not.toContain('\n');
    expect(failed?.message).toContain(why);
    expect(machine.cache).toEqual([]);
  });

  test('what the installer leaves in the folder for temporary files is removed', async () => {
    const note = join(machine.home, 'tmpdir');
    const automation = machine.plantAutomation(`
      const { writeFileSync } = require('node:fs');
      writeFileSync(process.env.TMPDIR + '/install.sh', 'x');
      writeFileSync('${note}', process.env.TMPDIR);
      throw new Error('no');`);
    await expect(obtain({ automation })).rejects.toThrow('no');

    expect(existsSync(dirname(readFileSync(note, 'utf8')))).toBe(false);
  });

  test('a build whose module is not shipped says which folder is missing', async () => {
    machine.plantGo(PINNED_VERSION);
    rmSync(join(machine.productRoot, 'tools'), { recursive: true });

    await expect(obtain()).rejects.toThrow(`build with Go: ${join(machine.productRoot, 'tools', 'pulumi')} is not there`);
  });

  test('a cache that cannot be written is a reason, not a defect', async () => {
    machine.plantGo(PINNED_VERSION);
    const taken = join(machine.home, 'file');
    writeFileSync(taken, '');

    await expect(obtain({ env: { ...machine.env, XDG_CACHE_HOME: taken } })).rejects.toMatchObject({
      code: 'pulumi/cli-missing',
      message: expect.stringMatching(/official release: .*(ENOTDIR|EEXIST)/) as string,
    });
  });
});

describe('one that takes long', () => {
  /** Writes its number down and hangs. */
  const hangs = () => {
    const file = join(machine.home, 'hangs');
    mkdirSync(dirname(file), { recursive: true });
    const automation = machine.plantAutomation(`
      const { writeFileSync, renameSync } = require('node:fs');
      writeFileSync(root + '/half', 'x');
      writeFileSync('${file}.part', String(process.pid));
      renameSync('${file}.part', '${file}');
      setInterval(() => {}, 1000);
      await new Promise(() => {});`);
    const began = async () => {
      await until(() => existsSync(file));
      return Number(readFileSync(file, 'utf8'));
    };
    return { automation, began };
  };

  test('is given up, and the next way is tried', async () => {
    const { automation, began } = hangs();
    machine.plantGo(PINNED_VERSION);
    const clock = new ManualClock();
    const obtained = obtain({ automation, clock });
    const pid = await began();
    await clock.pass(120_000);

    expect(await obtained).toMatchObject({ source: 'built' });
    expect(told()).toContain('release failed: official release: it was ended: it took longer than 120 s');
    expect(isGone(pid)).toBe(true);
    expect(machine.cache).toEqual([`pulumi-${PINNED_VERSION}`]);
  });

  test('ends with an interrupt, leaves nothing, and nothing further is tried', async () => {
    const { automation, began } = hangs();
    machine.plantGo(PINNED_VERSION);
    const interrupt = new AbortController();
    const obtained = obtain({ automation, signal: interrupt.signal });
    const pid = await began();
    const reason = new Error('interrupted');
    interrupt.abort(reason);

    await expect(obtained).rejects.toBe(reason);
    expect(isGone(pid)).toBe(true);
    expect(machine.cache).toEqual([]);
    expect(attempts.map(({ way }) => way)).not.toContain('build');
  });
});
