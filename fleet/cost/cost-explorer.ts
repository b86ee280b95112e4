import type {
  GetCostAndUsageCommandInput,
  GetCostAndUsageCommandOutput,
  ListCostAllocationTagsCommandInput,
  ListCostAllocationTagsCommandOutput,
  UpdateCostAllocationTagsStatusCommandInput,
  UpdateCostAllocationTagsStatusCommandOutput,
} from '@aws-sdk/client-cost-explorer';

/** How a call is stopped. */
export interface CallOptions {
  readonly signal: AbortSignal;
}

/** An answer without what the SDK adds about the call. */
type Answer<Output> = Promise<Omit<Output, '$metadata'>>;

/** The operations of Cost Explorer that are used, one call each, as AWS gives them. Every call rejects with an `aws/...` FleetError. */
export interface CostExplorer {
  getCostAndUsage(input: GetCostAndUsageCommandInput, options: CallOptions): Answer<GetCostAndUsageCommandOutput>;
  listCostAllocationTags(input: ListCostAllocationTagsCommandInput, options: CallOptions): Answer<ListCostAllocationTagsCommandOutput>;
  updateCostAllocationTagsStatus(
    input: UpdateCostAllocationTagsStatusCommandInput,
    options: CallOptions,
  ): Answer<UpdateCostAllocationTagsStatusCommandOutput>;
  /** Releases what it holds. */
  close(): Promise<void>;
}
