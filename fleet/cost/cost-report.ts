import type { CutName } from './cost-cut';
import type { CostDay } from './cost-source';
import { daysBetween, daysOf, periodBefore, type Day, type Period } from './days';
import { centsText, exactText, partsInCents, percentText, perThousandText, sumOf, toCents, type Money } from './money';
import { recordClass, recordClasses, type RecordClass } from './record-class';
import { daysBeforeTag, untoldDays, whollyUntagged } from './untold-days';

/** What costs can be told by. */
export const breakdowns = ['account', 'region', 'team', 'cost-centre', 'service'] as const;

/** One of {@link breakdowns}. */
export type Breakdown = (typeof breakdowns)[number];

/** An account by its names, for people. */
export interface NamedAccount {
  readonly id: string;
  readonly name: string;
}

/** Orders of customers that deployed targets took in the period; null where some could not be counted. */
export interface PeriodOrders {
  readonly places: readonly { readonly account: string; readonly region: string; readonly orders: number }[];
  /** Targets whose orders could not be counted. */
  readonly notRead: number;
}

/** What a report is made of. */
export interface CostReportInput {
  readonly today: Day;
  readonly period: Period;
  /** Days of each cut, over the period and the one before; `type` and `untagged` are always among them. */
  readonly cuts: ReadonlyMap<CutName, readonly CostDay[]>;
  readonly by: readonly Breakdown[];
  readonly currency: string | null;
  readonly accounts: readonly NamedAccount[];
  /** Whether an account's costs are asked about. */
  readonly takes: (account: string) => boolean;
  /** Null: orders were not asked for. */
  readonly orders: PeriodOrders | null;
  /** Only what carries some tag was asked for. @default everything */
  readonly byTag?: boolean;
}

/** An amount now and before. Amounts are decimals in the report's currency. */
export interface Compared {
  /** To the cent; the amounts of a table add up to the total's. */
  readonly amount: string;
  /** With every digit that was billed. */
  readonly exact: string;
  /** Of the period before, to the cent; those of a table add up as well. */
  readonly previous: string;
  /** `amount` less `previous`. */
  readonly change: string;
  /** Of `previous`; null where that is nothing or a credit. */
  readonly changePercent: string | null;
}

/** One row of a table. */
export interface CostRow extends Compared {
  /** Account id, region, service or value of the tag; empty: the tag is missing. */
  readonly key: string;
  /** The account's name; null for other rows, and where it is not known. */
  readonly name: string | null;
  /** Of the total; null where that is nothing or a credit. */
  readonly sharePercent: string | null;
  /** Null where they are not counted for such rows, or could not be. */
  readonly orders: number | null;
  readonly perThousandOrders: string | null;
}

/** Costs by one thing. */
export interface CostTable {
  readonly by: Breakdown;
  /** Greatest amount first. */
  readonly rows: readonly CostRow[];
}

/** Days that are cut in another way than the others, since billing did not know a tag then: what they are in is not compared. */
export interface NotCompared {
  /** `total`: what was asked for is filtered by tag. `untagged`: these days are untagged as a whole, and in its share. */
  readonly of: Breakdown | 'total' | 'untagged';
  readonly days: readonly Day[];
}

/** What an organisation was billed in a period, as plain data. */
export interface CostReport {
  readonly version: 1;
  readonly currency: string;
  readonly period: Period & { readonly days: number };
  readonly previous: Period;
  readonly total: Compared;
  /** The total by what was billed; the amounts add up. */
  readonly types: readonly (Compared & { readonly type: RecordClass })[];
  readonly tables: readonly CostTable[];
  /** Usage that lacks the tag of a team or of a cost centre. */
  readonly untagged: { readonly amount: string; readonly ofUsagePercent: string | null };
  /** Null: not asked for, or not all could be counted. */
  readonly orders: number | null;
  readonly ordersNotRead: number;
  readonly perThousandOrders: string | null;
  /** Empty: everything is compared. Percentages of changes that are not are null. */
  readonly notCompared: readonly NotCompared[];
  readonly data: {
    /** The newest day that AWS will not change any more, of both periods; null: there is none. */
    readonly newestFinalDay: Day | null;
    /** Days since then. */
    readonly ageDays: number | null;
    readonly estimatedDays: readonly Day[];
    /** Days that nobody knows anything of: their costs are in no amount. */
    readonly missingDays: readonly Day[];
  };
}

