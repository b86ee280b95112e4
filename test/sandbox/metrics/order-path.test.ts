import { accountIdSchema, regionSchema } from '../../../contracts/ids';
import { readOrderPaths } from '../../../sandbox/metrics/order-path';
import type { Place, Properties, WorldResource, WorldView } from '../../../sandbox/resource-type';
import { VERSIONS_OUTPUT } from '../../../sandbox/types/common/lambda-versions';

const place: Place = {
  account: accountIdSchema.parse('333333333333'),
  region: regionSchema.parse('eu-west-1'),
  organizationId: 'o-sandbox0001',
};

const arn = (service: string, name: string) => `arn:aws:${service}:eu-west-1:333333333333:${name}`;

/** What is deployed, by a name of its own; changes to outputs, null: it is not there. */
type Changes = Readonly<Record<string, Properties | null>>;

const DEPLOYED: Readonly<Record<string, { readonly type: string; readonly key: string; readonly outputs: Properties }>> = {
  queue: {
    type: 'aws:sqs/queue:Queue',
    key: 'orders',
    outputs: { arn: arn('sqs', 'orders'), redrivePolicy: JSON.stringify({ deadLetterTargetArn: arn('sqs', 'dlq'), maxReceiveCount: 5 }) },
  },
  dlq: { type: 'aws:sqs/queue:Queue', key: 'dlq', outputs: { arn: arn('sqs', 'dlq') } },
  function: {
    type: 'aws:lambda/function:Function',
    key: 'order',
    outputs: {
      environment: {
        variables: { ORDERS_TABLE: 't', POWERTOOLS_SERVICE_NAME: 's', POWERTOOLS_METRICS_NAMESPACE: 'fleet/orders', SLOW_ORDER_MS: '1000' },
      },
      [VERSIONS_OUTPUT]: ['7', '8'].map((version) => ({
        version,
        codeSha256: '',
        description: '',
        role: '',
        deadLetterTarget: null,
        digest: version,
      })),
    },
  },
  alias: { type: 'aws:lambda/alias:Alias', key: 'order:live', outputs: { functionVersion: '8' } },
  mapping: {
    type: 'aws:lambda/eventSourceMapping:EventSourceMapping',
    key: 'm1',
    outputs: { enabled: true, batchSize: 10, eventSourceArn: arn('sqs', 'orders'), functionArn: arn('lambda', 'function:order:live') },
  },
  archiver: {
    type: 'aws:lambda/function:Function',
    key: 'dead-letter',
    outputs: {
      environment: { variables: { ARCHIVE_BUCKET: 'b', POWERTOOLS_SERVICE_NAME: 's', POWERTOOLS_METRICS_NAMESPACE: 'fleet/orders' } },
    },
  },
  archiving: {
    type: 'aws:lambda/eventSourceMapping:EventSourceMapping',
    key: 'm2',
    outputs: { enabled: true, batchSize: 10, eventSourceArn: arn('sqs', 'dlq'), functionArn: arn('lambda', 'function:dead-letter') },
  },
  schedule: {
    type: 'aws:scheduler/schedule:Schedule',
    key: 'default/heartbeat',
    outputs: {
      state: 'ENABLED',
      scheduleExpression: 'rate(5 minutes)',
      target: { arn: arn('sqs', 'orders'), input: JSON.stringify({ synthetic: true }) },
    },
  },
  table: { type: 'aws:dynamodb/table:Table', key: 't', outputs: {} },
};

const TABLE = 'aws:dynamodb/table:Table';

/** Made one after the other, 100 ms apart; nothing changed since but what is said to have. `tableDeletedAt`: it was, and is there only where `changes` say so. */
function read(changes: Changes = {}, changedAt: Readonly<Record<string, number>> = {}, tableDeletedAt?: number) {
  const resources = Object.entries(DEPLOYED).flatMap(([name, { type, key, outputs }], index): WorldResource[] => {
    const change = changes[name];
    if (change === null) return [];
    const madeAt = (index + 1) * 100;
    return [{ type, key, id: key, account: place.account, region: place.region, inputs: {}, outputs: { ...outputs, ...change }, owner: `regional/a urn:${name}`, madeAt, changedAt: changedAt[name] ?? madeAt }]; // prettier-ignore
  });
  const world: Pick<WorldView, 'find' | 'byArn' | 'list' | 'deletedAt'> = {
    deletedAt: (type, key) => (type === TABLE && key === 't' ? tableDeletedAt : undefined),
    find: (type, key) => resources.find((resource) => resource.type === type && resource.key === key),
    byArn: (sought) => resources.find(({ outputs }) => outputs.arn === sought),
    list: (type) => resources.filter((resource) => resource.type === type),
  };
  return readOrderPaths(world as WorldView, { place, toSimulated: (milliseconds) => milliseconds / 10 });
}

