import { deadLetterClasses } from '../../contracts/order-message';
import { temporaryFolder } from '../helpers/temporary-folder';
import { deployedFunctions } from './runtime/deployed-functions';
import { FakeArchive } from './runtime/fake-archive';
import { FakeOrdersTable } from './runtime/fake-orders-table';
import { orderStream, PERSONAL, type Sent } from './runtime/order-stream';
import { archiveFaults, runStream, tableFaults } from './runtime/run-stream';
import { archivedLetters, expectedLetters, expectedOrders, wasBeaten } from './runtime/stream-end';
import { serveWire } from './runtime/wire-server';

const SEED = 20_260_304;
const MESSAGES = 1000;
const folder = temporaryFolder('thousand');

/** Sends everything through both functions; gives what stands in the end. */
async function run(sent: readonly Sent[]) {
  const deployed = await deployedFunctions(folder);
  const table = new FakeOrdersTable(deployed.tableName, tableFaults(SEED + 1));
  const archive = new FakeArchive(deployed.archiveBucket, archiveFaults(SEED + 2));
  const [dynamodb, s3] = [await serveWire(table.handle), await serveWire(archive.handle)];
  const ran = await runStream({ deployed, sent, seed: SEED, stores: { dynamodb: dynamodb.url, s3: s3.url } });
  await Promise.all([dynamodb, s3].map((server) => server.close()));
  return { ...ran, table, archive };
}

describe(`${MESSAGES} messages with duplicates, poison and faults, through both bundles (seed ${SEED})`, () => {
  const sent = orderStream(SEED, MESSAGES);
  let end: Awaited<ReturnType<typeof run>>;
  beforeAll(async () => {
    end = await run(sent);
  }, 120_000);

  const stored = () => new Map([...end.table.items].map(([id, item]) => [id, item.contentHash?.S as string | undefined]));

  test('the stream holds what it is meant to', () => {
    const kinds = sent.map(({ fate }) => (fate.kind === 'archived' ? fate.class : fate.kind));
    const orders = new Set(sent.flatMap(({ fate }) => (fate.kind === 'stored' ? [fate.order.orderId] : [])));

    expect(kinds.filter((kind) => kind === 'malformed').length).toBeGreaterThan(50);
    expect(kinds.filter((kind) => kind === 'transient').length).toBeGreaterThan(10);
    expect(kinds.filter((kind) => kind === 'stored').length - orders.size).toBeGreaterThan(100);
    expect(sent.filter((message) => wasBeaten(message, stored())).length).toBeGreaterThan(10);
    expect(end.lostAnswers).toBeGreaterThan(10);
  });

  test('exactly one item stands for each order, written once, with the content that was sent', () => {
    const expected = expectedOrders(sent);

    expect([...stored().keys()].sort()).toEqual([...expected.keys()].sort());
    expect([...end.table.written.values()].filter((times) => times !== 1)).toEqual([]);
    for (const [orderId, hashes] of expected) expect([...hashes]).toContain(stored().get(orderId));
  });

  test('every poison message is in the archive once, whole, under its class; nothing else is, and nothing waits', () => {
    const archived = archivedLetters(end.archive.objects);

    expect(archived).toEqual(expectedLetters(sent, stored()));
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
