import { ProductCopy } from '../helpers/product-copy';

import { destroyAndMakeAgain, expectMadeAgain, replacements, replaceRefused, tryToReplaceTheTable } from './recreate-story';
import { sandboxFleet } from './sandbox-fleet';

/** On the sandbox engine; test/engine/recreate.test.ts has the same on the real one. */
const fleets = sandboxFleet({ accounts: 1, configure: (config) => (config.waves = [{ name: 'all', bake: '1s' }]) });

test('a target that was destroyed is made again under the same names, beside the data that was kept', async () => {
  expectMadeAgain(await destroyAndMakeAgain(fleets.deployed()));
}, 60_000);

describe('a release that would replace the orders table', () => {
  const product = new ProductCopy();
  afterAll(() => product.remove());

  test.each(replacements)('by %s is foreseen by the plan, and refused: the table is protected', async (_name, from, to) => {
    expect(await tryToReplaceTheTable(fleets.deployed(), product, { from, to })).toEqual(replaceRefused);
  });
});
