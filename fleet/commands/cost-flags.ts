import { existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

import { roleNameSchema, type AccountId } from '../../contracts/ids';
import { unitMatcher } from '../config/unit-matcher';
import type { CostSlice } from '../cost/cost-cut';
import { breakdowns, type Breakdown } from '../cost/cost-report';
import { endOfMonth, readDay, type Day, type Period } from '../cost/days';
import type { Inventory } from '../discovery/inventory';
import { userError } from '../errors';
import { describeFilter, type TargetFilter } from '../plan/target-filter';

import { parseFilter, type FilterFlags } from './filters';

/** Told where `--by` says nothing: services need one more paid call. */
const TOLD: readonly Breakdown[] = ['account', 'region', 'team', 'cost-centre'];

/** Days as typed. */
export interface PeriodFlags {
  readonly from?: string;
  readonly to?: string;
  readonly month?: string;
}

/** The period that is asked about: this month up to today, unless the flags say otherwise. Nobody was billed for the future. */
export function parsePeriod({ from, to, month }: PeriodFlags, today: Day): Period {
  if (month !== undefined) {
    if (from !== undefined || to !== undefined) throw userError('invalid-flag', `--month ${month} and --from or --to exclude each other`);
    if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(month)) throw userError('invalid-flag', `--month ${month} is not a month such as 2026-11`);
    return notFuture({ from: `${month}-01`, to: earlier(endOfMonth(month), today) }, { today, flag: `--month ${month}` });
  }
  const last = to === undefined ? today : parseDay('--to', to);
  const first = from === undefined ? `${last.slice(0, 7)}-01` : parseDay('--from', from);
  if (last > today) throw userError('invalid-flag', `--to ${last} is after today, ${today} in UTC: nobody was billed for it yet`);
  if (first > last && to === undefined) return notFuture({ from: first, to: last }, { today, flag: `--from ${first}` });
  if (first > last) throw userError('invalid-flag', `--from ${first} is after --to ${last}: no day is left`);
  return { from: first, to: last };
}

function notFuture(period: Period, { today, flag }: { readonly today: Day; readonly flag: string }): Period {
  if (period.from > today) throw userError('invalid-flag', `${flag} is after today, ${today} in UTC: nobody was billed for it yet`);
  return period;
}

function earlier(one: Day, other: Day): Day {
  return one < other ? one : other;
}

function parseDay(flag: string, text: string): Day {
  const day = readDay(text);
  if (day === undefined) throw userError('invalid-flag', `${flag} ${text} is not a day such as 2026-11-03`);
  return day;
}

/** What costs are told by. */
export function parseBy(text: string | undefined): readonly Breakdown[] {
  if (text === undefined) return TOLD;
  const by = breakdowns.find((one) => one === text);
  if (by === undefined) throw userError('invalid-flag', `--by ${text} is none of ${breakdowns.join(', ')}`);
  return [by];
}

/** The role that asks, by path and name; null for `none`: the credentials are the payer's own; undefined: the fleet's. */
export function parseCostRole(text: string | undefined): string | null | undefined {
  if (text === undefined) return undefined;
  if (text === 'none') return null;
  const parsed = roleNameSchema.safeParse(text);
  if (!parsed.success) throw userError('invalid-flag', `--role: ${parsed.error.issues[0]?.message ?? text}`);
  return parsed.data;
}

/** Filters that a bill knows: it tells accounts, regions and tags apart, neither layers nor rollouts. */
export function parseCostFilter(flags: FilterFlags): TargetFilter {
  if (flags.only !== undefined) throw userError('invalid-flag', `--only ${flags.only} says nothing of costs: remove it`);
  const [layer] = flags.layer ?? [];
  if (layer !== undefined) throw userError('invalid-flag', `--layer ${layer}: no bill tells layers apart; filter by --tag`);
  return parseFilter(flags, new Set());
}

/** The part of the bill that Cost Explorer is asked about. */
export function sliceOf({ regions, tags }: TargetFilter): CostSlice {
  return { regions, tags };
}

/** Which accounts a filter takes. Throws where it names none of the organisation's. */
export function accountsTaken(filter: TargetFilter, { accounts }: Inventory): (account: string) => boolean {
  if (filter.accounts.length === 0 && filter.units.length === 0) return () => true;
  const inUnits = unitMatcher(filter.units);
  const taken = new Set<string>(
    accounts
      .filter(({ id }) => filter.accounts.length === 0 || filter.accounts.includes(id))
      .filter(({ unit }) => filter.units.length === 0 || (unit !== null && inUnits(unit)))
      .map(({ id }) => id),
  );
  const stranger = filter.accounts.find((id) => !accounts.some((account) => account.id === id));
  if (taken.size > 0 && stranger === undefined) return (account) => taken.has(account);
  const which = stranger === undefined ? describeFilter(filter) : `--account ${stranger}`;
  throw userError('filter-matches-nothing', `no account of the organisation matches ${which}; ${accounts.length} of them are known`);
}

/** The account that pays the organisation's bill. */
export function payerOf({ accounts }: Inventory): AccountId {
  const payer = accounts.find(({ managementAccount }) => managementAccount);
  if (!payer) throw userError('no-payer', 'the inventory has no management account, which pays the bill: run fleet discover again');
  return payer.id;
}

/** A file to write, as an absolute path. Paid calls come first: what cannot be written is refused before them. */
export function parseOutFile(flag: string, text: string, cwd: string): string {
  const path = resolve(cwd, text);
  if (!existsSync(dirname(path))) throw userError('invalid-flag', `${flag} ${text}: folder ${dirname(path)} does not exist`);
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) throw userError('invalid-flag', `${flag} ${text} is a folder`);
  return path;
}
