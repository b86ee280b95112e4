import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { openFleetStore } from '../../fleet/state/fleet-store';
import type { JournalEntry } from '../../fleet/state/journal-entry';

import type { FleetRunner } from './fleet-runner';
import { changeMemory, drive, idsWith, rollOut, sandboxFleet } from './sandbox-fleet';

const FIRST = 'regional/200000000001/eu-west-1';
const SECOND = 'regional/200000000002/eu-west-1';
const fleets = sandboxFleet({
  accounts: 2,
  place: 'spawned',
  configure: (fleet) => {
    fleet.waves = [{ name: 'all', failureTolerance: 0 }];
  },
});
const matching = (pattern: RegExp) => expect.stringMatching(pattern) as string;

/** A change, whose every target takes so many seconds longer. */
function slowFleet(seconds: number): FleetRunner {
  const fleet = fleets.deployed();
  fleet.plant({ target: 'regional/**', kind: 'slow', on: 'aws:lambda/function:Function', seconds });
  changeMemory(fleet, 512);
  return fleet;
}

async function journalOf(fleet: FleetRunner): Promise<readonly JournalEntry[]> {
  const store = await openFleetStore(join(fleet.directory, '.fleet'), 'orders');
  return (await store.loadRollout())?.entries ?? [];
}

const epochsOf = (entries: readonly JournalEntry[]) => entries.flatMap((entry) => ('controller' in entry ? [entry.controller.epoch] : []));

/** Milliseconds from the making of each message to its entry in the journal, by type. */
function answerTimes(entries: readonly JournalEntry[]): readonly (readonly [string, number])[] {
  return entries.flatMap((entry) => {
    if (!('event' in entry) || !('message' in entry.event) || entry.event.message === null) return [];
    const made = entry.event.message.replace(/^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2}\.\d{3}Z).*/, '$1-$2-$3T$4:$5:$6');
    return [[entry.event.type, Date.parse(entry.event.at) - Date.parse(made)] as const];
  });
}

test('pause, limits, resume and abort reach a rollout that another process runs within a second', async () => {
  const fleet = slowFleet(4);
  const rollout = fleet.start('rollout', '--yes', '--json', '--wait', '2m');
  await rollout.line(/"target-started"/);

  const paused = await fleet.run('pause');
  expect([paused.exitCode, paused.out.join('\n')]).toEqual([0, matching(/paused; fleet resume .* goes on/)]);
  expect((await fleet.run('limits', '--max-concurrent', '1')).exitCode).toBe(0);
  await rollout.line(/"target-succeeded".*200000000001/);
  const waiting = await drive(fleet, ['status']);
  expect(waiting.report).toMatchObject({ waiting: { for: 'person', reason: matching(/^paused by \w+@/) }, counts: { succeeded: 1 } });

  expect((await fleet.run('resume')).exitCode).toBe(0);
  await rollout.line(/"target-started".*200000000002/);
  expect((await fleet.run('abort', '--reason', 'enough')).exitCode).toBe(0);
  const { exitCode, result } = await rollout.ended;

  // What ran when it was aborted was let finish.
  expect([exitCode, result]).toEqual([1, expect.objectContaining({ outcome: 'aborted' })]);
  expect((result as { readonly counts: object }).counts).toMatchObject({ succeeded: 2, cancelled: 1 });
  const times = answerTimes(await journalOf(fleet));
  expect(times.map(([type]) => type)).toEqual(['paused', 'limits-set', 'resumed', 'abort-requested']);
  for (const [type, milliseconds] of times) expect([type, milliseconds < 1000]).toEqual([type, true]);
}, 60_000);

