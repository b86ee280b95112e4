import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { earlierFleet } from './earlier-fleet';
import { changeMemory, drive } from './sandbox-fleet';

const bin = resolve(__dirname, '../../dist/fleet/bin.js');

/** Runs a command line in which no file may grow beyond so many kB: the sandbox's own logs are the only ones that large. */
function withFilesUpTo(kilobytes: number, fleet: { readonly directory: string }, ...argv: readonly string[]) {
  const script = `ulimit -f ${kilobytes}; exec "$@"`;
  const args = ['-c', script, 'bash', process.execPath, bin, ...argv, '--config', join(fleet.directory, 'fleet.yaml')];
  return spawnSync('bash', args, { encoding: 'utf8' });
}

/** Its stacks are 268 kB already: the first can be noted as begun or not, and the accounts' own, 181 kB, grow a little later. */
test.each([200, 275, 300])(
  'a sandbox that may write no file beyond %i kB ends the rollout, fails no target, and resume ends it',
  async (most) => {
    const fleet = earlierFleet('ended', 'spawned');
    changeMemory(fleet, 896);
    // The default of its day (docs/bootstrap.md).
    fleet.configure((config) => (config.deployRole = 'fleet/deploy'));
    // The one that it has: a release of today's sources is larger than that.
    const [release = ''] = readdirSync(join(fleet.directory, '.fleet', 'releases')).filter((name) => /^[0-9a-f]{64}$/.test(name));
    const full = withFilesUpTo(most, fleet, 'rollout', '--yes', '--json', '--release', release);
    expect([full.status, full.stderr]).toEqual([
      1,
      expect.stringMatching(/fleet\/sandbox-io: .*ndjson could not be written: EFBIG.*; see to that, then resume/),
    ]);
    const before = await drive(fleet, ['status']);
    expect([before.report.outcome, before.report.counts.failed]).toEqual([null, 0]);

    const { exitCode, report } = await drive(fleet, ['resume']);
    expect([exitCode, report.outcome, report.counts.succeeded]).toEqual([0, 'succeeded', 4]);
    fleet.remove();
  },
  60_000,
);
