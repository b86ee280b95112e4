// Obtains actionlint, which reads the workflows, built from its Go module outside the clone, once per version.
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

const VERSION = '1.7.12';
const VERSION_SECONDS = 20;
const BUILD_SECONDS = 600;

/** Path of the one that `ACTIONLINT` names, else of the one made earlier, else of a new one. Throws with what to do where there is none. */
export async function obtainActionlint({ env, onAttempt, signal }) {
  const tool = { env: goEnvironment(env), clock: systemClock, signal };
  const lack = async (path) => {
    const result = await runTool(path, { ...tool, args: ['-version'], limitSeconds: VERSION_SECONDS });
    if (!result.ok) return result.why;
    return result.output.includes(VERSION) ? undefined : `${path} is ${result.output.split('\n')[0]}, not ${VERSION}`;
  };
  const folder = join(toolCache(env), `actionlint-${VERSION}`);
  const at = (root) => join(root, 'bin', 'actionlint');
  const named = env.ACTIONLINT ?? at(folder);
  const why = env.ACTIONLINT || existsSync(folder) ? await lack(named) : `${folder} is not there`;
  if (why === undefined) {
    onAttempt({ message: `obtained earlier: ${named} is ${VERSION}` });
    return named;
  }
  if (env.ACTIONLINT) throw new Error(`ACTIONLINT: ${why}: correct it, or unset it`);
  onAttempt({ message: `version ${VERSION} is built from its Go module` });
  try {
    await makeWhole(folder, {
      make: async ({ content, scratch }) => {
        const args = ['install', `github.com/rhysd/actionlint/cmd/actionlint@v${VERSION}`];
        const built = { ...tool.env, GOBIN: join(content, 'bin'), TMPDIR: scratch };
        const result = await runTool('go', { ...tool, env: built, args, limitSeconds: BUILD_SECONDS });
        const problem = result.ok ? await lack(at(content)) : result.why;
        if (problem !== undefined) throw new Error(problem);
      },
      isWhole: async (root) => (await lack(at(root))) === undefined,
    });
  } catch (error) {
    signal?.throwIfAborted();
    throw new Error(`no actionlint ${VERSION} can be had: ${error.message}: install Go where its module proxy can be reached`, {
      cause: error,
    });
  }
  return at(folder);
}

/** What Go may know beside what every tool may. No `GOFLAGS`: they change what is built. */
function goEnvironment(env) {
  const go = Object.entries(env).filter(([name, value]) => value !== undefined && /^(GO(?!FLAGS)[A-Z]+|XDG_CACHE_HOME)$/.test(name));
  return { ...programEnvironment(env), ...Object.fromEntries(go) };
}
