import { ProductCopy } from '../helpers/product-copy';

import { FleetRunner } from './fleet-runner';
import { sandboxFleet } from './sandbox-fleet';
import { expectSettled, onTrial, releaseAndTakeBack, switchBackAndSettle, tryAndAbort, untilSevenServes } from './version-story';

/** The version numbers of AWS.md B2, on the sandbox engine; test/engine/versions.test.ts has them on the real one. */
describe('versions and aliases of a released function', () => {
  const fleets = sandboxFleet({ accounts: 1, configure: (config) => Object.assign(config, onTrial), onlyBuilt: true });
  let product: ProductCopy;
  let base: FleetRunner;

  beforeAll(async () => {
    product = new ProductCopy();
    base = new FleetRunner('worker').copyFrom(fleets.built());
    await untilSevenServes(base);
  }, 120_000);
  afterAll(() => {
    product.remove();
    base.remove();
  });

  test('a shift publishes 8, its promotion nothing; a rollback serves 7 again and restores its code, and the next release is 9', async () => {
    const fleet = new FleetRunner('worker').copyFrom(base);
    const { seen, expected } = await releaseAndTakeBack(fleet, product);
    fleet.remove();

    expect(seen).toEqual(expected);
  }, 60_000);

  test('an aborted trial leaves 7 serving alone, and 6 to switch back to', async () => {
    const fleet = new FleetRunner('worker').copyFrom(base);
    const { seen, expected } = await tryAndAbort(fleet, product);
    fleet.remove();

    expect(seen).toEqual(expected);
  }, 60_000);

  test('an alias that was switched back by hand serves at once, is told by drift, and is settled by a rollback', async () => {
    const fleet = new FleetRunner('worker').copyFrom(base);
    const seen = await switchBackAndSettle(fleet);
    fleet.remove();

    expectSettled(seen);
  }, 60_000);
});
