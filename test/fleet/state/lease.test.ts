import fc from 'fast-check';

import type { Clock, ObjectStore } from '../../../fleet/ports';
import { isHeld, readLease, takeLease, type Lease, type TakeLeaseOptions } from '../../../fleet/state/lease';
import { MemoryObjects } from '../../../fleet/state/memory-objects';

import { sealVersion1 } from './version-1';
import { ManualClock } from './manual-clock';

const BEAT = 3_000;
const EXPIRY = 15_000;

/** One controller on a host: how it asks for the lease. */
function controller(name: string, clock: Clock, options: Partial<TakeLeaseOptions> = {}): TakeLeaseOptions {
  const [host = '', pid = ''] = name.split('#');
  return {
    clock,
    identity: { host, pid: Number(pid), processStart: `start of ${name}` },
    verb: 'rollout',
    isAlive: () => true,
    wait: false,
    ...options,
  };
}

/** A lease whose holder stops beating, as one that was killed: its own clock stands still. */
async function heldByDead(store: ObjectStore, name: string, beatAt: Date): Promise<Lease> {
  return takeLease(store, controller(name, { now: () => beatAt, sleep: () => new Promise<never>(() => undefined) }, { verb: 'destroy' }));
}

/** Whether work is done, and how, without waiting for it. */
function watch<Value>(work: Promise<Value>) {
  const seen: { value?: Value; error?: unknown } = {};
  work.then(
    (value) => (seen.value = value),
    (error: unknown) => (seen.error = error),
  );
  return seen;
}

describe('the lease', () => {
  test('is held by one, whose beats keep it, and says who that is', async () => {
    const clock = new ManualClock();
    const store = new MemoryObjects();
    const lease = await takeLease(store, controller('a#1', clock));
    const began = clock.now().toISOString();
    await clock.pass(10 * EXPIRY);

    expect(lease).toMatchObject({ epoch: 1, lost: { aborted: false } });
    const found = await readLease(store);
    expect(found).toEqual({
      epoch: 1,
      holder: { host: 'a', pid: 1, processStart: 'start of a#1', verb: 'rollout', since: began, rollout: null },
      beatAt: clock.now().toISOString(),
      released: false,
    });
    await expect(takeLease(store, controller('b#2', clock.ahead(1_000), { verb: 'destroy' }))).rejects.toMatchObject({
      code: 'fleet/locked',
      message: `fleet is locked by rollout (pid 1 on a since ${began}, for 151 s, last heard of 1 s ago): wait for it, or end that process`,
    });
  });

  test("once released, is the next one's at once, under a higher epoch, and nothing of the holder goes on", async () => {
    const clock = new ManualClock();
    const store = new MemoryObjects();
    for (const epoch of [1, 2, 3]) {
      const lease = await takeLease(store, controller(`a#${epoch}`, clock));
      expect(lease.epoch).toBe(epoch);
      await clock.pass(BEAT);
      await Promise.all([lease.release(), lease.release()]);
      expect(await readLease(store)).toMatchObject({ epoch, released: true });
      expect(clock.sleeping).toBe(0);
    }
  });

  test('is released also while it is being renewed', async () => {
    const clock = new ManualClock();
    const store = new MemoryObjects({ onWrite: async (_key, body) => body });
    const lease = await takeLease(store, controller('a#1', clock));
    clock.stop(EXPIRY);
    await Promise.all([lease.confirm(), lease.release()]);

    expect(await readLease(store)).toMatchObject({ released: true, beatAt: clock.now().toISOString() });
  });

  test('goes to one of two that ask at once', async () => {
    const clock = new ManualClock();
    const store = new MemoryObjects({ onWrite: async (_key, body) => body });
    const asked = await Promise.allSettled(['a#1', 'b#2', 'a#3'].map((name) => takeLease(store, controller(name, clock))));

    expect(asked.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected']);
    for (const one of asked) if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'fleet/locked' });
  });

  test.each([
    ['{"epoch":1}', 'its end is missing'],
    ['', 'its end is missing'],
    [sealVersion1({ epoch: 1 }), 'it is no lease (holder: Invalid input: expected object, received undefined)'],
  ])('that holds %j is damaged, neither free nor held', async (body, what) => {
    const store = new MemoryObjects({ objects: new Map([['lease', body]]) });

    await expect(takeLease(store, controller('a#1', new ManualClock()))).rejects.toMatchObject({
      code: 'user/state-damaged',
      message: `lease is damaged: ${what}; restore it (docs/recovery.md)`,
    });
  });
});

