import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { providerPlugin } from '../../../../../fleet/engine/pulumi/cli/provider-plugin';
import { systemClock } from '../../../../../fleet/system-clock';
import { root } from '../../../../docs/page';
import { temporaryFolder } from '../../../../helpers/temporary-folder';

import { Machine } from './machine';

const folder = temporaryFolder('provider-plugin');
const { version } = JSON.parse(readFileSync(join(root, 'node_modules/@pulumi/aws/package.json'), 'utf8')) as { readonly version: string };

/** A machine whose CLI lists what a file has, and installs by writing that. */
function machineWith(listed: string, install = 'exit 1'): { readonly machine: Machine; readonly path: string } {
  const machine = new Machine(folder);
  const path = machine.plant('bin/pulumi', `if [ "$2" = ls ]; then echo '${listed}'; else ${machine.noting('install')}; ${install}; fi`);
  return { machine, path };
}

const look = ({ machine, path }: ReturnType<typeof machineWith>, fix: boolean) =>
  providerPlugin({
    cli: { path, version: '3.259.0', source: 'path' },
    env: { ...machine.env, AWS_SECRET_ACCESS_KEY: 'canary', PULUMI_CONFIG_PASSPHRASE: 'canary', PULUMI_HOME: '/plugins' },
    productRoot: root,
    clock: systemClock,
    signal: new AbortController().signal,
    fix,
  });

const plugins = (name: string, its: string, kind = 'resource') => JSON.stringify([{ name, kind, version: its, size: 1 }]);

describe('the AWS plugin', () => {
  test('that is there in the version of @pulumi/aws is taken, and nothing is installed', async () => {
    const there = machineWith(plugins('aws', version));

    expect(await look(there, true)).toEqual({ version, source: 'there' });
    expect(existsSync(join(there.machine.home, 'install.noted'))).toBe(false);
  });

  test.each([
    ['not there', '[]'],
    ['there in another version', plugins('aws', '6.0.0')],
    ['another kind', plugins('aws', version, 'analyzer')],
    ["another provider's", plugins('awsx', version)],
    ['not told', 'v3.259.0'],
  ])('that is %s is missed by name, and fetched by nobody', async (_what, listed) => {
    const there = machineWith(listed);

    await expect(look(there, false)).rejects.toMatchObject({
      code: 'pulumi/plugin-missing',
      message: expect.stringContaining(`pulumi plugin install resource aws ${version}`) as string,
    });
    expect(existsSync(join(there.machine.home, 'install.noted'))).toBe(false);
  });

  test('is installed with fix, by a CLI that knows neither credentials nor passphrase', async () => {
    const there = machineWith('[]', 'exit 0');

    expect(await look(there, true)).toEqual({ version, source: 'installed' });
    const noted = there.machine.noted('install');
    expect(noted).toContain(`plugin\ninstall\nresource\naws\n${version}\n`);
    expect(noted).toContain('PULUMI_HOME=/plugins');
    expect(noted).not.toContain('canary');
  });

  test('that cannot be installed is told with what the CLI said last', async () => {
    await expect(look(machineWith('[]', 'echo "error: no route to host" >&2; exit 255'), true)).rejects.toMatchObject({
      code: 'pulumi/plugin-missing',
      message: expect.stringMatching(/did not: error: no route to host$/) as string,
    });
  });

  test('where plugins cannot be listed, that is told', async () => {
    const machine = new Machine(folder);
    const path = machine.plant('bin/pulumi', 'echo "error: permission denied" >&2; exit 1');

    await expect(look({ machine, path }, false)).rejects.toMatchObject({
      message: expect.stringMatching(/plugins cannot be listed: error: permission denied$/) as string,
    });
  });
});
