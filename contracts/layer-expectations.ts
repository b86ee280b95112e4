import { noExpectations, type Expectations } from './expectations';
import { foundationShares } from './footprints';
import { regionalNames } from './names';
import { observabilityOutputsSchema } from './observability';
import { regionalOutputsSchema, regionalSettingsSchema } from './regional';
import { LIVE_ALIAS } from './regional-health';
import { requiredAlarmKinds } from './regional-signals';
import type { TargetConfig } from './target-config';
import { metricDimensions, orderMetrics } from './telemetry';

/** What a deployed regional target should look like, from its outputs and config; null where these do not fit. */
export function regionalExpectations(outputs: unknown, config: TargetConfig): Expectations | null {
  const parsed = regionalOutputsSchema.safeParse(outputs);
  const kept = regionalSettingsSchema.safeParse(config.settings);
  if (!parsed.success || !kept.success) return null;
  const { alarms, dashboard, deadLetterFunctionName, deadLetterQueueArn, functionName, queueArn, queueUrl, tableName } = parsed.data;
  const { encryption, logRetentionDays: retentionDays, maxReceiveCount, tracing: mode } = kept.data;
  const names = regionalNames(config.fleet, { account: config.account.id, region: config.region });
  const tracing = mode === 'active' ? 'Active' : 'PassThrough';
  const composites = [alarms.critical, alarms.warning];
  return {
    alarms: {
      names: [...composites, ...alarms.children],
      required: requiredAlarmKinds(kept.data).map(names.alarm),
      composites,
      watched: true,
    },
    functions: [
      { name: functionName, logGroup: names.orderLogGroup, retentionDays, tracing },
      { name: deadLetterFunctionName, logGroup: names.deadLetterLogGroup, retentionDays, tracing },
    ],
    alias: { functionName, name: LIVE_ALIAS, lambda: 'order' },
    eventSources: [
      { queueArn, functionName: `${functionName}:${LIVE_ALIAS}` },
      { queueArn: deadLetterQueueArn, functionName: deadLetterFunctionName },
    ],
    redrive: { queueUrl, deadLetterQueueArn, maxReceiveCount },
    dashboards: dashboard === null ? [] : [dashboard],
    shares: null,
    customerKey: encryption === 'customer',
    order: {
      queueUrl,
      tableName,
      synthetic: {
        namespace: names.metricNamespace,
        metric: orderMetrics.synthetic,
        dimensions: { [metricDimensions.functionName]: functionName },
      },
    },
  };
}

/** What a deployed foundation should look like; null where its outputs do not tell. */
export function foundationExpectations(outputs: unknown): Expectations | null {
  const shares = foundationShares(outputs);
  return shares === null ? null : { ...noExpectations, shares };
}

/** What a deployed observability target should look like; null where its outputs do not tell. Its alarms are about targets, each of which is asked itself. */
export function observabilityExpectations(outputs: unknown): Expectations | null {
  const parsed = observabilityOutputsSchema.safeParse(outputs);
  if (!parsed.success) return null;
  return {
    ...noExpectations,
    alarms: { names: parsed.data.alarms, required: [], composites: [], watched: false },
    dashboards: parsed.data.dashboards,
  };
}
