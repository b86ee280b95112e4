/** A time series: values by the start of their period, in simulated seconds. A period without data has none. */
export interface TimeSeries {
  readonly label: string;
  readonly period: number;
  readonly values: ReadonlyMap<number, number>;
}

/** What one query gives. */
export type QueryAnswer =
  | { readonly kind: 'series'; readonly series: readonly TimeSeries[] }
  /** Nothing is known of it: neither that it is empty nor that it is zero. */
  | { readonly kind: 'not evaluated'; readonly reason: string };

/** Thrown for what the sandbox does not evaluate; the message says what. */
export class NotEvaluated extends Error {}
