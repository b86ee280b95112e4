import { awsRates, ratesSource } from '../../contracts/aws-rates';
import { findLayer } from '../../contracts/layers';
import { monthlyDollars, type CostItem } from '../../contracts/monthly-cost';
import type { LayerName, TargetId } from '../../contracts/target';

import type { PlannedTarget } from './rollout-plan';
import type { TargetRecord, TargetRecords } from './target-record';

/** What a plan adds of one thing, over all targets of a layer; negative: it takes away. */
export interface EstimateLine {
  readonly layer: LayerName;
  readonly item: string;
  readonly quantity: number;
  /** Dollars for one. */
  readonly rate: number;
  /** What the rate is for. */
  readonly per: string;
  /** Dollars a month. */
  readonly monthly: number;
}

/** What a plan adds to the bill each month, without traffic: an estimate by list prices. */
export interface CostEstimate {
  readonly currency: 'USD';
  /** Dollars a month; negative where the plan takes away more than it adds. */
  readonly monthly: number;
  readonly rates: { readonly asOf: string; readonly source: string };
  readonly lines: readonly EstimateLine[];
  /** Targets that come to cost more or less. */
  readonly targets: readonly { readonly id: TargetId; readonly layer: LayerName; readonly monthly: number }[];
}

/**
 * The difference that changed targets make, against what their records say stands there; a target that never was good counts whole. Pure.
 * What was deployed with settings of another version cannot be compared, and counts as no difference.
 */
export function estimateCost(targets: readonly PlannedTarget[], records: TargetRecords): CostEstimate {
  const quantities = new Map<string, CostItem & { readonly layer: LayerName }>();
  const changed: CostEstimate['targets'][number][] = [];
  for (const planned of targets) {
    if (planned.reasons.length === 0) continue;
    const items = difference(planned, records.get(planned.target.id));
    for (const item of items) {
      const key = `${planned.target.layer} ${item.item}`;
      const quantity = (quantities.get(key)?.quantity ?? 0) + item.quantity;
      quantities.set(key, { ...item, quantity, layer: planned.target.layer });
    }
    const monthly = cents(sumOf(items));
    if (monthly !== 0) changed.push({ id: planned.target.id, layer: planned.target.layer, monthly });
  }
  const all = [...quantities.values()];
  const lines = all.flatMap((item): readonly EstimateLine[] => {
    const { dollars, per } = awsRates[item.rate];
    const { layer, quantity } = item;
    return quantity === 0 ? [] : [{ layer, item: item.item, quantity, rate: dollars, per, monthly: cents(monthlyDollars(item)) }];
  });
  const { asOf, source, currency } = ratesSource;
  return { currency, monthly: cents(sumOf(all)), rates: { asOf, source }, lines, targets: changed };
}

function difference({ target, config }: PlannedTarget, record: TargetRecord | undefined): readonly CostItem[] {
  const costOf = findLayer(target.layer)?.monthlyCost;
  const after = costOf?.(config) ?? null;
  if (!costOf || after === null) return [];
  const standing = record?.good ? (record.current ?? record.good) : null;
  if (standing === null) return after;
  const before = costOf(standing.config);
  return before === null ? [] : [...after, ...before.map((item) => ({ ...item, quantity: -item.quantity }))];
}

function sumOf(items: readonly CostItem[]): number {
  return items.reduce((sum, item) => sum + monthlyDollars(item), 0);
}

/** Whole cents; never minus zero. */
function cents(dollars: number): number {
  return Math.round(dollars * 100) / 100 || 0;
}
