import { spawnSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** A process, told apart from a later one with its number. */
export interface ProcessIdentity {
  readonly host: string;
  readonly pid: number;
  /** When it was started, as its system counts: equal or not, nothing else. */
  readonly processStart: string;
}

/** This process. */
export function thisProcess(): ProcessIdentity {
  return processOf(process.pid);
}

/** A process of this host that runs now. */
export function processOf(pid: number): ProcessIdentity {
  return { host: hostname(), pid, processStart: startOf(pid) ?? 'unknown' };
}

/**
 * False only where it is certain that a process of this host has ended. One of another boot or container of the same host name cannot be
 * seen from here, so it counts as alive, and its lease's expiry decides.
 */
export function isProcessAlive({ pid, processStart }: ProcessIdentity): boolean {
  if (!processStart.startsWith(view()) || processStart === 'unknown') return true;
  if (isGone(pid)) return false;
  const start = startOf(pid);
  return start === undefined || start === processStart;
}

/** Which process table is seen: that of this boot, and of this container. */
function view(): string {
  if (process.platform !== 'linux') return '';
  return `${tryRead(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()) ?? ''}/${tryRead(() => readlinkSync('/proc/self/ns/pid')) ?? ''}/`;
}

/** True where no process of this number runs here now, or only what is left of one. */
export function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return tryRead(() => stateAndStart(pid).state) === 'Z'; // Killed, and not yet waited for.
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

/** Undefined: cannot be read, which says nothing. */
function startOf(pid: number): string | undefined {
  if (process.platform === 'linux') {
    const start = tryRead(() => stateAndStart(pid).start);
    return start === undefined ? undefined : `${view()}${start}`;
  }
  const { status, stdout } = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' });
  return status === 0 && stdout.trim() !== '' ? stdout.trim() : undefined;
}

/** Fields 3 and 22 of /proc/<pid>/stat. Field 2, the command in parentheses, may hold spaces and parentheses itself. */
function stateAndStart(pid: number): { readonly state: string | undefined; readonly start: string | undefined } {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { state: fields[0], start: fields[19] };
}

function tryRead<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
