import * as z from 'zod';

import type { AlarmState, RedTime } from './health-reader';

/** One state change of an alarm as its history tells it. */
export interface StateChange {
  readonly at: Date;
  readonly from: AlarmState;
  readonly to: AlarmState;
}

/** An alarm's present state, and since when it is in it. */
export interface PresentState {
  readonly state: AlarmState;
  readonly since: Date;
}

/** A state as CloudWatch writes it. */
export const alarmStateSchema = z.enum(['OK', 'ALARM', 'INSUFFICIENT_DATA']);

const historyDataSchema = z.object({
  oldState: z.object({ stateValue: alarmStateSchema }),
  newState: z.object({ stateValue: alarmStateSchema }),
});

/** Reads the `HistoryData` of a `StateUpdate`; undefined where it is not of the form that CloudWatch writes. */
export function parseStateChange(at: Date, historyData: string): StateChange | undefined {
  let data: unknown;
  try {
    data = JSON.parse(historyData);
  } catch {
    return undefined;
  }
  const parsed = historyDataSchema.safeParse(data);
  return parsed.success ? { at, from: parsed.data.oldState.stateValue, to: parsed.data.newState.stateValue } : undefined;
}

/**
 * The times since `since` in which an alarm was red, oldest first. Changes and present state need not agree, since they are read one after
 * the other and AWS may have lost a change: whatever either says is red counts. Where only a change to green tells of a red time, that begins with `since`.
 */
export function redTimes(
  changes: readonly StateChange[],
  known: { readonly since: Date; readonly present: PresentState },
): readonly RedTime[] {
  const sorted = [...changes].sort((left, right) => left.at.getTime() - right.at.getTime());
  const red: RedTime[] = [];
  let reached = known.since;
  let open: Date | null = null;
  for (const change of sorted) {
    if (change.from === 'ALARM') open ??= reached;
    if (open !== null && change.to !== 'ALARM') {
      red.push({ from: open.toISOString(), until: change.at.toISOString() });
      open = null;
    }
    if (change.to === 'ALARM') open ??= change.at;
    reached = change.at;
  }
  const { present } = known;
  if (present.state === 'ALARM' && (sorted.length === 0 || present.since >= reached)) open ??= present.since;
  if (open !== null) red.push({ from: open.toISOString(), until: null });
  return red;
}
