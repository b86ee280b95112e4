import { DateTime } from 'luxon';

import type { FleetRunner } from './fleet-runner';
import { changeMemory, drive, rollOut, sandboxFleet, waveOf } from './sandbox-fleet';
import { skipInWorker } from './running-fleet';

const matching = (pattern: RegExp) => expect.stringMatching(pattern) as string;
const fleets = sandboxFleet({ accounts: 2 });
const FIRST = 'regional/200000000001/eu-west-1';

/** A fleet with a change, whose last wave asks for a person. */
function askingFleet(): FleetRunner {
  const fleet = fleets.deployed();
  fleet.changeWave('rest', { approval: 'required' });
  changeMemory(fleet, 512);
  return fleet;
}

/** What a verb ends with where it is refused. */
async function refusal(fleet: FleetRunner, ...argv: readonly string[]) {
  const { exitCode, err } = await fleet.run(...argv);
  return [exitCode, err.join('\n')];
}

describe('a wave that asks for approval', () => {
  test('is held for a person until one approves, once', async () => {
    const fleet = askingFleet();
    const left = await rollOut(fleet);

    expect(left.exitCode).toBe(3);
    expect(left.report).toMatchObject({
      outcome: null,
      waiting: {
        for: 'person',
        wave: 'rest/eu-west-1',
        reason: 'wave rest needs approval',
        action: matching(/^fleet approve \S+ --wave rest\/eu-west-1 \(or --wave rest, for all that is left of it\), then fleet resume/),
      },
      until: null,
      counts: { succeeded: 1 },
    });
    expect(waveOf(left.report, 'canary')).toMatchObject({ verdict: 'pass' });

    const { exitCode, out } = await fleet.run('approve');
    expect([exitCode, out.join('\n')]).toEqual([0, matching(/approved; without a controller fleet resume .* goes on/)]);
    expect(await refusal(fleet, 'approve')).toEqual([2, matching(/^user\/not-approvable: .*approved already, by tester@here at /)]);
    const done = await drive(fleet, ['resume']);
    expect([done.exitCode, done.report.counts.succeeded]).toEqual([0, 2]);
    expect(await refusal(fleet, 'approve')).toEqual([2, matching(/^user\/rollout-ended: .*\(succeeded\): there is nothing to approve/)]);
    // A finished rollout is told again, and exits as it did.
    expect(await drive(fleet, ['resume'])).toMatchObject({ exitCode: 0, report: { rollout: done.report.rollout } });
  });

  test('may be approved before its turn, and expires', async () => {
    const fleet = askingFleet();
    expect((await rollOut(fleet, '--wait', '0s')).report.waiting).toMatchObject({ for: 'time', wave: 'canary' });
    expect((await fleet.run('approve', '--wave', 'rest', '--expires', '10m')).exitCode).toBe(0);
    skipInWorker(601);
    const late = await drive(fleet, ['resume']);
    expect([late.exitCode, late.report.waiting?.wave]).toEqual([3, 'rest/eu-west-1']);

    const again = askingFleet();
    await rollOut(again, '--wait', '0s');
    expect((await again.run('approve', '--wave', 'rest', '--expires', '10m')).exitCode).toBe(0);
    expect(await drive(again, ['resume'])).toMatchObject({ exitCode: 0, report: { outcome: 'succeeded' } });
  });

  test('is bound to its plan and to the configuration that the plan was made from', async () => {
    const fleet = askingFleet();
    const { report } = await rollOut(fleet);
    expect(await refusal(fleet, 'approve', '--plan', 'ab'.repeat(32))).toEqual([
      2,
      matching(/^user\/plan-changed: rollout .* runs plan .*, not abababababab/),
    ]);
    expect(await refusal(fleet, 'approve', '19990101T000000.000-0000')).toEqual([
      2,
      matching(/^user\/unknown-rollout: rollout 19990101T000000.000-0000 is unknown/),
    ]);
    expect(await refusal(fleet, 'approve', '--wave', 'nowhere')).toEqual([
      2,
      matching(/^user\/not-approvable: .*wave nowhere is no wave of this rollout/),
    ]);

    changeMemory(fleet, 256);
    for (const verb of ['approve', 'resume'])
      expect(await refusal(fleet, verb)).toEqual([2, matching(/^user\/configuration-changed: .*fleet.yaml is not what rollout/)]);
    expect(await refusal(fleet, 'rollout', '--yes')).toEqual([
      1,
      matching(new RegExp(`^fleet/unfinished: rollout ${report.rollout} has not ended`)),
    ]);
    changeMemory(fleet, 512);
    expect((await fleet.run('approve', report.rollout, '--plan', report.plan.slice(0, 12))).exitCode).toBe(0);
    expect((await drive(fleet, ['resume', report.rollout])).exitCode).toBe(0);
  });

  test('can be given up by an abort, and what is deployed stays', async () => {
    const fleet = askingFleet();
    await rollOut(fleet);
    const { exitCode, report } = await drive(fleet, ['abort', '--reason', 'not today']);

    expect(exitCode).toBe(0);
    expect(report).toMatchObject({ outcome: 'aborted', counts: { succeeded: 1, cancelled: 2 } });
    expect(waveOf(report, 'rest/eu-west-1')?.reason).toBe('aborted by tester@here: not today');
    expect((await drive(fleet, ['resume'])).exitCode).toBe(1);
    expect(await refusal(fleet, 'abort')).toEqual([2, matching(/there is nothing to abort/)]);
  });
});

