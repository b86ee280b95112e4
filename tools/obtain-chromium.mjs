// Jest's global setup of `npm run test:browser`: finds a Chromium, or installs Debian's where this runs as root.
import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** Names that distributions give it. */
const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];
const INSTALL_MS = 10 * 60 * 1000;

/** Leaves its path to the tests in `FLEET_CHROMIUM`, or the reason in `FLEET_CHROMIUM_MISSING`; with `CI=true` that fails instead. */
export default async function leaveChromium() {
  delete process.env.FLEET_CHROMIUM_MISSING;
  try {
    process.env.FLEET_CHROMIUM = await obtainChromium(process.env, (line) => process.stderr.write(`chromium: ${line}\n`));
  } catch (error) {
    delete process.env.FLEET_CHROMIUM;
    process.env.FLEET_CHROMIUM_MISSING = error.message;
    if (process.env.CI === 'true') throw error;
  }
}

/** Path of a Chromium: `FLEET_CHROMIUM`, one on the PATH, or the one of Debian's package, installed now. Rejects with what to do. */
export async function obtainChromium(env, tell, { isRoot = process.getuid?.() === 0, install = installDebian } = {}) {
  const named = env.FLEET_CHROMIUM ?? '';
  if (named !== '') return named;
  const found = findOnPath(env.PATH ?? '');
  if (found !== undefined) return found;
  if (!isRoot) throw new Error('there is no Chromium on the PATH: install the package chromium, or set FLEET_CHROMIUM to its path');
  tell('none on the PATH, installing the package chromium');
  try {
    await install(env);
  } catch (error) {
    const said = String(error.stderr ?? error.message)
      .trim()
      .split('\n')
      .at(-1);
    throw new Error(`there is no Chromium, and its package cannot be installed: ${said}`, { cause: error });
  }
  const installed = findOnPath(env.PATH ?? '');
  if (installed === undefined) throw new Error('the package chromium was installed, and there is still no Chromium on the PATH');
  tell(`installed at ${installed}`);
  return installed;
}

/** The first Chromium of a PATH; undefined where there is none. */
export function findOnPath(path) {
  const files = path.split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name)));
  return files.find((file) => {
    try {
      accessSync(file, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

async function installDebian(env) {
  const options = { env: { ...env, DEBIAN_FRONTEND: 'noninteractive' }, timeout: INSTALL_MS, maxBuffer: 64 * 1024 * 1024 };
  await run('apt-get', ['update', '-qq'], options);
  await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], options);
}
