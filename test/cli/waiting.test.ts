import { readFileSync, readdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { RolloutPlan } from '../../fleet/plan/rollout-plan';
import { openFleetStore } from '../../fleet/state/fleet-store';
import { Beginnings } from '../../fleet/state/beginnings';

import type { FleetRunner } from './fleet-runner';
import { skipInWorker } from './running-fleet';
import { changeMemory, codesOf, drive, resourcesOf, rollOut, sandboxFleet, waveOf } from './sandbox-fleet';

const FIRST = 'regional/200000000001/eu-west-1';
const fleets = sandboxFleet({ accounts: 2 });
const matching = (pattern: RegExp) => expect.stringMatching(pattern) as string;

/** A rollout that was left in the bake of its canary. */
async function baking(bake: string): Promise<{ readonly fleet: FleetRunner; readonly until: string }> {
  const fleet = fleets.deployed();
  fleet.changeWave('canary', { bake });
  changeMemory(fleet, 512);
  const { exitCode, report } = await rollOut(fleet, '--wait', '0s');
  expect([exitCode, report.waiting]).toEqual([
    3,
    expect.objectContaining({ for: 'time', wave: 'canary', reason: 'it bakes', action: matching(/^fleet resume .* at /) }),
  ]);
  return { fleet, until: report.until ?? '' };
}

describe('a rollout left in a bake', () => {
  test('is resumed at any time, and bakes until the instant that was written down', async () => {
    const { fleet, until } = await baking('10m');
    expect(await drive(fleet, ['resume', '--wait', '5s'])).toMatchObject({ exitCode: 3, report: { until, waiting: { wave: 'canary' } } });
    skipInWorker(300);
    expect(await drive(fleet, ['resume', '--wait', '0s'])).toMatchObject({ exitCode: 3, report: { until } });
    expect((await drive(fleet, ['status'])).report).toMatchObject({ until, outcome: null });
    skipInWorker(300);
    const { exitCode, report } = await drive(fleet, ['resume']);

    expect([exitCode, report.outcome]).toEqual([0, 'succeeded']);
    const canary = waveOf(report, 'canary');
    expect(canary?.bakeUntil).toBe(until);
    expect((canary?.endedAt ?? '') >= until).toBe(true);
  });

  test('knows of an alarm that came while nobody looked', async () => {
    const { fleet } = await baking('10m');
    fleet.plant({ target: FIRST, kind: 'alarm', release: 'new' });
    await drive(fleet, ['resume', '--wait', '0s']);
    skipInWorker(700);
    const { exitCode, report } = await drive(fleet, ['resume']);
    expect([exitCode, report.outcome]).toEqual([1, 'rolled_back']);
  });

  test('may be paused and resumed with nobody driving it', async () => {
    const { fleet } = await baking('2s');
    const paused = await drive(fleet, ['pause']);
    expect([paused.exitCode, paused.report.outcome]).toEqual([0, null]);
    const again = await fleet.run('pause');
    expect([again.exitCode, again.err.join()]).toEqual([2, matching(/^user\/paused-already: .*by tester@here at/)]);
    expect(await drive(fleet, ['resume'])).toMatchObject({ exitCode: 0, report: { outcome: 'succeeded' } });
  });
});

test('a rollout whose controller died before its first word still knows what it goes back to', async () => {
  const fleet = fleets.deployed();
  fleet.plant({ target: FIRST, kind: 'alarm', release: 'new' });
  changeMemory(fleet, 512);
  const { out } = await fleet.run('plan', '-o', 'plan.json', '--json');
  const { time } = JSON.parse(out.at(-1) ?? '') as { readonly time: string };
  const plan = JSON.parse(readFileSync(join(fleet.directory, 'plan.json'), 'utf8')) as RolloutPlan;
  const store = await openFleetStore(join(fleet.directory, '.fleet'), 'orders');
  const id = `${time.replace(/[-:Z]/g, '')}-${plan.digest.slice(0, 4)}`;
  await new Beginnings(store.objects).create(id, plan, () => Promise.resolve(null));
  const { exitCode, report } = await drive(fleet, ['resume']);

  expect([exitCode, report.rollout, report.outcome, report.counts.rolled_back]).toEqual([1, id, 'rolled_back', 1]);
});

describe('what steers a rollout', () => {
  test.each([
    [['limits'], /no limit is given/],
    [['limits', '--max-concurrent', '0'], /--max-concurrent 0 is less than 1/],
    [['limits', '--max-concurrent', '21'], /^user\/limit-too-high: maxConcurrent 21 is more than the 20 of the plan/],
    [['limits', '--failure-tolerance', '1'], /failureTolerance 1 is more than the 0 of the plan/],
    [['resume', '--wait', 'soon'], /--wait: duration "soon"/],
    [['approve', '--expires', '0s'], /would have expired|expired at/],
    [['approve'], /waits for no approval|nothing waits for approval/],
    [['rollback', '--yes'], /^user\/rollout-unfinished: .*has not ended: fleet abort/],
  ])('is refused where it makes no sense: %j', async (argv, message) => {
    const { fleet } = await baking('10m');
    const { exitCode, err } = await fleet.run(...argv);
    expect([exitCode, err.join()]).toEqual([2, matching(message)]);
  });

  test('lowers limits with nobody driving it', async () => {
    const { fleet } = await baking('2s');
    expect((await fleet.run('limits', '--max-concurrent', '1', '--per-account', '1')).exitCode).toBe(0);
    expect((await drive(fleet, ['resume'])).exitCode).toBe(0);
  });
});

describe('a version on trial', () => {
  const WATCH = 600;
  const route = async (fleet: FleetRunner) => (await resourcesOf(fleet, FIRST)).find(({ name }) => name === 'order-live')?.inputs;

  function trial(): FleetRunner {
    const fleet = fleets.deployed();
    fleet.configure((config) => {
      config.traffic = { canaryPercent: 10, watch: `${WATCH}s`, in: ['canary'] };
    });
    changeMemory(fleet, 512);
    return fleet;
  }

  test('takes its share beside the stable one, and all orders once it was watched', async () => {
    const fleet = trial();
    const { exitCode, report } = await rollOut(fleet, '--wait', '0s');
    expect([exitCode, report.waiting]).toEqual([
      3,
      expect.objectContaining({ for: 'time', wave: 'canary', reason: 'versions are on trial' }),
    ]);
    expect(await route(fleet)).toMatchObject({ functionVersion: '1', routingConfig: { additionalVersionWeights: { '2': 0.1 } } });

    skipInWorker(WATCH);
    const done = await drive(fleet, ['resume']);
    expect([done.exitCode, done.report.outcome]).toEqual([0, 'succeeded']);
    expect(done.report.targets.find(({ id }) => id === FIRST)?.attempts).toBe(2);
    const after = await route(fleet);
    expect([after?.functionVersion, after?.routingConfig]).toEqual(['2', undefined]);
    expect((await rollOut(fleet)).report.counts).toMatchObject({ total: 4, unchanged: 4 });
  });

  test('goes back where it is red: the stable one serves alone, and the next release publishes a version of its own', async () => {
    const fleet = trial();
    fleet.plant({ target: FIRST, kind: 'alarm', release: 'new' });
    const { exitCode, report } = await rollOut(fleet);
    expect([exitCode, report.outcome, report.counts.rolled_back]).toEqual([1, 'rolled_back', 1]);
    const back = await route(fleet);
    expect([back?.functionVersion, back?.routingConfig]).toEqual(['1', undefined]);

    fleet.plant();
    changeMemory(fleet, 256);
    expect((await rollOut(fleet, '--wait', '0s')).exitCode).toBe(3);
    expect(await route(fleet)).toMatchObject({ functionVersion: '1', routingConfig: { additionalVersionWeights: { '3': 0.1 } } });
    skipInWorker(WATCH);
    expect((await drive(fleet, ['resume'])).exitCode).toBe(0);
    expect((await route(fleet))?.functionVersion).toBe('3');
  });
});

describe('a damaged journal', () => {
  const journalOf = (fleet: FleetRunner): readonly string[] => {
    const rollouts = join(fleet.directory, '.fleet/rollouts');
    const last = readdirSync(rollouts).sort().at(-1) ?? '';
    return readdirSync(join(rollouts, last, 'journal'))
      .filter((name) => name.endsWith('.json'))
      .sort()
      .map((name) => join(rollouts, last, 'journal', name));
  };

  test('whose last segment is cut short is recovered, said, and gone on with', async () => {
    const { fleet } = await baking('2s');
    const last = journalOf(fleet).at(-1) ?? '';
    truncateSync(last, Math.floor(readFileSync(last).length / 2));
    const seen = await fleet.run('status', '--json');
    expect(codesOf(seen)).toContain('journal-recovered');
    const { exitCode, report, ...ran } = await drive(fleet, ['resume']);

    expect([exitCode, report.outcome]).toEqual([0, 'succeeded']);
    expect(ran.out.find((line) => line.includes('journal-recovered'))).toContain(last.slice(last.indexOf('rollouts/')));
    expect((await fleet.run('status', '--json')).out.join('\n')).not.toContain('journal-recovered');
  });

  test('with another byte in it is refused by every verb, which names the segment and writes nothing', async () => {
    const { fleet } = await baking('2s');
    const middle = journalOf(fleet)[2] ?? '';
    const bytes = readFileSync(middle);
    bytes[Math.floor(bytes.length / 2)] = (bytes[Math.floor(bytes.length / 2)] ?? 0) ^ 1;
    writeFileSync(middle, bytes);
    const before = journalOf(fleet);

    for (const verb of ['resume', 'status', 'approve', 'pause', 'abort', 'plan']) {
      const { exitCode, err } = await fleet.run(verb);
      expect([verb, exitCode, err.join()]).toEqual([
        verb,
        2,
        matching(new RegExp(`^user/journal-damaged: journal segment ${middle.slice(middle.indexOf('rollouts/'))} is damaged`)),
      ]);
    }
    expect(journalOf(fleet)).toEqual(before);
  });
});
