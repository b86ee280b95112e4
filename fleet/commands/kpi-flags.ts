import { addDays, readDay, type Day, type Period } from '../cost/days';
import { userError } from '../errors';

/** The period of figures, as typed. */
export interface KpiPeriodFlags {
  readonly since?: string;
  readonly until?: string;
}

/** Flags of `report` that only figures have. */
export interface KpiFlags extends KpiPeriodFlags {
  readonly kpi?: boolean;
}

/** Without `--since`: this day and those before it. */
const DEFAULT_DAYS = 30;

/** Ten years: every journal is read in any case, but no person asks for more. */
const MOST_DAYS = 3660;

/** The period that is asked about: the last 30 days, unless the flags say otherwise. Nothing was deployed in the future. */
export function parseKpiPeriod({ since, until }: KpiPeriodFlags, today: Day): Period {
  const to = until === undefined ? today : parseDay('--until', until);
  if (to > today) throw userError('invalid-flag', `--until ${to} is after today, ${today} in UTC: nothing was deployed then yet`);
  const from = since === undefined ? addDays(to, 1 - DEFAULT_DAYS) : parseSince(since, to);
  if (from > today) throw userError('invalid-flag', `--since ${from} is after today, ${today} in UTC: nothing was deployed then yet`);
  if (from > to) throw userError('invalid-flag', `--since ${from} is after --until ${to}: no day is left`);
  return { from, to };
}

/** Throws for flags of figures without `--kpi`, and for `--kpi` about one rollout: figures are of all of them. */
export function refuseMixed({ kpi, since, until }: KpiFlags, rollout: string | undefined): void {
  if (kpi === true && rollout !== undefined)
    throw userError('invalid-flag', `--kpi is about all rollouts, ${rollout} is one: remove either of them`);
  if (kpi === true) return;
  for (const [flag, text] of [
    ['--since', since],
    ['--until', until],
  ] as const)
    // prettier-ignore
    if (text !== undefined) throw userError('invalid-flag', `${flag} ${text} is the period of figures: add --kpi, or remove it`);
}

function parseSince(text: string, to: Day): Day {
  const days = /^(\d{1,5})d$/.exec(text)?.[1];
  if (days === undefined) return parseDay('--since', text, ' or a number of days such as 30d');
  const count = Number(days);
  if (count < 1 || count > MOST_DAYS) throw userError('invalid-flag', `--since ${text} is out of range: 1d to ${MOST_DAYS}d`);
  return addDays(to, 1 - count);
}

function parseDay(flag: string, text: string, or = ''): Day {
  const day = readDay(text);
  if (day === undefined) throw userError('invalid-flag', `${flag} ${text} is not a day such as 2026-11-03${or}`);
  return day;
}
