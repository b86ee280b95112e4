import { counted } from '../../contracts/counted';
import { compareTargetIds, type TargetId } from '../../contracts/target';
import type { GateAnswer, GateQuestion, GateTarget, RedAlarm, Verdict } from '../ports';

import type { HealthReading, RedTime } from './health-reader';

/** What came of reading one target: its health, or why there is none. */
export type TargetReading = HealthReading | { readonly error: string };

/** A reason names this many things; more are only counted. */
const NAMED = 3;

/**
 * The verdict on a gate's question, the worst that any target gives: a red alarm fails; what could not be read, or an expected alarm that is
 * absent, is an error; an alarm without data, or too little traffic, is inconclusive; only the rest passes. A target without a reading counts
 * as unread. The order of targets makes no difference.
 */
export function judgeGate(question: GateQuestion, readings: ReadonlyMap<TargetId, TargetReading>): GateAnswer {
  if (question.targets.length === 0) return { verdict: 'pass', reason: 'none of its targets is deployed', red: [], orders: null };
  const looks = [...question.targets]
    .sort((left, right) => compareTargetIds(left.target.id, right.target.id))
    .map((asked) => look(asked, readings.get(asked.target.id) ?? { error: 'was not read' }, question));
  const red = looks.flatMap((one) => one.red);
  const taken = looks.flatMap((one) => (one.orders === null ? [] : [one.orders]));
  const orders = taken.length === 0 ? null : taken.reduce((sum, count) => sum + count, 0);
  const answer = (verdict: Verdict, reason: string): GateAnswer => ({ verdict, reason, red, orders });

  if (red.length > 0) return answer('fail', `${counted(red.length, 'red alarm')}: ${listed(looks.flatMap((one) => describeRed(one.red)))}`);
  const unknown = looks.flatMap((one) => one.unread);
  if (unknown.length > 0) return answer('error', `health is not known: ${listed(unknown)}`);
  const few = orders !== null && orders < question.minOrders ? [`${orders} of ${counted(question.minOrders, 'order')}`] : [];
  const lacking = question.demand === 'healthy' ? [...few, ...looks.flatMap((one) => one.lacking)] : [];
  if (lacking.length > 0) return answer('inconclusive', `not enough is known: ${listed(lacking)}`);
  return answer('pass', passReason(question, { orders, accepted: looks.reduce((sum, one) => sum + one.accepted, 0) }));
}

/** What one target adds to the verdict. */
interface Look {
  readonly red: readonly RedAlarm[];
  /** Number of red alarms passed over. */
  readonly accepted: number;
  readonly unread: readonly string[];
  readonly lacking: readonly string[];
  /** Orders counted; null where none were asked for, or could not be counted. */
  readonly orders: number | null;
}

function look(asked: GateTarget, reading: TargetReading, question: GateQuestion): Look {
  const { health, target } = asked;
  if (health === null) return unread(`${target.id}: its outputs do not tell what to read`);
  if ('error' in reading) return unread(`${target.id}: ${oneLine(reading.error)}`);
  const all = redAlarms(asked, reading);
  const red = all.filter((one) => !question.accepted.some(({ target: id, alarm }) => id === one.target && alarm === one.alarm));
  const seen = { red, accepted: all.length - red.length };
  const orders = countOrders(asked, reading, question.countSynthetic);
  if (question.demand === 'not-red') return { ...seen, unread: [], lacking: [], orders: orders === 'unknown' ? null : orders };
  const existing = new Map(reading.alarms.map((alarm) => [alarm.name, alarm]));
  // A composite over silent children reads OK: each child speaks for itself (AWS.md A1).
  const absent = [...health.composites, ...health.children].filter((name) => !existing.has(name));
  const silent = [...existing.values()].filter(({ state }) => state === 'INSUFFICIENT_DATA');
  return {
    ...seen,
    unread: [
      ...absent.map((name) => `alarm ${name} of ${target.id} does not exist`),
      ...(orders === 'unknown' ? [`${target.id}: its orders were not counted`] : []),
    ],
    lacking: [
      ...(question.minOrders > 0 && orders === 0 ? [`${target.id} took no order`] : []),
      ...silent.map(({ name }) => `alarm ${name} of ${target.id} has no data`),
    ],
    orders: orders === 'unknown' ? null : orders,
  };
}

function unread(why: string): Look {
  return { red: [], accepted: 0, unread: [why], lacking: [], orders: null };
}

function redAlarms({ target, alarmsSince, redBefore }: GateTarget, reading: HealthReading): readonly RedAlarm[] {
  // Written so that an instant which cannot be read counts.
  const reaches = (until: string) => alarmsSince !== null && !(Date.parse(until) < Date.parse(alarmsSince));
  const isPassedOver = ({ from, until }: RedTime) =>
    alarmsSince !== null &&
    Date.parse(from) <= Date.parse(alarmsSince) &&
    redBefore !== 'counts' &&
    (until !== null || redBefore === 'may-stand');
  return reading.alarms.flatMap(({ name, state, red }) => {
    const counted = red.filter((time) => (time.until === null || reaches(time.until)) && !isPassedOver(time));
    const isRed = state === 'ALARM' && !red.some((time) => time.until === null && isPassedOver(time));
    if (!isRed && counted.length === 0) return [];
    const cleared = state !== 'ALARM' && counted.every(({ until }) => until !== null);
    return [{ target: target.id, alarm: name, since: counted[0]?.from ?? null, cleared }];
  });
}

function countOrders({ health, ordersSince }: GateTarget, reading: HealthReading, countSynthetic: boolean): number | 'unknown' | null {
  if (!health?.orders || ordersSince === null) return null;
  const counts = [reading.orders, ...(countSynthetic && health.synthetic ? [reading.synthetic] : [])];
  return counts.reduce<number | 'unknown'>(
    (sum, count) => (sum === 'unknown' || count === null || !(count >= 0) ? 'unknown' : sum + count),
    0,
  );
}

function passReason({ demand, targets }: GateQuestion, found: { readonly orders: number | null; readonly accepted: number }): string {
  const alarms = targets.reduce((sum, { health }) => sum + (health ? health.composites.length + health.children.length : 0), 0);
  return [
    demand === 'healthy'
      ? `${counted(alarms - found.accepted, 'alarm')} of ${counted(targets.length, 'target')} green`
      : `no alarm of ${counted(targets.length, 'target')} is red`,
    ...(found.accepted > 0 ? [`${found.accepted} accepted as red`] : []),
    ...(found.orders === null ? [] : [counted(found.orders, 'order')]),
  ].join(', ');
}

/** The red alarms of one target in one phrase: a composite and its children turn red together. */
function describeRed(red: readonly RedAlarm[]): readonly string[] {
  const [first] = red;
  if (!first) return [];
  const names = red.map(({ alarm, cleared }) => `${alarm}${cleared ? ' (cleared)' : ''}`);
  const [since] = red.flatMap((alarm) => alarm.since ?? []).sort();
  return [`${names.join(', ')} of ${first.target}${since === undefined ? '' : ` since ${since}`}`];
}

function listed(items: readonly string[]): string {
  const more = items.length - NAMED;
  return items.slice(0, NAMED).join('; ') + (more > 0 ? ` and ${more} more` : '');
}

function oneLine(text: string): string {
  return text.trim().replace(/\s+/g, ' ');
}
