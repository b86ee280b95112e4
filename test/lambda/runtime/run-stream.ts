import type { DeployedFunctions } from './deployed-functions';
import { FunctionProcess, type FunctionSetup } from './function-process';
import { isCursed, type Sent } from './order-stream';
import { runUntilEmpty } from './run-queue';
import { traceDaemon } from './trace-daemon';
import { VirtualQueue } from './virtual-queue';
import type { ArchiveFault } from './fake-archive';
import type { TableFault } from './fake-orders-table';
import { Random } from '../../simulation/random';
import { failureBody } from '../fixtures/records';

/** When the first message is sent, in the queues' time. */
export const STREAM_START = Date.UTC(2026, 2, 4, 10);

/** What is sent, and where the functions find their stores. */
export interface StreamSetup {
  readonly deployed: DeployedFunctions;
  readonly sent: readonly Sent[];
  readonly seed: number;
  /** Addresses of DynamoDB and S3. */
  readonly stores: { readonly dynamodb: string; readonly s3: string };
}

/** What nobody's order queue sends: it comes to the dead-letter queue by itself. */
export const directLetters: readonly Sent[] = [
  { messageId: 'direct-order', body: JSON.stringify({ schemaVersion: 1 }), fate: { kind: 'archived', class: 'malformed' } },
  ...(['rejected', 'transient', 'malformed', 'unknown'] as const).map((kind): Sent => {
    const errorType = `${kind.charAt(0).toUpperCase()}${kind.slice(1)}RecordError`;
    const body = failureBody({ responsePayload: { errorType, errorMessage: 'customer-canary' } });
    return { messageId: `direct-${kind}`, body, fate: { kind: 'archived', class: kind } };
  }),
];

/** Throttling is rare here, since the SDK waits half a second for it. */
const TABLE_FAULTS: readonly TableFault[] = ['server-error', 'server-error', 'reset', 'reset', 'lost', 'lost', 'throttled'];

/** Faults of a share of the orders' first attempts; an order that recovers does so before its receives run out. */
export function tableFaults(seed: number): (orderId: string, attempt: number) => TableFault | undefined {
  const random = new Random(seed);
  const plans = new Map<string, readonly TableFault[]>();
  return (orderId, attempt) => {
    if (isCursed(orderId)) return 'server-error';
    const plan = plans.get(orderId) ?? Array.from({ length: random.chance(0.05) ? random.int(1, 4) : 0 }, () => random.pick(TABLE_FAULTS));
    plans.set(orderId, plan);
    return plan[attempt - 1];
  };
}

/** Faults of a share of the archive's writes. */
export function archiveFaults(seed: number): (key: string, attempt: number) => ArchiveFault | undefined {
  const random = new Random(seed);
  return (_key, attempt) => (attempt <= 4 && random.chance(0.1) ? random.pick<ArchiveFault>(['slow-down', 'reset', 'lost']) : undefined);
}

/**
 * Sends everything through both functions, on queues that lose answers and deliver twice, until nothing waits. Gives what the functions and the
 * tracer wrote.
 */
export async function runStream({ deployed, sent, seed, stores }: StreamSetup) {
  const daemon = await traceDaemon();
  const surroundings = {
    AWS_ENDPOINT_URL_DYNAMODB: stores.dynamodb,
    AWS_ENDPOINT_URL_S3: stores.s3,
    AWS_XRAY_DAEMON_ADDRESS: daemon.address,
  };
  const start = (setup: FunctionSetup) => FunctionProcess.start({ ...setup, surroundings });
  const orderFunctions = await Promise.all(Array.from({ length: 4 }, () => start(deployed.order)));
  const deadLetterFunctions = [await start(deployed.deadLetter)];

  const random = new Random(seed + 3);
  const deadLetters = new VirtualQueue(deployed.deadLetterQueue, { random: random.fork(), deliveredTwice: 0.02 });
  const orders = new VirtualQueue(deployed.orderQueue, { random: random.fork(), deliveredTwice: 0.02, deadLetters });
  for (const { messageId, body } of sent) orders.send(body, { messageId, nowMs: STREAM_START });
  for (const { messageId, body } of directLetters) deadLetters.send(body, { messageId, nowMs: STREAM_START });
  // Each message loses an answer once at most: what dies every time is a dead letter rightly.
  const lost = new Set<string>();
  const losing = random.fork();
  const losesAnswer = (messageIds: readonly string[]) => {
    if (messageIds.some((id) => lost.has(id)) || !losing.chance(0.05)) return false;
    for (const id of messageIds) lost.add(id);
    return true;
  };
  const batches = await runUntilEmpty(
    [
      { queue: orders, environments: orderFunctions, losesAnswer },
      { queue: deadLetters, environments: deadLetterFunctions, losesAnswer },
    ],
    STREAM_START,
  );
  const log = (await Promise.all([...orderFunctions, ...deadLetterFunctions].map((environment) => environment.close()))).flat();
  await daemon.close();
  const { segments } = daemon;
  return { segments, log, batches, lostAnswers: lost.size, left: orders.size + deadLetters.size };
}
