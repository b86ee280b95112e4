import { mapBounded } from '../../../fleet/discovery/bounded';
import { allPages } from '../../../fleet/discovery/pages';

const tick = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('mapBounded', () => {
  test('keeps the order of its items and never has more than the limit under way', async () => {
    let running = 0;
    let most = 0;

    const results = await mapBounded([5, 1, 4, 2, 3, 0], 3, async (ticks) => {
      most = Math.max(most, (running += 1));
      for (let count = 0; count < ticks; count += 1) await tick();
      running -= 1;
      return ticks * 10;
    });

    expect(results).toEqual([50, 10, 40, 20, 30, 0]);
    expect(most).toBe(3);
  });

  test('starts nothing after a failure, and throws it when the running ones have ended', async () => {
    const started: number[] = [];
    let ended = 0;

    const all = mapBounded([0, 1, 2, 3, 4], 2, async (item) => {
      started.push(item);
      if (item === 0) throw new Error('first');
      await tick();
      ended += 1;
    });

    await expect(all).rejects.toThrow('first');
    expect([started, ended]).toEqual([[0, 1], 1]);
  });

  test('gives an empty list for an empty one', async () => {
    expect(await mapBounded([], 4, async () => 1)).toEqual([]);
  });
});

describe('allPages', () => {
  test('goes on after an empty page that has a token', async () => {
    const pages = new Map([
      [undefined, { items: [1], next: 'a' }],
      ['a', { items: [], next: 'b' }],
      ['b', { items: undefined, next: 'c' }],
      ['c', { items: [2], next: undefined }],
    ]);

    expect(await allPages(async (token) => pages.get(token) ?? { items: [], next: undefined })).toEqual([1, 2]);
  });

  test('does not turn in circles when AWS gives the same token back', async () => {
    await expect(allPages(async () => ({ items: [1], next: 'same' }))).rejects.toThrow('page token');
  });
});
