import { ProductCopy } from '../helpers/product-copy';

import { destroyAndMakeAgain, replacements, tryToReplaceTheTable } from './recreate-story';
import { sandboxFleet } from './sandbox-fleet';

/** On the sandbox engine; test/engine/recreate.test.ts has the same on the real one. */
const fleets = sandboxFleet({ accounts: 1, configure: (config) => (config.waves = [{ name: 'all', bake: '1s' }]) });

test('a target that was destroyed is made again under the same names, beside the data that was kept', async () => {
  const seen = await destroyAndMakeAgain(fleets.deployed());

  expect(Object.keys(seen.data)).toHaveLength(4);
  expect([seen.kept, seen.afterwards]).toEqual([seen.data, seen.data]);
  expect(seen.others).toEqual([]);
  expect(seen.counts).toMatchObject({ total: 3, succeeded: 2, unchanged: 1 });
  expect(seen.names.after).toEqual(seen.names.before);
  expect(seen.names.anew).toEqual(seen.names.before);
  expect(seen.createdAt.after).toBe(seen.createdAt.before);
  expect(seen.versions).toEqual({ published: '3', live: '3', environment: '3', previous: '3' });
  expect(seen.unchanged).toMatchObject({ total: 3, unchanged: 3 });
  expect(seen.drift).toEqual({ total: 3, clean: 3, drifted: 0, notChecked: 0 });
  expect([seen.left, seen.madeAnew]).toEqual([[], true]);
}, 60_000);

describe('a release that would replace the orders table', () => {
  const product = new ProductCopy();
  afterAll(() => product.remove());

  test.each(replacements)('by %s is foreseen by the plan, and refused: the table is protected', async (_name, from, to) => {
    expect(await tryToReplaceTheTable(fleets.deployed(), product, { from, to })).toEqual({
      irreversible: expect.arrayContaining(['replace aws:dynamodb/table:Table']) as string[],
      exitCode: 1,
      outcome: 'failed',
      error: 'pulumi/protected',
      changed: false,
    });
  });
});