test('one Ctrl-C lets what runs finish, two stop it, and each time resume goes on', async () => {
  const fleet = slowFleet(3);
  const once = fleet.start('rollout', '--yes', '--json');
  await once.line(/"target-started"/);
  once.interrupt();
  const drained = await once.ended;
  expect([drained.exitCode, drained.err.join()]).toEqual([130, matching(/^interrupted: running targets finish, no other starts/)]);
  expect(drained.result).toMatchObject({ outcome: null, counts: { succeeded: 1 } });

  const twice = fleet.start('resume', '--json');
  await twice.line(/"target-started".*200000000002/);
  twice.interrupt();
  await twice.line(/^interrupted: /);
  twice.interrupt();
  const stopped = await twice.ended;
  expect([stopped.exitCode, stopped.err.join()]).toEqual([130, matching(/interrupted again: running targets are stopped/)]);
  expect(stopped.result).toMatchObject({ outcome: null, counts: { succeeded: 1, failed: 0 } });

  const { exitCode, report } = await drive(fleet, ['resume']);
  expect([exitCode, report.outcome, idsWith(report, 'succeeded')]).toEqual([0, 'succeeded', [FIRST, SECOND]]);
  expect(report.targets.filter(({ attempts }) => attempts > 0).map(({ id, attempts }) => [id, attempts])).toEqual([
    [FIRST, 1],
    [SECOND, 2],
  ]);
}, 60_000);

test('a second rollout is refused and names the first; the lease of a dead one is taken over at once, under a higher epoch', async () => {
  const fleet = slowFleet(6);
  const first = fleet.spawn('rollout', '--yes', '--json');
  await first.line(/"target-started"/);
  const second = await fleet.run('rollout', '--yes');
  expect([second.exitCode, second.err.at(-1)]).toEqual([
    1,
    matching(
      new RegExp(`^fleet/locked: fleet is locked by rollout \\(pid ${first.pid} on \\S+ since .*, for \\d+ s, last heard of \\d+ s ago\\)`),
    ),
  ]);

  first.kill('SIGKILL');
  await first.ended;
  const third = await fleet.run('rollout', '--yes');
  expect([third.exitCode, third.err.at(-1)]).toEqual([
    1,
    matching(/^fleet\/unfinished: rollout .* has not ended: go on with fleet resume/),
  ]);
  expect((await fleet.run('status')).out.join('\n')).toMatch(/ stopped, nobody drives it: [^]*\nnext: fleet resume \S+\n/);
  fleet.plant();
  const { exitCode, report, out } = await drive(fleet, ['resume']);
  expect([exitCode, report.outcome]).toEqual([0, 'succeeded']);
  expect(out.join('\n')).not.toContain('lease-wait');
  expect(report.targets.find(({ id }) => id === FIRST)?.attempts).toBe(2);
  const epochs = epochsOf(await journalOf(fleet));
  expect(epochs).toHaveLength(2);
  expect(epochs[1]).toBeGreaterThan(epochs[0] ?? 0);
}, 60_000);

test('a controller that sleeps is waited for, taken over, and can write nothing once it wakes', async () => {
  const fleet = slowFleet(3);
  const sleeper = fleet.spawn('rollout', '--yes', '--json');
  await sleeper.line(/"target-started"/);
  sleeper.kill('SIGSTOP');
  const impatient = fleet.start('resume');
  await impatient.line(/gives no sign of life/);
  impatient.interrupt();
  const gone = await impatient.ended;
  expect([gone.exitCode, gone.err.at(-1)]).toEqual([130, 'interrupted: nothing further was begun']);
  const heir = fleet.start('resume', '--json');
  expect(await heir.line(/"lease-wait"/)).toMatch(new RegExp(`rollout \\(pid ${sleeper.pid} on .* gives no sign of life: waiting until `));
  const waited = Date.now();
  await heir.line(/"rollout-resumed"/);
  expect(Date.now() - waited).toBeLessThan(16_000);
  const done = await heir.ended;
  expect([done.exitCode, done.result]).toEqual([0, expect.objectContaining({ outcome: 'succeeded' })]);

  const before = fleet.contents();
  sleeper.kill('SIGCONT');
  const woken = await sleeper.ended;
  expect([woken.exitCode, woken.err.at(-1)]).toEqual([1, matching(/^fleet\/fenced: /)]);
  expect(fleet.contents()).toEqual(before);
  const epochs = epochsOf(await journalOf(fleet));
  expect(epochs[1]).toBeGreaterThan(epochs[0] ?? 0);
  expect((await rollOut(fleet)).report.counts).toMatchObject({ unchanged: 4 });
  expect(readFileSync(join(fleet.directory, 'fleet.yaml'), 'utf8')).toContain('memoryMb: 512');
}, 90_000);