/** Which cut tells costs by a thing. */
export const cutOf: Readonly<Record<Breakdown, CutName>> = {
  account: 'type',
  region: 'region',
  team: 'team',
  'cost-centre': 'cost-centre',
  service: 'service',
};

/** Row of what one cut gave and another did not: AWS changed a bill while it was being read. */
export const UNEXPLAINED = '(changed while it was read)';

type Amounts = ReadonlyMap<string, Money>;

interface Pair {
  readonly now: Amounts;
  readonly before: Amounts;
}

/** Costs to a report. Pure; sums are exact, and only what is shown is rounded. */
export function costReport(input: CostReportInput): CostReport {
  const { period, currency, today } = input;
  const previous = periodBefore(period);
  const types = pairOf(input, 'type', ({ value }) => recordClass(value));
  const [nowTotal, beforeTotal] = [sumOf(types.now.values()), sumOf(types.before.values())];
  const untagged = pairOf(input, 'untagged', ({ value }) => recordClass(value)).now.get('usage') ?? 0n;
  const counted = ordersOf(input);
  const days = daysOf({ from: previous.from, to: period.to });
  const perDay = finality(input.cuts);
  const finals = days.filter((day) => perDay.get(day) === 'final');
  const newestFinalDay = finals.at(-1) ?? null;
  const notCompared = unlike(input);
  const total = compared({ money: nowTotal, now: toCents(nowTotal), before: toCents(beforeTotal) });
  const whole = isCompared({ notCompared }, 'total');
  return {
    version: 1,
    currency: currency ?? 'USD',
    period: { ...period, days: daysOf(period).length },
    previous,
    total: whole ? total : withoutPercent(total),
    types: rowsOf(types, recordClasses).map(({ key, money: _, ...row }) => ({ type: recordClass(key), ...row })),
    tables: input.by.map((by) => {
      const table = tableOf(by, { input, counted, total: { now: nowTotal, before: beforeTotal } });
      return isCompared({ notCompared }, by) ? table : { by, rows: table.rows.map(withoutPercent) };
    }),
    untagged: { amount: centsText(toCents(untagged)), ofUsagePercent: percentText(untagged, types.now.get('usage') ?? 0n) },
    orders: counted?.all ?? null,
    ordersNotRead: input.orders?.notRead ?? 0,
    perThousandOrders: counted ? perThousandText(nowTotal, counted.all) : null,
    notCompared,
    data: {
      newestFinalDay,
      ageDays: newestFinalDay === null ? null : daysBetween(newestFinalDay, today),
      estimatedDays: days.filter((day) => perDay.get(day) === 'estimated'),
      missingDays: days.filter((day) => !perDay.has(day)),
    },
  };
}

/** Whether the amounts of a table, or the total, are of days that were cut alike. A total that is not makes every table so. */
export function isCompared({ notCompared }: Pick<CostReport, 'notCompared'>, what: Breakdown | 'total'): boolean {
  return notCompared.every(({ of }) => of !== what && of !== 'total');
}

function withoutPercent<One extends Compared>(one: One): One {
  return { ...one, changePercent: null };
}

function unlike({ cuts, by, period, byTag = false }: CostReportInput): readonly NotCompared[] {
  const types = cuts.get('type') ?? [];
  const found: readonly NotCompared[] = [
    { of: 'total', days: byTag ? daysBeforeTag(types) : [] },
    ...by.flatMap((of) => (of === 'team' || of === 'cost-centre' ? [{ of, days: untoldDays(cuts.get(cutOf[of]) ?? []) }] : [])),
    { of: 'untagged', days: whollyUntagged(types, cuts.get('untagged') ?? []).filter((day) => within(day, period)) },
  ];
  return found.filter(({ days }) => days.length > 0);
}

/** What is known of each day: it is final, or known at all, only where every cut says so. */
function finality(cuts: CostReportInput['cuts']): ReadonlyMap<Day, 'final' | 'estimated'> {
  const perCut = [...cuts.values()].map((days) => new Map(days.map(({ day, estimated }) => [day, estimated])));
  const known = [...(perCut[0]?.keys() ?? [])].filter((day) => perCut.every((days) => days.has(day)));
  return new Map(known.map((day) => [day, perCut.some((days) => days.get(day) === true) ? 'estimated' : 'final']));
}

