import { codesOf, idsWith, rollOut, sandboxFleet, waveOf } from './sandbox-fleet';
import { resultOf } from './running-fleet';
import { join } from 'node:path';

const matching = (pattern: RegExp) => expect.stringMatching(pattern) as string;
const CANARY = 'regional/200000000001/eu-west-1';
const SECOND = 'regional/200000000002/eu-west-1';
const fleets = sandboxFleet({ accounts: 2 });

describe('rollout --redeploy', () => {
  test('deploys what is unchanged through the waves and their gates, and nothing beside the filter', async () => {
    const fleet = fleets.deployed();
    const plan = await fleet.run('plan', '--redeploy', '--layer', 'regional', '--json');
    expect(plan.result).toMatchObject({
      waves: [{ targets: [{ id: CANARY, reasons: ['asked'] }] }, { targets: [{ id: SECOND, reasons: ['asked'] }] }],
    });

    const { exitCode, report } = await rollOut(fleet, '--redeploy', '--layer', 'regional');
    expect([exitCode, idsWith(report, 'succeeded'), report.counts.total]).toEqual([0, [CANARY, SECOND], 2]);
    expect(waveOf(report, 'canary')).toMatchObject({ verdict: 'pass' });
    expect((await rollOut(fleet)).report.counts).toMatchObject({ unchanged: 4, succeeded: 0 });
  });

  test('takes every layer, each once', async () => {
    const { report } = await rollOut(fleets.deployed(), '--redeploy');

    expect(report.counts).toMatchObject({ total: 4, succeeded: 4 });
    expect(report.targets.map(({ attempts }) => attempts)).toEqual([1, 1, 1, 1]);
  });

  test('goes on as it was planned to a file', async () => {
    const fleet = fleets.deployed();
    const file = join(fleet.directory, 'plan.json');
    await fleet.run('plan', '--redeploy', '-o', file);

    expect((await rollOut(fleet, file)).report.counts).toMatchObject({ succeeded: 4 });
  });

  test('whose canary turns red stops there: there is no way back', async () => {
    const fleet = fleets.deployed();
    fleet.changeWave('canary', { bake: '30s' });
    const running = fleet.start('rollout', '--redeploy', '--yes', '--json');
    await running.line(/"code":"bake-started".*canary/);
    fleet.plant({ target: CANARY, kind: 'alarm' });
    const ended = await running.ended;

    expect(ended.exitCode).toBe(1);
    expect(codesOf(ended)).not.toContain('rollback-started');
    expect(resultOf(['--json'], ended.out)).toMatchObject({
      outcome: 'failed',
      counts: { failed: 1, cancelled: 1, rolled_back: 0 },
      targets: expect.arrayContaining([
        expect.objectContaining({
          id: CANARY,
          error: expect.objectContaining({ code: 'fleet/no-way-back', message: matching(/no way back.*stays as it is/) }) as unknown,
        }),
        expect.objectContaining({ id: SECOND, outcome: 'cancelled' }),
      ]) as unknown,
    });
  });
});