describe('an operation that cannot be undone', () => {
  /** Without a heartbeat the scheduler's role is deleted. */
  function silencedFleet(): FleetRunner {
    const fleet = fleets.deployed();
    fleet.configure(({ order }) => (order.heartbeat = false));
    return fleet;
  }

  test('is found by the preview of a plan', async () => {
    const fleet = silencedFleet();
    const { result, out } = await fleet.run('plan', '--preview', '--json');
    expect((result as { irreversible: unknown }).irreversible).toContainEqual({
      target: FIRST,
      op: 'delete',
      type: 'aws:iam/role:Role',
      urn: matching(/heartbeat-role$/),
    });
    expect(out.join('\n')).not.toMatch(/preview-failed/);
    expect(((await fleet.run('plan', '--json')).result as { irreversible: unknown }).irreversible).toBeNull();
  });

  test('holds each wave for a person, its way back as well', async () => {
    const fleet = silencedFleet();
    const held = await rollOut(fleet);
    expect([held.exitCode, held.report.waiting]).toEqual([
      3,
      expect.objectContaining({
        for: 'person',
        wave: 'canary',
        reason: matching(/^cannot be undone: delete of urn:.*heartbeat-role on regional/),
      }),
    ]);
    expect(held.report.counts.succeeded).toBe(0);

    fleet.plant({ target: FIRST, kind: 'alarm', release: 'new' });
    expect((await fleet.run('approve')).exitCode).toBe(0);
    const red = await drive(fleet, ['resume']);
    expect([red.exitCode, red.report.waiting]).toEqual([
      3,
      expect.objectContaining({ for: 'person', wave: 'canary', reason: 'the way back cannot be undone either' }),
    ]);
    expect((await fleet.run('approve')).exitCode).toBe(0);
    const back = await drive(fleet, ['resume']);
    expect([back.exitCode, back.report.outcome, back.report.counts.rolled_back]).toEqual([1, 'rolled_back', 1]);
  });

  test('goes on where a person approved it', async () => {
    const fleet = silencedFleet();
    fleet.configure((config) => (config.waves = [{ name: 'rest', bake: '1s' }]));
    expect((await rollOut(fleet)).exitCode).toBe(3);
    expect((await fleet.run('approve')).exitCode).toBe(0);
    const { exitCode, report } = await drive(fleet, ['resume']);
    expect([exitCode, report.outcome, report.counts.unchanged]).toEqual([0, 'succeeded', 1]);
  });
});

