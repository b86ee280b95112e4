import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { KpiReport } from '../../fleet/kpi/kpi-report';

import type { FleetRunner } from './fleet-runner';
import { changeMemory, drive, rollOut, sandboxFleet } from './sandbox-fleet';

const CANARY = 'regional/200000000001/eu-west-1';
const newAlarm = { target: 'regional/**', kind: 'alarm', release: 'new' };
const fleets = sandboxFleet({ accounts: 2 });
const matching = (pattern: RegExp) => expect.stringMatching(pattern) as string;

async function kpi(fleet: FleetRunner, ...flags: readonly string[]) {
  const ran = await fleet.run('report', '--kpi', '--json', ...flags);
  return { ...ran, report: ran.result as KpiReport };
}

/** How long a rollout's targets took, in seconds from an instant to the last of their ends. */
const secondsFrom = (from: string, ends: readonly (string | null)[]) =>
  (Math.max(...ends.map((end) => Date.parse(end ?? ''))) - Date.parse(from)) / 1000;

test('fleet report tells a rollout as HTML, JUnit and CSV as well', async () => {
  const fleet = fleets.deployed();
  const { rollout } = (await drive(fleet, ['report'])).report;
  for (const [format, first, last] of [
    ['html', /^<!doctype html>$/, /^<\/html>$/],
    ['junit', /^<\?xml version="1\.0" encoding="UTF-8"\?>$/, /^<\/testsuites>$/],
    ['csv', /^rollout,target,layer,/, new RegExp(`^${rollout},observability/`)],
  ] as const) {
    const { exitCode, out } = await fleet.run('report', rollout, '--format', format);
    const lines = out.join('\n').split('\n');
    expect([format, exitCode, lines[0], lines.at(-1)]).toEqual([format, 0, matching(first), matching(last)]);
  }
});

