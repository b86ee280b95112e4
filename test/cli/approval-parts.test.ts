import type { FleetRunner } from './fleet-runner';
import { drive, rollOut, sandboxFleet, waveOf } from './sandbox-fleet';

const matching = (pattern: RegExp) => expect.stringMatching(pattern) as string;

/** What a verb ends with where it is refused. */
async function refusal(fleet: FleetRunner, ...argv: readonly string[]) {
  const { exitCode, err } = await fleet.run(...argv);
  return [exitCode, err.join('\n')];
}

describe('a wave of three regions that asks for approval', () => {
  const wide = sandboxFleet({ accounts: 1, regions: 'eu-west-1,us-east-1,eu-central-1', onlyBuilt: true });
  const held = (fleet: FleetRunner) => {
    fleet.configure((config) => (config.waves = [{ name: 'rest', approval: 'required' }]));
    return rollOut(fleet);
  };

  test('is approved region by region, each by its name', async () => {
    const fleet = wide.built();
    expect(await held(fleet)).toMatchObject({ exitCode: 3, report: { waiting: { wave: 'rest/eu-west-1' } } });
    // In advance, and for just that.
    expect((await fleet.run('approve', '--wave', 'rest/eu-central-1')).exitCode).toBe(0);
    expect((await fleet.run('approve', '--wave', 'rest/eu-west-1')).exitCode).toBe(0);
    const second = await drive(fleet, ['resume']);
    expect([second.exitCode, second.report.waiting]).toEqual([
      3,
      {
        for: 'person',
        wave: 'rest/us-east-1',
        reason: 'wave rest needs approval',
        action: matching(/^fleet approve \S+ --wave rest\/us-east-1 \(or --wave rest, for all that is left of it\), then fleet resume/),
      },
    ]);
    expect(waveOf(second.report, 'rest/eu-west-1')?.endedAt).not.toBeNull();
    expect((await fleet.run('approve', '--wave', 'rest/us-east-1')).exitCode).toBe(0);
    expect(await drive(fleet, ['resume'])).toMatchObject({ exitCode: 0, report: { outcome: 'succeeded' } });
  });

  test.each([[['--wave', 'rest']], [[]]])('is approved once for all of them: approve %j', async (flags) => {
    const fleet = wide.built();
    await held(fleet);
    const { exitCode, out } = await fleet.run('approve', ...flags);
    expect([exitCode, out.join('\n')]).toEqual([0, matching(/approved/)]);
    expect(await refusal(fleet, 'approve', '--wave', 'rest/us-east-1')).toEqual([
      2,
      matching(/wave rest was approved already, by tester@here/),
    ]);
    expect(await drive(fleet, ['resume'])).toMatchObject({ exitCode: 0, report: { outcome: 'succeeded' } });
  });
});
