/** What is billed, by what it is for. `other` is what belongs to none: fees, discounts, support. */
export const recordClasses = ['usage', 'credit', 'refund', 'tax', 'other'] as const;

/** One of {@link recordClasses}. */
export type RecordClass = (typeof recordClasses)[number];

/** Cost Explorer's record types that are usage, whoever discounts it. */
const USAGE = new Set(['Usage', 'DiscountedUsage', 'SavingsPlanCoveredUsage']);

/** The class of one of Cost Explorer's record types. */
export function recordClass(type: string): RecordClass {
  if (USAGE.has(type)) return 'usage';
  const known = recordClasses.find((one) => one === type.toLowerCase());
  return known ?? 'other';
}
