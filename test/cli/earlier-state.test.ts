import { earlierFleet, type EarlierFleet } from './earlier-fleet';
import type { FleetRunner } from './fleet-runner';
import { stopWorker } from './running-fleet';
import { drive, memoryOf, rollOut } from './sandbox-fleet';

const FIRST = 'regional/200000000001/eu-west-1';
const LAST = 'regional/200000000002/us-east-1';

let copies: FleetRunner[] = [];

function copyOf(name: EarlierFleet): FleetRunner {
  const copy = earlierFleet(name);
  copies.push(copy);
  return copy;
}

afterEach(() => {
  copies.forEach((copy) => copy.remove());
  copies = [];
});
afterAll(stopWorker);

test.each([
  ['ended', 'succeeded', 4],
  ['unfinished', null, 3],
  ['half-destroyed', 'succeeded', 4],
] as const)(
  'status, report and plan read the state of an earlier fleet that is %s',
  async (name, outcome, succeeded) => {
    const fleet = copyOf(name);
    const { report } = await drive(fleet, ['status']);
    expect([report.outcome, report.counts.succeeded]).toEqual([outcome, succeeded]);
    for (const format of ['text', 'json', 'html', 'junit', 'csv']) {
      const told = await fleet.run('report', '--format', format);
      expect([format, told.exitCode, told.err]).toEqual([format, 0, []]);
    }
    expect((await fleet.run('report', '--kpi')).exitCode).toBe(0);
    const plan = await fleet.run('plan');
    expect([plan.exitCode, plan.out[0]]).toEqual([0, expect.stringMatching(/^plan [0-9a-f]{12} of fleet orders/)]);
  },
  60_000,
);

test('resume ends the rollout that an earlier fleet left unfinished, and nothing is to change afterwards', async () => {
  const fleet = copyOf('unfinished');
  const resumed = await drive(fleet, ['resume']);
  expect([resumed.exitCode, resumed.report.outcome]).toEqual([0, 'succeeded']);
  expect(await memoryOf(fleet, LAST)).toBe(768);
  const { release } = resumed.report;
  // The default of its day, which a fleet names that keeps its roles (docs/bootstrap.md).
  fleet.configure((config) => (config.deployRole = 'fleet/deploy'));
  expect((await fleet.run('plan', '--release', release, '--detailed-exitcode')).exitCode).toBe(0);
  expect((await drive(fleet, ['rollback', '--yes'])).exitCode).toBe(0);
  expect([await memoryOf(fleet, FIRST), await memoryOf(fleet, LAST)]).toEqual([512, 512]);
}, 60_000);

test('the last rollout of an earlier fleet is taken back, and another one follows', async () => {
  const fleet = copyOf('ended');
  expect(await memoryOf(fleet, FIRST)).toBe(512);
  const back = await drive(fleet, ['rollback', '--yes']);
  expect([back.exitCode, back.report.outcome, back.report.counts.succeeded]).toEqual([0, 'succeeded', 4]);
  expect([await memoryOf(fleet, FIRST), await memoryOf(fleet, LAST)]).toEqual([1024, 1024]);
  const again = await rollOut(fleet);
  expect([again.exitCode, await memoryOf(fleet, LAST)]).toEqual([0, 512]);
}, 60_000);

test('a fleet that an earlier destroy left in pieces is seen as missing, though its records say otherwise', async () => {
  const fleet = copyOf('half-destroyed');
  const drift = await fleet.run('drift', '--json');
  expect(drift.exitCode).toBe(1);
  const health = await fleet.run('status', '--health');
  expect(health.out.join('\n')).toMatch(/4 missing of 4 targets/);
}, 60_000);
