import { isAwsError } from '../../sandbox/aws-error';
import type { SimulatedCostExplorer } from '../../sandbox/costs/simulated-cost-explorer';
import { FleetError } from '../errors';

import type { CostExplorer } from './cost-explorer';

/** Cost Explorer of a simulated organisation, behind the same operations as AWS's. */
export function sandboxCostExplorer(simulated: SimulatedCostExplorer): CostExplorer {
  return {
    getCostAndUsage: (input, { signal }) => answer('GetCostAndUsage', signal, () => simulated.getCostAndUsage(input)),
    listCostAllocationTags: (input, { signal }) => answer('ListCostAllocationTags', signal, () => simulated.listCostAllocationTags(input)),
    updateCostAllocationTagsStatus: (input, { signal }) =>
      answer('UpdateCostAllocationTagsStatus', signal, () => simulated.updateCostAllocationTagsStatus(input)),
    close: () => Promise.resolve(),
  };
}

/** An answer of the simulated AWS, its errors as the fleet's. */
async function answer<Value>(operation: string, signal: AbortSignal, ask: () => Value): Promise<Value> {
  signal.throwIfAborted();
  try {
    return await Promise.resolve(ask());
  } catch (cause) {
    if (!isAwsError(cause)) throw cause;
    throw new FleetError(`aws/${cause.name}`, `ce:${operation} failed: ${cause.message}`, { cause });
  }
}
