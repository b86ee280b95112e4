#!/bin/sh
import { once } from 'node:events';
import { closeSync, existsSync } from 'node:fs';
import { homedir, hostname, tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { isatty } from 'node:tty';

import type { Terminal } from './commands/context';
import { userError } from './errors';
import { ignoresHangUp } from './hang-up';
import { main } from './main';
import { openOutput } from './output';
import { personOf } from './person';
import { systemClock } from './system-clock';

/** The folder with this product's package.json, from wherever this file was built to. */
function productRoot(from: string): string {
  return existsSync(join(from, 'package.json')) ? from : productRoot(dirname(from));
}

const { stdin, stdout } = process;
const out = openOutput(stdout);
const err = openOutput(process.stderr);

async function ask(question: string): Promise<string> {
  if (!stdin.isTTY) throw nobodyAnswers('nobody is there to answer');
  err.write(question);
  if ((await err.settled()) !== undefined) throw nobodyAnswers('the question cannot be shown on standard error');
  // The terminal's own line editing: what is written stays out of it, and Ctrl-C remains a signal.
  const prompt = createInterface({ input: stdin, terminal: false });
  const asked = new AbortController();
  const signal = AbortSignal.any([asked.signal, interrupt.signal]);
  try {
    const line = once(prompt, 'line', { signal });
    const end = once(prompt, 'close', { signal });
    const [answer] = (await Promise.race([line, end])) as readonly (string | undefined)[];
    if (answer === undefined) throw nobodyAnswers('standard input ended before an answer');
    return answer;
  } finally {
    asked.abort();
    prompt.close();
  }
}

function nobodyAnswers(why: string): Error {
  return userError('needs-confirmation', `${why}: pass --yes (destroy: --confirm <fleet name>)`);
}

// `npm run fleet` moves to the package's folder; paths are meant from where the person stands.
if (process.env.npm_lifecycle_event === 'fleet' && process.env.INIT_CWD) process.chdir(process.env.INIT_CWD);

// Libraries ask for the home folder as they are loaded. A user whom nobody gave one has none, rather than one that others can write to.
try {
  homedir();
} catch {
  process.env.HOME = '/';
}
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
  err.write(again ? 'interrupted again: running targets are stopped; fleet resume goes on\n' : sayOnInterrupt);
  (again ? cancel : interrupt).abort(new Error('interrupted'));
}
process.on('SIGINT', stop);
process.on('SIGTERM', stop);

// One terminal that closes is told several times, by the shell and by the kernel: that is not somebody who asks again.
const survivesHangUp = ignoresHangUp(process.env);
process.on('SIGHUP', () => {
  if (!survivesHangUp && !interrupt.signal.aborted) stop();
});
delete process.env.FLEET_HANGUP;

// An event loop that runs empty ends a process quietly: a verb that was still waiting for something must not look done.
let done = false;
process.on('exit', () => {
  if (done) return;
  err.write('fleet/internal: the process ended before its verb did (this is a defect of fleet)\n');
  process.exitCode = 1;
});

// Node sets a terminal back as it ends, and aborts where that has gone: what is closed it leaves alone.
const terminals = [0, 1, 2].filter((fd) => isatty(fd));
process.on('exit', () => {
  for (const fd of terminals) if (!isatty(fd)) closeSync(fd);
});

const terminal: Terminal = {
  get columns() {
    return stdout.columns;
  },
  get rows() {
    return stdout.rows;
  },
  colour: !process.env.NO_COLOR,
  // Home, each line to its end, and what is below: clearing the whole screen first would flicker.
  redraw: (text) => out.write(`\u001b[H${text.replaceAll('\n', '\u001b[K\n')}\u001b[K\n\u001b[J`),
};

void main(process.argv.slice(2), {
  out: (line) => out.write(`${line}\n`),
  err: (line) => err.write(`${line}\n`),
  outputLoss: () => out.settled(),
  outputClosed: out.closed,
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
  person: personOf({ userInfo, userId: () => process.getuid?.(), hostname }),
}).then((exitCode) => {
  done = true;
  process.exitCode = exitCode;
});
