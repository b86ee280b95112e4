/** Whether an account must opt in before it can use the region. Source: AWS account management guide, region tables. */
export type RegionOptIn = 'default' | 'opt-in';

const DEFAULT_REGIONS = [
  'us-east-1', 'us-east-2', 'us-west-1', 'us-west-2', 'ca-central-1', 'sa-east-1',
  'eu-west-1', 'eu-west-2', 'eu-west-3', 'eu-central-1', 'eu-north-1',
  'ap-south-1', 'ap-southeast-1', 'ap-southeast-2', 'ap-northeast-1', 'ap-northeast-2', 'ap-northeast-3',
] as const; // prettier-ignore

const OPT_IN_REGIONS = [
  'af-south-1', 'ap-east-1', 'ap-east-2', 'ap-south-2', 'ap-southeast-3', 'ap-southeast-4', 'ap-southeast-5', 'ap-southeast-6', 'ap-southeast-7',
  'ca-west-1', 'eu-central-2', 'eu-south-1', 'eu-south-2', 'il-central-1', 'me-central-1', 'me-south-1', 'mx-central-1',
] as const; // prettier-ignore

/** The commercial partition's regions with their opt-in kind. Other partitions (China, GovCloud) are separate organisations and not supported. */
export const knownRegions: ReadonlyMap<string, RegionOptIn> = new Map<string, RegionOptIn>([
  ...DEFAULT_REGIONS.map((region) => [region, 'default'] as const),
  ...OPT_IN_REGIONS.map((region) => [region, 'opt-in'] as const),
]);
