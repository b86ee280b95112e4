import { FleetRunner } from '../cli/fleet-runner';
import { driftWithoutStacks, expectNotClean, expectTakenOver, loseStateAndRollOut } from '../cli/lost-state-story';
import { changeMemory, rollOut } from '../cli/sandbox-fleet';
import { describeWithEngine } from '../helpers/engine-tier';

import { pulumiFleet } from './pulumi-fleet';

/** As the first part of test/cli/recovery.test.ts, on the real engine. */
describeWithEngine('state that was lost, on the real engine', () => {
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

  test('rolling out again takes every stack over, and nothing is made, changed or dated anew', async () => {
    changeMemory(fleet, 512);
    await rollOut(fleet);

    expectTakenOver(await loseStateAndRollOut(fleet, 'regional/200000000001/eu-west-1'));
  }, 240_000);

  test('where the backend is lost, drift calls no target clean', async () => {
    expectNotClean(await driftWithoutStacks(fleet, 'pulumi/.pulumi/stacks'));
  }, 60_000);
});
