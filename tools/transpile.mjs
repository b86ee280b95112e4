// Transpiles the manager and what it runs with to dist/, file by file: no type check (that is `npm run types`), a tenth of a second.
import { chmodSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const folders = ['contracts', 'fleet', 'policy-pack', 'sandbox'];
const entryPoints = folders.flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => `${folder}/${path}`),
);
const command = 'fleet/bin.ts';
// The command is a script of two languages. To `sh` its second line says: see whether a hang-up is ignored here, which Node undoes as it starts,
// and run this file with Node. To Node the line is a string and a comment.
const launch = `':' //; if { sh -c 'kill -HUP $$'; } >/dev/null 2>&1; then export FLEET_HANGUP=ignored; fi; exec node "$0" "$@"`;
// A CommonJS `require` stands for `import()`: modules that are slow to load are loaded where they are needed.
const options = {
  absWorkingDir: root,
  outbase: '.',
  outdir: 'dist',
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  supported: { 'dynamic-import': false },
  sourcemap: 'linked',
  logLevel: 'warning',
};
await build({ ...options, entryPoints: entryPoints.filter((path) => path !== command) });
await build({ ...options, entryPoints: [command], banner: { js: launch } });
chmodSync(join(root, 'dist/fleet/bin.js'), 0o755);

// What has no source any more goes last: whoever runs the product meanwhile always finds it whole.
const made = new Set(entryPoints.flatMap((path) => ['.js', '.js.map'].map((end) => join(root, 'dist', path.replace(/\.ts$/, end)))));
for (const folder of folders)
  for (const entry of readdirSync(join(root, 'dist', folder), { recursive: true, withFileTypes: true }))
    if (entry.isFile() && !made.has(join(entry.parentPath, entry.name))) rmSync(join(entry.parentPath, entry.name), { force: true });
