import type { AccountId, Region } from './ids';

/** One query of a question, as `GetMetricData` takes them. `period` in seconds. */
export interface MetricQuery {
  readonly id: string;
  /** Null: CloudWatch's own name for it. */
  readonly label: string | null;
  /** False: only other queries use it. */
  readonly visible: boolean;
  readonly period: number;
  readonly of:
    | {
        readonly kind: 'metric';
        /** Null: the account that asks. */
        readonly account: AccountId | null;
        readonly namespace: string;
        readonly metric: string;
        readonly dimensions: Readonly<Record<string, string>>;
        /** `Sum`, `p99`. */
        readonly stat: string;
      }
    /** Metric math, `SEARCH` or a Metrics Insights query. */
    | { readonly kind: 'expression'; readonly expression: string };
}

/** Queries asked together: expressions name the others by id. */
export interface MetricQuestion {
  /** Who asks. */
  readonly account: AccountId;
  readonly region: Region;
  /** How far back, in seconds. */
  readonly seconds: number;
  readonly queries: readonly MetricQuery[];
}
