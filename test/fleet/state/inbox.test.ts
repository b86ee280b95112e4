import { messageId, postMessage, readInbox, idOf } from '../../../fleet/state/inbox';
import { MemoryObjects } from '../../../fleet/state/memory-objects';

const now = new Date('2026-01-02T03:04:05.678Z');
const message = (id: string) => ({ id, type: 'pause', by: 'someone' });

describe('an inbox', () => {
  test('gives what was posted, oldest first; nothing where nothing was', async () => {
    const store = new MemoryObjects();
    expect(await readInbox(store, 'r/1')).toEqual([]);
    const ids = [messageId(now, () => 'b'), messageId(new Date(now.getTime() + 1), () => 'a')] as const;
    for (const id of [...ids].reverse()) await postMessage(store, 'r/1', message(id));
    await postMessage(store, 'r/10', message('other'));

    expect(await readInbox(store, 'r/1')).toEqual(
      ids.map((id) => ({ kind: 'message', key: `r/1/inbox/${id}.json`, message: message(id) })),
    );
    expect(ids[0]).toBe('20260102T030405.678Z-b');
  });

  test('takes an id once', async () => {
    const store = new MemoryObjects();
    await postMessage(store, 'r', message('a'));

    await expect(postMessage(store, 'r', message('a'))).rejects.toMatchObject({ code: 'fleet/message-exists' });
    expect(new Set(Array.from({ length: 100 }, () => messageId(now))).size).toBe(100);
  });

  test.each(['', '{"id":"b"', 'null', '"b"', '{"id":"a"}'])(
    'says of a message that holds %j that it cannot be read, and gives the others',
    async (body) => {
      const store = new MemoryObjects({ objects: new Map([['r/inbox/b.json', body]]) });
      for (const id of ['a', 'c']) await postMessage(store, 'r', message(id));

      const items = await readInbox(store, 'r');
      expect(items.map(({ kind, key }) => [kind, idOf(key)])).toEqual([
        ['message', 'a'],
        ['unreadable', 'b'],
        ['message', 'c'],
      ]);
    },
  );

  test.each<[string, Record<string, unknown>]>([
    ['another rollout', { id: 'b', key: 'r0/inbox/b.json' }],
    ['somebody else', { id: 'b', from: 'ann', key: 'r/inbox/ann/b.json' }],
    ['no place', { id: 'b' }],
    ['this place, and says that it is of somebody else', { id: 'b', from: 'ann', key: 'r/inbox/b.json' }],
  ])('does not take a message that was written for %s: a copy says nothing', async (_whose, copied) => {
    const store = new MemoryObjects({ objects: new Map([['r/inbox/b.json', JSON.stringify(copied)]]) });

    expect(await readInbox(store, 'r')).toEqual([
      { kind: 'unreadable', key: 'r/inbox/b.json', reason: expect.stringContaining('it was written for') as string },
    ]);
  });

  test('has a part for each caller, and gives all of them by time', async () => {
    const store = new MemoryObjects();
    const from = ['AROA1:zoe@acme.example/0', 'AROA2:ann/0'] as const;
    await postMessage(store, 'r', { ...message('2'), from: from[1] });
    await postMessage(store, 'r', { ...message('1'), from: from[0] });

    expect((await readInbox(store, 'r')).map(({ key }) => key)).toEqual([`r/inbox/${from[0]}/1.json`, `r/inbox/${from[1]}/2.json`]);
  });

  test('gives what its reader makes of it, and does not read again what is known', async () => {
    const store = new MemoryObjects();
    for (const id of ['a', 'b', 'c']) await postMessage(store, 'r', message(id));
    const parse = (value: unknown) => {
      if ((value as { id: string }).id === 'b') throw new Error('no such request');
      return { id: 'parsed' };
    };

    expect(await readInbox(store, 'r', { known: new Set(['a']), parse })).toEqual([
      { kind: 'unreadable', key: 'r/inbox/b.json', reason: 'no such request' },
      { kind: 'message', key: 'r/inbox/c.json', message: { id: 'parsed' } },
    ]);
  });
});
