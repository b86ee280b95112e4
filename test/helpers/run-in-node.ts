import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { buildSync } from 'esbuild';

const root = resolve(__dirname, '../..');

/** Bundles a script (paths relative to the repository) and runs it in a plain Node process; returns what it printed. */
export function runInNode(source: string): string {
  const folder = mkdtempSync(join(root, 'node_modules/.cache-run-'));
  try {
    const outfile = join(folder, 'script.js');
    buildSync({
      stdin: { contents: source, resolveDir: root, loader: 'ts' },
      bundle: true,
      platform: 'node',
      packages: 'external',
      outfile,
      logLevel: 'silent',
    });
    return execFileSync(process.execPath, [outfile], { cwd: root, encoding: 'utf8', timeout: 25_000 });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
