import { MemoryObjects } from '../../../fleet/state/memory-objects';

import { objectStoreContract } from './object-store-contract';

objectStoreContract(() => {
  const store = new MemoryObjects();
  return [store, store];
});

describe('objects whose writes are delayed', () => {
  objectStoreContract(() => {
    const store = new MemoryObjects({ onWrite: async (_key, body) => body });
    return [store, store];
  });
});

describe('a write that is interfered with', () => {
  test('may be torn or never made, and its writer is told that all went well', async () => {
    const store = new MemoryObjects({ onWrite: (key, body) => (key === 'dropped' ? null : body.slice(0, 3)) });

    expect([await store.create('torn', 'abcdef'), await store.create('dropped', 'abcdef')]).toEqual([true, true]);
    expect([...store.bodies]).toEqual([['torn', 'abc']]);
  });

  test('may fail with nothing stored, or once it is stored', async () => {
    const full = () => {
      throw new Error('ENOSPC');
    };
    const before = new MemoryObjects({ onWrite: full });
    await expect(before.create('a', '1')).rejects.toThrow('ENOSPC');
    expect(before.bodies.size).toBe(0);

    const after = new MemoryObjects({ onWritten: full, objects: new Map([['b', '2']]) });
    await expect(after.create('a', '1')).rejects.toThrow('ENOSPC');
    expect([...after.bodies.keys()]).toEqual(['b', 'a']);
  });
});
