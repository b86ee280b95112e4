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

const MAX_ATTEMPTS = 4;

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
      if (tryLink(draft, path)) return () => rmSync(path, { force: true });
      const text = readText(path);
      if (text === undefined && attempt < MAX_ATTEMPTS) continue; // Let go between our try and this look.
      const holder = parseHolder(text ?? '');
      if (!holder)
        throw new FleetError('fleet/locked', `fleet is locked by what ${path} does not say: remove that file if no verb is running`);
      if (attempt >= MAX_ATTEMPTS || !isGone(holder)) {
        throw new FleetError(
          'fleet/locked',
          `fleet is locked by ${holder.verb} (pid ${holder.pid} on ${holder.host} since ${holder.since}): wait for it, or end that process`,
        );
      }
      moveAway(path, text ?? '');
    }
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Makes the lock; unlike a rename, a link fails where there is one. */
function tryLink(draft: string, path: string): boolean {
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function parseHolder(text: string): Holder | undefined {
  try {
    const { pid, host, verb, since } = JSON.parse(text) as Partial<Holder>;
    return pid === undefined || host === undefined ? undefined : { pid, host, verb: verb ?? 'unknown', since: since ?? 'unknown' };
  } catch {
    return undefined;
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

/** Moves a dead holder's lock away. Another one may have done so and hold the lock by now: then what was moved goes back. */
function moveAway(path: string, dead: string): void {
  const moved = `${path}.${process.pid}.dead`;
  try {
    renameSync(path, moved);
  } catch {
    return; // The other one did, and has not taken it yet.
  }
  if (readText(moved) !== dead) tryLink(moved, path);
  rmSync(moved, { force: true });
}
