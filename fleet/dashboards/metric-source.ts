import type { MetricQuestion } from '../../contracts/metric-query';
import type { Region } from '../../contracts/ids';

/** A value at an instant, in milliseconds since 1970: the start of its period. */
export interface ShownPoint {
  readonly at: number;
  readonly value: number;
}

/** A line of a graph; periods without data are left out. */
export interface ShownSeries {
  readonly label: string;
  /** Seconds. */
  readonly period: number;
  readonly points: readonly ShownPoint[];
}

/** What is known of a query. `not evaluated`: nothing, neither that it is empty nor that it is zero. */
export type SeriesAnswer =
  { readonly kind: 'series'; readonly series: readonly ShownSeries[] } | { readonly kind: 'not evaluated'; readonly reason: string };

/** What is known of an alarm. `description` carries its runbook. */
export type AlarmAnswer =
  | { readonly kind: 'state'; readonly state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA'; readonly description: string }
  | { readonly kind: 'not evaluated'; readonly reason: string };

/** An alarm by its ARN's parts. */
export interface AlarmName {
  readonly arn: string;
  readonly account: string;
  readonly region: Region;
  readonly name: string;
}

/** Where dashboards have their metrics and alarms from: CloudWatch, or the sandbox. */
export interface MetricSource {
  /** What a reader must know of these metrics; null where there is nothing. */
  readonly note: string | null;
  /** The instant that everything is told of. */
  readonly asOf: Date;
  /** An answer for every visible query, by id. Rejects with an `aws/...` error where the question cannot be asked. */
  ask(question: MetricQuestion, options: { readonly signal: AbortSignal }): Promise<ReadonlyMap<string, SeriesAnswer>>;
  /** An answer for every alarm, by ARN. Rejects as `ask` does. */
  alarms(names: readonly AlarmName[], options: { readonly signal: AbortSignal }): Promise<ReadonlyMap<string, AlarmAnswer>>;
  close(): Promise<void>;
}
