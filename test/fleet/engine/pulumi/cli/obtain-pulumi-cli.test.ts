import { existsSync, rmSync, writeFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { join, relative } from 'node:path';

import { obtainPulumiCli, type CliAttempt, type ObtainPulumiCliOptions } from '../../../../../fleet/engine/pulumi/cli/obtain-pulumi-cli';
import { PINNED_VERSION } from '../../../../../fleet/engine/pulumi/cli/pulumi-cli';
import { temporaryFolder } from '../../../../helpers/temporary-folder';
import { ManualClock } from '../../../state/manual-clock';

import { Machine } from './machine';
import { releaseServers } from './release-server';

const folder = temporaryFolder('obtain-cli');

let machine: Machine;
let attempts: CliAttempt[];
beforeEach(() => {
  machine = new Machine(folder);
  attempts = [];
});

const servers = releaseServers();
/** Nobody listens there. */
const NOWHERE = 'http://127.0.0.1:9/sdk';
const REFUSED = `official release: ${NOWHERE}/pulumi-v3.259.0-${process.platform}-${process.arch}.tar.gz cannot be had: `;

function obtain(options: Partial<ObtainPulumiCliOptions> = {}) {
  const { env, productRoot } = machine;
  return obtainPulumiCli({
    ...{ productRoot, onAttempt: (attempt: CliAttempt) => attempts.push(attempt), ...options },
    env: { FLEET_PULUMI_RELEASES: NOWHERE, ...(options.env ?? env) },
  });
}

const releaseFailure = () => attempts.find(({ way, state }) => way === 'release' && state === 'failed')?.message;
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

  test('is installed from the official release where that has the digest which is pinned, and found there the next time', async () => {
    const { url, digests, asked } = await servers.serve(machine.plantArchive(`echo v${PINNED_VERSION}`));
    const env = { ...machine.env, FLEET_PULUMI_RELEASES: url };

    expect(await obtain({ env, digests })).toEqual({ path: machine.cached, version: PINNED_VERSION, source: 'installed' });
    expect(asked).toEqual([`/sdk/pulumi-v3.259.0-${process.platform}-${process.arch}.tar.gz`]);
    expect(machine.cache).toEqual([`pulumi-${PINNED_VERSION}`]);
    expect(await obtain({ env, digests })).toMatchObject({ source: 'cache' });
  });

  test('is built with Go where the release cannot be had: each attempt is one line', async () => {
    machine.plantGo(PINNED_VERSION);

    expect(await obtain()).toEqual({ path: machine.cached, version: PINNED_VERSION, source: 'built' });
    expect(told()).toEqual([
      'path failed: on PATH: no pulumi is on PATH',
      `cache failed: obtained earlier: none of version 3.259.0 was obtained yet: ${machine.cached} is not there`,
      'release begun: the official release 3.259.0 is downloaded',
      expect.stringContaining(`release failed: ${REFUSED}`),
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
    const error = await obtain().catch((thrown: unknown) => thrown as Error);

    expect(error).toMatchObject({ code: 'pulumi/cli-missing' });
    const [before, after] = (error as Error).message.split(REFUSED);
    expect(before).toBe(
      'no Pulumi CLI can be had: on PATH: no pulumi is on PATH; ' +
        `obtained earlier: none of version 3.259.0 was obtained yet: ${machine.cached} is not there; `,
    );
    expect(after).toMatch(
      /^[^;]*; build with Go: go is not there: put one of 3\.248\.0 or newer on PATH \(https:\/\/www\.pulumi\.com\/docs\/install\), or install Go \(https:\/\/go\.dev\/dl\) where its module proxy can be reached$/,
    );
    expect(machine.cache).toEqual([]);
  });

  test.each<[string, string | undefined, string]>([
    ['it is another version', 'echo v3.250.0', 'bin/pulumi is 3.250.0, not 3.259.0'],
    ['it is too old', 'echo v3.1.0', 'bin/pulumi is 3.1.0, older than 3.248.0'],
    ['it has no CLI', undefined, 'bin/pulumi is not there'],
  ])('an archive with the pinned digest is looked at all the same: %s', async (_what, script, why) => {
    const { url, digests } = await servers.serve(machine.plantArchive(script));
    await expect(obtain({ env: { ...machine.env, FLEET_PULUMI_RELEASES: url }, digests })).rejects.toMatchObject({
      code: 'pulumi/cli-missing',
    });

    expect(releaseFailure()).toContain(why);
    expect(machine.cache).toEqual([]);
  });

  test('an archive with another digest than the one that is pinned is thrown away, and nothing of it was run', async () => {
    const { url } = await servers.serve(machine.plantArchive(`touch '${machine.home}/was-run'; echo v${PINNED_VERSION}`));
    await expect(obtain({ env: { ...machine.env, FLEET_PULUMI_RELEASES: url } })).rejects.toMatchObject({ code: 'pulumi/cli-missing' });

    expect(releaseFailure()).toMatch(/tar\.gz has SHA-256 [0-9a-f]{64}, and [0-9a-f]{64} is pinned: it is thrown away$/);
    expect(existsSync(join(machine.home, 'was-run'))).toBe(false);
    expect(machine.cache).toEqual([]);
  });

  test('a platform for which none is pinned asks nobody', async () => {
    const { url, asked } = await servers.serve(machine.plantArchive(`echo v${PINNED_VERSION}`));
    await expect(obtain({ env: { ...machine.env, FLEET_PULUMI_RELEASES: url }, digests: {} })).rejects.toThrow(
      'no SHA-256 of it is pinned for',
    );

    expect(asked).toEqual([]);
  });

  test.each<[string, RequestListener, string | RegExp]>([
    ['answers that there is none', (_request, response) => response.writeHead(404).end('none'), 'tar.gz answers 404'],
    [
      'ends in the middle',
      (_request, response) => response.writeHead(200, { 'content-length': 9 }).write('part', () => response.destroy()),
      'cannot be had: other side closed',
    ],
    [
      'leads somewhere else',
      (_request, response) => response.writeHead(302, { location: 'file:///etc/hostname' }).end(),
      'cannot be had: ',
    ],
  ])('a server that %s is a reason', async (_what, listener, why) => {
    const { url, digests } = await servers.answer(listener);
    await expect(obtain({ env: { ...machine.env, FLEET_PULUMI_RELEASES: url }, digests })).rejects.toMatchObject({
      code: 'pulumi/cli-missing',
    });

    expect(releaseFailure()).toContain(why);
    expect(releaseFailure()).not.toContain('\n');
    expect(machine.cache).toEqual([]);
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
  /** Sends a part and no more. */
  const hangs = async () => {
    let began: () => void = () => undefined;
    const begun = new Promise<void>((resolve) => (began = resolve));
    const { url, digests } = await servers.answer((_request, response) => {
      response.writeHead(200).write('half');
      began();
    });
    return { env: { ...machine.env, FLEET_PULUMI_RELEASES: url }, digests, begun };
  };

  test('is given up once nothing comes, and the next way is tried', async () => {
    const { begun, ...options } = await hangs();
    machine.plantGo(PINNED_VERSION);
    const clock = new ManualClock();
    const obtained = obtain({ ...options, clock });
    await begun;
    for (let waits = 0; !told().some((line) => line.startsWith('release failed')); waits += 1) {
      if (waits > 100) throw new Error('it is never given up');
      await clock.pass(30_000);
      await new Promise((resolve) => setImmediate(resolve));
    }

    expect(await obtained).toMatchObject({ source: 'built' });
    expect(releaseFailure()).toMatch(/cannot be had: nothing came for 30 s$/);
    expect(machine.cache).toEqual([`pulumi-${PINNED_VERSION}`]);
  });

  test('ends with an interrupt, leaves nothing, and nothing further is tried', async () => {
    const { begun, ...options } = await hangs();
    machine.plantGo(PINNED_VERSION);
    const interrupt = new AbortController();
    const obtained = obtain({ ...options, signal: interrupt.signal });
    await begun;
    const reason = new Error('interrupted');
    interrupt.abort(reason);

    await expect(obtained).rejects.toBe(reason);
    expect(machine.cache).toEqual([]);
    expect(attempts.map(({ way }) => way)).not.toContain('build');
  });
});
