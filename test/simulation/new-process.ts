import type { HealthReader } from '../../fleet/gates/health-reader';
import type { ProcessIdentity } from '../../fleet/state/process-identity';

import { ailingEngine } from './ailing-engine';
import type { ControlledWorld } from './control-rollout';
import { failingObjects } from './failing-objects';
import { scriptedReader } from './health-script';
import { CANARY } from './layer-graph';
import type { Outside } from './outside';
import { TROUBLES_END, type Mishap } from './scenario';
import { SimulatedProcess } from './simulated-process';

/** A process, and what befalls it. */
export function newProcess(outside: Outside, mishap: Mishap | undefined): SimulatedProcess {
  outside.pids += 1;
  if (mishap?.elsewhere) outside.host = outside.host === 'host-a' ? 'host-b' : 'host-a';
  const identity = { host: outside.host, pid: outside.pids, processStart: `start ${outside.pids}` };
  outside.living.set(identity.processStart, true);
  const process: SimulatedProcess = new SimulatedProcess(outside.wall, {
    identity,
    onDeath: () => {
      outside.living.set(identity.processStart, false);
    },
    onPass: mishap ? passes(outside, mishap, () => process) : () => undefined,
  });
  return process;
}

function passes(outside: Outside, mishap: Mishap, processOf: () => SimulatedProcess): () => void {
  let left = mishap.nth;
  return () => {
    left -= 1;
    if (left !== 0 || outside.sinceBegan() > TROUBLES_END) return;
    const process = processOf();
    switch (mishap.kind) {
      case 'killed':
        outside.strike(mishap);
        process.kill();
        break;
      case 'stopped':
        outside.strike(mishap);
        process.stop();
        outside.time.after(mishap.seconds * 1000, () => process.wake());
        break;
      case 'cancelled':
        outside.time.after(mishap.seconds * 100, () => process.cancel.abort(abortError('a second interrupt')));
        outside.strike(mishap);
        process.drain.abort(abortError('an interrupt'));
        break;
      case 'interrupted':
        outside.strike(mishap);
        process.drain.abort(abortError('an interrupt'));
        break;
      default:
        break; // Strikes a write, or an operation of the engine.
    }
  };
}

/** What a process has of the outside. */
export function worldOf(outside: Outside, process: SimulatedProcess, mishap: Mishap | undefined): ControlledWorld {
  return {
    process,
    objects: failingObjects(outside, process, mishap),
    openEngine: (promoted) => ailingEngine(outside, process, { mishap, promoted }),
    reader: readerOf(outside, process),
    reporter: {
      report: ({ level, code, message }) => {
        if (level !== 'debug' && process.alive) outside.note(`pid ${process.identity.pid}: ${code}: ${message}`);
        if (message.includes(CANARY)) outside.no('S14', `a planted secret is in a message: ${code}`);
      },
    },
    departed: ({ account }) => (outside.departed.has(account) ? `account ${account} left` : null),
    onFound: () => outside.coverage.hit('seen stacks taken over'),
    isAlive: (identity: ProcessIdentity) => outside.living.get(identity.processStart) ?? false,
  };
}

function readerOf(outside: Outside, process: SimulatedProcess): HealthReader {
  const reader = scriptedReader({
    script: () => outside.script,
    now: () => outside.trueNow(),
    onTrouble: (kind) => outside.coverage.hit(`trouble ${kind}`),
  });
  return { read: (asked, options) => process.through(() => reader.read(asked, options)), close: () => reader.close() };
}

function abortError(message: string): Error {
  return Object.assign(new Error(message), { name: 'AbortError' });
}
