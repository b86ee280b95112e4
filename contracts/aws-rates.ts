/**
 * What AWS charges for, in US dollars, and a month where it is something that stands: list prices of us-east-1, without free allowances and discounts. Written down from memory in
 * November 2026: check them against https://aws.amazon.com/pricing before money depends on them. Other regions cost up to a third more.
 */
export const awsRates = {
  dashboard: { dollars: 3, per: 'dashboard' },
  customMetric: { dollars: 0.3, per: 'metric' },
  metricAlarm: { dollars: 0.1, per: 'alarm' },
  compositeAlarm: { dollars: 0.5, per: 'alarm' },
  /** An alarm on a query pays for each metric that the query reads. */
  queriedMetric: { dollars: 0.1, per: 'metric read by an alarm' },
  customerKey: { dollars: 1, per: 'key' },
  queueRequests: { dollars: 0.4, per: 'million requests' },
  lambdaGigabyteSecond: { dollars: 0.000_013_333_4, per: 'GB-second on arm64' },
  lambdaRequests: { dollars: 0.2, per: 'million requests' },
} as const satisfies Readonly<Record<string, { readonly dollars: number; readonly per: string }>>;

/** Where the rates come from; every estimate says so. */
export const ratesSource = { asOf: '2026-11', source: 'list prices of us-east-1, from memory: to be checked', currency: 'USD' } as const;

/** Something that AWS charges for. */
export type RateName = keyof typeof awsRates;
