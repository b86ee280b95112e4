import { createHash } from 'node:crypto';

import { MemoryObjects } from '../../../fleet/state/memory-objects';
import { readSecretKey } from '../../../fleet/state/secret-key';
import { sealObject, type ObjectKind } from '../../../fleet/state/sealed';

const KEY = 'secrets/digest-key.json';
const ANY: ObjectKind<unknown> = { name: 'digest-key', read: (content) => content };
const sealed = (content: unknown) => sealObject(ANY, { key: KEY, content });

test('the digest of a secret is the same for who reads the key that was kept, and tells nobody else anything', async () => {
  const objects = new MemoryObjects();
  const maker = await readSecretKey(objects);
  expect(objects.bodies.size).toBe(0);
  await maker.keep();
  const reader = await readSecretKey(objects);
  const before = objects.bodies.get(KEY);
  await reader.keep();

  expect(reader.digest('PAGER', 'value')).toBe(maker.digest('PAGER', 'value'));
  expect(objects.bodies.get(KEY)).toBe(before);
  expect([...objects.bodies.keys()]).toEqual([KEY]);
  expect(maker.digest('PAGER', 'value')).not.toBe(createHash('sha256').update('value').digest('hex'));
  expect((await readSecretKey(new MemoryObjects())).digest('PAGER', 'value')).not.toBe(maker.digest('PAGER', 'value'));
});

test('equal values of two variables, and other values of one, have other digests', async () => {
  const key = await readSecretKey(new MemoryObjects());

  expect(new Set([key.digest('A', 'v'), key.digest('B', 'v'), key.digest('A', 'w'), key.digest('A', '')]).size).toBe(4);
});

test('of two makers the first one’s key counts, and the other is told to plan again', async () => {
  const objects = new MemoryObjects();
  const [first, second] = [await readSecretKey(objects), await readSecretKey(objects)];
  await first.keep();

  await expect(second.keep()).rejects.toMatchObject({
    code: 'user/plan-outdated',
    message: expect.stringContaining('plan again') as string,
  });
  expect((await readSecretKey(objects)).digest('A', 'v')).toBe(first.digest('A', 'v'));
  await first.keep();
});

test.each([
  ['holds no key', sealed('c2hvcnQ=')],
  ['holds something else', sealed({ a: 1 })],
  ['was changed', sealed(Buffer.alloc(32).toString('base64')).replace('AAA', 'AAB')],
])('a key that %s is refused as damaged, and never replaced', async (_name, body) => {
  const objects = new MemoryObjects({ objects: new Map([[KEY, body]]) });

  await expect(readSecretKey(objects)).rejects.toMatchObject({
    code: 'user/state-damaged',
    message: expect.stringContaining(KEY) as string,
  });
  expect(objects.bodies.get(KEY)).toBe(body);
});
