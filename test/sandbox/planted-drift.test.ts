import { asLeft, takeIn, withSet } from '../../sandbox/planted-drift';
import { organizationSchema } from '../../sandbox/organization';
import { World } from '../../sandbox/world';
import { MemoryLogs } from '../../sandbox/memory-logs';
import { resourceTypes } from '../../sandbox/types';
import type { AccountId, Region } from '../../contracts/ids';

const QUEUE = 'aws:sqs/queue:Queue';
const ACCOUNT = '111111111111' as AccountId;
const PLACE = { account: ACCOUNT, region: 'eu-west-1' as Region, organizationId: 'o-sandbox0001' };

const planted = (...drift: readonly object[]) =>
  organizationSchema.parse({
    id: PLACE.organizationId,
    managementAccount: ACCOUNT,
    accounts: [{ id: ACCOUNT, name: 'workload' }],
    drift: drift.map((entry) => ({ target: 'regional/**', on: QUEUE, ...entry })),
  }).drift;

describe('what an entry sets', () => {
  test.each<[object, object, object]>([
    [{ delaySeconds: 5 }, { delaySeconds: 7 }, { delaySeconds: 7 }],
    [{}, { delaySeconds: 7 }, { delaySeconds: 7 }],
    [{ tags: { Team: 'a', Env: 'p' } }, { 'tags.Team': 'b' }, { tags: { Team: 'b', Env: 'p' } }],
    [{ tags: { Team: 'a', Env: 'p' } }, { 'tags.Team': null }, { tags: { Env: 'p' } }],
    [{ tags: { Team: 'a' } }, { tags: {} }, { tags: {} }],
    [{ a: 1, b: 2 }, { a: null }, { b: 2 }],
    [{}, { 'tracingConfig.mode': 'Active' }, { tracingConfig: { mode: 'Active' } }],
    [{ redrivePolicy: '{"maxReceiveCount":5,"arn":"q"}' }, { 'redrivePolicy.maxReceiveCount': 3 }, { redrivePolicy: '{"maxReceiveCount":3,"arn":"q"}' }],
    [{ policy: 'no json' }, { 'policy.a': 3 }, { policy: { a: 3 } }],
  ])('%j with %j is %j', (before, set, after) => {
    expect(withSet(before as never, set as never)).toEqual(after);
  }); // prettier-ignore

  test('never reaches past the properties', () => {
    const set = JSON.parse('{"__proto__.polluted":true,"constructor.prototype.polluted":true}') as Record<string, unknown>;
    withSet({}, set);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

describe('what people did by hand', () => {
  const logs = new MemoryLogs();
  const open = () =>
    new World({
      ...{ directory: 'world', openLog: logs.takeOver(), now: () => 0, secondsBetween: (from, to) => to - from, members: new Map() },
      types: new Map(resourceTypes.map((type) => [type.type, type])),
    });
  const make = (world: World, key: string) => {
    const owner = `regional/${ACCOUNT}/eu-west-1 urn:pulumi:s::regional::${QUEUE}::${key}-queue`;
    const inputs = { name: key, delaySeconds: 5 };
    world.put({
      type: QUEUE,
      account: ACCOUNT,
      region: PLACE.region,
      key,
      id: key,
      inputs,
      outputs: { ...inputs, arn: `arn:${key}` },
      owner,
    });
    const made = world.find(QUEUE, key, PLACE);
    if (!made) throw new Error('made');
    return made;
  };

  test('is seen without being written, and once it is real it happens no second time, for any process', () => {
    const world = open();
    const drift = planted({ set: { delaySeconds: 9 } });
    const queue = make(world, 'seen');
    expect([asLeft(queue, { world, drift })?.inputs.delaySeconds, world.find(QUEUE, 'seen', PLACE)?.inputs.delaySeconds]).toEqual([9, 5]);

    expect(takeIn(queue, { world, drift })?.outputs.delaySeconds).toBe(9);
    expect(world.find(QUEUE, 'seen', PLACE)?.inputs.delaySeconds).toBe(9);
    const back = make(world, 'seen');

    for (const one of [world, open()]) expect(asLeft(back, { world: one, drift })?.inputs.delaySeconds).toBe(5);
  });

  test.each([
    ['another value', { set: { delaySeconds: 8 } }],
    ['another name', { set: { delaySeconds: 9 }, name: 'again-queue' }],
    ['another target', { set: { delaySeconds: 9 }, target: '**' }],
    ['a deletion', { gone: true }],
  ])('an entry changed to %s is a new one', (_how, entry) => {
    const world = open();
    const queue = make(world, 'again');
    takeIn(queue, { world, drift: planted({ set: { delaySeconds: 9 } }) });
    const back = make(world, 'again');

    expect(asLeft(back, { world, drift: planted(entry) })?.inputs.delaySeconds).not.toBe(5);
    const reordered = [{ set: { delaySeconds: 9 }, on: QUEUE, target: 'regional/**' }];
    expect(asLeft(back, { world, drift: reordered })?.inputs.delaySeconds).toBe(5);
  });

  test('deletes what it says is gone, and not what is made in its place', () => {
    const world = open();
    const drift = planted({ gone: true, name: 'first-queue' }, { set: { delaySeconds: 9 }, name: 'first-queue' });
    const [first, second] = [make(world, 'first'), make(world, 'second')];
    expect([asLeft(first, { world, drift }), asLeft(second, { world, drift })]).toEqual([undefined, second]);

    expect(takeIn(first, { world, drift })).toBeUndefined();
    expect(world.find(QUEUE, 'first', PLACE)).toBeUndefined();
    const anew = make(world, 'first');

    expect(asLeft(anew, { world, drift })).toBe(anew);
  });

  test('leaves alone what is another target’s, another type’s, another name’s or others’', () => {
    const world = open();
    const queue = make(world, 'mine');
    const elsewhere = planted(
      { gone: true, target: 'regional/222222222222/*' },
      { gone: true, on: 'aws:sns/topic:Topic' },
      { gone: true, name: 'mine' },
    );
    expect(asLeft(queue, { world, drift: elsewhere })).toBe(queue);
    expect(asLeft({ ...queue, owner: 'others' }, { world, drift: planted({ gone: true }) })?.owner).toBe('others');
  });
});
