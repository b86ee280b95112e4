import { createHash } from 'node:crypto';

import type { AccountId, Region } from '../../contracts/ids';
import type { Tags } from '../../contracts/tags';

import type { LedgerRow } from './ledger';

/** Something that stands in the simulated organisation and costs so much a month. */
export interface StandingCost {
  readonly account: AccountId;
  readonly region: Region;
  readonly tags: Tags;
  readonly service: string;
  /** US dollars in 30 days. */
  readonly monthly: number;
}

const DAYS_A_MONTH = 30;

/** Something that nobody tagged, in every account: US dollars a day. */
const TRAIL = { service: 'AWS CloudTrail', dollars: 0.05 };

/** On the first day of a month, for each account: US dollars. */
const TAX = { service: 'Tax', dollars: 2 };

/**
 * What one day is billed, as if what stands had always stood: each day is up to a tenth more or less than the average, by account, service and
 * day. The same day gives the same rows whenever it is asked about. Pure.
 */
export function generatedRows(day: string, standing: readonly StandingCost[]): readonly LedgerRow[] {
  const usage = standing.map(({ account, region, tags, service, monthly }): LedgerRow => {
    const dollars = (monthly / DAYS_A_MONTH) * swing(`${day} ${account} ${region} ${service}`);
    return { day, account, region, service, type: 'Usage', amount: microText(dollars), tags };
  });
  const accounts = [...new Map(standing.map(({ account, region }) => [account, region]))];
  const untagged = accounts.map(([account, region]): LedgerRow => {
    const dollars = TRAIL.dollars * swing(`${day} ${account} ${TRAIL.service}`);
    return { day, account, region, service: TRAIL.service, type: 'Usage', amount: microText(dollars), tags: {} };
  });
  const tax = accounts.map(([account]): LedgerRow => ({
    day,
    account,
    service: TAX.service,
    type: 'Tax',
    amount: microText(TAX.dollars),
    tags: {},
  }));
  return [...usage, ...untagged, ...(day.endsWith('-01') ? tax : [])];
}

/** 0.9 to 1.1, by a text. */
function swing(text: string): number {
  return 0.9 + createHash('sha256').update(text).digest().readUInt32BE(0) / 0xffffffff / 5;
}

/** Dollars as a decimal of whole millionths. */
function microText(dollars: number): string {
  const micro = Math.round(dollars * 1_000_000);
  return `${Math.floor(micro / 1_000_000)}.${String(micro % 1_000_000).padStart(6, '0')}`;
}
