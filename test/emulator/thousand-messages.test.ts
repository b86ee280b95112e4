import { CreateTableCommand, DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, GetObjectCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';

import { deadLetterClasses } from '../../contracts/order-message';
import { describeWithMoto } from '../helpers/engine-tier';
import { temporaryFolder } from '../helpers/temporary-folder';
import { deployedFunctions } from '../lambda/runtime/deployed-functions';
import { orderStream } from '../lambda/runtime/order-stream';
import { archiveFaults, runStream, tableFaults } from '../lambda/runtime/run-stream';
import { archivedLetters, expectedLetters, expectedOrders } from '../lambda/runtime/stream-end';
import { serveWire, type WireRequest } from '../lambda/runtime/wire-server';
import { faultyDoor } from './faulty-door';
import { motoServer } from './moto-server';

/** Another stream than that of test/lambda/thousand-messages.test.ts, on stores that are not ours. */
const SEED = 20_261_129;
const MESSAGES = 1000;
const folder = temporaryFolder('thousand-moto');
const credentials = { accessKeyId: 'AKIABASE', secretAccessKey: 'secret' };
const moto = motoServer();

describeWithMoto(`${MESSAGES} messages through both bundles and moto's stores (seed ${SEED})`, () => {
  const sent = orderStream(SEED, MESSAGES);
  let end: Awaited<ReturnType<typeof run>>;
  beforeAll(async () => {
    end = await run();
  }, 180_000);

  /** Sends everything through both functions; gives what stands in the emulator in the end. */
  async function run() {
    const deployed = await deployedFunctions(folder);
    const settings = { region: 'eu-west-1', endpoint: moto(), credentials };
    const [dynamodb, s3] = [new DynamoDBClient(settings), new S3Client({ ...settings, forcePathStyle: true })];
    await dynamodb.send(
      new CreateTableCommand({
        TableName: deployed.tableName,
        AttributeDefinitions: [{ AttributeName: 'orderId', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'orderId', KeyType: 'HASH' }],
        BillingMode: 'PAY_PER_REQUEST',
      }),
    );
    await s3.send(
      new CreateBucketCommand({ Bucket: deployed.archiveBucket, CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } }),
    );
    const [table, archive] = [
      await serveWire(faultyDoor({ endpoint: moto(), keyOf: orderIdOf, faultOf: tableFaults(SEED + 1) })),
      await serveWire(faultyDoor({ endpoint: moto(), keyOf: ({ url }) => url, faultOf: archiveFaults(SEED + 2) })),
    ];
    const ran = await runStream({ deployed, sent, seed: SEED, stores: { dynamodb: table.url, s3: archive.url } });
    await Promise.all([table, archive].map((server) => server.close()));

    const stored = new Map<string, string | undefined>();
    const expiring: string[] = [];
    for await (const { Items = [] } of paginateScan({ client: dynamodb }, { TableName: deployed.tableName })) {
      for (const { orderId, contentHash, expiresAt } of Items) {
        stored.set(orderId?.S ?? '', contentHash?.S);
        if (expiresAt !== undefined) expiring.push(orderId?.S ?? '');
      }
    }
    const objects: (readonly [string, string])[] = [];
    for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket: deployed.archiveBucket })) {
      for (const { Key = '' } of Contents) {
        const { Body } = await s3.send(new GetObjectCommand({ Bucket: deployed.archiveBucket, Key }));
        objects.push([Key, (await Body?.transformToString()) ?? '']);
      }
    }
    return { ...ran, stored, expiring, objects };
  }

  test('exactly one item stands for each order, with the content that was sent', () => {
    const expected = expectedOrders(sent);

    expect([...end.stored.keys()].sort()).toEqual([...expected.keys()].sort());
    for (const [orderId, hashes] of expected) expect([...hashes]).toContain(end.stored.get(orderId));
  });

  test('synthetic orders expire, and those of customers do not', () => {
    const synthetic = sent.flatMap(({ fate }) => (fate.kind === 'stored' && fate.order.synthetic === true ? [fate.order.orderId] : []));

    expect(synthetic.length).toBeGreaterThan(0);
    expect(end.expiring.sort()).toEqual([...new Set(synthetic)].sort());
  });

  test('every poison message is in the archive once, whole, under its class; nothing else is, and nothing waits', () => {
    const archived = archivedLetters(end.objects);

    expect(archived).toEqual(expectedLetters(sent, end.stored));
    expect(new Set(archived.map(({ class: name }) => name))).toEqual(new Set(deadLetterClasses));
    expect([end.left, end.lostAnswers > 10]).toEqual([0, true]);
  });
});

function orderIdOf({ body }: WireRequest): string {
  const { Item } = JSON.parse(body.toString('utf8')) as { readonly Item?: { readonly orderId?: { readonly S?: string } } };
  return Item?.orderId?.S ?? '';
}