describe('a holder that is gone', () => {
  test('from this host is taken over at once, under a higher epoch', async () => {
    const clock = new ManualClock();
    const store = new MemoryObjects();
    await heldByDead(store, 'a#1', clock.now());
    const asked: unknown[] = [];
    const isAlive: TakeLeaseOptions['isAlive'] = (process) => asked.push(process) === 0;

    await expect(takeLease(store, controller('b#2', clock, { isAlive }))).rejects.toMatchObject({ code: 'fleet/locked' });
    expect(asked).toEqual([]); // Processes of another host are not to be seen here.
    expect((await takeLease(store, controller('a#2', clock, { isAlive }))).epoch).toBe(2);
    expect(asked).toEqual([expect.objectContaining({ host: 'a', pid: 1, processStart: 'start of a#1' })]);
  });

  test('from another host is taken over 15 s after its last beat, not before', async () => {
    const clock = new ManualClock();
    const store = new MemoryObjects();
    await heldByDead(store, 'a#1', clock.now());
    await clock.pass(EXPIRY - 1);
    await expect(takeLease(store, controller('b#2', clock))).rejects.toMatchObject({ code: 'fleet/locked' });
    await clock.pass(1);

    expect((await takeLease(store, controller('b#2', clock))).epoch).toBe(2);
  });

  test('is waited for until then, once said so', async () => {
    const clock = new ManualClock();
    const store = new MemoryObjects();
    await heldByDead(store, 'a#1', clock.now());
    await clock.pass(4_000);
    const waits: unknown[] = [];
    const taken = watch(takeLease(store, controller('b#2', clock, { wait: true, onWait: (holder, until) => waits.push([holder.pid, until.toISOString()]) }))); // prettier-ignore
    await clock.pass(EXPIRY - 4_001);
    expect(taken).toEqual({});
    await clock.pass(1);

    expect(taken.value?.epoch).toBe(2);
    expect(waits).toEqual([[1, '2026-01-01T00:00:15.000Z']]);
  });

  test.each([
    ['ahead', 3_600_000, EXPIRY],
    ['behind', -5_000, EXPIRY - 5_000],
    ['behind by more than the expiry', -20_000, 0],
  ])('and whose clock was %s is waited for no longer than 15 s', async (_how, skew, expected) => {
    const clock = new ManualClock();
    const store = new MemoryObjects();
    await heldByDead(store, 'a#1', new Date(clock.now().getTime() + skew));
    const taken = watch(takeLease(store, controller('b#2', clock, { wait: true })));
    if (expected > 0) {
      await clock.pass(expected - 1);
      expect(taken).toEqual({});
    }
    await clock.pass(1);

    expect(taken.value?.epoch).toBe(2);
  });
});

