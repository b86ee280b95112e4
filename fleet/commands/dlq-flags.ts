import { deadLetterClasses, type DeadLetterClass } from '../../contracts/order-message';
import { didYouMean } from '../config/known-keys';
import { userError } from '../errors';

/** Letters a second that are sent to one target where nothing is said. */
export const DEFAULT_RATE = 5;

/** The most that may be asked for: beside it, orders of customers are to find room in the function's reserved concurrency (50 in a common account). */
export const MAX_RATE = 50;

/** Class as typed. Throws a user error that lists them. */
export function parseClass(text: string): DeadLetterClass {
  const found = deadLetterClasses.find((known) => known === text);
  if (found !== undefined) return found;
  const known = deadLetterClasses.join(', ');
  throw userError(
    'invalid-flag',
    `--class ${text} is no class of dead letters${didYouMean(text, deadLetterClasses)}; classes are ${known}`,
  );
}

/** A UTC day as typed, `2026-03-04`; null where it is not given. */
export function parseDay(flag: string, text: string | undefined): string | null {
  if (text === undefined) return null;
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00.000Z`) : Number.NaN;
  // JavaScript takes 30 February for 2 March.
  if (Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== text)
    throw userError('invalid-flag', `${flag} ${text} is not a day such as 2026-03-04`);
  return text;
}

/** First and last day as typed. */
export function parseDays(flags: { readonly since?: string; readonly until?: string }): {
  readonly since: string | null;
  readonly until: string | null;
} {
  const [since, until] = [parseDay('--since', flags.since), parseDay('--until', flags.until)];
  if (since !== null && until !== null && since > until)
    throw userError('invalid-flag', `--since ${since} is after --until ${until}: no day is left`);
  return { since, until };
}

/** Orders a second as typed, `5/s` or `5`. */
export function parseRate(text: string | undefined): number {
  if (text === undefined) return DEFAULT_RATE;
  const [, number] = /^(\d{1,6})(?:\/s)?$/.exec(text) ?? [];
  if (number === undefined) throw userError('invalid-flag', `--rate ${text} is not a whole number a second such as 5/s`);
  const rate = Number(number);
  if (rate < 1 || rate > MAX_RATE) throw userError('invalid-flag', `--rate ${text} is out of range: 1/s to ${MAX_RATE}/s`);
  return rate;
}

/** Orders that a run sends at most where nothing is said: at the default rate of one target, some three minutes. */
export const DEFAULT_LIMIT = 1000;

/** Most orders of a run as typed. */
export function parseLimit(text: string | undefined): number {
  if (text === undefined) return DEFAULT_LIMIT;
  if (!/^[1-9]\d{0,8}$/.test(text)) throw userError('invalid-flag', `--limit ${text} is not a whole number of orders, 1 or more`);
  return Number(text);
}

/** Most letters as typed; null where it is not given. */
export function parseMax(text: string | undefined): number | null {
  if (text === undefined) return null;
  if (!/^[1-9]\d{0,8}$/.test(text)) throw userError('invalid-flag', `--max ${text} is not a whole number of letters, 1 or more`);
  return Number(text);
}
