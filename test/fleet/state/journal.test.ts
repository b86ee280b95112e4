import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';

import fc from 'fast-check';

import { FolderObjects } from '../../../fleet/state/folder-objects';
import { openJournal, readJournal, readSegments } from '../../../fleet/state/journal';
import { KnownSegments } from '../../../fleet/state/known-segments';
import { MemoryObjects } from '../../../fleet/state/memory-objects';
import { writeSegment } from '../../../fleet/state/segment';
import { seal } from '../../../fleet/state/sealed';
import { temporaryFolder } from '../../helpers/temporary-folder';

import { bundleScript, ended, start } from './child-script';

const key = (seq: number) => `r/journal/${String(seq).padStart(8, '0')}.json`;
const entry = (index: number) => ({ event: index, text: `"wave" \\ ${index} – ü\n],"checksum":"` });
const entriesOf = (from: number, count: number) => Array.from({ length: count }, (_, index) => entry(from + index));

/** A journal of one opening and then one segment for each count of entries. */
async function journalOf(...counts: readonly number[]): Promise<ReadonlyMap<string, string>> {
  const store = new MemoryObjects();
  const { writer } = await openJournal(store, 'r', { epoch: 1 });
  let written = 0;
  for (const count of counts) {
    await writer.append(entriesOf(written, count));
    written += count;
  }
  return store.bodies;
}

/** The same journal with one segment otherwise; undefined: gone. */
function withSegment(bodies: ReadonlyMap<string, string>, seq: number, body: string | undefined): MemoryObjects {
  return new MemoryObjects({
    objects: new Map([...bodies].flatMap(([at, old]) => (at !== key(seq) ? [[at, old]] : body === undefined ? [] : [[at, body]]))),
  });
}

const damaged = (seq: number, what?: string) => ({
  code: 'user/journal-damaged',
  message: expect.stringContaining(what === undefined ? key(seq) : `${key(seq)} is damaged: ${what}`) as string,
});

describe('a journal', () => {
  test('gives its entries in order; none where there is none', async () => {
    const store = new MemoryObjects({ objects: await journalOf(2, 1, 3) });

    expect(await readJournal(store, 'r')).toMatchObject({ entries: entriesOf(0, 6), torn: null });
    expect(await readJournal(store, 'other')).toMatchObject({ entries: [], torn: null });
  });

  test('goes on where it ended, under the epoch of who opens it, whose first words are written with the opening', async () => {
    const store = new MemoryObjects({ objects: await journalOf(1) });
    const opened = await openJournal(store, 'r', { epoch: 3, opening: [entry(1)] });
    expect(opened).toMatchObject({ entries: entriesOf(0, 1), torn: null });
    await opened.writer.append([entry(2)]);

    expect((await readJournal(store, 'r')).entries).toEqual(entriesOf(0, 3));
    expect((await readSegments(store, 'r')).segments.map(({ epoch }) => epoch)).toEqual([1, 1, 3, 3]);
  });

  test('reads a whole segment once where what is known is given: then only what is new, and what was cut short', async () => {
    const bodies = await journalOf(2, 1);
    const objects = new Map([...bodies, [key(4), '{"version":1,"seq":']]);
    const store = new MemoryObjects({ objects });
    const read = jest.spyOn(store, 'read');
    const known = new KnownSegments();
    const first = await readJournal(store, 'r', { known });
    expect(first).toMatchObject({ entries: entriesOf(0, 3), torn: { key: key(4), bytes: 19 } });
    read.mockClear();

    expect(await readJournal(store, 'r', { known })).toEqual(first);
    expect(read.mock.calls).toEqual([[key(4)]]);
    const { writer } = await openJournal(store, 'r', { epoch: 2, known });
    await writer.append([entry(3)]);
    expect(await readJournal(store, 'r', { known })).toMatchObject({ entries: entriesOf(0, 4), torn: null });
  });

  test('forgets what it knows of journals of long ago', async () => {
    const store = new MemoryObjects();
    const known = new KnownSegments();
    for (const prefix of ['a', 'b', 'c', 'd', 'e']) {
      await openJournal(store, prefix, { epoch: 1, opening: [prefix] });
      await readJournal(store, prefix, { known });
    }

    expect(['a', 'b', 'c', 'd', 'e'].filter((prefix) => known.get(prefix, `${prefix}/journal/00000001.json`))).toEqual([
      'b',
      'c',
      'd',
      'e',
    ]);
  });

  test('does not mind another rollout whose id begins with its own', async () => {
    const store = new MemoryObjects();
    for (const prefix of ['r/1', 'r/10']) await openJournal(store, prefix, { epoch: 1, opening: [prefix] });

    expect((await readJournal(store, 'r/1')).entries).toEqual(['r/1']);
  });

  test('of many segments reads back', async () => {
    const store = new MemoryObjects({ objects: await journalOf(...Array.from({ length: 150 }, () => 1)) });

    expect(await readJournal(store, 'r')).toMatchObject({ entries: entriesOf(0, 150), torn: null });
  });

  test('reads back from any of its beginnings', async () => {
    const bodies = [...(await journalOf(1, 2, 1, 3))];
    const counts = [0, 0, 1, 3, 4, 7];
    for (const [segments, count] of counts.entries()) {
      const store = new MemoryObjects({ objects: new Map(bodies.slice(0, segments)) });
      expect(await readJournal(store, 'r')).toMatchObject({ entries: entriesOf(0, count), torn: null });
    }
  });
});