describe('a holder whose clock was ahead', () => {
  const HOUR = 3_600_000;
  const held = async () => {
    const clock = new ManualClock();
    const store = new MemoryObjects();
    await heldByDead(store, 'a#1', new Date(clock.now().getTime() + HOUR));
    return { clock, store };
  };

  test('is told with what to do, though nobody can wait for it', async () => {
    const { clock, store } = await held();

    await expect(takeLease(store, controller('b#2', clock))).rejects.toMatchObject({
      code: 'fleet/locked',
      message: expect.stringMatching(
        /clock was 1h ahead of this one.*: once that process has ended, fleet resume --take-over 1@a goes on without it$/,
      ) as string,
    });
  });

  test.each([
    ['16 s', 16_000, true],
    ['as much as hosts may differ', 15_000, false],
    ['behind', -5_000, false],
  ])('is told from one that is not: %s', async (_how, ahead, isTold) => {
    const clock = new ManualClock();
    const store = new MemoryObjects();
    await heldByDead(store, 'a#1', new Date(clock.now().getTime() + ahead));
    const error = (await takeLease(store, controller('b#2', clock)).catch((thrown: unknown) => thrown)) as Error;

    expect(error.message.includes('--take-over')).toBe(isTold);
  });

  test('is followed by who names it, once it has not beaten for 15 s, under a higher epoch', async () => {
    const { clock, store } = await held();
    const taken = watch(takeLease(store, controller('b#2', clock, { takeOver: '1@a' })));
    await clock.pass(EXPIRY - 1);
    expect(taken).toEqual({});
    await clock.pass(1);

    expect(taken.value?.epoch).toBe(2);
    expect((await takeLease(store, controller('c#3', clock, { takeOver: '2@b', isAlive: () => false, wait: false, identity: { host: 'b', pid: 3, processStart: '' } }))).epoch).toBe(3); // prettier-ignore
  });

  test.each(['2@a', '1@b', 'a', ''])('is followed by nobody who names %j', async (takeOver) => {
    const { clock, store } = await held();

    await expect(takeLease(store, controller('b#2', clock, { takeOver }))).rejects.toMatchObject({
      code: 'user/another-holder',
      message: `--take-over ${takeOver}: the fleet is held by destroy, 1@a; name that one`,
    });
  });

  test('and that lives is not taken from, whoever names it', async () => {
    const clock = new ManualClock();
    const store = new MemoryObjects();
    const lease = await takeLease(store, controller('a#1', clock.ahead(HOUR)));
    const asked = watch(takeLease(store, controller('b#2', clock, { takeOver: '1@a' })));
    await clock.pass(2 * BEAT);

    expect(asked.error).toMatchObject({ code: 'fleet/locked' });
    expect(lease.lost.aborted).toBe(false);
  });

  test('and was set back asks again before an effect: nobody knows how long ago its last beat was', async () => {
    let ahead = HOUR;
    const clock = new ManualClock();
    const store = new MemoryObjects();
    const own: Clock = { now: () => new Date(clock.now().getTime() + ahead), sleep: () => new Promise<never>(() => undefined) };
    const lease = await takeLease(store, controller('a#1', own));
    ahead = 0;
    await takeLease(store, controller('b#2', clock.ahead(2 * HOUR)));

    await expect(lease.confirm()).rejects.toMatchObject({ code: 'fleet/fenced' });
  });
});

describe('what a holder drives', () => {
  test('is said in the lease, from the beginning or once it is known', async () => {
    const clock = new ManualClock();
    const store = new MemoryObjects();
    const lease = await takeLease(store, controller('a#1', clock));
    await lease.drive('one');
    expect((await readLease(store))?.holder.rollout).toBe('one');
    await clock.pass(BEAT);
    await lease.release();
    expect(await readLease(store)).toMatchObject({ released: true, holder: { rollout: 'one' } });

    await takeLease(store, controller('a#1', clock, { rollout: 'two' }));
    expect((await readLease(store))?.holder.rollout).toBe('two');
  });

  test('is not said by one that has lost the lease', async () => {
    const clock = new ManualClock();
    const store = new MemoryObjects();
    const lease = await takeLease(store, controller('a#1', clock));
    clock.stop(EXPIRY);
    await takeLease(store, controller('b#2', clock));

    await expect(lease.drive('one')).rejects.toMatchObject({ code: 'fleet/fenced' });
    expect(await readLease(store)).toMatchObject({ epoch: 2, holder: { rollout: null } });
  });

  test('is nothing in a lease of version 1', async () => {
    const { rollout: _rollout, ...holder } = { host: 'a', pid: 1, processStart: '', verb: 'rollout', since: '2026-01-01T00:00:00.000Z', rollout: null }; // prettier-ignore
    const body = sealVersion1({ epoch: 7, holder, beatAt: holder.since, released: true });
    const store = new MemoryObjects({ objects: new Map([['lease', body]]) });

    expect(await readLease(store)).toMatchObject({ epoch: 7, holder: { rollout: null } });
    expect((await takeLease(store, controller('b#2', new ManualClock()))).epoch).toBe(8);
  });
});