describe('windows', () => {
  const ZONE = 'Pacific/Auckland';
  const day = (at: DateTime) => at.setLocale('en').toFormat('ccc').toLowerCase();
  /** The fleet's own time: one day and two from now there. */
  async function nowIn(fleet: FleetRunner): Promise<DateTime> {
    const { out } = await fleet.run('status', '--json');
    return DateTime.fromISO((JSON.parse(out.at(-1) ?? '') as { readonly time: string }).time, { zone: ZONE });
  }

  test('that are closed are waited for until they open, by the wall clock of their zone', async () => {
    const fleet = fleets.deployed();
    const opens = (await nowIn(fleet)).plus({ days: 2 }).startOf('day').set({ hour: 9 });
    fleet.configure((config) => (config.windows = { timezone: ZONE, allow: [`${day(opens)} 09:00-17:00`] }));
    changeMemory(fleet, 512);
    const { exitCode, report } = await rollOut(fleet, '--wait', '1s');

    expect(exitCode).toBe(3);
    expect(report).toMatchObject({
      waiting: { for: 'time', wave: 'canary', reason: 'no window is open' },
      until: opens.toUTC().toISO(),
      counts: { succeeded: 0 },
    });
    skipInWorker(opens.toSeconds() - (await nowIn(fleet)).toSeconds() + 1);
    const open = await drive(fleet, ['resume', '--wait', '1m']);
    expect([open.exitCode, open.report.counts.succeeded]).toEqual([0, 2]);
  });

  test('that are open hold nothing back', async () => {
    const fleet = fleets.deployed();
    const now = await nowIn(fleet);
    fleet.configure(
      (config) => (config.windows = { timezone: ZONE, allow: [now, now.plus({ days: 1 })].map((at) => `${day(at)} 00:00-24:00`) }),
    );
    changeMemory(fleet, 512);
    expect(await rollOut(fleet)).toMatchObject({ exitCode: 0, report: { outcome: 'succeeded' } });
  });
});

describe('presets', () => {
  test('dev rolls out all at once, without a wait', async () => {
    const fleet = fleets.deployed();
    changeMemory(fleet, 512);
    const { exitCode, report } = await rollOut(fleet, '--preset', 'dev');
    expect([exitCode, report.waves.map(({ name }) => name)]).toEqual([0, ['all/eu-west-1', 'observability']]);
    expect(report.waves.every(({ bakeUntil }) => bakeUntil === null)).toBe(true);
  });

  test('careful bakes an hour, and asks before the last wave', async () => {
    const fleet = fleets.deployed();
    changeMemory(fleet, 512);
    const first = await rollOut(fleet, '--preset', 'careful', '--wait', '0s');
    const { until, startedAt } = first.report;
    expect([first.exitCode, first.report.waiting]).toEqual([3, expect.objectContaining({ for: 'time', wave: 'canary' })]);
    expect(secondsBetween(startedAt, until)).toBeGreaterThanOrEqual(3600);
    expect(secondsBetween(startedAt, until)).toBeLessThan(3700);

    skipInWorker(3700);
    const second = await drive(fleet, ['resume', '--wait', '0s']);
    expect([second.exitCode, second.report.waiting]).toEqual([3, expect.objectContaining({ for: 'person', wave: 'rest/eu-west-1' })]);
    expect(waveOf(second.report, 'canary')).toMatchObject({ verdict: 'pass', bakeUntil: until });
    expect((await fleet.run('approve')).exitCode).toBe(0);
    const third = await drive(fleet, ['resume', '--wait', '0s']);
    expect([third.exitCode, third.report.waiting?.wave]).toEqual([3, 'rest/eu-west-1']);
    skipInWorker(2 * 3600);
    expect((await drive(fleet, ['resume', '--wait', '0s'])).report.outcome).toBe('succeeded');
  });

  test('emergency is one target, a short bake and the rest, and waits for no window', async () => {
    const fleet = fleets.deployed();
    const shut = DateTime.now().minus({ days: 8 });
    fleet.configure((config) => (config.windows = { allow: [`${day(shut)} 00:00-00:01`] }));
    changeMemory(fleet, 512);
    const { exitCode, report } = await rollOut(fleet, '--preset', 'emergency', '--wait', '0s');
    expect([exitCode, report.waiting]).toEqual([3, expect.objectContaining({ for: 'time', wave: 'canary', reason: 'it bakes' })]);
    expect(secondsBetween(report.startedAt, report.until)).toBeLessThan(310);
    skipInWorker(301);
    expect((await drive(fleet, ['resume'])).report).toMatchObject({ outcome: 'succeeded', counts: { succeeded: 2 } });
  });

  const day = (at: DateTime) => at.setLocale('en').toFormat('ccc').toLowerCase();
  const secondsBetween = (from: string | null, to: string | null) => (Date.parse(to ?? '') - Date.parse(from ?? '')) / 1000;
});
