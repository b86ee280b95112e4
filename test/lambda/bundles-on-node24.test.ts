import type { SQSEvent, SQSRecord } from 'aws-lambda';

import { MAX_ORDER_BYTES } from '../../contracts/order-message';
import { findNode24 } from '../../tools/node24';
import { temporaryFolder } from '../helpers/temporary-folder';
import { until } from '../helpers/until';
import { canaries, deadLetterRecord, failureBody, order, orderRecord } from './fixtures/records';
import { deployedFunctions, type DeployedFunctions } from './runtime/deployed-functions';
import { FakeArchive } from './runtime/fake-archive';
import { FakeOrdersTable, type TableFault } from './runtime/fake-orders-table';
import { FunctionProcess, type FunctionSetup } from './runtime/function-process';
import { traceDaemon, type TraceDaemon } from './runtime/trace-daemon';
import { serveWire, type WireServer } from './runtime/wire-server';

const { version, insteadBecause } = findNode24();
const folder = temporaryFolder('bundles');
const failures = (...ids: readonly string[]) => ({ batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })) });

let deployed: DeployedFunctions;
let table: FakeOrdersTable;
let archive: FakeArchive;
/** What goes wrong with an order, by its id. */
const troubles = new Map<string, TableFault>();
let daemon: TraceDaemon;
let servers: readonly WireServer[] = [];
/** Where the functions find the services. */
let surroundings: Readonly<Record<string, string>>;
let orderFunction: FunctionProcess;
let deadLetterFunction: FunctionProcess;

beforeAll(async () => {
  deployed = await deployedFunctions(folder);
  table = new FakeOrdersTable(deployed.tableName, (orderId) => troubles.get(orderId));
  archive = new FakeArchive(deployed.archiveBucket);
  daemon = await traceDaemon();
  servers = [await serveWire(table.handle), await serveWire(archive.handle)];
  surroundings = {
    AWS_ENDPOINT_URL_DYNAMODB: servers[0]?.url ?? '',
    AWS_ENDPOINT_URL_S3: servers[1]?.url ?? '',
    AWS_XRAY_DAEMON_ADDRESS: daemon.address,
  };
  orderFunction = await FunctionProcess.start({ ...deployed.order, surroundings });
  deadLetterFunction = await FunctionProcess.start({ ...deployed.deadLetter, surroundings });
});

afterAll(async () => {
  await orderFunction.close();
  await deadLetterFunction.close();
  await daemon.close();
  await Promise.all(servers.map((server) => server.close()));
});

const message = (messageId: string, body: unknown): SQSRecord =>
  orderRecord({ messageId, body: typeof body === 'string' ? body : JSON.stringify(body) });

describe(`the order function's bundle on Node ${version}${insteadBecause === undefined ? '' : ` (${insteadBecause})`}`, () => {
  test('stores a valid order, with the number, the hash and the ids that its readers need', async () => {
    await expect(orderFunction.invoke({ Records: [message('m-valid', order({ orderId: 'order-valid' }))] })).resolves.toEqual(failures());

    expect(table.items.get('order-valid')).toMatchObject({
      orderId: { S: 'order-valid' },
      totalMinor: { N: '2999' },
      correlationId: { S: 'corr-42' },
      contentHash: { S: expect.stringMatching(/^[0-9a-f]{64}$/) as string },
      order: { M: expect.objectContaining({ currency: { S: 'EUR' } }) as unknown },
    });
  });

  test('takes a duplicate as done, and writes it no second time', async () => {
    const first = order({ orderId: 'order-twice' });
    const Records = [message('m-1', first), message('m-2', { ...first, correlationId: 'another' })];

    await expect(orderFunction.invoke({ Records })).resolves.toEqual(failures());
    await expect(orderFunction.invoke({ Records })).resolves.toEqual(failures());

    expect(table.written.get('order-twice')).toBe(1);
  });

  test.each([
    { what: 'a changed duplicate', id: 'm-changed', body: order({ orderId: 'order-stands', currency: 'USD' }) },
    { what: 'broken JSON', id: 'm-json', body: '{"schemaVersion":1,' },
    { what: 'an order without items', id: 'm-items', body: { ...order(), items: [] } },
    { what: 'an over-size body', id: 'm-size', body: `{"pad":"${'x'.repeat(MAX_ORDER_BYTES)}"}` },
    { what: 'an unknown schema version', id: 'm-version', body: { ...order(), schemaVersion: 2 } },
  ])('reports $what alone: its neighbours are stored', async ({ id, body }) => {
    await orderFunction.invoke({ Records: [message('m-stands', order({ orderId: 'order-stands' }))] });
    const neighbours = [`order-before-${id}`, `order-after-${id}`];
    const [before, behind] = neighbours.map((orderId) => message(orderId, order({ orderId })));
    if (!before || !behind) throw new Error('there are two');

    await expect(orderFunction.invoke({ Records: [before, message(id, body), behind] })).resolves.toEqual(failures(id));

    expect(neighbours.filter((orderId) => table.items.has(orderId))).toEqual(neighbours);
    expect(table.items.get('order-stands')).toMatchObject({ order: { M: { currency: { S: 'EUR' } } } });
  });

  test.each<TableFault>(['throttled', 'server-error', 'reset'])(
    'gives an order back when the table stays %s, and stores it later',
    async (fault) => {
      const orderId = `order-${fault}`;
      const Records = [
        message(`m-${fault}`, order({ orderId })),
        message(`m-beside-${fault}`, order({ orderId: `order-beside-${fault}` })),
      ];
      troubles.set(orderId, fault);
      await expect(orderFunction.invoke({ Records })).resolves.toEqual(failures(`m-${fault}`));
      troubles.delete(orderId);

      await expect(orderFunction.invoke({ Records })).resolves.toEqual(failures());

      expect(table.written.get(orderId)).toBe(1);
    },
  );

  test('answers before its time is over: what hangs is given back, what is done is kept', async () => {
    troubles.set('order-hangs', 'hang');
    const Records = [message('m-hangs', order({ orderId: 'order-hangs' })), message('m-done', order({ orderId: 'order-done' }))];

    await expect(orderFunction.invoke({ Records }, 600)).resolves.toEqual(failures('m-hangs'));

    expect(table.items.has('order-done')).toBe(true);
  });

  test('names what is missing in its environment when it starts', async () => {
    const { ORDERS_TABLE: _, ...variables } = deployed.order.variables;

    await expect(FunctionProcess.start({ ...deployed.order, variables })).rejects.toThrow('ORDERS_TABLE is not set');
  });
});

