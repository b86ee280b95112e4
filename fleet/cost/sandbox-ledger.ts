import { awsRates, type RateName } from '../../contracts/aws-rates';
import { findLayer } from '../../contracts/layers';
import { monthlyDollars } from '../../contracts/monthly-cost';
import { targetSchema } from '../../contracts/target';
import { generatedRows, type StandingCost } from '../../sandbox/costs/generated-ledger';
import type { LedgerRow } from '../../sandbox/costs/ledger';
import { loadOf } from '../../sandbox/metrics/load';
import type { Organization } from '../../sandbox/organization';
import type { TargetRecord } from '../plan/target-record';

/** Who bills what has a rate, by the names that Cost Explorer has. */
const services: Readonly<Record<RateName, string>> = {
  dashboard: 'AmazonCloudWatch',
  customMetric: 'AmazonCloudWatch',
  metricAlarm: 'AmazonCloudWatch',
  compositeAlarm: 'AmazonCloudWatch',
  queriedMetric: 'AmazonCloudWatch',
  customerKey: 'AWS Key Management Service',
  queueRequests: 'Amazon Simple Queue Service',
  lambdaGigabyteSecond: 'AWS Lambda',
  lambdaRequests: 'AWS Lambda',
};

const MINUTES_IN_30_DAYS = 60 * 24 * 30;

/** Memory and time of one order, for the generated bill: 1 GB for 0.1 seconds. */
const GIGABYTE_SECONDS_AN_ORDER = 0.1;

/** What a simulated organisation is billed on a day: its ledger, or one made from what is deployed. */
export function ledgerRows(organization: Organization, records: Iterable<TargetRecord>): (day: string) => readonly LedgerRow[] {
  const { rows } = organization.ledger;
  if (rows === undefined) {
    const standing = [...records].flatMap((record) => standingCosts(record, organization));
    return (day) => generatedRows(day, standing);
  }
  const byDay = new Map<string, LedgerRow[]>();
  for (const row of rows) {
    const known = byDay.get(row.day);
    if (known) known.push(row);
    else byDay.set(row.day, [row]);
  }
  return (day) => byDay.get(day) ?? [];
}

function standingCosts({ target: id, current }: TargetRecord, { traffic }: Organization): readonly StandingCost[] {
  if (current === null) return [];
  const { account, region, layer: name } = targetSchema.parse(id);
  const layer = findLayer(name);
  const { tags } = current.config;
  const monthly = new Map<string, number>();
  const add = (rate: RateName, dollars: number) => monthly.set(services[rate], (monthly.get(services[rate]) ?? 0) + dollars);
  for (const item of layer?.monthlyCost(current.config) ?? []) add(item.rate, monthlyDollars(item));
  if (layer?.deadLetters) {
    const orders = loadOf(traffic, id).ordersPerSecond * 60 * MINUTES_IN_30_DAYS;
    add('lambdaRequests', (orders / 1_000_000) * awsRates.lambdaRequests.dollars);
    add('lambdaGigabyteSecond', orders * GIGABYTE_SECONDS_AN_ORDER * awsRates.lambdaGigabyteSecond.dollars);
  }
  return [...monthly].map(([service, dollars]) => ({ account, region, tags, service, monthly: dollars }));
}
