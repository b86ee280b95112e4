import type { Target } from '../../../contracts/target';
import type { Inspection } from '../../ports';

import type { AttemptNote } from './attempt-notes';
import type { StackFiles } from './stack-files';

/** What an update says in the backend's history of the attempt that it is. */
export function historyMessage(attempt: string): string {
  return `fleet ${attempt}`;
}

/**
 * A stack's last attempt. One whose process died has no end in its note; where the update came to its end all the same, the backend's history
 * knows. Locks must be settled before: an orphan may still be at work.
 */
export async function lastAttempt(
  target: Target,
  { note, files }: { readonly note: AttemptNote | undefined; readonly files: StackFiles },
): Promise<Inspection['lastAttempt']> {
  if (!note) return null;
  const { process: _process, controller: _controller, ...attempt } = note;
  if (attempt.result !== null) return attempt;
  const ended = (await files.history(target, 2)).find(({ message }) => message === historyMessage(attempt.id));
  // One that failed since its manager died is no failure of the target: nobody knows what it would have come to.
  if (ended?.result !== 'succeeded') return attempt;
  const { create = 0, update = 0, replace = 0, delete: deleted = 0, same = 0 } = ended.resourceChanges ?? {};
  const changes = { create, update, replace, delete: deleted, same };
  return { ...attempt, endedAt: new Date(ended.endTime * 1000).toISOString(), result: 'succeeded', changes };
}
