import { orderMetrics } from '../contracts/telemetry';
import type { Threshold, Widget } from '../layer-kit/dashboard';
import { fleetQuery } from './fleet-queries';
import { burnRates, objectives } from './service-objectives';

/** Names that are the same in every account, and the region that is asked. */
export interface RegionQueryInput {
  readonly region: string;
  readonly namespace: string;
  readonly orderFunction: string;
  readonly deadLetterFunction: string;
}

/** Accounts that a list of the worst shows. */
export const WORST = 10;

/** Success and slowness against what is promised, and how fast the budget is spent: of all accounts of a region together. */
export function objectiveWidgets(input: RegionQueryInput): readonly Widget[] {
  const { failureBudget, slowBudget } = objectives;
  return [
    share(input, {
      title: 'successful orders (%)',
      metric: orderMetrics.failed,
      expression: '100 * (1 - share)',
      thresholds: [{ label: 'objective', value: 100 * (1 - failureBudget) }],
    }),
    share(input, {
      title: 'slow orders (%)',
      metric: orderMetrics.slow,
      expression: '100 * share',
      thresholds: [{ label: 'objective', value: 100 * slowBudget }],
    }),
    share(input, {
      title: 'failure budget: speed of spending (1 = used up in 30 days)',
      metric: orderMetrics.failed,
      expression: `share / ${failureBudget}`,
      thresholds: [{ label: 'all of it', value: 1 }, ...burnRates.map(({ name, rate }) => ({ label: `alarm, ${name}`, value: rate }))],
    }),
  ];
}

/** The accounts of a region that do worst, worst first. New accounts join by themselves. */
export function worstWidgets(input: RegionQueryInput): readonly Widget[] {
  const ofOrders = { namespace: input.namespace, functionName: input.orderFunction, perAccount: true } as const;
  return [
    worst(input, { title: 'most failed orders (share)', query: fleetQuery({ ...ofOrders, statistic: 'AVG', metric: orderMetrics.failed, worst: WORST }) }),
    worst(input, { title: 'most slow orders (share)', query: fleetQuery({ ...ofOrders, statistic: 'AVG', metric: orderMetrics.slow, worst: WORST }) }),
    worst(input, {
      title: 'most dead letters',
      query: fleetQuery({ ...ofOrders, functionName: input.deadLetterFunction, statistic: 'SUM', metric: orderMetrics.deadLetters, worst: WORST }),
    }),
  ]; // prettier-ignore
}

function share(
  { region, namespace, orderFunction }: RegionQueryInput,
  shown: { readonly title: string; readonly metric: string; readonly expression: string; readonly thresholds: readonly Threshold[] },
): Widget {
  const query = fleetQuery({ namespace, functionName: orderFunction, metric: shown.metric, statistic: 'AVG', perAccount: false });
  return {
    type: 'metric',
    width: 8,
    height: 5,
    properties: {
      title: `${region}: ${shown.title}`,
      region,
      view: 'timeSeries',
      stat: 'Average',
      period: 300,
      metrics: [[{ expression: query, id: 'share', visible: false }], [{ expression: shown.expression, id: 'shown', label: shown.title }]],
      annotations: { horizontal: shown.thresholds },
    },
  };
}

function worst({ region }: RegionQueryInput, shown: { readonly title: string; readonly query: string }): Widget {
  return {
    type: 'metric',
    width: 8,
    height: 5,
    properties: {
      title: `${region}: ${shown.title}, worst ${WORST} accounts`,
      region,
      view: 'bar',
      stat: 'Average',
      period: 300,
      metrics: [[{ expression: shown.query, id: 'worst' }]],
    },
  };
}
