import type { CostDay } from './cost-source';
import type { Day } from './days';
import { recordClass } from './record-class';

/**
 * Days with costs of which a cut by a tag tells nothing, though it tells other days apart: billing did not know the tag then, or the day was
 * kept before it did. None where all days are cut alike. Pure, as are the others.
 */
export function untoldDays(days: readonly CostDay[]): readonly Day[] {
  const isTold = ({ items }: CostDay) => items.some(({ value }) => value !== '');
  if (!days.some(isTold)) return [];
  return days.filter((day) => !isTold(day) && hasCosts(day)).map(({ day }) => day);
}

/** Of a bill that is filtered by tags, the days before the first on which anything carries one: the tag may not have been known yet. */
export function daysBeforeTag(days: readonly CostDay[]): readonly Day[] {
  const first = days.find(hasCosts)?.day;
  return first === undefined ? [] : days.filter(({ day }) => day < first).map(({ day }) => day);
}

/** Days whose usage lacks a tag as a whole, while that of other days does not. */
export function whollyUntagged(types: readonly CostDay[], untagged: readonly CostDay[]): readonly Day[] {
  const lacking = new Map(untagged.map((day) => [day.day, usageOf(day)]));
  const used = types.filter((day) => usageOf(day) > 0n);
  const whole = used.filter((day) => lacking.get(day.day) === usageOf(day)).map(({ day }) => day);
  return whole.length === used.length ? [] : whole;
}

function hasCosts({ items }: CostDay): boolean {
  return items.some(({ amount }) => amount !== 0n);
}

function usageOf({ items }: CostDay): bigint {
  return items.reduce((sum, { value, amount }) => (recordClass(value) === 'usage' ? sum + amount : sum), 0n);
}
