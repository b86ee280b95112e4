import { counted } from '../../contracts/counted';

/** Paid calls of Cost Explorer, and what they cost. */
export interface PaidCalls {
  readonly count: number;
  /** US dollars, as a decimal. */
  readonly dollars: string;
  /** Nothing was paid: the sandbox answered. */
  readonly simulated: boolean;
}

/** Cost Explorer charges one cent for each request, every page one (list price, from memory in November 2026). */
export function paidFor(count: number, { simulated }: { readonly simulated: boolean }): PaidCalls {
  return { count, dollars: (count / 100).toFixed(2), simulated };
}

/** Paid calls on one line. */
export function paidText({ count, dollars, simulated }: PaidCalls): string {
  if (count === 0) return 'no call of Cost Explorer: all days were kept';
  return `${counted(count, 'call')} of Cost Explorer${simulated ? `, simulated; at a cent each $${dollars}` : ` for $${dollars}`}`;
}
