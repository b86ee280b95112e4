import { driftWithoutStacks, expectNotClean, expectTakenOver, loseStateAndRollOut } from '../cli/lost-state-story';
import { changeMemory, rollOut } from '../cli/sandbox-fleet';
import { describeWithEngine } from '../helpers/engine-tier';

import { copiesOfDeployed } from './pulumi-fleet';

/** As the first part of test/cli/recovery.test.ts, on the real engine. */
describeWithEngine('state that was lost, on the real engine', () => {
  const fleet = copiesOfDeployed();

  test('rolling out again takes every stack over, and nothing is made, changed or dated anew', async () => {
    changeMemory(fleet(), 512);
    await rollOut(fleet());

    expectTakenOver(await loseStateAndRollOut(fleet(), 'regional/200000000001/eu-west-1'));
  }, 240_000);

  test('where the backend is lost, drift calls no target clean', async () => {
    expectNotClean(await driftWithoutStacks(fleet(), 'pulumi/.pulumi/stacks'));
  }, 60_000);
});
