import { FleetRunner } from '../cli/fleet-runner';
import { expectSettled, onTrial, releaseAndTakeBack, switchBackAndSettle, tryAndAbort, untilSevenServes } from '../cli/version-story';
import { describeWithEngine } from '../helpers/engine-tier';
import { ProductCopy } from '../helpers/product-copy';

import { pulumiFleet } from './pulumi-fleet';

/** As test/cli/versions.test.ts, on the real engine. */
describeWithEngine('versions and aliases of a function that the real engine releases', () => {
  let product: ProductCopy;
  let base: FleetRunner;

  beforeAll(async () => {
    product = new ProductCopy();
    base = await pulumiFleet(1, { waves: onTrial.waves });
    base.configure((config) => (config.traffic = onTrial.traffic));
    await untilSevenServes(base);
  }, 300_000);
  afterAll(() => {
    product.remove();
    base.remove();
  });

  test('a shift publishes 8, its promotion nothing; a rollback serves 7 again and restores its code, and the next release is 9', async () => {
    const fleet = new FleetRunner('spawned').copyFrom(base);
    const { seen, expected } = await releaseAndTakeBack(fleet, product);
    fleet.remove();

    expect(seen).toEqual(expected);
  }, 180_000);

  test('an aborted trial leaves 7 serving alone, and 6 to switch back to', async () => {
    const fleet = new FleetRunner('spawned').copyFrom(base);
    const { seen, expected } = await tryAndAbort(fleet, product);
    fleet.remove();

    expect(seen).toEqual(expected);
  }, 120_000);

  test('an alias that was switched back by hand serves at once, is told by drift, and is settled by a rollback', async () => {
    const fleet = new FleetRunner('spawned').copyFrom(base);
    const seen = await switchBackAndSettle(fleet);
    fleet.remove();

    expectSettled(seen);
  }, 120_000);
});
