import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';

import { FleetError } from '../errors';
import type { TargetRecord } from '../plan/target-record';
import type { RolloutEvent } from '../rollout/state';

/** One line of a journal. */
export type JournalEntry = { readonly event: RolloutEvent } | { readonly record: TargetRecord };

/** Appends one entry; it is in the file when this returns. */
export function appendToJournal(path: string, entry: JournalEntry): void {
  mkdirSync(dirname(path), { recursive: true });
  appendFileSync(path, `${JSON.stringify(entry)}\n`);
}

/** Every whole entry in order. A torn last line, as a killed process leaves it, is dropped; damage before it is refused. */
export function readJournal(path: string): readonly JournalEntry[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').split('\n');
  lines.pop();
  return lines.map((line, index) => {
    try {
      return entryOf(JSON.parse(line));
    } catch (cause) {
      throw new FleetError('fleet/journal-damaged', `${path} is damaged at line ${index + 1}`, { cause });
    }
  });
}

function entryOf(value: unknown): JournalEntry {
  if (typeof value === 'object' && value !== null && ('event' in value || 'record' in value)) return value as JournalEntry;
  throw new TypeError('neither an event nor a record');
}
