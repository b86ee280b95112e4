import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';

import { FleetError } from '../errors';

interface Holder {
  readonly pid: number;
  readonly host: string;
  readonly verb: string;
  readonly since: string;
}

/**
 * Takes the fleet's lock for a verb that changes something; one controller per fleet. A holder on this host whose process is gone is
 * taken over. Throws `fleet/locked`, naming the holder. Returns what lets go.
 */
export function takeLock(path: string, claim: { readonly verb: string; readonly since: string }): () => void {
  mkdirSync(dirname(path), { recursive: true });
  const mine: Holder = { pid: process.pid, host: hostname(), ...claim };
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(mine));
  try {
    for (let attempt = 1; ; attempt += 1) {
      try {
        linkSync(draft, path); // Unlike a rename, this fails where the lock exists.
        return () => rmSync(path, { force: true });
      } catch (cause) {
        const holder = readHolder(path);
        if (holder && (attempt > 3 || !isGone(holder))) {
          throw new FleetError(
            'fleet/locked',
            `fleet is locked by ${holder.verb} (pid ${holder.pid} on ${holder.host} since ${holder.since}): wait for it, or end that process`,
            { cause },
          );
        }
        if (holder) renameAway(path);
      }
    }
  } finally {
    rmSync(draft, { force: true });
  }
}

function readHolder(path: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Holder;
  } catch {
    return undefined; // Let go between our try and this look: try again.
  }
}

function isGone(holder: Holder): boolean {
  if (holder.host !== hostname()) return false;
  try {
    process.kill(holder.pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

/** Of two that find the same dead holder only one moves it away. */
function renameAway(path: string): void {
  try {
    renameSync(path, `${path}.dead`);
    rmSync(`${path}.dead`, { force: true });
  } catch {
    return; // The other one did.
  }
}