/** A store whose writes wait to be let go, one by one. */
function slowStore() {
  const held: (() => void)[] = [];
  const store = new MemoryObjects({ onWrite: (_key, body) => new Promise((go) => held.push(() => go(body))) });
  const letGo = async () => {
    while (held.length === 0) await setImmediate();
    held.shift()?.();
    await setImmediate();
  };
  return { store, letGo, held };
}

const failure = async (work: Promise<unknown>): Promise<unknown> => work.then(() => undefined, (error: unknown) => error); // prettier-ignore

describe('appending', () => {
  test('is done when it is durable; what comes while a segment is being written goes into the next one, in order', async () => {
    const { store, letGo, held } = slowStore();
    const [{ writer }] = await Promise.all([openJournal(store, 'r', { epoch: 1 }), letGo()]);
    const done: number[] = [];
    const append = (index: number) => void writer.append([entry(index)]).then(() => done.push(index));

    append(0);
    await setImmediate();
    for (const index of [1, 2, 3]) append(index);
    void writer.append([]).then(() => done.push(99));
    await setImmediate();
    expect([done, held.length]).toEqual([[], 1]);
    await letGo();
    expect(done).toEqual([0]);
    await letGo();
    expect([done, held.length]).toEqual([[0, 1, 2, 3, 99], 0]);

    const { segments } = await readSegments(store, 'r');
    expect(segments.map(({ entries }) => entries)).toEqual([[], [entry(0)], entriesOf(1, 3)]);
  });

  test('keeps an entry as it was then, and writes nothing for no entries', async () => {
    const store = new MemoryObjects();
    const { writer } = await openJournal(store, 'r', { epoch: 1 });
    const changing = { event: 1 };
    const appended = writer.append([changing]);
    changing.event = 2;
    await appended;
    await writer.append([]);

    expect((await readJournal(store, 'r')).entries).toEqual([{ event: 1 }]);
    expect(store.bodies.size).toBe(2);
  });

  test('refuses what JSON cannot carry, and goes on', async () => {
    const store = new MemoryObjects();
    const { writer } = await openJournal<unknown>(store, 'r', { epoch: 1 });
    await expect(writer.append([1, undefined])).rejects.toThrow('undefined is no journal entry');
    await writer.append([2]);

    expect((await readJournal(store, 'r')).entries).toEqual([2]);
  });

  test.each([
    ['was not made', { onWrite: true }, 0],
    ['was made, but nobody knows', { onWritten: true }, 1],
  ] as const)('that failed and %s is the last: nothing is tried again', async (_how, fails, kept) => {
    let isFull = false;
    let writes = 0;
    const check = () => {
      writes += 1;
      if (isFull) throw new Error('ENOSPC: no space left on device');
    };
    const store = new MemoryObjects({
      ...('onWrite' in fails ? { onWrite: (_key: string, body: string) => (check(), body) } : { onWritten: check }),
    });
    const { writer } = await openJournal(store, 'r', { epoch: 1 });
    await writer.append([entry(0)]);
    isFull = true;
    const errors = await Promise.all([writer.append([entry(1)]), writer.append([entry(2)])].map(failure));
    isFull = false;
    errors.push(await failure(writer.append([entry(3)])), await failure(writer.append([])));

    expect(errors[0]).toMatchObject({
      code: 'fleet/journal-failed',
      message: expect.stringMatching(/00000003\.json could not be written.*ENOSPC/) as string,
    });
    expect(new Set(errors).size).toBe(1);
    expect(writes).toBe(3);
    expect((await readJournal(store, 'r')).entries).toEqual(entriesOf(0, kept === 0 ? 1 : 3));
  });

  test('that fails takes with it what was waiting behind it', async () => {
    let isFull = false;
    const store = new MemoryObjects({
      onWrite: async (_key, body) => {
        await setImmediate();
        if (isFull) throw new Error('ENOSPC');
        return body;
      },
    });
    const { writer } = await openJournal(store, 'r', { epoch: 1 });
    isFull = true;
    const first = failure(writer.append([entry(0)]).finally(() => (isFull = false)));
    await Promise.resolve();
    await Promise.resolve();
    const second = failure(writer.append([entry(1)]));

    expect(await first).toMatchObject({ code: 'fleet/journal-failed' });
    expect(await second).toBe(await first);
    expect((await readJournal(store, 'r')).entries).toEqual([]);
  });

  test('that the disk only claimed to have made leaves a gap, which is seen', async () => {
    const store = new MemoryObjects({ onWrite: (at, body) => (at === key(3) ? null : body) });
    const { writer } = await openJournal(store, 'r', { epoch: 1 });
    for (const index of [0, 1, 2]) await writer.append([entry(index)]);

    await expect(readJournal(store, 'r')).rejects.toMatchObject(damaged(3, 'it is missing'));
  });
});

