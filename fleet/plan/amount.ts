import type { Amount } from '../config/fleet-config';

/** An amount of a total: percentages round down, as StackSets' do. */
export function amountOf(amount: Amount, total: number): number {
  // Through hundredths, so that 29 % of 100 is 29 and not 28.999999999999996.
  return amount.kind === 'count' ? amount.value : Math.floor((Math.round(amount.value * 100) * total) / 10_000);
}
