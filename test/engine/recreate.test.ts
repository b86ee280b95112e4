import { FleetRunner } from '../cli/fleet-runner';
import { destroyAndMakeAgain, replacements, tryToReplaceTheTable } from '../cli/recreate-story';
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
    const seen = await destroyAndMakeAgain(fleet);

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
  }, 240_000);

  test.each(replacements)(
    'a release that would replace the orders table by %s is foreseen by the plan, and refused',
    async (_name, from, to) => {
      const product = new ProductCopy();
      const seen = await tryToReplaceTheTable(fleet, product, { from, to });
      product.remove();

      expect(seen).toEqual({
        irreversible: expect.arrayContaining(['replace aws:dynamodb/table:Table']) as string[],
        exitCode: 1,
        outcome: 'failed',
        error: 'pulumi/protected',
        changed: false,
      });
    },
    120_000,
  );
});
