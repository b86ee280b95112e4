// Obtains moto, the AWS emulator of the emulator tests, in a virtual environment outside the clone, once per version.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

// Transpiled before: what the fleet obtains its CLI with obtains this as well.
const require = createRequire(import.meta.url);
const { programEnvironment } = require('../dist/fleet/engine/pulumi/child-environment.js');
const { makeWhole } = require('../dist/fleet/engine/pulumi/cli/make-whole.js');
const { toolCache } = require('../dist/fleet/engine/pulumi/cli/pulumi-cli.js');
const { runTool } = require('../dist/fleet/engine/pulumi/cli/run-tool.js');
const { systemClock } = require('../dist/fleet/system-clock.js');

const VERSION = '5.2.5';
const VERSION_SECONDS = 60;
const INSTALL_SECONDS = 600;

/**
 * Path of a Python that has moto: the one that `MOTO_PYTHON` names, else the one made earlier, else a new virtual environment. Tells each way
 * tried in one line; throws with what to do where there is none.
 */
export async function obtainMoto({ env, onAttempt, signal }) {
  const tool = { env: toolEnvironment(env), clock: systemClock, signal };
  const failures = [];
  const tell = (way, state, message) => {
    if (state === 'failed') failures.push(`${way}: ${message}`);
    onAttempt({ way, state, message: `${way}: ${message}` });
  };
  /** Undefined where a Python has moto, else why it has not. */
  const lack = async (python) => {
    const args = ['-c', 'import importlib.metadata, moto.server; print(importlib.metadata.version("moto"))'];
    const result = await runTool(python, { ...tool, args, limitSeconds: VERSION_SECONDS });
    if (!result.ok) return result.why;
    const version = result.output.trim();
    return version === VERSION ? undefined : `${python} has moto ${version}, not ${VERSION}`;
  };

  if (env.MOTO_PYTHON) {
    const why = await lack(env.MOTO_PYTHON);
    tell('MOTO_PYTHON', why === undefined ? 'succeeded' : 'failed', why ?? `${env.MOTO_PYTHON} has moto ${VERSION}`);
    if (why === undefined) return env.MOTO_PYTHON;
    throw new Error(`${failures.join('; ')}: correct MOTO_PYTHON, or unset it`);
  }

  const folder = join(toolCache(env), `moto-${VERSION}`);
  const python = (root) => join(root, 'bin', 'python');
  const cached = existsSync(folder) ? await lack(python(folder)) : `moto ${VERSION} was not obtained yet: ${folder} is not there`;
  tell('obtained earlier', cached === undefined ? 'succeeded' : 'failed', cached ?? `${python(folder)} has moto ${VERSION}`);
  if (cached === undefined) return python(folder);

  tell('virtual environment', 'begun', `moto ${VERSION} is installed with pip: about a minute`);
  try {
    await makeWhole(folder, {
      make: async ({ content, scratch }) => {
        const run = async (command, args) => {
          const result = await runTool(command, { ...tool, env: { ...tool.env, TMPDIR: scratch }, args, limitSeconds: INSTALL_SECONDS });
          if (!result.ok) throw new Error(result.why);
        };
        await run('python3', ['-m', 'venv', content]);
        await run(python(content), ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', `moto[server]==${VERSION}`]);
        const why = await lack(python(content));
        if (why !== undefined) throw new Error(why);
      },
      isWhole: async (root) => (await lack(python(root))) === undefined,
    });
  } catch (error) {
    signal?.throwIfAborted();
    tell('virtual environment', 'failed', error.message);
    throw new Error(
      `no moto ${VERSION} can be had: ${failures.join('; ')}: install python3 (3.10 or newer) with venv and pip where PyPI can be reached, or name a Python that has it with MOTO_PYTHON`,
    );
  }
  tell('virtual environment', 'succeeded', `${python(folder)} has moto ${VERSION}`);
  return python(folder);
}

/** What Python and pip may know: where packages come from, too, but no credentials of anything else. */
function toolEnvironment(env) {
  const python = Object.entries(env).filter(([name, value]) => value !== undefined && /^(PIP|PYENV)_/.test(name));
  return { ...programEnvironment(env), ...Object.fromEntries(python) };
}
