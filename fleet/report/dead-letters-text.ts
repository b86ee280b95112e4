import { counted } from '../../contracts/counted';
import { MAX_LETTER_ORDERS, MAX_REDRIVES } from '../../contracts/dead-letter';
import type { LetterRefusal, Refused } from '../dead-letters/judge-letter';
import type { LetterCounts, LetterList, RedriveReport } from '../dead-letters/letter-report';

import { textTable } from './terminal-text';

/** Dead letters by target and class, for people. */
export function countsText({ counts, targets }: LetterCounts): string {
  const rows = targets.flatMap((target): (readonly (string | number)[])[] =>
    target.state === 'not read'
      ? [[target.id, 'NOT READ', '', '', '', '', target.error.message]]
      : target.classes.map((one) => [
          target.id,
          one.class,
          one.letters,
          one.redriven,
          seconds(one.oldest),
          seconds(one.newest),
          ...(counts.notRead > 0 ? [''] : []),
        ]),
  );
  const holding = targets.filter((target) => target.state === 'read' && target.classes.length > 0).length;
  const notRead = counts.notRead > 0 ? `, ${counted(counts.notRead, 'target')} not read` : '';
  return [
    `${counted(counts.letters, 'dead letter')} at ${holding} of ${counted(counts.targets, 'target')}, ${counts.redriven} of them redriven${notRead}`,
    ...(rows.length > 0
      ? [textTable(['TARGET', 'CLASS', 'LETTERS', 'REDRIVEN', 'OLDEST', 'NEWEST', ...(counts.notRead > 0 ? ['WHY'] : [])], rows)]
      : []),
  ].join('\n\n');
}

/** The letters of one target, for people. */
export function lettersText({ target, letters }: LetterList): string {
  const rows = letters.map(({ id, class: letterClass, archivedAt, redrivenAt, begunAt, cause }) => [
    id,
    letterClass,
    seconds(archivedAt),
    redrivenAt !== null ? seconds(redrivenAt) : begunAt !== null ? `begun ${seconds(begunAt)}` : '',
    cause ?? 'see the archive',
  ]);
  return [
    `${counted(letters.length, 'dead letter')} at ${target}`,
    ...(rows.length > 0 ? [textTable(['ID', 'CLASS', 'ARCHIVED', 'REDRIVEN', 'CAUSE'], rows)] : []),
  ].join('\n\n');
}

/** A redrive, done or to be done, for people. */
export function redriveText({ class: letterClass, dryRun, perSecond, limit, counts, targets }: RedriveReport): string {
  const rows = targets
    .filter(({ state }) => state !== 'nothing to send')
    .map(({ id, state, letters, messages, remaining, error }) => [id, state, letters, messages, remaining, error?.message ?? '']);
  const done = dryRun
    ? `${counted(counts.letters, 'letter')} of class ${letterClass} would be sent again, at most ${counted(perSecond, 'order')} a second at each target; ${counts.remaining} would be left`
    : `${counted(counts.letters, 'letter')} of class ${letterClass} sent again (${counted(counts.messages, 'order')}), ${counts.remaining} left`;
  const { again, spent, unreadable, oversized } = counts.refused;
  const more = counts.remaining - again - spent - unreadable - oversized;
  return [
    done,
    ...(counts.begunBefore > 0
      ? [`${counts.begunBefore} of them had been begun by a run that was cut off: their orders may come twice`]
      : []),
    ...refusedLines(counts.refused),
    ...(dryRun || more <= 0
      ? []
      : [`next: fleet dlq redrive --class ${letterClass} sends the other ${more}, at most ${counted(limit, 'order')} a run (--limit)`]),
    ...(rows.length > 0 ? ['', textTable(['TARGET', 'STATE', 'LETTERS', 'ORDERS', 'LEFT', 'WHY'], rows)] : []),
  ].join('\n');
}

/** Why letters are passed over, a line for each reason. */
export function refusedLines(refused: Refused): readonly string[] {
  return (Object.keys(REASONS) as LetterRefusal[])
    .filter((why) => refused[why] > 0)
    .map((why) => `${refused[why]} passed over: ${REASONS[why]}`);
}

const REASONS: Readonly<Record<LetterRefusal, string>> = {
  marked: 'sent again already',
  again: 'sent again before, and failed anew: --again sends them once more',
  spent: `sent again ${MAX_REDRIVES} times, which is the most: see to their cause`,
  unreadable: 'not what the dead-letter function writes, or no order in it: look at them in the archive',
  oversized: `holds more than ${MAX_LETTER_ORDERS} orders, which no batch of the order function does: look at it in the archive, and who may send to that queue`,
  gone: 'no longer in the archive',
};

/** Instants to the second, which S3 tells. */
function seconds(instant: string): string {
  return instant.replace(/\.\d+Z$/, 'Z');
}