describe('waiting', () => {
  test('for a holder that beats on ends with its being refused', async () => {
    const clock = new ManualClock();
    const store = new MemoryObjects();
    await takeLease(store, controller('a#1', clock));
    const asked = watch(takeLease(store, controller('b#2', clock, { wait: true })));
    await clock.pass(2 * BEAT);

    expect(asked.error).toMatchObject({ code: 'fleet/locked' });
    expect(clock.sleeping).toBe(1);
  });

  test('by one that slept meanwhile takes nothing from a holder that has beaten since', async () => {
    const [clock, holders] = [new ManualClock(), new ManualClock()];
    const store = new MemoryObjects();
    await takeLease(store, controller('a#1', holders));
    const asked = watch(takeLease(store, controller('b#2', clock, { wait: true })));
    await clock.pass(0);
    clock.stop(EXPIRY);
    await holders.pass(EXPIRY);
    await clock.pass(0);

    expect(asked.error).toMatchObject({ code: 'fleet/locked' });
  });

  test('for a holder that lets go ends with the lease', async () => {
    const clock = new ManualClock();
    const store = new MemoryObjects();
    const lease = await takeLease(store, controller('a#1', clock));
    const asked = watch(takeLease(store, controller('b#2', clock, { wait: true })));
    await clock.pass(1);
    await lease.release();
    await clock.pass(BEAT);

    expect(asked.value?.epoch).toBe(2);
  });

  test('ends when it is called off', async () => {
    const clock = new ManualClock();
    const store = new MemoryObjects();
    await heldByDead(store, 'a#1', clock.now());
    const off = new AbortController();
    const asked = watch(takeLease(store, controller('b#2', clock, { wait: true, signal: off.signal })));
    await clock.pass(1);
    off.abort(new Error('interrupted'));
    await clock.pass(1);

    expect(asked.error).toEqual(new Error('interrupted'));
    expect(clock.sleeping).toBe(0);
  });
});

describe('a holder that slept', () => {
  /** Stopped for longer than its lease lasts; another one took it or did not. */
  async function slept(takenOver: boolean) {
    const clock = new ManualClock();
    const store = new MemoryObjects();
    const lease = await takeLease(store, controller('a#1', clock));
    await clock.pass(BEAT);
    clock.stop(EXPIRY);
    const other = takenOver ? await takeLease(store, controller('b#2', clock, { verb: 'resume' })) : undefined;
    return { clock, store, lease, other };
  }

  test('and was taken over learns it with its first beat, or before its first effect, and writes nothing', async () => {
    for (const how of ['beat', 'effect'] as const) {
      const { clock, store, lease } = await slept(true);
      if (how === 'beat') await clock.pass(0);
      const expected = { code: 'fleet/fenced', message: expect.stringContaining('(resume, pid 2 on b, epoch 2)') as string };
      await expect(lease.confirm()).rejects.toMatchObject(expected);

      expect(lease.lost.reason).toMatchObject(expected);
      await lease.release();
      expect(await readLease(store)).toMatchObject({ epoch: 2, released: false });
    }
  });

  test('and was not taken over goes on', async () => {
    const { clock, store, lease } = await slept(false);
    await lease.confirm();
    expect((await readLease(store))?.beatAt).toBe(clock.now().toISOString());
    await expect(takeLease(store, controller('b#2', clock))).rejects.toMatchObject({ code: 'fleet/locked' });
    await clock.pass(EXPIRY);

    expect(lease.lost.aborted).toBe(false);
  });

  test('asks nobody while its last beat is young', async () => {
    const clock = new ManualClock();
    const store = new MemoryObjects();
    const lease = await takeLease(store, controller('a#1', clock));
    clock.stop(EXPIRY - 1);
    const before = await store.read('lease');
    await lease.confirm();

    expect(await store.read('lease')).toEqual(before);
  });
});