describe('two controllers', () => {
  test('the one of the higher epoch closes the journal for the other, which writes nothing more', async () => {
    const store = new MemoryObjects();
    const old = await openJournal(store, 'r', { epoch: 1 });
    await old.writer.append([entry(0)]);
    const winner = await openJournal(store, 'r', { epoch: 2 });
    const errors = [await failure(old.writer.append([entry(8)])), await failure(old.writer.append([entry(9)]))];
    await winner.writer.append([entry(1)]);

    expect(errors[0]).toMatchObject({
      code: 'fleet/fenced',
      message: expect.stringContaining('another controller has taken over') as string,
    });
    expect(errors[1]).toBe(errors[0]);
    expect((await readJournal(store, 'r')).entries).toEqual(entriesOf(0, 2));
    await expect(openJournal(store, 'r', { epoch: 1 })).rejects.toMatchObject({ code: 'fleet/fenced' });
  });

  test('of one epoch cannot be: the slower one is refused', async () => {
    const store = new MemoryObjects({ onWrite: async (_key, body) => body });
    const opened = await Promise.all([1, 2].map(() => openJournal(store, 'r', { epoch: 1 }).then(() => 'opened', (error: { code: string }) => error.code))); // prettier-ignore

    expect(opened.sort()).toEqual(['fleet/fenced', 'opened']);
  });

  test('however their writes interleave, the higher epoch keeps all it wrote, behind what the lower one had been told was durable', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.nat({ max: 6 }), fc.nat({ max: 6 }), async (scheduler, before, after) => {
        let slow = false;
        const store = new MemoryObjects({ onWrite: async (at, body) => (slow ? scheduler.schedule(Promise.resolve(body), at) : body) });
        const old = await openJournal<string>(store, 'r', { epoch: 1 });
        slow = true;
        const told: string[] = [];
        const lower = async () => {
          for (let index = 0; index < before + 3; index += 1) {
            const names = [`old ${2 * index}`, `old ${2 * index + 1}`];
            const error = await failure(Promise.all(names.map((name) => old.writer.append([name]).then(() => told.push(name)))));
            if (error === undefined) continue;
            expect(error).toMatchObject({ code: 'fleet/fenced' });
            return;
          }
        };
        const higher = async () => {
          const { entries, writer } = await openJournal<string>(store, 'r', { epoch: 2, opening: ['new 0'] });
          await Promise.all(Array.from({ length: after }, (_, index) => writer.append([`new ${index + 1}`])));
          return entries;
        };
        const [found] = await scheduler.waitFor(Promise.all([higher(), lower()]));

        const { entries } = await readJournal<string>(store, 'r');
        expect(entries).toEqual([...found, ...Array.from({ length: after + 1 }, (_, index) => `new ${index}`)]);
        expect(found.slice(0, told.length)).toEqual(told);
        expect(found).toEqual(found.map((_, index) => `old ${index}`));
      }),
      { numRuns: 300 },
    );
  });
});

