import type { OrderCount } from '../../contracts/health';
import type { Target } from '../../contracts/target';

import type { CallOptions } from './cost-explorer';
import type { Period } from './days';

/** A deployed target that takes orders, and the metric that counts them. */
export interface OrderTaker {
  readonly target: Target;
  readonly metric: OrderCount;
}

/** Orders of customers that targets took. */
export interface OrderSource {
  /** Over whole UTC days, as far as they have passed. Rejects with an `aws/...` FleetError where they cannot be counted. */
  count(taker: OrderTaker, period: Period, options: CallOptions): Promise<number>;
  /** Releases what it holds. */
  close(): Promise<void>;
}