function pairOf({ cuts, period, takes }: CostReportInput, cut: CutName, keyOf: (item: CostDay['items'][number]) => string): Pair {
  const [now, before] = [new Map<string, Money>(), new Map<string, Money>()];
  const previous = periodBefore(period);
  for (const { day, items } of cuts.get(cut) ?? []) {
    const into = within(day, period) ? now : within(day, previous) ? before : null;
    if (into === null) continue;
    for (const item of items) {
      if (takes(item.account)) into.set(keyOf(item), (into.get(keyOf(item)) ?? 0n) + item.amount);
    }
  }
  return { now, before };
}

function within(day: Day, { from, to }: Period): boolean {
  return day >= from && day <= to;
}

interface RoundedRow extends Compared {
  readonly key: string;
  readonly money: Money;
}

function rowsOf({ now, before }: Pair, order?: readonly string[]): readonly RoundedRow[] {
  const keys = [...new Set([...now.keys(), ...before.keys()])];
  // A fixed order before anything is rounded: the same costs give the same cents whatever the order of AWS's pages.
  keys.sort((left, right) => (order ? order.indexOf(left) - order.indexOf(right) : left < right ? -1 : 1));
  const [nows, befores] = [now, before].map((amounts) => partsInCents(keys.map((key) => amounts.get(key) ?? 0n)));
  return keys.map((key, index) => {
    const money = now.get(key) ?? 0n;
    return { key, money, ...compared({ money, now: nows?.[index] ?? 0n, before: befores?.[index] ?? 0n }) };
  });
}

function compared({ money, now, before }: { readonly money: Money; readonly now: bigint; readonly before: bigint }): Compared {
  const change = now - before;
  return {
    amount: centsText(now),
    exact: exactText(money),
    previous: centsText(before),
    change: centsText(change),
    changePercent: percentText(change, before),
  };
}

interface TableParts {
  readonly input: CostReportInput;
  readonly counted: CountedOrders | null;
  readonly total: { readonly now: Money; readonly before: Money };
}

function tableOf(by: Breakdown, { input, counted, total }: TableParts): CostTable {
  const pair = pairOf(input, cutOf[by], ({ account, value }) => (by === 'account' ? account : value));
  const names = new Map(input.accounts.map(({ id, name }) => [id, name]));
  const rows = rowsOf(withRest(pair, total)).map(({ money, ...row }) => {
    const orders = by === 'account' || by === 'region' ? (counted?.[by].get(row.key) ?? null) : null;
    return {
      money,
      row: {
        ...row,
        name: by === 'account' ? (names.get(row.key) ?? null) : null,
        sharePercent: percentText(money, total.now),
        orders,
        perThousandOrders: orders === null ? null : perThousandText(money, orders),
      },
    };
  });
  rows.sort((left, right) => (left.money > right.money ? -1 : left.money < right.money ? 1 : left.row.key < right.row.key ? -1 : 1));
  return { by, rows: rows.map(({ row }) => row) };
}

/** A table adds up to the total in any case: what another cut did not give is a row of its own, never left out. */
function withRest({ now, before }: Pair, total: TableParts['total']): Pair {
  const rest = { now: total.now - sumOf(now.values()), before: total.before - sumOf(before.values()) };
  if (rest.now === 0n && rest.before === 0n) return { now, before };
  return { now: new Map([...now, [UNEXPLAINED, rest.now]]), before: new Map([...before, [UNEXPLAINED, rest.before]]) };
}

interface CountedOrders {
  readonly all: number;
  readonly account: ReadonlyMap<string, number>;
  readonly region: ReadonlyMap<string, number>;
}

function ordersOf({ orders, takes }: CostReportInput): CountedOrders | null {
  if (orders === null || orders.notRead > 0) return null;
  const taken = orders.places.filter(({ account }) => takes(account));
  const by = (keyOf: (place: (typeof taken)[number]) => string) => {
    const sums = new Map<string, number>();
    for (const place of taken) sums.set(keyOf(place), (sums.get(keyOf(place)) ?? 0) + place.orders);
    return sums;
  };
  return {
    all: taken.reduce((sum, place) => sum + place.orders, 0),
    account: by(({ account }) => account),
    region: by(({ region }) => region),
  };
}
