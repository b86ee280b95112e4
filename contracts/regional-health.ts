import type { CodeVersions, Health } from './health';
import { regionalNames } from './names';
import { regionalOutputsSchema, regionalSettingsSchema } from './regional';
import type { TargetConfig } from './target-config';
import { metricDimensions, orderMetrics } from './telemetry';

/** What is looked at of a deployed resource. */
export interface ResourceFacts {
  readonly type: string;
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** The alias that takes orders. */
export const LIVE_ALIAS = 'live';

/** The alias of the version that took them before. */
export const PREVIOUS_ALIAS = 'previous';

/** What the gate reads of a regional target: all its alarms, and the orders that its function counts. Null where outputs do not fit. */
export function regionalHealth(outputs: unknown, config: TargetConfig): Health | null {
  const parsed = regionalOutputsSchema.safeParse(outputs);
  const settings = regionalSettingsSchema.safeParse(config.settings);
  if (!parsed.success || !settings.success) return null;
  const { alarms, functionName } = parsed.data;
  const { metricNamespace } = regionalNames(config.fleet, { account: config.account.id, region: config.region });
  const counted = (metric: string) => ({
    namespace: metricNamespace,
    metric,
    dimensions: { [metricDimensions.functionName]: functionName },
  });
  return {
    composites: [alarms.critical, alarms.warning],
    children: alarms.children,
    orders: counted(orderMetrics.failed),
    synthetic: settings.data.heartbeat ? counted(orderMetrics.synthetic) : null,
  };
}

/** Versions of a regional target's order function, from its resources as deployed. */
export function regionalVersions(resources: readonly ResourceFacts[]): CodeVersions | undefined {
  const alias = (name: string) =>
    resources.find(({ type, outputs }) => type === 'aws:lambda/alias:Alias' && outputs.name === name)?.outputs ?? {};
  const { functionVersion: live, functionName } = alias(LIVE_ALIAS);
  if (typeof live !== 'string' || typeof functionName !== 'string') return undefined;
  const { functionVersion: previous } = alias(PREVIOUS_ALIAS);
  const code = resources.find(
    ({ type, outputs }) => type === 'aws:lambda/function:Function' && namesOf(outputs).includes(functionName),
  )?.outputs;
  const { version: published, description, name } = code ?? {};
  if (typeof published !== 'string' || typeof name !== 'string') return undefined;
  const liveDigest = live === published && typeof description === 'string' ? description.replace(/^bundle /, '') : null;
  return { functionName: name, published, live, previous: typeof previous === 'string' ? previous : null, liveDigest };
}

function namesOf({ name, arn }: Readonly<Record<string, unknown>>): readonly unknown[] {
  return [name, arn];
}
