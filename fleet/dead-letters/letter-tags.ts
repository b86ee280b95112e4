import { redriveTags, type ArchivedName } from '../../contracts/dead-letter';

import type { LetterMark, LetterQuery } from './dead-letters';

/** The mark that an object's tags say; null where there is none. A number that cannot be read counts as one redrive: it is marked all the same. */
export function markOf(tags: Readonly<Record<string, string>>): LetterMark | null {
  const at = tags[redriveTags.at];
  if (at === undefined) return null;
  const redrives = tags[redriveTags.redrives] ?? '';
  return { at, redrives: /^[1-9]\d{0,2}$/.test(redrives) ? Number(redrives) : 1 };
}

/** A mark as tags. */
export function tagsOf({ at, redrives }: LetterMark): Readonly<Record<string, string>> {
  return { [redriveTags.at]: at, [redriveTags.redrives]: String(redrives) };
}

/** Is a letter one of those a query asks for. */
export function isAsked({ class: letterClass, day }: ArchivedName, { classes, since, until }: LetterQuery): boolean {
  return classes.includes(letterClass) && (since === null || day >= since) && (until === null || day <= until);
}
