import type { GateTarget } from '../ports';

/** State of a CloudWatch alarm. */
export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

/** A time in which an alarm was in ALARM; ISO 8601. Null: not over yet. */
export interface RedTime {
  readonly from: string;
  readonly until: string | null;
}

/** One alarm as it was read. */
export interface AlarmReading {
  readonly name: string;
  readonly kind: 'metric' | 'composite';
  readonly state: AlarmState;
  /** When it took that state, ISO 8601. @default not known */
  readonly since?: string;
  /** Every red time that reaches into the time asked about, the present one included; oldest first. */
  readonly red: readonly RedTime[];
}

/** What was read of one target. Counts are null where they were not asked for. */
export interface HealthReading {
  /** The alarms that exist, of those expected. */
  readonly alarms: readonly AlarmReading[];
  readonly orders: number | null;
  readonly synthetic: number | null;
}

/** Reads the health of one target where it lives. Rejects where it cannot: what it does not say is never taken for good. */
export interface HealthReader {
  read(target: GateTarget, options: { readonly signal: AbortSignal }): Promise<HealthReading>;
  close(): Promise<void>;
}
