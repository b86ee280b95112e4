// Obtains what tests need of PyPI, each in a virtual environment outside the clone, once per version: moto, the AWS emulator, and the validators of test:fidelity.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

// Transpiled before: what the fleet obtains its CLI with obtains this as well.
const require = createRequire(import.meta.url);
const { programEnvironment } = require('../dist/fleet/engine/pulumi/child-environment.js');
const { makeWhole } = require('../dist/fleet/engine/pulumi/cli/make-whole.js');
const { toolCache } = require('../dist/fleet/engine/pulumi/cli/pulumi-cli.js');
const { runTool } = require('../dist/fleet/engine/pulumi/cli/run-tool.js');
const { systemClock } = require('../dist/fleet/system-clock.js');

const VERSION_SECONDS = 60;
const INSTALL_SECONDS = 600;

const MOTO = {
  name: 'moto',
  version: '5.2.5',
  variable: 'MOTO_PYTHON',
  /** Prints the version. */
  probe: 'import importlib.metadata, moto.server; print(importlib.metadata.version("moto"))',
  install: ['moto[server]==5.2.5'],
  takes: 'about a minute',
};

const REQUIREMENTS = join(dirname(fileURLToPath(import.meta.url)), 'validators.txt');

/** Every package by name and version, those that the first three need among them; what is not listed is not installed. */
const pins = readFileSync(REQUIREMENTS, 'utf8')
  .split('\n')
  .filter((line) => line.includes('=='))
  .map((line) => line.split('=='));
const told = pins.slice(0, 3).map((pin) => pin.join(' '));

const VALIDATORS = {
  name: 'validators',
  version: told.join(', '),
  folder: `validators-${told.join('-').replaceAll(' ', '-')}`,
  variable: 'VALIDATORS_PYTHON',
  /** Prints what is told, or else which packages are of other versions. */
  probe: `import importlib.metadata as m, cfnlint.api, regex
other = [f"{n} {m.version(n)}" for n, v in ${JSON.stringify(pins)} if m.version(n) != v]
print(", ".join(other) or ${JSON.stringify(told.join(', '))})`,
  install: ['--no-deps', '--requirement', REQUIREMENTS],
  takes: 'half a minute',
};

/**
 * Path of a Python that has moto: the one that `MOTO_PYTHON` names, else the one made earlier, else a new virtual environment. Tells each way
 * tried in one line; throws with what to do where there is none.
 */
export const obtainMoto = (options) => obtainPython(MOTO, options);

/** As {@link obtainMoto} for botocore, cfn-lint and policy_sentry in the versions of tools/validators.txt, and `VALIDATORS_PYTHON`. */
export const obtainValidators = (options) => obtainPython(VALIDATORS, options);

async function obtainPython(wanted, { env, onAttempt, signal }) {
  const { name, version, variable } = wanted;
  const tool = { env: toolEnvironment(env), clock: systemClock, signal };
  const failures = [];
  const tell = (way, state, message) => {
    if (state === 'failed') failures.push(`${way}: ${message}`);
    onAttempt({ way, state, message: `${way}: ${message}` });
  };
  /** Undefined where a Python has it, else why it has not. */
  const lack = async (python) => {
    const result = await runTool(python, { ...tool, args: ['-c', wanted.probe], limitSeconds: VERSION_SECONDS });
    if (!result.ok) return result.why;
    const found = result.output.trim();
    return found === version ? undefined : `${python} has ${name} ${found}, not ${version}`;
  };

  if (env[variable]) {
    const why = await lack(env[variable]);
    tell(variable, why === undefined ? 'succeeded' : 'failed', why ?? `${env[variable]} has ${name} ${version}`);
    if (why === undefined) return env[variable];
    throw new Error(`${failures.join('; ')}: correct ${variable}, or unset it`);
  }

  const folder = join(toolCache(env), wanted.folder ?? `${name}-${version}`);
  const python = (root) => join(root, 'bin', 'python');
  const cached = existsSync(folder) ? await lack(python(folder)) : `${name} ${version} was not obtained yet: ${folder} is not there`;
  tell('obtained earlier', cached === undefined ? 'succeeded' : 'failed', cached ?? `${python(folder)} has ${name} ${version}`);
  if (cached === undefined) return python(folder);

  tell('virtual environment', 'begun', `${name} ${version} is installed with pip: ${wanted.takes}`);
  try {
    await makeWhole(folder, {
      make: async ({ content, scratch }) => {
        const run = async (command, args) => {
          const result = await runTool(command, { ...tool, env: { ...tool.env, TMPDIR: scratch }, args, limitSeconds: INSTALL_SECONDS });
          if (!result.ok) throw new Error(result.why);
        };
        await run('python3', ['-m', 'venv', content]);
        await run(python(content), ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...wanted.install]);
        const why = await lack(python(content));
        if (why !== undefined) throw new Error(why);
      },
      isWhole: async (root) => (await lack(python(root))) === undefined,
    });
  } catch (error) {
    signal?.throwIfAborted();
    tell('virtual environment', 'failed', error.message);
    throw new Error(
      `no ${name} ${version} can be had: ${failures.join('; ')}: install python3 (3.10 or newer) with venv and pip where PyPI can be reached, or name a Python that has it with ${variable}`,
    );
  }
  tell('virtual environment', 'succeeded', `${python(folder)} has ${name} ${version}`);
  return python(folder);
}

/** What Python and pip may know: where packages come from, too, but no credentials of anything else. */
function toolEnvironment(env) {
  const python = Object.entries(env).filter(([name, value]) => value !== undefined && /^(PIP|PYENV)_/.test(name));
  return { ...programEnvironment(env), ...Object.fromEntries(python) };
}
