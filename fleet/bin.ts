#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline/promises';

import { userError } from './errors';
import { main } from './main';
import { systemClock } from './system-clock';

/** The folder with this product's package.json, from wherever this file was built to. */
function productRoot(from: string): string {
  return existsSync(join(from, 'package.json')) ? from : productRoot(dirname(from));
}

async function ask(question: string): Promise<string> {
  if (!process.stdin.isTTY)
    throw userError('needs-confirmation', 'nobody is there to answer: pass --yes (destroy: --confirm <fleet name>)');
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await prompt.question(question);
  } finally {
    prompt.close();
  }
}

// `npm run fleet` moves to the package's folder; paths are meant from where the person stands.
if (process.env.npm_lifecycle_event === 'fleet' && process.env.INIT_CWD) process.chdir(process.env.INIT_CWD);

const interrupt = new AbortController();
process.on('SIGINT', () => {
  if (interrupt.signal.aborted) {
    done = true;
    process.exit(130); // The second one does not wait for running targets.
  }
  process.stderr.write('interrupted: running targets finish, no other starts; once more to stop at once\n');
  interrupt.abort(new Error('interrupted'));
});

// An event loop that runs empty ends a process quietly: a verb that was still waiting for something must not look done.
let done = false;
process.on('exit', () => {
  if (done) return;
  process.stderr.write('fleet/internal: the process ended before its verb did (this is a defect of fleet)\n');
  process.exitCode = 1;
});

void main(process.argv.slice(2), {
  out: (line) => process.stdout.write(`${line}\n`),
  err: (line) => process.stderr.write(`${line}\n`),
  clock: systemClock,
  cwd: process.cwd(),
  productRoot: productRoot(__dirname),
  temporary: tmpdir(),
  ask,
  interrupt: interrupt.signal,
}).then((exitCode) => {
  done = true;
  process.exitCode = exitCode;
});
