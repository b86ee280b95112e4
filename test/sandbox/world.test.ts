import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { accountIdSchema, regionSchema } from '../../contracts/ids';
import { StaleWriter } from '../../sandbox/append-log';
import type { Foreign } from '../../sandbox/organization';
import type { Place } from '../../sandbox/resource-type';
import { resourceTypes } from '../../sandbox/types';
import { World, type NewResource } from '../../sandbox/world';

const [first, second] = ['111111111111', '222222222222'].map((id) => accountIdSchema.parse(id)) as [Place['account'], Place['account']];
const [ireland, virginia] = ['eu-west-1', 'us-east-1'].map((region) => regionSchema.parse(region)) as [Place['region'], Place['region']];
const types = new Map(resourceTypes.map((type) => [type.type, type]));
const QUEUE = 'aws:sqs/queue:Queue';
const ROLE = 'aws:iam/role:Role';
const BUCKET = 'aws:s3/bucket:Bucket';
const TOPIC = 'aws:sns/topic:Topic';
const TOPIC_POLICY = 'aws:sns/topicPolicy:TopicPolicy';

describe('the world', () => {
  let directory: string;
  let now: number;
  const open = (foreign?: readonly Foreign[]) =>
    new World({
      directory,
      types,
      now: () => now,
      secondsBetween: (from, to) => (to - from) / 1000,
      members: new Map([[first, { lambdaConcurrency: 1000 }]]),
      ...(foreign && { foreign }),
    });
  const place = (account: Place['account'], region: Place['region']): Place => ({ account, region, organizationId: 'o-sandbox0001' });
  const resource = (type: string, key: string, changes: Partial<NewResource> = {}): NewResource => ({
    type,
    key,
    account: first,
    region: ireland,
    id: key,
    inputs: {},
    outputs: { arn: `arn:aws:x:eu-west-1:${first}:${key}` },
    owner: 'me',
    ...changes,
  });

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'world-'));
    now = 0;
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  test.each([
    [QUEUE, 'only in its own account and region', { there: true, otherRegion: false, otherAccount: false }],
    [ROLE, 'in every region of its account', { there: true, otherRegion: true, otherAccount: false }],
    [BUCKET, 'everywhere', { there: true, otherRegion: true, otherAccount: true }],
  ])('what others made, a %s, is found %s, until something of its name is made', (type, _where, expected) => {
    const world = open([{ account: first, region: ireland, on: type, name: 'name' }]);
    const ownerAt = (account: Place['account'], region: Place['region']) => world.find(type, 'name', place(account, region))?.owner;

    expect({
      there: ownerAt(first, ireland) === 'others',
      otherRegion: ownerAt(first, virginia) === 'others',
      otherAccount: ownerAt(second, ireland) === 'others',
    }).toEqual(expected);
    expect(world.find(type, 'another', place(first, ireland))).toBeUndefined();
    world.put(resource(type, 'name'));
    expect(ownerAt(first, ireland)).toBe('me');
  });

  test.each([
    [QUEUE, 'only in its own account and region', { there: true, otherRegion: false, otherAccount: false }],
    [ROLE, 'in every region of its account', { there: true, otherRegion: true, otherAccount: false }],
    [BUCKET, 'everywhere', { there: true, otherRegion: true, otherAccount: true }],
  ])('%s is found by name %s', (type, _where, expected) => {
    const world = open();
    world.put(resource(type, 'name'));

    expect({
      there: world.find(type, 'name', place(first, ireland)) !== undefined,
      otherRegion: world.find(type, 'name', place(first, virginia)) !== undefined,
      otherAccount: world.find(type, 'name', place(second, ireland)) !== undefined,
    }).toEqual(expected);
  });

  test('is the same after it was opened again', () => {
    const world = open();
    world.put(resource(QUEUE, 'kept'));
    world.put(resource(QUEUE, 'gone'));
    now = 5000;
    world.remove(resource(QUEUE, 'gone'));

    const again = open();
    now = 12_000;

    expect(again.list(QUEUE, place(first, ireland)).map((one) => one.key)).toEqual(['kept']);
    expect(again.secondsSinceDeleted(QUEUE, 'gone', place(first, ireland))).toBe(7);
    expect(again.secondsSinceDeleted(QUEUE, 'kept', place(first, ireland))).toBeUndefined();
    expect(again.deletedAt(QUEUE, 'kept', place(first, ireland))).toBeUndefined();
    expect(again.deletedAt(QUEUE, 'gone', place(first, ireland))).toEqual(expect.any(Number));
    expect(again.lastDeleted(QUEUE, 'gone', place(first, ireland))).toEqual(resource(QUEUE, 'gone').outputs);
    expect(again.lastDeleted(QUEUE, 'gone', place(first, virginia))).toBeUndefined();
    expect(again.lastDeleted(QUEUE, 'kept', place(first, ireland))).toBeUndefined();
  });

  test("a policy that carries its topic's ARN does not stand for it, nor take it along when it goes", () => {
    const arn = `arn:aws:sns:eu-west-1:${first}:alerts`;
    const world = open();
    world.put(resource(TOPIC, 'alerts', { outputs: { arn } }));
    world.put(resource(TOPIC_POLICY, 'alerts', { outputs: { arn } }));
    expect(world.byArn(arn)?.type).toBe(TOPIC);

    world.remove(resource(TOPIC_POLICY, 'alerts'));
    expect(world.byArn(arn)?.type).toBe(TOPIC);
    expect(open().byArn(arn)?.type).toBe(TOPIC);

    world.remove(resource(TOPIC, 'alerts'));
    expect(world.byArn(arn)).toBeUndefined();
  });

  describe('opened twice', () => {
    const keysIn = (world: World) => world.list(QUEUE, place(first, ireland)).map(({ key }) => key);

    test('shows a long-lived reader what the writer did since', () => {
      const [reader, writer] = [open(), open()];
      expect(keysIn(reader)).toEqual([]);
      writer.put(resource(QUEUE, 'a'));
      expect(keysIn(reader)).toEqual(['a']);
      writer.put(resource(QUEUE, 'b'));
      writer.remove(resource(QUEUE, 'a'));
      writer.noteDeployment({ target: 't', account: first, fingerprint: 'f' });

      expect(keysIn(reader)).toEqual(['b']);
      expect(reader.secondsSinceDeleted(QUEUE, 'a', place(first, ireland))).toBe(0);
      expect(reader.deployment({ id: 't', account: first })).toMatchObject({ fingerprint: 'f' });
    });

    test('forgets with a reader what stood in a file that is another one now', () => {
      const [reader, writer] = [open(), open()];
      writer.put(resource(QUEUE, 'a'));
      writer.put(resource(QUEUE, 'a2'));
      expect(keysIn(reader)).toEqual(['a', 'a2']);
      rmSync(join(directory, `${first}.ndjson`));
      open().put(resource(QUEUE, 'b'));

      expect(keysIn(reader)).toEqual(['b']);
      expect(reader.byArn(`arn:aws:x:eu-west-1:${first}:a`)).toBeUndefined();
    });

    test('lets the earlier writer change nothing once the later one wrote, in no account', () => {
      const earlier = open();
      earlier.put(resource(QUEUE, 'a'));
      open().put(resource(QUEUE, 'b'));

      expect(() => earlier.put(resource(QUEUE, 'c'))).toThrow(StaleWriter);
      expect(() => earlier.remove(resource(QUEUE, 'a'))).toThrow(StaleWriter);
      expect(() => earlier.noteDeployment({ target: 't', account: first, fingerprint: 'f' })).toThrow(StaleWriter);
      expect(() => earlier.put(resource(QUEUE, 'd', { account: second }))).toThrow(StaleWriter);
      expect(keysIn(earlier)).toEqual(['a', 'b']);
      expect(keysIn(open())).toEqual(['a', 'b']);
    });

    test('knows an overtaken writer also after its account went out of memory', () => {
      const earlier = open();
      earlier.put(resource(QUEUE, 'a'));
      const touchOthers = () => {
        for (let index = 0; index < 100; index += 1) {
          earlier.resourcesOf(accountIdSchema.parse(String(300_000_000_000 + index)));
        }
      };
      touchOthers();
      earlier.put(resource(QUEUE, 'b'));
      touchOthers();
      open().put(resource(QUEUE, 'c'));

      expect(() => earlier.put(resource(QUEUE, 'd'))).toThrow(StaleWriter);
      expect(keysIn(open())).toEqual(['a', 'b', 'c']);
    });
  });
});
