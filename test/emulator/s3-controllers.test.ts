import type { TargetId } from '../../contracts/target';
import type { TargetRecord } from '../../fleet/plan/target-record';
import { FleetStore } from '../../fleet/state/fleet-store';
import { openJournal, readJournal, readSegments } from '../../fleet/state/journal';
import { readLease, takeLease, type TakeLeaseOptions } from '../../fleet/state/lease';
import { planOf, smallFleet } from '../fleet/plan/plan-fixture';
import { ManualClock } from '../fleet/state/manual-clock';
import { describeWithMoto } from '../helpers/engine-tier';

import { motoServer } from './moto-server';
import { s3Behind } from './s3-door';

/** What test/fleet/state/ shows on objects in memory and in a folder, with two controllers that share a bucket and nothing else. */
const { door, objects } = s3Behind(motoServer());

const EXPIRY = 15_000;
const plan = planOf(smallFleet({ accounts: 1 }));

let prefixes = 0;
/** The doors of two controllers to one state. */
function twoDoors() {
  const prefix = `orders/${(prefixes += 1)}`;
  return [objects(prefix), objects(prefix)] as const;
}

const controller = (name: string, clock: ManualClock, more: Partial<TakeLeaseOptions> = {}): TakeLeaseOptions => ({
  clock,
  identity: { host: name, pid: 1, processStart: `start of ${name}` },
  isAlive: () => true,
  verb: 'rollout',
  wait: false,
  ...more,
});
const fencedError = { code: 'fleet/fenced' };

describeWithMoto('the lease', () => {
  test('goes to one of several that ask at once', async () => {
    const clock = new ManualClock();
    const [first, second] = twoDoors();
    const asked = await Promise.allSettled(
      [first, second, first, second].map((store, index) => takeLease(store, controller(`host-${index}`, clock))),
    );

    expect(asked.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected', 'rejected']);
    for (const one of asked) if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'fleet/locked' });
    for (const one of asked) if (one.status === 'fulfilled') await one.value.release();
    expect(await readLease(second)).toMatchObject({ epoch: 1, released: true });
  });

  test('of a holder that slept is taken over after its expiry, and the holder learns it before its next effect', async () => {
    const clock = new ManualClock();
    const [first, second] = twoDoors();
    const old = await takeLease(first, controller('a', clock));
    clock.stop(EXPIRY - 1);
    await expect(takeLease(second, controller('b', clock))).rejects.toMatchObject({ code: 'fleet/locked' });
    clock.stop(1);
    const taken = await takeLease(second, controller('b', clock, { verb: 'resume' }));

    expect([old.epoch, taken.epoch]).toEqual([1, 2]);
    await expect(old.confirm()).rejects.toMatchObject({ ...fencedError, message: expect.stringContaining('resume, pid 1 on b, epoch 2') as string }); // prettier-ignore
    expect(old.lost.aborted).toBe(true);
    await old.release();
    expect(await readLease(first)).toMatchObject({ epoch: 2, released: false });
    await taken.release();
  });

  test('is renewed though the answer to a beat was lost, and though the beat itself was', async () => {
    for (const lose of ['answer', 'request'] as const) {
      const clock = new ManualClock();
      const [first, second] = twoDoors();
      const lease = await takeLease(first, controller('a', clock));
      clock.stop(EXPIRY);
      door().plan('PUT', { lose }, 2);
      await lease.confirm();

      expect(lease.lost.aborted).toBe(false);
      expect((await readLease(second))?.beatAt).toBe(clock.now().toISOString());
      await lease.release();
      expect(await readLease(second)).toMatchObject({ epoch: 1, released: true });
    }
  });
});

describeWithMoto('a journal', () => {
  test('is closed by who has taken over: the old controller writes nothing more', async () => {
    const [first, second] = twoDoors();
    const old = await openJournal<number>(first, 'rollouts/1', { epoch: 1 });
    await old.writer.append([1, 2]);
    const taken = await openJournal<number>(second, 'rollouts/1', { epoch: 2, opening: [3] });
    await expect(old.writer.append([99])).rejects.toMatchObject(fencedError);
    await expect(old.writer.append([100])).rejects.toMatchObject(fencedError);
    await taken.writer.append([4]);

    expect(taken.entries).toEqual([1, 2]);
    expect(await readJournal(first, 'rollouts/1')).toMatchObject({ entries: [1, 2, 3, 4], torn: null });
    await expect(openJournal(first, 'rollouts/1', { epoch: 1 })).rejects.toMatchObject(fencedError);
  });

  test('does not take its own segment, whose answer was lost, for that of another controller', async () => {
    const [first, second] = twoDoors();
    door().plan('PUT', { lose: 'answer' });
    const { writer } = await openJournal<number>(first, 'rollouts/1', { epoch: 1 });
    for (const entry of [1, 2, 3]) {
      door().plan('PUT', { lose: 'answer' }, 2);
      await writer.append([entry]);
    }

    expect((await readSegments(second, 'rollouts/1')).segments.map(({ seq, entries }) => [seq, ...entries])).toEqual([
      [1],
      [2, 1],
      [3, 2],
      [4, 3],
    ]);
  });

  test('does not take the segment of another controller for its own, though its own was on its way first', async () => {
    const [first, second] = twoDoors();
    const old = await openJournal<number>(first, 'rollouts/1', { epoch: 1 });
    // Lost before S3 had it; when the SDK sends it again, the other one has opened the journal.
    let taken: Awaited<ReturnType<typeof openJournal<number>>> | undefined;
    const past = objects(`orders/${prefixes}`, 'past');
    door().plan('PUT', { lose: 'request', meanwhile: async () => (taken = await openJournal<number>(past, 'rollouts/1', { epoch: 2 })) });
    await expect(old.writer.append([1])).rejects.toMatchObject(fencedError);

    expect(taken?.entries).toEqual([]);
    expect((await readSegments(second, 'rollouts/1')).segments.map(({ epoch, entries }) => [epoch, entries])).toEqual([
      [1, []],
      [2, []],
    ]);
  });
});

describeWithMoto('records', () => {
  test('are replaced by who has read the last ones, and by no other controller', async () => {
    const [first, second] = twoDoors();
    const open = (store: typeof first) => new FleetStore(store, { directory: '/nowhere', fleet: 'orders' });
    const [old, taken] = [open(first), open(second)];
    const record = (seconds: number): TargetRecord => ({
      target: 'regional/200000000001/eu-west-1' as TargetId,
      createdAt: '2026-01-01T00:00:00.000Z',
      good: null,
      current: null,
      dirty: true,
      traffic: 'settled',
      health: null,
      outputs: null,
      seconds,
    });
    const records = (seconds: number) => new Map([[record(seconds).target, record(seconds)]]);
    await old.claim();
    await taken.claim();
    await (await old.beginRollout('1', plan, 1)).append([{ record: record(1) }]);
    await old.loadRecords();
    await taken.loadRecords();
    await taken.saveRecords(records(2), '1');
    await expect(old.saveRecords(records(3), '1')).rejects.toMatchObject(fencedError);

    expect([...(await old.loadRecords()).values()].map(({ seconds }) => seconds)).toEqual([2]);
    expect(await taken.loadRollout()).toMatchObject({ id: '1', plan });
  });
});
