import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';

import { FleetRunner, type Place } from './fleet-runner';

/**
 * Fleets of two accounts in two regions, as the fleet of commit ecddc0b left them, in June 2025 by their own clock:
 *
 * - `ended`: rolled out, and then once more with less memory.
 * - `unfinished`: the same, and a third rollout whose controller was killed while it changed `regional/200000000002/us-east-1`.
 * - `half-destroyed`: the same as `ended`, and a `fleet destroy` of everything that was killed after three targets, in the middle of others:
 *   its records still say that all stand.
 */
export type EarlierFleet = 'ended' | 'unfinished' | 'half-destroyed';

let files: Readonly<Record<string, string>> | undefined;

/** A copy of an earlier fleet. They are kept together in one compressed file, text by path: they share their release. */
export function earlierFleet(name: EarlierFleet, place: Place = 'worker'): FleetRunner {
  const packed = resolve(__dirname, '../fixtures/state-ecddc0b.json.br');
  files ??= JSON.parse(brotliDecompressSync(readFileSync(packed)).toString('utf8')) as Readonly<Record<string, string>>;
  const fleet = new FleetRunner(place);
  for (const [path, text] of Object.entries(files)) {
    if (!path.startsWith(`${name}/`)) continue;
    const file = join(fleet.directory, path.slice(name.length + 1));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return fleet;
}
