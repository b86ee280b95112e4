import fc from 'fast-check';

import type { ObjectStore } from '../../../fleet/ports';

/** Makes an empty store and gives as many doors to it as asked for, each as another process would open its own. */
export type OpenStore = (doors: 1 | 2) => readonly [ObjectStore, ...ObjectStore[]];

/** What every object store must do. */
export function objectStoreContract(open: OpenStore): void {
  describe('keeps objects:', () => {
    test('one that was created is read as it was written, by others too', async () => {
      const [store, other = store] = open(2);
      for (const [key, body] of Object.entries({ 'a.json': '{"a":1}\n', 'b/c/d_e-f': 'ü \u{1F680}\r\n\0', empty: '' })) {
        expect(await store.create(key, body)).toBe(true);
        expect((await store.read(key))?.body).toBe(body);
        expect((await other.read(key))?.body).toBe(body);
      }
    });

    test('none is there before it is created or after it is removed, and it can be created again', async () => {
      const [store] = open(1);
      await store.remove('a');
      expect(await store.read('a')).toBeUndefined();
      expect(await store.read('a/b')).toBeUndefined();
      for (const replaced of [false, true]) {
        expect(await store.create('a', '1')).toBe(true);
        if (replaced) await store.replace('a', '2', (await store.read('a'))?.version ?? null);
        await store.remove('a');
        expect(await store.read('a')).toBeUndefined();
        expect(await store.list('')).toEqual([]);
      }
    });

    test('what exists is not created again', async () => {
      const [store, other = store] = open(2);
      await store.create('a', '1');
      expect(await other.create('a', '2')).toBe(false);
      expect((await store.read('a'))?.body).toBe('1');

      await store.replace('a', '', (await store.read('a'))?.version ?? null);
      expect(await other.create('a', '3')).toBe(false);
      expect(await other.replace('a', '3', null)).toBeUndefined();
      expect((await store.read('a'))?.body).toBe('');
    });

    test.each(['', '/a', 'a/', 'a//b', '../a', 'a/../b', '.a', 'a/.b', 'a~', 'a b', 'a\\b', 'a\0', 'ü', 'a|b', 'x'.repeat(201)])(
      'key %j is refused',
      async (key) => {
        const [store] = open(1);
        const refused = expect.objectContaining({ code: 'fleet/state-key' }) as Error;
        await expect(store.read(key)).rejects.toEqual(refused);
        await expect(store.create(key, '')).rejects.toEqual(refused);
        await expect(store.replace(key, '', null)).rejects.toEqual(refused);
        await expect(store.remove(key)).rejects.toEqual(refused);
      },
    );
  });

  describe('replaces', () => {
    test('only the version that was read, however often', async () => {
      const [store, other = store] = open(2);
      const versions = [await store.replace('a', '0', null)];
      for (let round = 1; round <= 4; round += 1) {
        const current = await other.read('a');
        expect(current).toEqual({ body: `${round - 1}`, version: versions.at(-1) });
        versions.push(await (round % 2 ? store : other).replace('a', `${round}`, current?.version ?? null));
        for (const stale of versions.slice(0, -1)) expect(await other.replace('a', 'stale', stale ?? null)).toBeUndefined();
      }
      expect((await store.read('a'))?.body).toBe('4');
      expect(new Set(versions).size).toBe(5);
      expect(await store.list('')).toEqual(['a']);
    });

    test('nothing where there is nothing, or another object by now', async () => {
      const [store] = open(1);
      const version = await store.replace('a', '1', null);
      await store.remove('a');

      expect(await store.replace('a', '2', version ?? null)).toBeUndefined();
      expect(await store.read('a')).toBeUndefined();
      await store.create('a', '3');
      expect(await store.replace('a', '2', version ?? null)).toBeUndefined();
      expect((await store.read('a'))?.body).toBe('3');
    });

    test('a version whose successor has the same body is not it', async () => {
      const [store] = open(1);
      const first = (await store.replace('a', 'same', null)) ?? null;
      const second = (await store.replace('a', 'same', first)) ?? null;

      expect(await store.replace('a', 'x', first)).toBeUndefined();
      expect(await store.replace('a', 'x', second)).toBeDefined();
    });
  });

  describe('lists', () => {
    test('keys that begin with a prefix, sorted, those after one only', async () => {
      const [store] = open(1);
      for (const key of ['r/2/j/00000002', 'r/2/j/00000010', 'r/10/j/00000001', 'r/2/j/00000001', 'r/2x', 'q', 'r-'])
        await store.create(key, key);

      expect(await store.list('')).toEqual(['q', 'r-', 'r/10/j/00000001', 'r/2/j/00000001', 'r/2/j/00000002', 'r/2/j/00000010', 'r/2x']);
      expect(await store.list('r/2')).toEqual(['r/2/j/00000001', 'r/2/j/00000002', 'r/2/j/00000010', 'r/2x']);
      expect(await store.list('r/2/j/', 'r/2/j/00000001')).toEqual(['r/2/j/00000002', 'r/2/j/00000010']);
      expect(await store.list('nowhere/')).toEqual([]);
      await expect(store.list('../')).rejects.toMatchObject({ code: 'fleet/state-key' });
    });
  });

  describe('between racing writers', () => {
    test('of one key, one creates it', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(fc.constantFrom(0, 1), { minLength: 2, maxLength: 8 }), async (doors) => {
          const stores = open(2);
          const won = await Promise.all(doors.map((door, writer) => (stores[door] ?? stores[0]).create('a/b', `${writer}`)));

          expect(won.filter(Boolean)).toHaveLength(1);
          expect((await stores[0].read('a/b'))?.body).toBe(`${won.indexOf(true)}`);
        }),
        { numRuns: 20 },
      );
    });

    test('of one version, one replaces it, and readers see only whole versions in order', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.array(fc.constantFrom(0, 1), { minLength: 2, maxLength: 5 }), { minLength: 1, maxLength: 5 }),
          async (rounds) => {
            const stores = open(2);
            await stores[0].create('a', '0');
            for (const [index, doors] of rounds.entries()) {
              const version = (await stores[0].read('a'))?.version ?? null;
              const seen: (string | undefined)[] = [];
              const [won] = await Promise.all([
                Promise.all(doors.map((door) => (stores[door] ?? stores[0]).replace('a', `${index + 1}`, version))),
                ...doors.map(async (door) => seen.push((await stores[door]?.read('a'))?.body)),
              ]);

              expect(won.filter((next) => next !== undefined)).toHaveLength(1);
              for (const body of seen) expect([`${index}`, `${index + 1}`]).toContain(body);
              expect(await stores[1]?.read('a')).toEqual({ body: `${index + 1}`, version: won.find((next) => next !== undefined) });
            }
          },
        ),
        { numRuns: 20 },
      );
    });

    test('none loses a count: each reads, adds one and replaces until it has won', async () => {
      const stores = open(2);
      const countTo = async (store: ObjectStore, times: number) => {
        for (let counted = 0; counted < times;) {
          const found = await store.read('count');
          if ((await store.replace('count', `${Number(found?.body ?? 0) + 1}`, found?.version ?? null)) !== undefined) counted += 1;
        }
      };
      await Promise.all([0, 1, 0, 1].map((door) => countTo(stores[door] ?? stores[0], 10)));

      expect((await stores[0].read('count'))?.body).toBe('40');
    });
  });
}
