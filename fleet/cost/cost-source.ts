import type { CostSlice, CutName } from './cost-cut';
import type { Day, Period } from './days';
import type { Money } from './money';

/** What one account was billed for one value of a cut on one day. The value of an untagged cost is empty. */
export interface CostItem {
  readonly account: string;
  readonly value: string;
  readonly amount: Money;
}

/** One day of a cut. */
export interface CostDay {
  readonly day: Day;
  /** AWS may still change it. */
  readonly estimated: boolean;
  readonly items: readonly CostItem[];
}

/** What is asked: a cut of a part of the bill, over days. */
export interface CostQuery {
  readonly cut: CutName;
  readonly slice: CostSlice;
  readonly period: Period;
}

/** Days of a cut, in order. A day that nobody knows of is absent: it is not a day without cost. */
export interface CostDays {
  readonly days: readonly CostDay[];
  /** Null where no amount has one. */
  readonly currency: string | null;
}

/** The bill of an organisation. */
export interface CostSource {
  read(query: CostQuery): Promise<CostDays>;
  /** Paid calls so far: each page is one. */
  paidCalls(): number;
}
