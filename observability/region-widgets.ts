import { orderMetrics, WINDOW_SECONDS } from '../contracts/telemetry';
import { runbookPath } from '../layer-kit/alarm-rule';
import type { Threshold, Widget } from '../layer-kit/dashboard';
import { ACCOUNT_FAILURE_RATE } from './fleet-alarm-definitions';
import { fleetQuery, quietestQuery } from './fleet-queries';
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

/** How far back a list of the quietest looks: a target's heartbeat alarm takes three windows without a synthetic order, and the present one is not over. */
const QUIET_MINUTES = (4 * WINDOW_SECONDS) / 60;

/**
 * The accounts of a region that do worst, worst first, each with the value from which on it is not well and what to do then. New accounts join
 * by themselves.
 */
export function worstWidgets(input: RegionQueryInput): readonly Widget[] {
  const { namespace, orderFunction: functionName, deadLetterFunction } = input;
  const ofOrders = { namespace, functionName, perAccount: true, worst: WORST } as const;
  return [
    listed(input, {
      title: `most failed orders (share), worst ${WORST} accounts`,
      expression: fleetQuery({ ...ofOrders, statistic: 'AVG', metric: orderMetrics.failed }),
      limits: [
        limit('over the objective', { value: objectives.failureBudget, fill: 'above', runbook: 'order-failures' }),
        limit('failing', { value: ACCOUNT_FAILURE_RATE, fill: 'above', runbook: 'fleet-order-failures' }),
      ],
    }),
    listed(input, {
      title: `fewest synthetic orders in ${QUIET_MINUTES} minutes, quietest ${WORST} accounts`,
      expression: quietestQuery({ namespace, functionName, quietest: WORST }),
      start: `-PT${QUIET_MINUTES}M`,
      limits: [limit('silent', { value: 1, fill: 'below', runbook: 'heartbeat' })],
    }),
    listed(input, {
      title: `most slow orders (share), worst ${WORST} accounts`,
      expression: fleetQuery({ ...ofOrders, statistic: 'AVG', metric: orderMetrics.slow }),
      limits: [limit('slow', { value: objectives.slowBudget, fill: 'above', runbook: 'fleet-slow-orders' })],
    }),
    listed(input, {
      title: `most dead letters, worst ${WORST} accounts`,
      expression: fleetQuery({ ...ofOrders, functionName: deadLetterFunction, statistic: 'SUM', metric: orderMetrics.deadLetters }),
      limits: [limit('dead letters', { value: 0, fill: 'above', runbook: 'fleet-dead-letters' })],
    }),
  ];
}

/** A limit that says what an account past it is, and where it stands what to do. */
function limit(
  says: string,
  { runbook, ...side }: { readonly value: number; readonly fill: 'above' | 'below'; readonly runbook: string },
): Threshold {
  return { label: `${says}: ${runbookPath(runbook)}`, ...side };
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

function listed(
  { region }: RegionQueryInput,
  shown: { readonly title: string; readonly expression: string; readonly limits: readonly Threshold[]; readonly start?: string },
): Widget {
  const { title, expression, limits, start } = shown;
  return {
    type: 'metric',
    width: 12,
    height: 5,
    properties: {
      title: `${region}: ${title}`,
      region,
      view: 'bar',
      stat: 'Average',
      period: WINDOW_SECONDS,
      ...(start === undefined ? {} : { start }),
      metrics: [[{ expression, id: 'worst' }]],
      annotations: { horizontal: limits },
    },
  };
}