describe('fleet report --kpi', () => {
  test('of a fleet that nothing was rolled out to has no data, and writes nothing', async () => {
    const fleet = fleets.built();
    const before = fleet.contents();
    const { exitCode, report } = await kpi(fleet);

    expect([exitCode, report.rollouts]).toEqual([0, { ended: 0, changes: 0, rollbacks: 0, idle: 0, idleNotSucceeded: 0, unfinished: [] }]);
    expect(report).toMatchObject({
      version: 1,
      fleet: 'orders',
      period: { days: 30 },
      changeFailureRate: { samples: 0, rate: null, targets: { samples: 0, rate: null } },
      timeToRecovery: { samples: 0, meanSeconds: null, met: null, open: [] },
      deploymentFrequency: { samples: 0, perDay: null, met: null },
      leadTime: { samples: 0, medianSeconds: null },
    });
    expect((await fleet.run('report', '--kpi')).out.join('\n')).toMatch(/^change failure rate +no data +0 of 0 changes$/m);
    expect(fleet.contents()).toEqual(before);
  });

  test('tells of a release that went through, a bad one that went back by itself, and one that a person took back', async () => {
    const fleet = fleets.deployed();
    const first = await drive(fleet, ['report']);
    fleet.plant(newAlarm);
    changeMemory(fleet, 512);
    const bad = await rollOut(fleet);
    expect(bad.report.outcome).toBe('rolled_back');

    const { exitCode, report } = await kpi(fleet);
    expect(exitCode).toBe(0);
    expect(report.rollouts).toEqual({ ended: 2, changes: 2, rollbacks: 0, idle: 0, idleNotSucceeded: 0, unfinished: [] });
    expect(report.changeFailureRate).toMatchObject({
      ...{ samples: 2, failed: 1, aborted: 0, rate: 0.5 },
      failures: [{ rollout: bad.report.rollout, outcome: 'rolled_back', takenBackBy: [] }],
      targets: { samples: first.report.counts.succeeded + 1, failed: 1 },
    });
    expect(report.changeFailureRate.targets.byTarget[0]).toEqual({ target: CANARY, samples: 2, failed: 1, rate: 0.5 });
    const [incident] = report.timeToRecovery.recovered;
    expect(incident).toMatchObject({ rollout: bad.report.rollout, by: 'gate-failed', targets: 1 });
    const back = bad.report.targets.find(({ id }) => id === CANARY)?.endedAt ?? null;
    expect(incident?.recoveredAt).toBe(back);
    expect(incident?.seconds).toBe(secondsFrom(incident?.knownAt ?? '', [back]));
    expect(report.timeToRecovery).toMatchObject({ samples: 1, meanSeconds: incident?.seconds, goalSeconds: 900, met: true, open: [] });
    expect(report.deploymentFrequency).toMatchObject({ samples: 2, deployments: 1, perDay: 0.0333, daysWithOne: 1, met: false });
    const lead = secondsFrom(first.report.startedAt ?? '', first.report.targets.flatMap(({ endedAt }) => endedAt ?? [])); // prettier-ignore
    expect(report.leadTime).toMatchObject({ samples: 1, medianSeconds: lead, releases: [{ release: first.report.release }] });

    // Repaired, deployed, and taken back by a person: that one failed as well; nothing more to deploy is no change.
    fleet.plant();
    const good = await rollOut(fleet);
    expect(good.exitCode).toBe(0);
    const undone = await drive(fleet, ['rollback', '--yes']);
    changeMemory(fleet, 1024);
    expect((await rollOut(fleet)).report.counts.unchanged).toBe(4);
    const after = (await kpi(fleet)).report;
    expect(after.rollouts).toMatchObject({ ended: 5, changes: 3, rollbacks: 1, idle: 1 });
    expect(after.changeFailureRate).toMatchObject({ samples: 3, failed: 2, rate: 0.6667 });
    expect(after.changeFailureRate.failures.at(-1)).toMatchObject({ rollout: good.report.rollout, takenBackBy: [undone.report.rollout] });
    expect(after.timeToRecovery.recovered.map(({ by }) => by)).toEqual(['gate-failed', 'rollback-begun']);
    expect(after.leadTime.samples).toBe(1);

    const text = (await fleet.run('report', '--kpi')).out.join('\n');
    expect(text).toMatch(/^change failure rate +66\.7 % +2 of 3 changes$/m);
    expect(text).toMatch(/^time to recovery +mean .* s, median .* s, worst .* s +under 15 min: met +2 incidents recovered$/m);
    expect(text).toContain(`  ${good.report.rollout} succeeded at ${good.report.endedAt}, taken back by ${undone.report.rollout}`);
    const csv = (await fleet.run('report', '--kpi', '--format', 'csv')).out.join('\n').split('\n');
    expect([csv[0], csv[1]]).toEqual([
      'figure,measure,of,value,unit,samples,from,to',
      matching(/^change_failure_rate,rate,,0\.6667,ratio,3,/),
    ]);
    const json = (await fleet.run('report', '--kpi', '--format', 'json')).out.join('\n');
    expect((JSON.parse(json) as KpiReport).changeFailureRate).toEqual(after.changeFailureRate);
  });

  test('names what is still bad with its age, until a rollout repairs it', async () => {
    const fleet = fleets.deployed();
    fleet.plant({ target: CANARY, kind: 'update-fails', on: 'aws:lambda/function:Function' });
    changeMemory(fleet, 512);
    const failed = await rollOut(fleet);
    expect(failed.report.outcome).toBe('failed');
    const open = (await kpi(fleet)).report.timeToRecovery;
    expect(open).toMatchObject({ samples: 0, meanSeconds: null, open: [{ rollout: failed.report.rollout, by: 'target-failed', left: [CANARY] }] }); // prettier-ignore
    expect((await fleet.run('report', '--kpi')).out.join('\n')).toMatch(
      /STILL OPEN[^]*\(a target failed\): regional\/200000000001\/eu-west-1$/m,
    );

    fleet.plant();
    expect((await rollOut(fleet)).exitCode).toBe(0);
    expect((await kpi(fleet)).report.timeToRecovery).toMatchObject({ samples: 1, open: [] });
  });

  test('tells of a rollout that failed before it deployed anything, in no figure', async () => {
    const fleet = fleets.deployed();
    const before = (await kpi(fleet)).report;
    fleet.plant({ target: CANARY, kind: 'role-missing' });
    changeMemory(fleet, 512);
    expect((await rollOut(fleet)).report.outcome).toBe('failed');
    const { report } = await kpi(fleet);
    expect(report.rollouts).toMatchObject({ ended: 2, changes: 1, idle: 1, idleNotSucceeded: 1 });
    expect([report.changeFailureRate, report.leadTime]).toEqual([before.changeFailureRate, before.leadTime]);
    expect((await fleet.run('report', '--kpi')).out.join('\n')).toContain('1 deployed nothing (1 of them failed or aborted)');
  });

  test('names a rollout that waits, and leaves it out', async () => {
    const fleet = fleets.deployed();
    fleet.changeWave('canary', { approval: 'required' });
    changeMemory(fleet, 512);
    const waiting = await rollOut(fleet);
    expect(waiting.exitCode).toBe(3);

    const { report } = await kpi(fleet);
    expect(report.rollouts).toMatchObject({ ended: 1, unfinished: [{ rollout: waiting.report.rollout, failure: null }] });
    expect(report.changeFailureRate.samples).toBe(1);
    expect((await fleet.run('report', '--kpi')).out.join('\n')).toContain(`not ended, in no figure:\n  ${waiting.report.rollout} since `);
  });

  test('of days before the fleet was has no data', async () => {
    const { report } = await kpi(fleets.deployed(), '--since', '2020-01-01', '--until', '2020-01-31');
    expect([report.period, report.rollouts.ended, report.leadTime.samples]).toEqual([{ from: '2020-01-01', to: '2020-01-31', days: 31 }, 0, 0]); // prettier-ignore
  });

  test("refuses a damaged journal by name: figures without it would not be the fleet's", async () => {
    const fleet = fleets.deployed();
    const rollouts = join(fleet.directory, '.fleet/rollouts');
    const [id = ''] = readdirSync(rollouts);
    writeFileSync(join(rollouts, id, 'journal/00000001.json'), '{"not": "a segment"}\n');
    const { exitCode, err } = await fleet.run('report', '--kpi');
    expect([exitCode, err.join()]).toEqual([2, matching(new RegExp(`^user/journal-damaged: journal segment rollouts/${id}/journal/00000001.json is damaged`))]); // prettier-ignore
  });

  test('refuses what cannot be asked in one line, and writes nothing', async () => {
    const fleet = fleets.built();
    const before = fleet.contents();
    for (const [flags, message] of [
      [['--kpi', '--since', 'soon'], /--since soon is not a day such as .* or a number of days such as 30d/],
      [['--kpi', '--since', '2026-02-30'], /--since 2026-02-30 is not a day/],
      [['--kpi', '--since', '0d'], /--since 0d is out of range/],
      [['--kpi', '--until', '2999-01-01'], /--until 2999-01-01 is after today/],
      [['--kpi', '--since', '2026-01-02', '--until', '2026-01-01'], /no day is left/],
      [['20260101T000000.000-abcd', '--kpi'], /--kpi is about all rollouts, 20260101T000000\.000-abcd is one/],
      [['--since', '30d'], /--since 30d is the period of figures: add --kpi/],
      [['--kpi', '--format', 'html'], /--format html is of one rollout: figures are text, json or csv/],
      [['--kpi', '--format', 'junit'], /--format junit is of one rollout/],
    ] as const) {
      const bad = await fleet.run('report', ...flags);
      expect([flags, bad.exitCode, bad.err]).toEqual([flags, 2, [matching(/^user\/invalid-flag: /)]]);
      expect(bad.err[0]).toMatch(message);
    }
    expect(fleet.contents()).toEqual(before);
  });
});
