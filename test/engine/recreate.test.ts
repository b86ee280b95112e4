import { destroyAndMakeAgain, expectMadeAgain, replacements, replaceRefused, tryToReplaceTheTable } from '../cli/recreate-story';
import { describeWithEngine } from '../helpers/engine-tier';
import { ProductCopy } from '../helpers/product-copy';

import { copiesOfDeployed } from './pulumi-fleet';

/** As test/cli/recreate.test.ts, on the real engine. */
describeWithEngine('destroying and replacing on the real engine', () => {
  const fleet = copiesOfDeployed();

  test('a target that was destroyed is made again under the same names, beside the data that was kept', async () => {
    expectMadeAgain(await destroyAndMakeAgain(fleet()));
  }, 240_000);

  test.each(replacements)(
    'a release that would replace the orders table by %s is foreseen by the plan, and refused',
    async (_name, from, to) => {
      const product = new ProductCopy();
      const seen = await tryToReplaceTheTable(fleet(), product, { from, to });
      product.remove();

      expect(seen).toEqual(replaceRefused);
    },
    120_000,
  );
});