describe(`the dead-letter function's bundle on Node ${version}`, () => {
  const fromOrderQueue = (messageId: string, body: string) => deadLetterRecord({ messageId, body });
  const direct = (messageId: string, body: string, receives = '1') =>
    deadLetterRecord({ messageId, body, attributes: { DeadLetterQueueSourceArn: undefined, ApproximateReceiveCount: receives } });

  test.each([
    { record: fromOrderQueue('d-json', '{'), class: 'malformed' },
    { record: fromOrderQueue('d-order', JSON.stringify(order())), class: 'transient' },
    { record: direct('d-direct', JSON.stringify(order())), class: 'unknown' },
    {
      record: direct('d-refused', failureBody({ responsePayload: { errorType: 'RejectedRecordError', errorMessage: 'taken' } })),
      class: 'rejected',
    },
  ])('archives $record.messageId as $class', async ({ record, class: name }) => {
    await expect(deadLetterFunction.invoke({ Records: [record] })).resolves.toEqual(failures());

    const key = [...archive.objects.keys()].find((candidate) => candidate.endsWith(`/${record.messageId}.json`)) ?? '';
    expect(key).toMatch(new RegExp(`^dead-letters/${name}/2026/03/04/`));
    expect(JSON.parse(archive.objects.get(key) ?? '')).toMatchObject({ class: name, body: record.body, messageId: record.messageId });
  });
});

describe(`what the functions tell on Node ${version}`, () => {
  const told = async (setup: FunctionSetup, event: SQSEvent) => {
    const ownDaemon = await traceDaemon();
    const environment = await FunctionProcess.start({
      ...setup,
      surroundings: { ...surroundings, AWS_XRAY_DAEMON_ADDRESS: ownDaemon.address },
    });
    await environment.invoke(event);
    const lines = await environment.close();
    await until(() => ownDaemon.segments.length >= event.Records.length);
    await ownDaemon.close();
    return { lines, segments: ownDaemon.segments };
  };

  test('a failure that needs a person comes with a stack that names sources', async () => {
    troubles.set('order-refused', 'refused');
    const { lines } = await told(deployed.order, { Records: [message('m-refused', order({ orderId: 'order-refused' }))] });

    const line = lines.map((text) => JSON.parse(text) as { readonly level?: string }).find(({ level }) => level === 'ERROR');
    expect(line).toMatchObject({
      message: 'order failed',
      failure_code: 'store-refused',
      stack: expect.stringMatching(/^UnknownRecordError: .*\n(.*\n)* {4}at .*lambda\/order\/order-store\.ts:\d+:\d+/) as string,
    });
  });

  test('personal data of an order is in no line, metric or segment of the order function', async () => {
    troubles.set('order-refused', 'refused');
    const { lines, segments } = await told(deployed.order, {
      Records: [
        message('m-stored', order({ orderId: 'order-told' })),
        message('m-changed', order({ orderId: 'order-told', currency: 'USD' })),
        message('m-refused', order({ orderId: 'order-refused' })),
        message('m-cut', JSON.stringify(order()).slice(0, -1)),
        message('m-extra', { ...order(), [`${canaries[0]}`]: canaries }),
      ],
    });

    expect(lines).toHaveLength(10);
    expect(segments.join()).toContain('order-told');
    for (const canary of canaries) expect([...lines, ...segments].filter((text) => text.includes(canary))).toEqual([]);
  });

  test('nor of the dead-letter function', async () => {
    const quoting = failureBody({ responsePayload: { errorType: 'TypeError', errorMessage: canaries.join() } });
    const { lines, segments } = await told(deployed.deadLetter, {
      Records: [
        deadLetterRecord({ messageId: 'd-order' }),
        deadLetterRecord({ messageId: 'd-cut', body: `{"customerId":"${canaries[0]}` }),
        deadLetterRecord({ messageId: 'd-quoting', body: quoting, attributes: { DeadLetterQueueSourceArn: undefined } }),
      ],
    });

    expect(lines).toHaveLength(6);
    expect(segments.join()).toContain('d-quoting');
    for (const canary of canaries) expect([...lines, ...segments].filter((text) => text.includes(canary))).toEqual([]);
  });
});
