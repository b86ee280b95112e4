import { deadLetterClasses } from '../../contracts/order-message';
import type { ArchivedDeadLetter } from '../../lambda/dead-letter/dead-letter-archive';
import { orderContentHash } from '../../lambda/order/content-hash';
import { temporaryFolder } from '../helpers/temporary-folder';
import { Random } from '../simulation/random';
import { failureBody } from './fixtures/records';
import { deployedFunctions } from './runtime/deployed-functions';
import { FakeArchive, type ArchiveFault } from './runtime/fake-archive';
import { FakeOrdersTable, type TableFault } from './runtime/fake-orders-table';
import { FunctionProcess, type FunctionSetup } from './runtime/function-process';
import { isCursed, orderStream, PERSONAL, type Sent } from './runtime/order-stream';
import { runUntilEmpty } from './runtime/run-queue';
import { traceDaemon } from './runtime/trace-daemon';
import { VirtualQueue } from './runtime/virtual-queue';
import { serveWire } from './runtime/wire-server';

const SEED = 20_260_304;
const MESSAGES = 1000;
const START = Date.UTC(2026, 2, 4, 10);
const folder = temporaryFolder('thousand');

/** What nobody's order queue sent: it came to the dead-letter queue by itself. */
const direct: readonly Sent[] = [
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
function tableFaults(seed: number): (orderId: string, attempt: number) => TableFault | undefined {
  const random = new Random(seed);
  const plans = new Map<string, readonly TableFault[]>();
  return (orderId, attempt) => {
    if (isCursed(orderId)) return 'server-error';
    const plan = plans.get(orderId) ?? Array.from({ length: random.chance(0.05) ? random.int(1, 4) : 0 }, () => random.pick(TABLE_FAULTS));
    plans.set(orderId, plan);
    return plan[attempt - 1];
  };
}

function archiveFaults(seed: number): (key: string, attempt: number) => ArchiveFault | undefined {
  const random = new Random(seed);
  return (_key, attempt) => (attempt <= 4 && random.chance(0.1) ? random.pick<ArchiveFault>(['slow-down', 'reset', 'lost']) : undefined);
}

/** Sends everything through both functions; gives what stands in the end. */
async function run(sent: readonly Sent[]) {
  const deployed = await deployedFunctions(folder);
  const table = new FakeOrdersTable(deployed.tableName, tableFaults(SEED + 1));
  const archive = new FakeArchive(deployed.archiveBucket, archiveFaults(SEED + 2));
  const servers = [await serveWire(table.handle), await serveWire(archive.handle)] as const;
  const daemon = await traceDaemon();
  const surroundings = {
    AWS_ENDPOINT_URL_DYNAMODB: servers[0].url,
    AWS_ENDPOINT_URL_S3: servers[1].url,
    AWS_XRAY_DAEMON_ADDRESS: daemon.address,
  };
  const start = (setup: FunctionSetup) => FunctionProcess.start({ ...setup, surroundings });
  const orderFunctions = await Promise.all(Array.from({ length: 4 }, () => start(deployed.order)));
  const deadLetterFunctions = [await start(deployed.deadLetter)];

  const random = new Random(SEED + 3);
  const deadLetters = new VirtualQueue(deployed.deadLetterQueue, { random: random.fork(), deliveredTwice: 0.02 });
  const orders = new VirtualQueue(deployed.orderQueue, { random: random.fork(), deliveredTwice: 0.02, deadLetters });
  for (const { messageId, body } of sent) orders.send(body, { messageId, nowMs: START });
  for (const { messageId, body } of direct) deadLetters.send(body, { messageId, nowMs: START });
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
    START,
  );
  const log = (await Promise.all([...orderFunctions, ...deadLetterFunctions].map((environment) => environment.close()))).flat();
  await Promise.all([daemon, ...servers].map((server) => server.close()));
  const { segments } = daemon;
  return { segments, table, archive, log, batches, lostAnswers: lost.size, left: orders.size + deadLetters.size };
}

