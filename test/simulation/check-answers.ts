import { startOf } from '../../fleet/commands/start-of';
import { readSegments } from '../../fleet/state/journal';
import type { JournalEntry } from '../../fleet/state/journal-entry';

import type { Outside } from './outside';

/** Nothing that was asked for before a controller began is left lying by it. */
export async function checkAnswers(outside: Outside, id: string, posted: readonly string[]): Promise<void> {
  const { segments } = await readSegments(outside.objects, outside.store.rolloutPrefix(id), outside);
  const { events } = startOf(segments.flatMap((segment) => segment.entries as JournalEntry[]));
  const answered = new Set(events.map((event) => ('message' in event ? event.message : null)));
  for (const message of posted)
    if (!answered.has(message)) outside.no('L2', `${message} was there, and a controller left to wait for a person`);
}
