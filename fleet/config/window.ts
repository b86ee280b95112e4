import * as z from 'zod';

import type { Window } from './fleet-config';

const DAYS: readonly string[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const PATTERN = /^([a-z]{3})(?:-([a-z]{3}))? (\d{2}):(\d{2})-(\d{2}):(\d{2})$/;
const MINUTES_PER_DAY = 24 * 60;

/** Text such as `mon-thu 08:00-16:00` or `sat 10:00-24:00` to a {@link Window}. A day range may pass the weekend, as `fri-mon`. */
export const windowSchema = z.string({ error: 'window must be text such as "mon-thu 08:00-16:00"' }).transform((text, context): Window => {
  const refuse = (problem: string) => {
    context.addIssue({ code: 'custom', message: `window ${JSON.stringify(text)} ${problem}` });
    return z.NEVER;
  };
  const match = PATTERN.exec(text);
  if (!match) return refuse('is not of the form "mon-thu 08:00-16:00"');
  const [first, last] = [DAYS.indexOf(match[1] ?? ''), DAYS.indexOf(match[2] ?? match[1] ?? '')];
  if (first === -1 || last === -1) return refuse(`names a day that is not one of ${DAYS.join(', ')}`);
  const fromMinute = minuteOf(match[3], match[4]);
  const toMinute = minuteOf(match[5], match[6]);
  if (fromMinute === undefined || toMinute === undefined) return refuse('has a time outside 00:00 to 24:00');
  if (fromMinute === toMinute) return refuse('ends when it starts: it would never open');
  if (fromMinute > toMinute) return refuse('ends before it starts: write one window up to 24:00 and one from 00:00 on');
  return { days: daysBetween(first, last), fromMinute, toMinute };
});

/** A window as {@link windowSchema} reads it; one text for each run of days. */
export function windowTexts({ days, fromMinute, toMinute }: Window): readonly string[] {
  const runs: { readonly first: number; last: number }[] = [];
  for (const day of days) {
    const run = runs.at(-1);
    if (run?.last === day - 1) run.last = day;
    else runs.push({ first: day, last: day });
  }
  const name = (day: number) => DAYS[day - 1] ?? '';
  const time = (minute: number) => [Math.floor(minute / 60), minute % 60].map((part) => String(part).padStart(2, '0')).join(':');
  return runs.map(
    ({ first, last }) => `${first === last ? name(first) : `${name(first)}-${name(last)}`} ${time(fromMinute)}-${time(toMinute)}`,
  );
}

function minuteOf(hours: string | undefined, minutes: string | undefined): number | undefined {
  const [hour, minute] = [Number(hours), Number(minutes)];
  const total = hour * 60 + minute;
  return minute < 60 && total <= MINUTES_PER_DAY ? total : undefined;
}

/** ISO days from one to the other, both included. */
function daysBetween(first: number, last: number): readonly number[] {
  const length = ((last - first + DAYS.length) % DAYS.length) + 1;
  return Array.from({ length }, (_, step) => ((first + step) % DAYS.length) + 1).sort((left, right) => left - right);
}