describe(`${MESSAGES} messages with duplicates, poison and faults, through both bundles (seed ${SEED})`, () => {
  const sent = orderStream(SEED, MESSAGES);
  const all = [...sent, ...direct];
  let end: Awaited<ReturnType<typeof run>>;
  beforeAll(async () => {
    end = await run(sent);
  });

  /** True of a message whose content another one kept out of the table. */
  const wasBeaten = ({ fate }: Sent): boolean =>
    fate.kind === 'contended' && end.table.items.get(fate.order.orderId)?.contentHash?.S !== orderContentHash(fate.order);

  test('the stream holds what it is meant to', () => {
    const kinds = sent.map(({ fate }) => (fate.kind === 'archived' ? fate.class : fate.kind));
    const orders = new Set(sent.flatMap(({ fate }) => (fate.kind === 'stored' ? [fate.order.orderId] : [])));

    expect(kinds.filter((kind) => kind === 'malformed').length).toBeGreaterThan(50);
    expect(kinds.filter((kind) => kind === 'transient').length).toBeGreaterThan(10);
    expect(kinds.filter((kind) => kind === 'stored').length - orders.size).toBeGreaterThan(100);
    expect(sent.filter(wasBeaten).length).toBeGreaterThan(10);
    expect(end.lostAnswers).toBeGreaterThan(10);
  });

  test('exactly one item stands for each order, written once, with the content that was sent', () => {
    const expected = new Map<string, Set<string>>();
    for (const { fate } of sent) {
      if (fate.kind === 'archived') continue;
      const { orderId } = fate.order;
      expected.set(orderId, (expected.get(orderId) ?? new Set()).add(orderContentHash(fate.order)));
    }

    expect([...end.table.items.keys()].sort()).toEqual([...expected.keys()].sort());
    expect([...end.table.written.values()].filter((times) => times !== 1)).toEqual([]);
    for (const [orderId, hashes] of expected) expect([...hashes]).toContain(end.table.items.get(orderId)?.contentHash?.S);
  });

  test('every poison message is in the archive once, whole, under its class; nothing else is, and nothing waits', () => {
    const expected = all
      .filter((message) => message.fate.kind === 'archived' || wasBeaten(message))
      // Its queue tells nothing of why an order was refused: one that another kept out reads as transient.
      .map(({ messageId, body, fate }) => ({ messageId, body, class: fate.kind === 'archived' ? fate.class : 'transient' }));
    const archived = [...end.archive.objects].map(([key, content]) => {
      const { messageId, body, class: name } = JSON.parse(content) as ArchivedDeadLetter;
      expect(key).toBe(`dead-letters/${name}/2026/03/04/${messageId}.json`);
      return { messageId, body, class: name };
    });
    const byId = (one: { readonly messageId: string }, other: { readonly messageId: string }) => (one.messageId < other.messageId ? -1 : 1);

    expect(archived.sort(byId)).toEqual(expected.sort(byId));
    expect(new Set(archived.map(({ class: name }) => name))).toEqual(new Set(deadLetterClasses));
    expect(end.left).toBe(0);
  });

  test('the metrics count at least each dead letter, and no synthetic order among the business ones', () => {
    const lines = end.log.map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
    const sum = (name: string) => lines.reduce((total, line) => total + Number(line[name] ?? 0), 0);
    const synthetic = new Set(sent.flatMap(({ fate }) => (fate.kind === 'stored' && fate.order.synthetic ? [fate.order.orderId] : [])));

    expect(sum('DeadLetters')).toBeGreaterThanOrEqual(end.archive.objects.size);
    expect(sum('SyntheticOrders')).toBeGreaterThanOrEqual(synthetic.size);
    expect(lines.filter((line) => line.OrderFailed === 0).length).toBeGreaterThanOrEqual(end.table.items.size - synthetic.size);
  });

  test('no line of the log and no segment of a trace holds personal data', () => {
    expect(end.log.length).toBeGreaterThan(MESSAGES);
    // Datagrams: some may be lost on a busy machine.
    expect(end.segments.length).toBeGreaterThan(100);
    expect([...end.log, ...end.segments].filter((line) => PERSONAL.test(line))).toEqual([]);
  });
});
