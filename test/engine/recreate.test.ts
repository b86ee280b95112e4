import { FleetRunner } from '../cli/fleet-runner';
import { destroyAndMakeAgain, expectMadeAgain, replacements, replaceRefused, tryToReplaceTheTable } from '../cli/recreate-story';
import { rollOut } from '../cli/sandbox-fleet';
import { describeWithEngine } from '../helpers/engine-tier';
import { ProductCopy } from '../helpers/product-copy';

import { pulumiFleet } from './pulumi-fleet';

/** As test/cli/recreate.test.ts, on the real engine. */
describeWithEngine('destroying and replacing on the real engine', () => {
  let base: FleetRunner;
  let fleet: FleetRunner;

  beforeAll(async () => {
    base = await pulumiFleet(1, { waves: [{ name: 'all', bake: '1s' }] });
    expect((await rollOut(base)).exitCode).toBe(0);
  }, 120_000);
  afterAll(() => base.remove());
  beforeEach(() => {
    fleet = new FleetRunner('spawned').copyFrom(base);
  });
  afterEach(() => fleet.remove());

  test('a target that was destroyed is made again under the same names, beside the data that was kept', async () => {
    expectMadeAgain(await destroyAndMakeAgain(fleet));
  }, 240_000);

  test.each(replacements)(
    'a release that would replace the orders table by %s is foreseen by the plan, and refused',
    async (_name, from, to) => {
      const product = new ProductCopy();
      const seen = await tryToReplaceTheTable(fleet, product, { from, to });
      product.remove();

      expect(seen).toEqual(replaceRefused);
    },
    120_000,
  );
});
