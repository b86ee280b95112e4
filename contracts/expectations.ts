import type { SharedParts } from './footprint';
import type { OrderCount } from './health';

/** A function as it should stand. */
export interface ExpectedFunction {
  readonly name: string;
  readonly logGroup: string;
  readonly retentionDays: number;
  /** As Lambda names it. */
  readonly tracing: 'Active' | 'PassThrough';
}

/** What a deployed target should look like, in its account and region. Empty and null: the layer has none. */
export interface Expectations {
  /**
   * Alarms that must be there and armed, as the target's outputs name them, and those that its layer promises whatever the release.
   * `watched`: they must have data and be green as well.
   */
  readonly alarms: {
    readonly names: readonly string[];
    readonly required: readonly string[];
    readonly composites: readonly string[];
    readonly watched: boolean;
  };
  readonly functions: readonly ExpectedFunction[];
  /** The alias that must serve one version, made from this bundle of the release. */
  readonly alias: { readonly functionName: string; readonly name: string; readonly lambda: string } | null;
  readonly eventSources: readonly { readonly queueArn: string; readonly functionName: string }[];
  readonly redrive: { readonly queueUrl: string; readonly deadLetterQueueArn: string; readonly maxReceiveCount: number } | null;
  readonly dashboards: readonly string[];
  readonly shares: SharedParts | null;
  /** All that holds orders is encrypted with the target's own key. */
  readonly customerKey: boolean;
  /** Where a synthetic order goes in, where it must arrive, and what counts it. */
  readonly order: OrderRoute | null;
}

/** The way of a synthetic order. */
export interface OrderRoute {
  readonly queueUrl: string;
  readonly tableName: string;
  readonly synthetic: OrderCount;
}

/** Nothing is expected. */
export const noExpectations: Expectations = {
  alarms: { names: [], required: [], composites: [], watched: false },
  functions: [],
  alias: null,
  eventSources: [],
  redrive: null,
  dashboards: [],
  shares: null,
  customerKey: false,
  order: null,
};
