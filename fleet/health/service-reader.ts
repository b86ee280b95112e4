import type { ServiceMetrics } from '../../contracts/health';
import type { Target } from '../../contracts/target';

import type { ServiceCounts } from './service-levels';

/** Counts orders where a target lives. Rejects where it cannot: what was not counted is never zero. */
export interface ServiceReader {
  /** One count per window of so many seconds that ends now, in the order asked. */
  read(
    target: Target,
    metrics: ServiceMetrics,
    options: { readonly windows: readonly number[]; readonly signal: AbortSignal },
  ): Promise<readonly ServiceCounts[]>;
}
