import { hostname } from 'node:os';

import type { Target } from '../../../contracts/target';
import { FleetError } from '../../errors';
import type { Clock } from '../../ports';
import { isGone, isProcessAlive } from '../../state/process-identity';

import type { AttemptNote } from './attempt-notes';
import type { StackFiles, StackLock } from './stack-files';

/** What is needed to settle a stack's locks. */
export interface SettleLocksOptions {
  readonly files: StackFiles;
  /** Of the stack's last attempt. */
  readonly note: AttemptNote | undefined;
  readonly clock: Clock;
  readonly onRecovered: (message: string) => void;
}

/** What an orphan takes at most to end: asked, told, killed. */
const ORPHAN_SECONDS = 120;
const LOOK_SECONDS = 0.2;

/**
 * Sees to it that nobody holds the stack. A lock that this fleet's own attempt left, on this host and with no process behind it any more, is
 * taken away; one whose process still ends is waited for. Any other is never broken: `pulumi/locked`, naming its holder.
 */
export async function settleLocks(target: Target, options: SettleLocksOptions): Promise<void> {
  const { files, note, clock, onRecovered } = options;
  for (let waited = 0; ; waited += LOOK_SECONDS) {
    const locks = await files.locks(target);
    const [first] = locks;
    if (!first) return;
    const held = locks.find((lock) => !isOwn(lock, note) || isHolderAlive(lock, note));
    if (!held) {
      for (const lock of locks) {
        await files.breakLock(lock);
        onRecovered(`took away the lock that attempt ${note?.id ?? ''} left: pid ${lock.pid} of ${lock.hostname} is gone`);
      }
      continue;
    }
    if (!isOwn(held, note) || waited >= ORPHAN_SECONDS) throw locked(target, held);
    await clock.sleep(LOOK_SECONDS * 1000);
  }
}

/** Begun by the attempt that was noted and never ended, on its host. */
function isOwn({ hostname: host, timestamp }: StackLock, note: AttemptNote | undefined): boolean {
  if (note?.process.host !== host || host !== hostname()) return false;
  return Date.parse(timestamp) >= Date.parse(note.startedAt);
}

/** A number that was given to another process since counts as alive: then the lock stays. */
function isHolderAlive({ pid }: StackLock, note: AttemptNote | undefined): boolean {
  return !note || isProcessAlive(note.process) || !isGone(pid);
}

function locked({ id }: Target, { pid, username, hostname: host, timestamp }: StackLock): FleetError {
  return new FleetError(
    'pulumi/locked',
    `the stack of ${id} is locked by ${username}@${host}, pid ${pid}, since ${timestamp}: wait for it; once it is certain that it has ended, \`pulumi cancel\` takes the lock away`,
  );
}
