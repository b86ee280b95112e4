import { join } from 'node:path';

import { archivedDeadLetterSchema } from '../../contracts/archived-dead-letter';
import { readArchiveKey } from '../../contracts/dead-letter';
import type { OpenLog } from '../../sandbox/append-log';
import { SimulatedArchive } from '../../sandbox/dead-letters/simulated-archive';
import { awsRefusal, noteConditions, refuseInactive, type SandboxView } from '../gates/sandbox-view';

import type { DeadLetters, LetterSource, TargetLetters } from './dead-letters';
import { isAsked, stateOf, tagsOf } from './letter-tags';

/** Where the simulated archives keep what was done to them. */
export interface SandboxDeadLettersOptions {
  /** Folder of the sandbox. */
  readonly directory: string;
  /** @default files */
  readonly openLog?: OpenLog;
}

/** Dead letters of a simulated organisation. What organization.yaml plants counts from when it was written, or read. */
export function sandboxDeadLetters(view: SandboxView, options: SandboxDeadLettersOptions): DeadLetters {
  return { at: (source) => lettersAt(source, { view, ...options }), close: () => Promise.resolve() };
}

function lettersAt({ target, place }: LetterSource, options: SandboxDeadLettersOptions & { readonly view: SandboxView }): TargetLetters {
  const { view, directory, openLog } = options;
  const { account, region } = target;
  const archive = new SimulatedArchive({
    target: target.id,
    place: { account, region, organizationId: view.organization().id },
    bucket: place.archiveBucket,
    ...view,
    path: join(directory, 'dead-letters', `${target.id.replaceAll('/', '.')}.ndjson`),
    ...(openLog && { openLog }),
  });
  const enter = (signal: AbortSignal) => {
    signal.throwIfAborted();
    refuseInactive(account, noteConditions(view));
  };
  return {
    pages: async function* (query, { signal }) {
      enter(signal);
      const letters = archive.list();
      if (letters === undefined) throw awsRefusal('NoSuchBucket', `archive ${place.archiveBucket} of ${target.id} does not exist`);
      yield letters.flatMap(({ key, archivedAt }) => {
        const name = readArchiveKey(key);
        return name && isAsked(name, query) ? [{ ...name, key, archivedAt: new Date(archivedAt).toISOString() }] : [];
      });
    },
    state: async (key, { signal }) => {
      enter(signal);
      return stateOf(archive.find(key) ? archive.tags(key) : undefined);
    },
    read: async (key, { signal }) => {
      enter(signal);
      const letter = archive.find(key);
      return letter ? { kind: 'letter', letter: archivedDeadLetterSchema.parse(letter.content()) } : { kind: 'gone' };
    },
    send: async (message, { signal }) => {
      enter(signal);
      if (!archive.send(place.orderQueueUrl, message))
        throw awsRefusal('QueueDoesNotExist', `order queue ${place.orderQueueUrl} of ${target.id} does not exist`);
    },
    mark: async (key, mark, { signal }) => {
      enter(signal);
      archive.tag(key, { ...archive.tags(key), ...tagsOf(mark) });
    },
  };
}
