import { join } from 'node:path';

import type { FleetStore } from '../../fleet/state/fleet-store';
import { openFleetStore } from '../../fleet/state/fleet-store';
import { takeLease, type Lease, type TakeLeaseOptions } from '../../fleet/state/lease';
import { thisProcess } from '../../fleet/state/process-identity';
import { systemClock } from '../../fleet/system-clock';

import { earlierFleet } from './earlier-fleet';
import type { FleetRunner } from './fleet-runner';
import { skipInWorker } from './running-fleet';
import { changeMemory, codesOf, drive, rollOut, sandboxFleet } from './sandbox-fleet';

const matching = (pattern: RegExp) => expect.stringMatching(pattern) as string;
const fleets = sandboxFleet({ accounts: 1, configure: (fleet) => (fleet.waves = [{ name: 'all', bake: '1s' }]) });

const storeOf = (fleet: FleetRunner): Promise<FleetStore> => openFleetStore(join(fleet.directory, '.fleet'), 'orders');

/** Another verb holds the fleet, as this process. */
async function held(fleet: FleetRunner, how: Partial<TakeLeaseOptions> = {}): Promise<Lease> {
  const { objects } = await storeOf(fleet);
  return takeLease(objects, { clock: systemClock, identity: thisProcess(), isAlive: () => true, verb: 'prune', wait: false, ...how });
}

describe('a verb that holds the fleet and drives no rollout', () => {
  test.each([['abort'], ['pause'], ['limits', '--max-concurrent', '1']])(
    'is no controller: %s is refused by its name, and leaves nothing behind',
    async (...argv) => {
      const fleet = earlierFleet('unfinished', 'spawned');
      const lease = await held(fleet);
      const began = Date.now();
      const { exitCode, err } = await fleet.run(...argv);
      await lease.release();

      expect([exitCode, err.at(-1)]).toEqual([
        1,
        matching(/^fleet\/locked: fleet is locked by prune \(pid \d+ on .*: wait for it, or end/),
      ]);
      expect(Date.now() - began).toBeLessThan(14_000);
      const { objects } = await storeOf(fleet);
      expect((await objects.list('rollouts/')).filter((key) => key.includes('/inbox/'))).toEqual([]);
      fleet.remove();
    },
    20_000,
  );

  test('is not said to drive the rollout, and once it is gone the request is carried out', async () => {
    const fleet = earlierFleet('unfinished', 'spawned');
    const lease = await held(fleet);
    expect((await fleet.run('status')).out.join('\n')).toMatch(/stopped, nobody drives it.*next: fleet resume /s);
    await lease.release();

    expect(await drive(fleet, ['abort', '--reason', 'enough'])).toMatchObject({ exitCode: 0, report: { outcome: 'aborted' } });
    fleet.remove();
  }, 30_000);
});

test('a request that its controller leaves without a look at it is written down all the same', async () => {
  const fleet = earlierFleet('unfinished', 'spawned');
  const rollout = (await (await storeOf(fleet)).rolloutIds()).at(-1) ?? '';
  const lease = await held(fleet, { verb: 'rollout', rollout });
  const asked = fleet.start('pause', '--json');
  const { objects } = await storeOf(fleet);
  while (!(await objects.list('rollouts/')).some((key) => key.includes('/inbox/'))) await systemClock.sleep(20);
  await lease.release();

  expect((await asked.ended).exitCode).toBe(0);
  expect((await drive(fleet, ['resume'])).exitCode).toBe(0);
  const entries = (await (await storeOf(fleet)).loadRollout())?.entries ?? [];
  expect(entries.filter((entry) => 'event' in entry && 'message' in entry.event && entry.event.message !== null)).toHaveLength(1);
  fleet.remove();
}, 30_000);

describe('a holder whose clock was ahead', () => {
  test('locks the fleet for nobody who names it', async () => {
    const fleet = fleets.deployed();
    const ahead = { now: () => new Date(Date.now() + 86_400_000), sleep: () => new Promise<never>(() => undefined) };
    await held(fleet, { clock: ahead, identity: { host: 'elsewhere', pid: 4711, processStart: '' }, verb: 'rollback' });
    changeMemory(fleet, 512);

    const refused = await fleet.run('rollout', '--yes');
    expect([refused.exitCode, refused.err.at(-1)]).toEqual([
      1,
      matching(/locked by rollback .*ahead of this one.*fleet resume --take-over 4711@elsewhere/),
    ]);
    const another = await fleet.run('resume', '--take-over', '4712@elsewhere');
    expect([another.exitCode, another.err.at(-1)]).toEqual([2, matching(/^user\/another-holder: .*held by rollback, 4711@elsewhere/)]);
    const taken = await fleet.run('resume', '--take-over', '4711@elsewhere');
    expect([taken.exitCode, taken.err.join()]).toEqual([
      0,
      matching(/rollback \(pid 4711 on elsewhere\) holds the fleet and gives no sign of life/),
    ]);
    expect((await rollOut(fleet)).exitCode).toBe(0);
  }, 60_000);
});

test('a rollout that began while the clock was ahead is followed by the next one at once, with a word of it', async () => {
  const fleet = fleets.deployed();
  skipInWorker(86_400);
  changeMemory(fleet, 512);
  const ahead = await rollOut(fleet);
  skipInWorker(-86_400);
  changeMemory(fleet, 768);
  const next = await rollOut(fleet);

  expect([ahead.exitCode, next.exitCode]).toEqual([0, 0]);
  expect([codesOf(ahead).includes('clock-behind'), codesOf(next).includes('clock-behind')]).toEqual([false, true]);
  expect(next.report.rollout > ahead.report.rollout).toBe(true);
  expect((await drive(fleet, ['status'])).report.rollout).toBe(next.report.rollout);
  expect((await fleet.run('plan', '--detailed-exitcode')).exitCode).toBe(0);
}, 60_000);
