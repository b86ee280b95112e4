import * as z from 'zod';

import { deadLetterEnvironmentSchema, orderEnvironmentSchema } from '../../contracts/telemetry';
import type { Place, WorldResource, WorldView } from '../resource-type';
import { computeTokens } from '../types/common/compute-tokens';
import { parseFunctionName } from '../types/common/function-reference';
import { LATEST, publishedVersions } from '../types/common/lambda-versions';
import { readJsonObject, readText } from '../types/common/property-readers';

/** A version of an order function, and its share (0 to 1) of the invocations. */
export interface RunningVersion {
  readonly version: string;
  readonly share: number;
  /** The newest that gets any, beside another one. */
  readonly onTrial: boolean;
  /** The newest that was published: the code of the last deployment. */
  readonly newest: boolean;
}

/** The way of an order as deployed: queue, event source mapping, alias, function. What is not there emits nothing. Instants are simulated seconds. */
export interface OrderPath {
  /** Id of the target that made the function. */
  readonly target: string;
  readonly functionName: string;
  readonly namespace: string;
  readonly slowOrderMs: number;
  readonly batchSize: number;
  /** The function has executions of its own. */
  readonly reserved: boolean;
  readonly versions: readonly RunningVersion[];
  readonly orderQueue: string;
  readonly deadLetterQueue: string | null;
  readonly deadLetters: { readonly functionName: string; readonly namespace: string } | null;
  readonly heartbeat: { readonly everySeconds: number; readonly since: number } | null;
  /** When all of it was there. */
  readonly madeAt: number;
  /** When it last changed. */
  readonly changedAt: number;
  /** The time in which its orders table was deleted: no order can be stored. @default it stands */
  readonly withoutTable?: { readonly from: number; readonly until: number };
}

const TABLE = 'aws:dynamodb/table:Table';
const SCHEDULE = 'aws:scheduler/schedule:Schedule';

interface Consumer {
  readonly mapping: WorldResource;
  readonly queue: WorldResource;
  readonly function: WorldResource;
  readonly alias: WorldResource | undefined;
  readonly qualifier: string | undefined;
  readonly environment: unknown;
}

/** Where paths are read, and how the world's real milliseconds become simulated seconds. */
export interface OrderPathOptions {
  readonly place: Place;
  readonly toSimulated: (milliseconds: number) => number;
}

/** The order paths of an account and region. Which function takes orders and which dead letters shows in its environment. */
export function readOrderPaths(world: WorldView, { place, toSimulated }: OrderPathOptions): readonly OrderPath[] {
  const consumers = world.list(computeTokens.eventSourceMapping, place).flatMap((mapping) => readConsumer(mapping, place, world));
  return consumers.flatMap((consumer): OrderPath[] => {
    const environment = orderEnvironmentSchema.safeParse(consumer.environment);
    if (!environment.success) return [];
    const parts = [consumer.mapping, consumer.function, ...(consumer.alias ? [consumer.alias] : [])];
    const madeAt = toSimulated(Math.max(...parts.map((part) => part.madeAt)));
    const deadLetterArn = readJsonObject(readText(consumer.queue.outputs, 'redrivePolicy') ?? '')?.deadLetterTargetArn;
    return [
      {
        target: consumer.function.owner.split(' ')[0] ?? '',
        functionName: consumer.function.key,
        namespace: environment.data.POWERTOOLS_METRICS_NAMESPACE,
        slowOrderMs: environment.data.SLOW_ORDER_MS,
        batchSize: Number(consumer.mapping.outputs.batchSize),
        reserved: isReserved(consumer.function.outputs.reservedConcurrentExecutions),
        versions: readVersions(consumer),
        orderQueue: consumer.queue.key,
        deadLetterQueue: typeof deadLetterArn === 'string' ? (world.byArn(deadLetterArn)?.key ?? null) : null,
        deadLetters: readDeadLetters(consumers, deadLetterArn),
        heartbeat: readHeartbeat(consumer.queue, { madeAt, schedules: world.list(SCHEDULE, place), toSimulated }),
        madeAt,
        changedAt: toSimulated(Math.max(...parts.map((part) => part.changedAt))),
        ...withoutTable(environment.data.ORDERS_TABLE, world, { place, toSimulated }),
      },
    ];
  });
}