const running = (version: string, share = 1, onTrial = false) => ({ version, share, onTrial, newest: version === '8' });

describe('an orders table that was deleted', () => {
  test('is missed from then on', () => {
    expect(read({ table: null }, {}, 5000)[0]?.withoutTable).toEqual({ from: 500, until: Infinity });
  });

  test('is missed until one of its name was made again', () => {
    expect(read({}, {}, 500)[0]?.withoutTable).toEqual({ from: 50, until: 90 });
  });

  test('is no matter where none ever was', () => {
    expect(read()[0]).not.toHaveProperty('withoutTable');
  });
});

describe('readOrderPaths', () => {
  test('follows an order from the queue to the function as deployed', () => {
    expect(read()).toEqual([
      {
        target: 'regional/a',
        functionName: 'order',
        namespace: 'fleet/orders',
        slowOrderMs: 1000,
        batchSize: 10,
        reserved: false,
        versions: [running('8')],
        orderQueue: 'orders',
        deadLetterQueue: 'dlq',
        deadLetters: { functionName: 'dead-letter', namespace: 'fleet/orders' },
        heartbeat: { everySeconds: 300, since: 80 },
        madeAt: 50,
        changedAt: 50,
      },
    ]);
  });

  test.each<[string, Changes]>([
    ['the queue', { queue: null }],
    ['the mapping', { mapping: null }],
    ['the function', { function: null }],
    ['a mapping that is enabled', { mapping: { enabled: false } }],
    ['the variables that the order function needs', { function: { environment: { variables: { POWERTOOLS_METRICS_NAMESPACE: 'x' } } } }],
  ])('there is none without %s', (_what, changes) => {
    expect(read(changes)).toEqual([]);
  });

  test.each<[string, Changes, object]>([
    ['no redrive policy: no dead letters', { queue: { redrivePolicy: undefined } }, { deadLetterQueue: null, deadLetters: null }],
    ['nobody archives dead letters', { archiving: null }, { deadLetterQueue: 'dlq', deadLetters: null }],
    ['another queue is archived', { archiving: { eventSourceArn: arn('sqs', 'orders') } }, { deadLetters: null }],
    ['no schedule', { schedule: null }, { heartbeat: null }],
    ['a schedule that is off', { schedule: { state: 'DISABLED' } }, { heartbeat: null }],
    [
      'a schedule for another queue',
      { schedule: { target: { arn: arn('sqs', 'dlq'), input: '{"synthetic":true}' } } },
      { heartbeat: null },
    ],
    [
      'a schedule of orders that are not synthetic',
      { schedule: { target: { arn: arn('sqs', 'orders'), input: '{}' } } },
      { heartbeat: null },
    ],
    ['another rate', { schedule: { scheduleExpression: 'rate(2 hours)' } }, { heartbeat: { everySeconds: 7200, since: 80 } }],
    ['an older version', { alias: { functionVersion: '7' } }, { versions: [running('7')] }],
    [
      'two versions',
      { alias: { functionVersion: '7', routingConfig: { additionalVersionWeights: { '8': 0.1 } } } },
      { versions: [running('7', 0.9), running('8', 0.1, true)] },
    ],
    [
      'a weight of nothing',
      { alias: { functionVersion: '7', routingConfig: { additionalVersionWeights: { '8': 0 } } } },
      { versions: [running('7')] },
    ],
    ['a mapping to unpublished code', { mapping: { functionArn: arn('lambda', 'function:order') } }, { versions: [running('$LATEST')] }],
    ['a mapping to a version', { mapping: { functionArn: arn('lambda', 'function:order:7') } }, { versions: [running('7')] }],
  ])('with %s', (_what, changes, expected) => {
    expect(read(changes)).toMatchObject([expected]);
  });

  test('knows when its versions last changed', () => {
    expect(read({}, { alias: 5000 })[0]?.changedAt).toBe(500);
    expect(read({}, { function: 6000, queue: 9000 })[0]?.changedAt).toBe(600);
  });

  test('refuses a schedule that it cannot follow', () => {
    expect(() => read({ schedule: { scheduleExpression: 'cron(0/5 * * * ? *)' } })).toThrow(
      'schedule default/heartbeat has cron(0/5 * * * ? *): the sandbox simulates synthetic orders of rate(...) alone',
    );
  });
});
