import type { AlarmMeaning, HealthSignals } from './health';
import { runbookPath } from './runbook-path';
import { metricDimensions, orderMetrics } from './telemetry';

/** Severity of every alarm of a regional target by its kind, the composites included. */
export const regionalAlarmSeverity: Readonly<Record<string, AlarmMeaning['severity']>> = {
  critical: 'critical',
  warning: 'warning',
  'order-failures': 'critical',
  'version-failures': 'critical',
  'slow-orders': 'warning',
  errors: 'critical',
  throttles: 'warning',
  'oldest-message': 'critical',
  'dead-letters': 'critical',
  'dlq-age': 'warning',
  concurrency: 'warning',
  'unreserved-concurrency': 'warning',
  heartbeat: 'critical',
};

/** The alarm that is red while no synthetic order is stored. */
const SILENCE = 'heartbeat';

/** What a regional target's alarms mean, and the metrics of its orders. */
export const regionalSignals: HealthSignals = {
  alarm: (name, fleet) => {
    const kind = name.startsWith(`${fleet}-`) ? name.slice(fleet.length + 1) : name;
    const severity = Object.hasOwn(regionalAlarmSeverity, kind) ? regionalAlarmSeverity[kind] : undefined;
    return severity === undefined ? null : { kind, severity, silence: kind === SILENCE, runbook: runbookPath(kind) };
  },
  service: ({ orders }) => {
    if (orders === null) return null;
    const functionName = orders.dimensions[metricDimensions.functionName];
    if (functionName === undefined) return null;
    return {
      failed: { ...orders, metric: orderMetrics.failed },
      slow: { ...orders, metric: orderMetrics.slow },
      errors: { namespace: 'AWS/Lambda', metric: 'Errors', dimensions: { [metricDimensions.functionName]: functionName } },
    };
  },
};
