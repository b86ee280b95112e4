import type { GetCostAndUsageCommandInput, GroupDefinition } from '@aws-sdk/client-cost-explorer';

import { AwsError } from '../aws-error';

/** The only metric that is simulated. */
export const METRIC = 'UnblendedCost';

/** AWS: a request groups by two things at most. */
const MOST_GROUPS = 2;

/** AWS keeps days for so many months, unless more is asked for. */
const MONTHS_KEPT = 14;

const DIMENSIONS = ['LINKED_ACCOUNT', 'REGION', 'SERVICE', 'RECORD_TYPE'];

const DAY_MS = 86_400_000;

/** A request that Cost Explorer would take. */
export interface CostRequest {
  readonly start: string;
  /** Not part of it. */
  readonly end: string;
  readonly groups: readonly GroupDefinition[];
}

/** Checks a request as Cost Explorer does. Throws its `ValidationException`, also for what it would take and this does not simulate. */
export function checkCostRequest(request: GetCostAndUsageCommandInput, today: string): CostRequest {
  const { TimePeriod, Granularity, Metrics = [], GroupBy = [] } = request;
  const [start, end] = [readDate('Start', TimePeriod?.Start), readDate('End', TimePeriod?.End)];
  if (end <= start) throw refused('Start date (and hour) should be before end date (and hour)');
  if (start > today) throw refused(`start date ${start} is after the current date ${today}`);
  const oldest = new Date(`${today.slice(0, 7)}-01T00:00:00Z`);
  oldest.setUTCMonth(oldest.getUTCMonth() - MONTHS_KEPT);
  if (start < oldest.toISOString().slice(0, 10)) throw refused(`historical data beyond ${MONTHS_KEPT} months is not enabled`);
  if (Granularity !== 'DAILY') throw refused(`Granularity ${String(Granularity)} is not simulated, DAILY is`);
  if (Metrics.length !== 1 || Metrics[0] !== METRIC) throw refused(`Metrics ${Metrics.join()} are not simulated, ${METRIC} is`);
  if (GroupBy.length > MOST_GROUPS) throw refused(`GroupBy has ${GroupBy.length} groups, at most ${MOST_GROUPS} are allowed`);
  for (const { Type, Key = '' } of GroupBy) {
    if (Type !== 'TAG' && Type !== 'DIMENSION') throw refused(`GroupBy type ${String(Type)} is not simulated`);
    if (Key === '' || (Type === 'DIMENSION' && !DIMENSIONS.includes(Key))) throw refused(`GroupBy ${Type} ${Key} is not simulated`);
  }
  if (new Set(GroupBy.map(({ Type, Key }) => `${Type} ${Key}`)).size < GroupBy.length) throw refused('GroupBy names one group twice');
  return { start, end, groups: GroupBy };
}

/** Days from one to the one before another. */
export function daysIn(start: string, end: string): readonly string[] {
  const count = Math.round((Date.parse(`${end}T00:00:00Z`) - Date.parse(`${start}T00:00:00Z`)) / DAY_MS);
  return Array.from({ length: Math.max(0, count) }, (_, index) => dayBefore(start, -index));
}

/** The day so many days before. */
export function dayBefore(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) - days * DAY_MS).toISOString().slice(0, 10);
}

function readDate(name: string, text: string | undefined): string {
  const at = new Date(`${text ?? ''}T00:00:00Z`);
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text ?? '') && !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text ?? '-');
  if (text === undefined || !isDay) throw refused(`${name} time ${String(text)} is invalid. Valid format is: yyyy-MM-dd`);
  return text;
}

function refused(message: string): AwsError {
  return new AwsError('ValidationException', message);
}