describe('a last segment cut short', () => {
  test('anywhere, is dropped and said; the next writer passes over it, and so does every reader from then on', async () => {
    const bodies = await journalOf(2, 2);
    const whole = Buffer.from(bodies.get(key(3)) ?? '');
    for (let bytes = 0; bytes < whole.length; bytes += 1) {
      const store = withSegment(bodies, 3, whole.subarray(0, bytes).toString());
      const torn = { key: key(3), bytes: Buffer.byteLength(whole.subarray(0, bytes).toString()) };
      expect(await readJournal(store, 'r')).toMatchObject({ entries: entriesOf(0, 2), torn });

      const opened = await openJournal(store, 'r', { epoch: 2 });
      expect(opened).toMatchObject({ entries: entriesOf(0, 2), torn });
      await opened.writer.append([entry(2)]);
      expect(await readJournal(store, 'r')).toMatchObject({ entries: entriesOf(0, 3), torn: null });
    }
  });

  test('and filled up with zeros, as a file system may after a crash, is cut short', async () => {
    const bodies = await journalOf(1, 2);
    const { torn } = await readJournal(withSegment(bodies, 3, `${bodies.get(key(3))?.slice(0, 60)}\0\0\0`), 'r');

    expect(torn).toEqual({ key: key(3), bytes: 63 });
  });

  test('of a controller that lives on: it is fenced all the same', async () => {
    const writtenBy = new MemoryObjects();
    const old = await openJournal(writtenBy, 'r', { epoch: 1 });
    await old.writer.append([entry(0)]);
    const body = writtenBy.bodies.get(key(2)) ?? '';
    const version = (await writtenBy.read(key(2)))?.version ?? null;
    await writtenBy.replace(key(2), body.slice(0, -9), version);
    const winner = await openJournal(writtenBy, 'r', { epoch: 2 });
    await expect(old.writer.append([entry(1)])).rejects.toMatchObject({ code: 'fleet/fenced' });
    await winner.writer.append([entry(2)]);

    expect((await readJournal(writtenBy, 'r')).entries).toEqual([entry(2)]);
  });

  test('that is otherwise than when it was passed over is refused', async () => {
    const bodies = await journalOf(1);
    const store = withSegment(bodies, 2, bodies.get(key(2))?.slice(0, 40));
    await openJournal(store, 'r', { epoch: 2 });

    const shorter = withSegment(store.bodies, 2, bodies.get(key(2))?.slice(0, 30));
    await expect(readJournal(shorter, 'r')).rejects.toMatchObject(damaged(3, 'the segment that it passes over'));
    const back = withSegment(store.bodies, 2, bodies.get(key(2)));
    await expect(readJournal(back, 'r')).rejects.toMatchObject(damaged(3, 'it does not follow'));
  });
});

