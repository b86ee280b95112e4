import { metricDimensions, orderMetrics } from '../../contracts/telemetry';

import type { Shape } from './datapoint';
import type { Load } from './load';
import type { OrderPath } from './order-path';
import { isStruck, type Segment } from './segments';

/** A series of CloudWatch. */
export interface MetricId {
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** What one series gets during a segment: the shapes of all that write to it. */
export interface Emission {
  readonly unit: string;
  readonly shapes: readonly Shape[];
}

/** Share of its orders that code fails under a planted alarm: just over the highest threshold that may be configured. */
const STRUCK_FAILING = 0.06;

/** How long orders take, in milliseconds: an ordinary one, and one that is planted as slow, over the objective of one second. */
const ORDER_MS = 200;
const SLOW_ORDER_MS = 1_500;

/** Longest wait of an order where none is planted, in seconds. */
const ORDINARY_WAIT_SECONDS = 1;

const { functionName: FUNCTION, version: VERSION } = metricDimensions;

/** Text that two equal series have in common. */
export function seriesKey({ namespace, metric, dimensions }: MetricId): string {
  const sorted = Object.entries(dimensions).sort(([left], [right]) => (left < right ? -1 : 1));
  return JSON.stringify([namespace, metric, sorted]);
}

/** Metrics of AWS's own namespaces that paths emit. */
const AWS_METRICS: Readonly<Record<string, readonly string[]>> = {
  'AWS/Lambda': ['ConcurrentExecutions', 'Duration', 'Errors', 'Invocations', 'Throttles', 'UnreservedConcurrentExecutions'],
  'AWS/SQS': ['ApproximateAgeOfOldestMessage'],
};

/** Could anything in the sandbox emit this metric: where nothing could, its silence tells nothing. */
export function isSimulatedMetric({ namespace, metric }: Pick<MetricId, 'namespace' | 'metric'>): boolean {
  const known: readonly string[] = AWS_METRICS[namespace] ?? (namespace.startsWith('AWS/') ? [] : Object.values(orderMetrics));
  return known.includes(metric);
}

/** A series by its {@link seriesKey}. */
export function readSeriesKey(key: string): MetricId {
  const [namespace, metric, dimensions] = JSON.parse(key) as readonly [string, string, readonly (readonly [string, string])[]];
  return { namespace, metric, dimensions: Object.fromEntries(dimensions) };
}

/** Everything that a path emits during a segment, by {@link seriesKey}. */
export function emissionsOf(path: OrderPath, segment: Segment): ReadonlyMap<string, Emission> {
  const emissions = new Map<string, Emission>();
  const emit = (id: MetricId, unit: string, shapes: readonly Shape[]) => void emissions.set(seriesKey(id), { unit, shapes });
  emitHeartbeat(path, segment, emit);
  if (segment.known) {
    emitOrders(path, segment, emit);
    emitInvocations(path, segment, emit);
    emitQueues(path, segment, emit);
  }
  return emissions;
}

type Emit = (id: MetricId, unit: string, shapes: readonly Shape[]) => void;

function emitHeartbeat({ functionName, heartbeat, namespace }: OrderPath, { load }: Segment, emit: Emit): void {
  if (!heartbeat || !load.heartbeat) return;
  emit({ namespace, metric: orderMetrics.synthetic, dimensions: { [FUNCTION]: functionName } }, 'Count', [
    { kind: 'ticks', every: heartbeat.everySeconds, from: heartbeat.since },
  ]);
}

function emitOrders(path: OrderPath, segment: Segment, emit: Emit): void {
  const { functionName, namespace, versions } = path;
  const { load } = segment;
  const shifting = versions.some(({ onTrial }) => onTrial);
  const slow = [...(SLOW_ORDER_MS >= path.slowOrderMs ? [load.slow] : []), ...(ORDER_MS >= path.slowOrderMs ? [1 - load.slow] : [])];
  const slowRatio = slow.reduce((total, share) => total + share, 0);
  const shapes = versions.map((version) => {
    const planted = version.onTrial ? (load.failingOnTrial ?? load.failing) : load.failing;
    const failing = isStruck(version, segment, shifting) ? Math.max(planted, STRUCK_FAILING) : planted;
    const ofRatio = (ratio: number): Shape => ({ kind: 'ratio', perSecond: load.ordersPerSecond * version.share, ratio });
    return { version: version.version, failed: ofRatio(failing), slow: ofRatio(slowRatio) };
  });
  // In total, and by version, as the function does it.
  const emitBoth = (metric: string, shapeOf: (one: (typeof shapes)[number]) => Shape) => {
    emit({ namespace, metric, dimensions: { [FUNCTION]: functionName } }, 'Count', shapes.map(shapeOf));
    for (const one of shapes)
      emit({ namespace, metric, dimensions: { [FUNCTION]: functionName, [VERSION]: one.version } }, 'Count', [shapeOf(one)]);
  };
  emitBoth(orderMetrics.failed, ({ failed }) => failed);
  emitBoth(orderMetrics.slow, (one) => one.slow);
}

function emitInvocations(path: OrderPath, { load }: Segment, emit: Emit): void {
  const perSecond = invocationsPerSecond(path, load);
  const ofLambda = (metric: string) => ({ namespace: 'AWS/Lambda', metric, dimensions: { [FUNCTION]: path.functionName } });
  if (perSecond > 0) {
    emit(ofLambda('Invocations'), 'Count', [{ kind: 'ratio', perSecond, ratio: 1 }]);
    emit(ofLambda('Duration'), 'Milliseconds', [{ kind: 'mixture', perSecond, values: durationsOf(path, load) }]);
    emit(ofLambda('Errors'), 'Count', [{ kind: 'ratio', perSecond, ratio: load.crashing }]);
    emit(ofLambda('ConcurrentExecutions'), 'Count', [{ kind: 'gauge', peak: load.concurrency }]);
  }
  // Of the account and region, so without dimensions. A function without a reservation is one of those that share.
  const unreserved = load.unreservedConcurrency + (path.reserved || perSecond === 0 ? 0 : load.concurrency);
  if (unreserved > 0) {
    const shared = { namespace: 'AWS/Lambda', metric: 'UnreservedConcurrentExecutions', dimensions: {} };
    emit(shared, 'Count', [{ kind: 'gauge', peak: unreserved }]);
  }
  emit(ofLambda('Throttles'), 'Count', [{ kind: 'ratio', perSecond, ratio: 0 }, ...(load.throttles > 0 ? [ticksOf(load.throttles)] : [])]);
}

/** A batch takes as long as its slowest order. */
function durationsOf({ batchSize }: OrderPath, { slow }: Load) {
  const allOrdinary = (1 - slow) ** batchSize;
  return [
    { value: ORDER_MS, share: allOrdinary },
    { value: SLOW_ORDER_MS, share: 1 - allOrdinary },
  ];
}

function emitQueues(path: OrderPath, { load }: Segment, emit: Emit): void {
  const ageOf = (queue: string) => ({ namespace: 'AWS/SQS', metric: 'ApproximateAgeOfOldestMessage', dimensions: { QueueName: queue } });
  // SQS sends nothing for a queue that is not used: an idle order queue, or a dead-letter queue without dead letters.
  const oldest = load.oldestMessageSeconds ?? (invocationsPerSecond(path, load) > 0 ? ORDINARY_WAIT_SECONDS : null);
  if (oldest !== null) emit(ageOf(path.orderQueue), 'Seconds', [{ kind: 'gauge', peak: oldest }]);
  if (path.deadLetterQueue !== null && load.deadLetterAgeSeconds > 0)
    emit(ageOf(path.deadLetterQueue), 'Seconds', [{ kind: 'gauge', peak: load.deadLetterAgeSeconds }]);
  if (path.deadLetters && load.deadLetters > 0) {
    const { functionName, namespace } = path.deadLetters;
    emit({ namespace, metric: orderMetrics.deadLetters, dimensions: { [FUNCTION]: functionName } }, 'Count', [ticksOf(load.deadLetters)]);
  }
}

function invocationsPerSecond({ batchSize, heartbeat }: OrderPath, load: Load): number {
  return load.ordersPerSecond / batchSize + (heartbeat && load.heartbeat ? 1 / heartbeat.everySeconds : 0);
}

/** So many in five minutes, evenly. */
function ticksOf(count: number): Shape {
  return { kind: 'ticks', every: 300 / count, from: 0 };
}
