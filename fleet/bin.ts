#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { hostname, tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline/promises';

import type { Terminal } from './commands/context';
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

// In this process alone: a verb that asks AWS would warn of Node's age between its own lines. The SDK's switch; a user's own value stays.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

const interrupt = new AbortController();
const cancel = new AbortController();

let sayOnInterrupt = 'interrupted: running targets finish, no other starts; once more to stop them\n';

/** The first one lets running targets finish, the second stops them, the third waits for nothing. */
function stop(): void {
  if (cancel.signal.aborted) {
    done = true;
    process.exit(130);
  }
  const again = interrupt.signal.aborted;
  process.stderr.write(again ? 'interrupted again: running targets are stopped; fleet resume goes on\n' : sayOnInterrupt);
  (again ? cancel : interrupt).abort(new Error('interrupted'));
}
process.on('SIGINT', stop);
process.on('SIGTERM', stop);

// An event loop that runs empty ends a process quietly: a verb that was still waiting for something must not look done.
let done = false;
process.on('exit', () => {
  if (done) return;
  process.stderr.write('fleet/internal: the process ended before its verb did (this is a defect of fleet)\n');
  process.exitCode = 1;
});

const { stdout } = process;
const terminal: Terminal = {
  get columns() {
    return stdout.columns;
  },
  get rows() {
    return stdout.rows;
  },
  colour: !process.env.NO_COLOR,
  // Home, each line to its end, and what is below: clearing the whole screen first would flicker.
  redraw: (text) => stdout.write(`\u001b[H${text.replaceAll('\n', '\u001b[K\n')}\u001b[K\n\u001b[J`),
};

void main(process.argv.slice(2), {
  out: (line) => process.stdout.write(`${line}\n`),
  err: (line) => process.stderr.write(`${line}\n`),
  clock: systemClock,
  cwd: process.cwd(),
  productRoot: productRoot(__dirname),
  env: process.env,
  temporary: tmpdir(),
  ask,
  terminal: stdout.isTTY ? terminal : undefined,
  onInterrupt: (says) => (sayOnInterrupt = says),
  interrupt: interrupt.signal,
  cancel: cancel.signal,
  person: `${userInfo().username}@${hostname()}`,
}).then((exitCode) => {
  done = true;
  process.exitCode = exitCode;
});
