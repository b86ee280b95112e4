import type { AlarmMeaning, HealthSignals } from './health';
import type { RegionalSettings } from './regional';
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

/** Kinds of the alarms that every regional target with these settings has, whatever its release. */
export function requiredAlarmKinds({
  heartbeat,
  unreservedConcurrency,
}: Pick<RegionalSettings, 'heartbeat' | 'unreservedConcurrency'>): readonly string[] {
  return Object.keys(regionalAlarmSeverity).filter((kind) => {
    if (kind === SILENCE) return heartbeat;
    return kind !== 'unreserved-concurrency' || unreservedConcurrency !== null;
  });
}

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
