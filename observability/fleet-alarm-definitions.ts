import { orderMetrics } from '../contracts/telemetry';
import { runbookPath } from '../layer-kit/alarm-rule';
import { fleetQuery, type FleetQuery } from './fleet-queries';
import { burnRates, objectives, type BurnRate } from './service-objectives';

/** One alarm over all accounts of a region, as data. */
export interface FleetAlarmDefinition {
  readonly kind: string;
  readonly description: string;
  readonly query: string;
  /** Share or count; the alarm is red above it. */
  readonly threshold: number;
  readonly periodSeconds: number;
  readonly windows: number;
  /** Windows of these that must breach. */
  readonly breaching: number;
}

/** One composite that notifies: red while its condition over children holds. */
export interface FleetComposite {
  readonly severity: 'critical' | 'warning';
  readonly description: string;
  /** Any of these groups; all kinds of a group at once. */
  readonly anyOf: readonly (readonly string[])[];
}

/** What the definitions depend on: names that are the same in every account. */
export interface FleetAlarmInput {
  readonly namespace: string;
  readonly orderFunction: string;
  readonly deadLetterFunction: string;
}

/** Share of one account's orders that may fail before somebody is woken, whatever the rest of the fleet does. */
export const ACCOUNT_FAILURE_RATE = 0.05;

/** Every alarm over the fleet's metrics in one region. */
export function fleetAlarmDefinitions(input: FleetAlarmInput): readonly FleetAlarmDefinition[] {
  const ofOrders = { namespace: input.namespace, functionName: input.orderFunction, statistic: 'AVG' } as const;
  return [
    define({
      kind: 'order-failures',
      says: `more than ${ACCOUNT_FAILURE_RATE * 100} % of one account's orders fail`,
      query: { ...ofOrders, metric: orderMetrics.failed, perAccount: true },
      threshold: ACCOUNT_FAILURE_RATE,
      windows: 3,
      breaching: 2,
    }),
    define({
      kind: 'slow-orders',
      says: `more than ${objectives.slowBudget * 100} % of one account's orders are slow`,
      query: { ...ofOrders, metric: orderMetrics.slow, perAccount: true },
      threshold: objectives.slowBudget,
      windows: 3,
      breaching: 2,
    }),
    define({
      kind: 'dead-letters',
      says: 'an account has dead letters',
      query: {
        namespace: input.namespace,
        functionName: input.deadLetterFunction,
        metric: orderMetrics.deadLetters,
        statistic: 'SUM',
        perAccount: true,
      },
      threshold: 0,
    }),
    ...burnRates.flatMap((burn) => burnAlarms(burn, { ...ofOrders, metric: orderMetrics.failed, perAccount: false })),
  ];
}

/** The composites that notify, by severity. */
export const fleetComposites: readonly FleetComposite[] = [
  {
    severity: 'critical',
    description: 'orders of one account, or of the whole region, are failing',
    anyOf: [['order-failures'], burnKinds('fast')],
  },
  {
    severity: 'warning',
    description: 'the region is spending its failure budget, is slow, or has dead letters',
    anyOf: [['slow-orders'], ['dead-letters'], burnKinds('slow')],
  },
];

function burnKinds(name: BurnRate['name']): readonly [string, string] {
  return [`burn-${name}-long`, `burn-${name}-short`];
}

function burnAlarms(burn: BurnRate, query: FleetQuery): readonly FleetAlarmDefinition[] {
  const [long, short] = burnKinds(burn.name);
  const says = `the region spends its failure budget ${burn.rate} times as fast as it may`;
  const threshold = burn.rate * objectives.failureBudget;
  return [
    define({ kind: long, says, query, threshold, periodSeconds: burn.longWindow }),
    define({ kind: short, says: `${says}, and still does`, query, threshold, periodSeconds: burn.shortWindow }),
  ];
}

function define(options: {
  readonly kind: string;
  readonly says: string;
  readonly query: FleetQuery;
  readonly threshold: number;
  readonly periodSeconds?: number;
  readonly windows?: number;
  readonly breaching?: number;
}): FleetAlarmDefinition {
  const windows = options.windows ?? 1;
  return {
    kind: options.kind,
    description: `${options.says}. Runbook: ${runbookPath(`fleet-${options.kind}`)}`,
    query: fleetQuery(options.query),
    threshold: options.threshold,
    periodSeconds: options.periodSeconds ?? 300,
    windows,
    breaching: options.breaching ?? windows,
  };
}
