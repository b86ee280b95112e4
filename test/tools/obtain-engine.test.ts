import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

import { MINIMUM_VERSION, toolCache } from '../../fleet/engine/pulumi/cli/pulumi-cli';
import { Machine } from '../fleet/engine/pulumi/cli/machine';
import { temporaryFolder } from '../helpers/temporary-folder';

/** The global setup of `npm run test:engine`, on machines with planted tools. It runs what was transpiled. */
const setup = pathToFileURL(resolve(__dirname, '../../tools/obtain-engine.mjs')).href;
const folder = temporaryFolder('obtain-engine');

interface SetUp {
  readonly exitCode: number;
  readonly told: readonly string[];
  /** What the tests find in their environment. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

function setUp(machine: Machine, more: Readonly<Record<string, string>> = {}): Promise<SetUp> {
  const script = `import(${JSON.stringify(setup)}).then(({ default: run }) => run()).then(
    () => console.log(JSON.stringify(process.env)),
    (error) => { console.log(JSON.stringify({ thrown: error.message })); process.exitCode = 1; },
  );`;
  return new Promise((done) => {
    execFile(
      process.execPath,
      ['--eval', script],
      { env: { ...machine.env, ACTIONLINT: actionlint(), ...more } },
      (error, stdout, stderr) => {
        const env = JSON.parse(stdout) as SetUp['env'];
        const told = stderr.split('\n').filter((line) => line !== '' && !line.startsWith('actionlint: '));
        done({ exitCode: error === null ? 0 : 1, told, env });
      },
    );
  });
}

/** An actionlint: what is said of it has no test here. */
const actionlint = () => machine.plant('bin/actionlint', 'echo 1.7.12');

/** A Python that makes environments in which moto has a version. */
function plantPython(machine: Machine, version: string): void {
  const inner = `#!/bin/sh\\ncase "$*" in *importlib*) echo ${version};; *pip*) exit 0;; esac\\n`;
  machine.plant('bin/python3', `mkdir -p "$3/bin"\nprintf '${inner}' > "$3/bin/python"\nchmod +x "$3/bin/python"`);
}

let machine: Machine;
beforeEach(() => {
  machine = new Machine(folder);
  machine.plantCli('bin/pulumi', MINIMUM_VERSION);
});

/** No Python of this machine may be found. */
const noPython = () => machine.plant('bin/python3', 'echo "No module named venv" >&2; exit 1');
const motoFolder = () => join(toolCache(machine.env), 'moto-5.2.5');

test('leaves the paths of the CLI and of a Python that has moto, and tells each way tried in one line', async () => {
  plantPython(machine, '5.2.5');
  const { exitCode, env, told } = await setUp(machine, { CI: 'true' });

  expect(exitCode).toBe(0);
  expect(env).toMatchObject({ FLEET_PULUMI: join(machine.home, 'bin/pulumi'), MOTO_PYTHON: join(motoFolder(), 'bin/python') });
  expect(told).toEqual([
    `pulumi: on PATH: ${join(machine.home, 'bin/pulumi')} is ${MINIMUM_VERSION}`,
    `moto: obtained earlier: moto 5.2.5 was not obtained yet: ${motoFolder()} is not there`,
    'moto: virtual environment: moto 5.2.5 is installed with pip: about a minute',
    `moto: virtual environment: ${join(motoFolder(), 'bin/python')} has moto 5.2.5`,
  ]);
});

test('takes what was obtained earlier, and makes anew what is broken by now', async () => {
  plantPython(machine, '5.2.5');
  await setUp(machine);
  expect((await setUp(machine)).told.at(-1)).toMatch(/^moto: obtained earlier: .* has moto 5\.2\.5$/);

  machine.plant(relative(machine.home, join(motoFolder(), 'bin/python')), 'echo "bad interpreter" >&2; exit 126');
  const { env, told } = await setUp(machine);
  expect(told).toContain('moto: obtained earlier: bad interpreter');
  expect(env.MOTO_PYTHON).toBe(join(motoFolder(), 'bin/python'));
  expect(machine.cache).toEqual(['moto-5.2.5']);
});

test('says why one cannot be had, for the names of the tests that are skipped; nothing is left', async () => {
  noPython();
  const { exitCode, env } = await setUp(machine, { MOTO_PYTHON: '' });

  expect(exitCode).toBe(0);
  expect(env.FLEET_PULUMI).toBeDefined();
  expect(env.MOTO_PYTHON).toBeUndefined();
  expect(env.MOTO_PYTHON_MISSING).toMatch(
    /^no moto 5\.2\.5 can be had: obtained earlier: .*; virtual environment: No module named venv: install python3 .* or name a Python that has it with MOTO_PYTHON$/,
  );
  expect(machine.cache).toEqual([]);
});

test('fails with CI=true, naming all that is missing', async () => {
  noPython();
  const { exitCode, env } = await setUp(machine, { CI: 'true', FLEET_PULUMI: '/no/such/pulumi' });

  expect(exitCode).toBe(1);
  expect(env.thrown).toMatch(/FLEET_PULUMI cannot be used: .*\n.*no moto 5\.2\.5 can be had/);
});

test('a Python that is named has to have moto', async () => {
  plantPython(machine, '5.2.5');
  const named = machine.plant('named/python', 'echo "ModuleNotFoundError: No module named moto" >&2; exit 1');

  const { env } = await setUp(machine, { MOTO_PYTHON: named });
  expect(env.MOTO_PYTHON_MISSING).toBe('MOTO_PYTHON: ModuleNotFoundError: No module named moto: correct MOTO_PYTHON, or unset it');
  expect(existsSync(motoFolder())).toBe(false);
});

test('the validators of test:fidelity are obtained in the same way, in a folder that is named after their versions', async () => {
  const tools = pathToFileURL(resolve(__dirname, '../../tools/obtain-python.mjs')).href;
  const obtain = () =>
    new Promise<string>((done) => {
      const script = `import(${JSON.stringify(tools)}).then(({ obtainValidators }) => obtainValidators({ env: process.env, onAttempt: () => undefined })).then(console.log, ({ message }) => console.log(message));`;
      execFile(process.execPath, ['--eval', script], { env: machine.env }, (_error, stdout) => done(stdout.trim()));
    });
  plantPython(machine, 'regex 1.0.0');
  expect(await obtain()).toMatch(
    /^no validators botocore [\d.]+, cfn-lint [\d.]+, policy_sentry [\d.]+ can be had: .* has validators regex 1\.0\.0, not /,
  );
  expect(machine.cache).toEqual([]);

  const versions = /no validators (.*?) can be had/.exec(await obtain())?.[1] ?? '';
  plantPython(machine, versions);
  expect(await obtain()).toBe(
    join(toolCache(machine.env), `validators-${versions.replaceAll(', ', '-').replaceAll(' ', '-')}`, 'bin/python'),
  );
});

test('another version of moto is not taken', async () => {
  plantPython(machine, '4.0.0');
  mkdirSync(toolCache(machine.env), { recursive: true });

  const { env } = await setUp(machine);
  expect(env.MOTO_PYTHON_MISSING).toContain('has moto 4.0.0, not 5.2.5');
  expect(readdirSync(toolCache(machine.env))).toEqual([]);
});
