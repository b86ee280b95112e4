// Obtains moto, the AWS emulator of the emulator tests, in a virtual environment outside the clone, once per version.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

const VERSION = '5.2.5';

/** Jest's global setup: leaves the path of a Python that has moto in `MOTO_PYTHON`. Throws, naming what is missing: never skips. */
export default function obtainMoto() {
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  const folder = join(cache, 'order-fleet', `moto-${VERSION}`);
  if (!existsSync(folder)) build(folder);
  process.env.MOTO_PYTHON = join(folder, 'bin', 'python');
}

/** Built beside its place and moved there when it is whole, so that neither an interrupted nor a second run leaves half of one. */
function build(folder) {
  const building = `${folder}.${process.pid}`;
  mkdirSync(dirname(folder), { recursive: true });
  try {
    run('python3', ['-m', 'venv', building]);
    run(join(building, 'bin', 'python'), ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', `moto[server]==${VERSION}`]);
    if (!existsSync(folder)) renameSync(building, folder);
  } finally {
    rmSync(building, { recursive: true, force: true });
  }
}

function run(command, args) {
  const { error, status, stderr } = spawnSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'] });
  if (error === undefined && status === 0) return;
  const why = error?.message ?? stderr.trim();
  throw new Error(
    `moto ${VERSION} cannot be obtained: it needs python3 (3.10 or newer) with venv and pip, and PyPI; ${command} failed: ${why}`,
  );
}
