import { createHash } from 'node:crypto';

/** Part of a resource's name for text from outside: the same text keeps its name when the list around it changes, and is not shown. */
export function resourceKey(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}
