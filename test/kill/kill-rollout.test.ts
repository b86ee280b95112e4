import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { temporaryFolder } from '../helpers/temporary-folder';

import { killRollout } from './kill-rollout';

const home = temporaryFolder('kill');

test('a rollout of six targets that is killed five times ends as one that nobody disturbs', async () => {
  const folder = join(home, 'fleets');
  mkdirSync(folder);
  const { checks, targets, deaths } = await killRollout({
    bin: resolve(__dirname, '../../dist/fleet/bin.js'),
    ...{ folder, accounts: 4, regions: ['eu-west-1'], bakeSeconds: 2, kills: 5, seed: 7, tell: () => undefined },
  });

  expect(targets).toBe(6);
  // How far a life comes depends on the machine; all of them are needed nowhere.
  expect([...deaths.values()].reduce((sum, times) => sum + times, 0)).toBeGreaterThanOrEqual(3);
  for (const { name, problems } of checks) expect([name, problems]).toEqual([name, []]);
}, 60_000);
