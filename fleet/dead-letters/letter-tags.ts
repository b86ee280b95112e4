import { redriveTags, type ArchivedName } from '../../contracts/dead-letter';

import type { LetterMark, LetterQuery, LetterState } from './dead-letters';

type Tags = Readonly<Record<string, string>>;

/** What the tags of an archived object say of its letter; undefined: there is no such object. A number that cannot be read counts as one redrive: it is marked all the same. */
export function stateOf(tags: Tags | undefined): LetterState {
  if (tags === undefined) return { kind: 'gone' };
  const [done, begun, redrives = ''] = [tags[redriveTags.done], tags[redriveTags.begun], tags[redriveTags.redrives]];
  const number = /^[1-9]\d{0,2}$/.test(redrives) ? Number(redrives) : 1;
  if (done !== undefined) return { kind: 'redriven', at: done, redrives: number };
  return begun === undefined ? { kind: 'unmarked' } : { kind: 'begun', at: begun, redrives: number };
}

/** A mark as tags. */
export function tagsOf({ kind, at, redrives }: LetterMark): Tags {
  return { [kind === 'begun' ? redriveTags.begun : redriveTags.done]: at, [redriveTags.redrives]: String(redrives) };
}

/** Is a letter one of those a query asks for. */
export function isAsked({ class: letterClass, day }: ArchivedName, { classes, since, until }: LetterQuery): boolean {
  return classes.includes(letterClass) && (since === null || day >= since) && (until === null || day <= until);
}
