import { readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

import { findPulumiCli } from '../../../../../fleet/engine/pulumi/cli/find-pulumi-cli';
import { MINIMUM_VERSION, PINNED_VERSION, toolCache } from '../../../../../fleet/engine/pulumi/cli/pulumi-cli';
import { temporaryFolder } from '../../../../helpers/temporary-folder';

import { Machine } from './machine';

const folder = temporaryFolder('find-cli');
const root = resolve(__dirname, '../../../../..');
const OLD = '3.247.0';

describe('a Pulumi CLI', () => {
  let machine: Machine;
  beforeEach(() => (machine = new Machine(folder)));
  const find = (env: Readonly<Record<string, string>> = {}) => findPulumiCli({ env: { ...machine.env, ...env } });

  test('is the first one on PATH, before the one obtained earlier', async () => {
    const path = machine.plantCli('bin/pulumi', MINIMUM_VERSION);
    machine.plantCli('other/pulumi', '3.300.0');
    machine.plantCli(relative(machine.home, machine.cached), PINNED_VERSION);

    expect(await find({ PATH: `${machine.env.PATH}:${join(machine.home, 'other')}` })).toEqual({
      path,
      version: MINIMUM_VERSION,
      source: 'path',
    });
  });

  test.each([
    ['none is on PATH', () => undefined],
    ['the one on PATH is too old', () => machine.plantCli('bin/pulumi', OLD)],
    ['the one on PATH is broken', () => machine.plant('bin/pulumi', 'echo "cannot open shared object" >&2; exit 127')],
  ])('is the one obtained earlier where %s', async (_when, plant) => {
    plant();
    machine.plantCli(relative(machine.home, machine.cached), PINNED_VERSION);

    expect(await find()).toEqual({ path: machine.cached, version: PINNED_VERSION, source: 'cache' });
  });

  test('is the one that FLEET_PULUMI names, before all others', async () => {
    const path = machine.plantCli('named/pulumi', PINNED_VERSION);
    machine.plantCli('bin/pulumi', '3.300.0');

    expect(await find({ FLEET_PULUMI: path })).toEqual({ path, version: PINNED_VERSION, source: 'named' });
    expect(await find({ FLEET_PULUMI: '' })).toMatchObject({ source: 'path' });
  });

  test('is asked for its version with neither credentials nor a passphrase in its environment', async () => {
    machine.plant('bin/pulumi', `${machine.noting('pulumi')}\necho v${PINNED_VERSION}`);
    await find({ PULUMI_CONFIG_PASSPHRASE: 'canary-1', AWS_SECRET_ACCESS_KEY: 'canary-2', GITHUB_TOKEN: 'canary-3' });

    expect(machine.noted('pulumi')).toContain('PULUMI_SKIP_UPDATE_CHECK=true');
    expect(machine.noted('pulumi')).not.toContain('canary');
  });
});

describe('where there is no usable CLI, one line says what was looked at and what to do', () => {
  let machine: Machine;
  beforeEach(() => (machine = new Machine(folder)));
  const advice = /: run `fleet doctor --fix`, or put one of 3\.248\.0 or newer on PATH$/;

  test.each<[string, (machine: Machine) => unknown, string, RegExp]>([
    [
      'none at all',
      () => undefined,
      'pulumi/cli-missing',
      /^there is no Pulumi CLI: no pulumi is on PATH; none of version 3\.259\.0 was obtained yet/,
    ],
    ['only a folder of that name', (it) => it.plant('bin/pulumi/x', ''), 'pulumi/cli-missing', /no pulumi is on PATH/],
    [
      'one too old',
      (it) => it.plantCli('bin/pulumi', OLD),
      'pulumi/cli-too-old',
      /^the Pulumi CLI is too old: \S+\/bin\/pulumi is 3\.247\.0, older than 3\.248\.0; none/,
    ],
    [
      'one that is no CLI',
      (it) => it.plant('bin/pulumi', 'echo hello'),
      'pulumi/cli-missing',
      /bin\/pulumi says no version but "hello\\n"/,
    ],
    [
      'one that fails',
      (it) => it.plant('bin/pulumi', 'echo "Exec format error" >&2; exit 1'),
      'pulumi/cli-missing',
      /does not say its version: Exec format error/,
    ],
  ])('%s', async (_what, plant, code, message) => {
    plant(machine);
    const error = await findPulumiCli({ env: machine.env }).catch((thrown: unknown) => thrown);

    expect(error).toMatchObject({ code, message: expect.stringMatching(message) as string });
    expect(error).toMatchObject({ message: expect.stringMatching(advice) as string });
    expect(error).toMatchObject({ message: expect.not.stringContaining('\n') as string });
  });

  test.each<[string, (machine: Machine) => string, string, RegExp]>([
    [
      'is not there',
      () => '/no/such/pulumi',
      'pulumi/cli-missing',
      /FLEET_PULUMI cannot be used: .*\/no\/such\/pulumi is not there; correct it, or unset it$/,
    ],
    [
      'is too old',
      (it) => it.plantCli('named/pulumi', OLD),
      'pulumi/cli-too-old',
      /FLEET_PULUMI is too old: .* is 3\.247\.0, older than 3\.248\.0; name a newer one/,
    ],
  ])('the named one %s: no other is taken for it', async (_what, plant, code, message) => {
    machine.plantCli('bin/pulumi', PINNED_VERSION);
    const error = findPulumiCli({ env: { ...machine.env, FLEET_PULUMI: plant(machine) } });

    await expect(error).rejects.toMatchObject({ code, message: expect.stringMatching(message) as string });
  });
});

describe('the versions', () => {
  test('that is obtained is the one that the Go module pins', () => {
    const pins = readFileSync(join(root, 'tools/pulumi/go.mod'), 'utf8');

    expect(/github\.com\/pulumi\/pulumi\/pkg\/v3 v(\S+)/.exec(pins)?.[1]).toBe(PINNED_VERSION);
  });

  test('that is the oldest is that of the SDK', () => {
    const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { dependencies: Record<string, string> };

    expect(dependencies['@pulumi/pulumi']).toBe(MINIMUM_VERSION);
  });
});

test.each([
  [{ XDG_CACHE_HOME: '/cache', HOME: '/home/me' }, '/cache/order-fleet'],
  [{ XDG_CACHE_HOME: '', HOME: '/home/me' }, '/home/me/.cache/order-fleet'],
  [{ HOME: '/home/me' }, '/home/me/.cache/order-fleet'],
])('with %j, tools are kept in %s', (env, expected) => {
  expect(toolCache(env)).toBe(expected);
});