describe('damage is refused, naming the segment', () => {
  test('a bit that flipped, any one of any segment', async () => {
    const bodies = await journalOf(1, 0, 2);
    for (let seq = 1; seq <= bodies.size; seq += 1) {
      const bytes = Buffer.from(bodies.get(key(seq)) ?? '');
      for (let bit = 0; bit < bytes.length * 8; bit += 1) {
        const flipped = Buffer.from(bytes);
        flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        const error = await failure(readJournal(withSegment(bodies, seq, flipped.toString()), 'r'));
        if ((error as { code?: string } | undefined)?.code !== 'user/journal-damaged')
          throw new Error(`bit ${bit} of segment ${seq} passed`);
      }
    }
  });

  test('any byte of the last segment that is another one', async () => {
    const bodies = await journalOf(2);
    const bytes = Buffer.from(bodies.get(key(2)) ?? '');
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: bytes.length - 1 }), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const changed = Buffer.from(bytes);
        changed[at] = ((changed[at] ?? 0) + change) % 256;
        await expect(readJournal(withSegment(bodies, 2, changed.toString()), 'r')).rejects.toMatchObject(damaged(2));
      }),
      { numRuns: 1000 },
    );
  });

  test.each([
    ['cut short inside the journal', 2, (body: string) => body.slice(0, 50), damaged(2, 'it is cut short, and it is not the last one')],
    ['empty inside the journal', 1, () => '', damaged(1, 'it is cut short, and it is not the last one')],
    ['missing inside the journal', 2, () => undefined, damaged(2, 'it is missing')],
    ['missing at its beginning', 1, () => undefined, damaged(1, 'it is missing')],
    ['longer than it was', 3, (body: string) => `${body}{`, damaged(3)],
    ['no segment at all', 3, () => 'null\n', damaged(3)],
    ['of a later version', 3, () => sealedSegment({ version: 3 }), damaged(3, 'it is of version 3')],
    [
      'of another journal',
      3,
      () => writeSegment({ key: 's/journal/00000003.json', seq: 3, epoch: 1, previous: null, skipped: null }, []).body,
      damaged(3, 'it is the journal that was kept as s/journal/00000003.json'),
    ],
    [
      'an object of another kind',
      3,
      () => seal(JSON.stringify({ version: 2, kind: 'plan', key: key(3), content: {} })).body,
      damaged(3, `it is the plan that was kept as ${key(3)}`),
    ],
    [
      'an object of version 1',
      3,
      () => seal(JSON.stringify({ version: 1, content: {} })).body,
      damaged(3, 'it is no segment of a journal'),
    ],
    ['another number', 3, () => sealedSegment({ seq: 2 }), damaged(3, 'it says that it is segment 2')],
    ['a stranger', 3, () => sealedSegment({ seq: 3, previous: null }), damaged(3, 'it does not follow the one before it')],
  ])('a segment that is %s', async (_how, seq, change, expected) => {
    const bodies = await journalOf(1, 2);

    await expect(readJournal(withSegment(bodies, seq, change(bodies.get(key(seq)) ?? '')), 'r')).rejects.toMatchObject(expected);
    await expect(openJournal(withSegment(bodies, seq, change(bodies.get(key(seq)) ?? '')), 'r', { epoch: 2 })).rejects.toMatchObject(
      expected,
    );
  });

  test('an epoch lower than the one before it, and a file that does not belong there', async () => {
    const store = new MemoryObjects();
    const first = await openJournal(store, 'r', { epoch: 5 });
    await first.writer.append([1]);
    const previous = (await readSegments(store, 'r')).segments[1]?.checksum;
    const lower = new Map([...store.bodies, [key(3), sealedSegment({ seq: 3, epoch: 4, previous })]]);
    const foreign = new Map([...store.bodies, ['r/journal/notes.txt', 'x']]);

    await expect(readJournal(new MemoryObjects({ objects: lower }), 'r')).rejects.toMatchObject(damaged(3, 'its epoch 4 is lower than 5'));
    await expect(readJournal(new MemoryObjects({ objects: foreign }), 'r')).rejects.toMatchObject(
      damaged(3, 'it is missing: r/journal/notes.txt'),
    );
  });

  test('two segments cut short', async () => {
    const bodies = await journalOf(1, 1);
    const first = withSegment(bodies, 2, bodies.get(key(2))?.slice(0, 50));
    const both = withSegment(first.bodies, 3, bodies.get(key(3))?.slice(0, 50));

    await expect(readJournal(both, 'r')).rejects.toMatchObject(damaged(2, 'it is cut short'));
  });
});

function sealedSegment(changes: Readonly<Record<string, unknown>>): string {
  const text = JSON.stringify({ version: 1, seq: 3, epoch: 1, previous: null, skipped: null, entries: [], ...changes });
  return seal(text).body;
}

describe('in a folder', () => {
  const folder = temporaryFolder('journal');

  test('a process killed at any moment leaves a whole journal with all that it was told was durable, and the next one goes on', async () => {
    const script = bundleScript(
      `import { FolderObjects } from './fleet/state/folder-objects';
       import { openJournal } from './fleet/state/journal';
       const [directory, epoch] = process.argv.slice(2);
       (async () => {
         const { entries, writer } = await openJournal(new FolderObjects(directory), 'r', { epoch: Number(epoch) });
         for (let next = entries.length; ; next += 3) {
           const appended = [next, next + 1, next + 2].map((index) => writer.append([index]).then(() => process.stdout.write(index + '\\n')));
           await Promise.all(appended.slice(0, 2));
         }
       })();`,
      folder,
    );
    const directory = join(folder, 'state');
    for (let kill = 1; kill <= 10; kill += 1) {
      const child = start(script, [directory, String(kill)]);
      let told = '';
      child.stdout.on('data', (text: Buffer) => {
        told += text.toString();
        if (told.split('\n').length > 3 * kill) child.kill('SIGKILL');
      });
      expect(await ended(child)).toBeNull();

      const { entries, torn } = await readJournal<number>(new FolderObjects(directory), 'r');
      expect(torn).toBeNull();
      expect(entries).toEqual(entries.map((_, index) => index));
      expect(entries.at(-1)).toBeGreaterThanOrEqual(Number(told.split('\n').at(-2)));
    }
  });
});