describe('a beat that fails', () => {
  test('is made up for by the next one; after 15 s without any, the lease counts as lost', async () => {
    const clock = new ManualClock();
    let isFull = false;
    const store = new MemoryObjects({
      onWrite: (_key, body) => {
        if (isFull) throw new Error('ENOSPC');
        return body;
      },
    });
    const lease = await takeLease(store, controller('a#1', clock));
    for (const full of [true, false, true]) {
      isFull = full;
      await clock.pass(2 * BEAT);
    }
    expect(lease.lost.aborted).toBe(false);
    await clock.pass(EXPIRY);

    expect(lease.lost.reason).toMatchObject({
      code: 'fleet/fenced',
      message: expect.stringContaining('could not be renewed for 15 s: ENOSPC') as string,
    });
    expect(clock.sleeping).toBe(0);
  });

  test("but was made is the holder's own, not another one's", async () => {
    const clock = new ManualClock();
    let fails = 0;
    const store = new MemoryObjects({
      onWritten: () => {
        if ((fails += 1) === 3) throw new Error('EIO');
      },
    });
    const lease = await takeLease(store, controller('a#1', clock));
    await clock.pass(5 * BEAT);

    expect(lease.lost.aborted).toBe(false);
    expect((await readLease(store))?.beatAt).toBe(clock.now().toISOString());
  });
});

test('whether it is held is what taking it would find', async () => {
  const clock = new ManualClock();
  const store = new MemoryObjects();
  const lease = await takeLease(store, controller('a#1', clock));
  const held = async (options: TakeLeaseOptions) => {
    const found = await readLease(store);
    return found && isHeld(found, options);
  };

  expect(await held(controller('b#2', clock))).toBe(true);
  expect(await held(controller('a#2', clock, { isAlive: () => false }))).toBe(false);
  clock.stop(EXPIRY);
  expect(await held(controller('b#2', clock))).toBe(false);
  await clock.pass(0);
  expect(await held(controller('b#2', clock))).toBe(true);
  await lease.release();
  expect(await held(controller('b#2', clock))).toBe(false);
});

test('over any course of events epochs grow, and of those who hold it with a young beat there is one', async () => {
  const step = fc.oneof(
    fc.record({ do: fc.constantFrom('take', 'kill', 'release', 'confirm'), who: fc.nat({ max: 2 }) }),
    fc.record({ do: fc.constantFrom('pass', 'stop'), time: fc.integer({ min: 0, max: 2 * EXPIRY }) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      const clock = new ManualClock();
      const store = new MemoryObjects();
      const leases = new Map<number, Lease>();
      const epochs: number[] = [];
      for (const one of steps) {
        if ('time' in one) {
          if (one.do === 'pass') await clock.pass(one.time);
          else clock.stop(one.time);
          continue;
        }
        const lease = leases.get(one.who);
        if (one.do === 'take') {
          const taken = await takeLease(store, controller(`h${one.who}#1`, clock)).catch(() => undefined);
          if (taken) epochs.push(taken.epoch);
          if (taken) leases.set(one.who, taken);
        } else if (one.do === 'confirm') {
          const before = await readLease(store);
          const isConfirmed = await lease?.confirm().then(() => true, () => false); // prettier-ignore
          if (isConfirmed === true) expect(before).toMatchObject({ epoch: lease?.epoch });
        } else {
          if (one.do === 'release') await lease?.release();
          leases.delete(one.who);
        }
      }
      expect(epochs).toEqual(epochs.map((_, index) => index + 1));
    }),
    { numRuns: 200 },
  );
});