/** From the last delete of the table until one of its name is there again. */
function withoutTable(name: string, world: WorldView, { place, toSimulated }: OrderPathOptions): Pick<OrderPath, 'withoutTable'> {
  const deletedAt = world.deletedAt(TABLE, name, place);
  if (deletedAt === undefined) return {};
  const madeAt = world.find(TABLE, name, place)?.madeAt;
  return { withoutTable: { from: toSimulated(deletedAt), until: madeAt === undefined ? Infinity : toSimulated(madeAt) } };
}

/** The provider's -1 and nothing at all both mean: no reservation. */
function isReserved(executions: unknown): boolean {
  return typeof executions === 'number' && executions >= 0;
}

function readConsumer(mapping: WorldResource, place: Place, world: WorldView): readonly Consumer[] {
  const queue = world.byArn(readText(mapping.outputs, 'eventSourceArn') ?? '');
  const reference = parseFunctionName(readText(mapping.outputs, 'functionArn') ?? '', place);
  const target = reference && world.find(computeTokens.function, reference.name, place);
  if (mapping.outputs.enabled === false || !queue || !target) return [];
  const { qualifier } = reference;
  const alias = qualifier === undefined ? undefined : world.find(computeTokens.alias, `${reference.name}:${qualifier}`, place);
  const environment = (target.outputs.environment as { readonly variables?: unknown } | undefined)?.variables;
  return [{ mapping, queue, function: target, alias, qualifier, environment }];
}

const routingSchema = z.object({
  functionVersion: z.string(),
  routingConfig: z.object({ additionalVersionWeights: z.record(z.string(), z.number()).optional() }).optional(),
});

function readVersions({ alias, qualifier, function: target }: Consumer): readonly RunningVersion[] {
  const newest = publishedVersions(target.outputs).at(-1)?.version ?? LATEST;
  const running = (version: string, share: number, onTrial: boolean) => ({ version, share, onTrial, newest: version === newest });
  if (!alias) return [running(qualifier ?? LATEST, 1, false)];
  const { functionVersion, routingConfig } = routingSchema.parse(alias.outputs);
  const [second] = Object.entries(routingConfig?.additionalVersionWeights ?? {}).filter(([, weight]) => weight > 0);
  if (!second) return [running(functionVersion, 1, false)];
  const [version, weight] = second;
  return [running(functionVersion, 1 - weight, false), running(version, weight, true)];
}

function readDeadLetters(consumers: readonly Consumer[], queueArn: unknown): OrderPath['deadLetters'] {
  const consumer = consumers.find(({ queue }) => queue.outputs.arn === queueArn);
  const environment = deadLetterEnvironmentSchema.safeParse(consumer?.environment);
  if (!consumer || !environment.success) return null;
  return { functionName: consumer.function.key, namespace: environment.data.POWERTOOLS_METRICS_NAMESPACE };
}

const scheduleSchema = z.object({
  state: z.literal('ENABLED'),
  scheduleExpression: z.string(),
  target: z.object({ arn: z.string(), input: z.string() }),
});

const UNIT_SECONDS: Readonly<Record<string, number>> = { minute: 60, hour: 3600, day: 86_400 };

/** The synthetic orders that a schedule sends to the queue. */
function readHeartbeat(
  queue: WorldResource,
  path: Pick<OrderPathOptions, 'toSimulated'> & { readonly madeAt: number; readonly schedules: readonly WorldResource[] },
): OrderPath['heartbeat'] {
  for (const { key, madeAt, outputs } of path.schedules) {
    const schedule = scheduleSchema.safeParse(outputs);
    if (!schedule.success || schedule.data.target.arn !== queue.outputs.arn) continue;
    if (readJsonObject(schedule.data.target.input)?.synthetic !== true) continue;
    const { scheduleExpression } = schedule.data;
    const [, value, unit = ''] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(scheduleExpression) ?? [];
    if (value === undefined)
      throw new Error(`schedule ${key} has ${scheduleExpression}: the sandbox simulates synthetic orders of rate(...) alone`);
    // Sent at once, and taken as soon as somebody reads the queue.
    return { everySeconds: Number(value) * (UNIT_SECONDS[unit] ?? 0), since: Math.max(path.toSimulated(madeAt), path.madeAt) };
  }
  return null;
}
