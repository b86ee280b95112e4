import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { accountIdSchema, regionSchema } from '../../contracts/ids';

import { FleetRunner } from './fleet-runner';
import { driftWithoutStacks, expectNotClean, expectTakenOver, loseState, loseStateAndRollOut } from './lost-state-story';
import { changeMemory, drive, idsWith, memoryOf, rollOut, sandboxFleet } from './sandbox-fleet';
import { simulatedWorld } from './simulated-world';

/** docs/recovery.md, rehearsed: each disaster is planted, and what the page tells to do is done. */
const fleets = sandboxFleet({ accounts: 2, regions: 'eu-west-1,us-east-1' });

const ACCOUNT = '200000000001';
const OTHER = '200000000002';
const HERE = `regional/${ACCOUNT}/eu-west-1`;
const TABLE = 'aws:dynamodb/table:Table';

/** What a verb printed, for people. */
async function told(fleet: FleetRunner, ...argv: readonly string[]) {
  const { exitCode, out, err } = await fleet.run(...argv);
  return { exitCode, text: [...out, ...err].join('\n') };
}

/** Everything that stands in the workload accounts, with when it was made. */
function standing(fleet: FleetRunner): readonly string[] {
  const world = simulatedWorld(fleet);
  return [ACCOUNT, OTHER].flatMap((account) =>
    world.resourcesOf(accountIdSchema.parse(account)).map(({ type, region, key, madeAt }) => `${type} ${region} ${key} ${madeAt}`),
  );
}

describe('the state of the fleet is lost', () => {
  const path = (fleet: FleetRunner, ...parts: readonly string[]) => join(fleet.directory, ...parts);

  test('without a copy, rolling out again takes every stack over: nothing is made, changed or dated anew, and the version to go back to stays', async () => {
    const fleet = fleets.deployed();
    changeMemory(fleet, 512);
    await rollOut(fleet);
    expectTakenOver(await loseStateAndRollOut(fleet, HERE));
  }, 30_000);

  test('the plan takes every target for new, and a preview says that nothing would change', async () => {
    const fleet = fleets.deployed();
    loseState(fleet);

    expect(await told(fleet, 'status')).toEqual({
      exitCode: 2,
      text: 'user/unknown-rollout: there is no rollout yet: start one with fleet rollout',
    });
    expect((await told(fleet, 'plan')).text).toMatch(/: 8 of 8 targets change\n/);
    expect((await told(fleet, 'preview', 'foundation/100000000002/eu-west-1')).text).toMatch(
      /0 to create, 0 to update, 0 to replace, 0 to delete, \d+ the same/,
    );
  }, 30_000);

  test('an older copy is put back without its records: the targets run again, and what fleet.yaml says stands', async () => {
    const fleet = fleets.deployed();
    const backup = new FleetRunner('worker').copyFrom(fleet);
    changeMemory(fleet, 512);
    await rollOut(fleet);
    changeMemory(fleet, 1024);

    // With its records the copy says that nothing changes, though something newer stands.
    loseState(fleet);
    cpSync(path(backup, '.fleet'), path(fleet, '.fleet'), {
      recursive: true,
      filter: (from) => !from.startsWith(path(backup, '.fleet/sandbox')),
    });
    backup.remove();
    expect((await told(fleet, 'plan')).text).toMatch(/: 0 of 8 targets change\n/);
    expect(await memoryOf(fleet, HERE)).toBe(512);

    for (const part of ['records.json', 'records.json~', 'begun', 'rollouts'])
      rmSync(path(fleet, '.fleet', part), { recursive: true, force: true });
    const again = await rollOut(fleet);
    expect([again.exitCode, await memoryOf(fleet, HERE)]).toEqual([0, 1024]);
  }, 30_000);

  test('what the engine keeps is lost: drift calls no target clean, and nothing is removed', async () => {
    const fleet = fleets.deployed();
    const before = standing(fleet);
    expectNotClean(await driftWithoutStacks(fleet, 'sandbox/stacks'));
    expect((await told(fleet, 'verify', '--no-order')).text).toContain('fleet/stack-lost');
    changeMemory(fleet, 512);
    const tried = await rollOut(fleet);
    expect([tried.exitCode, idsWith(tried.report, 'succeeded')]).toEqual([1, []]);
    expect(standing(fleet)).toEqual(before);
  }, 30_000);
});

describe('the orders table is lost', () => {
  const place = { account: accountIdSchema.parse(ACCOUNT), region: regionSchema.parse('eu-west-1'), organizationId: 'o-sandbox0001' };
  const tableOf = (fleet: FleetRunner) => simulatedWorld(fleet).find(TABLE, 'orders-order-table', place);

  /** Deletes the table behind the fleet's back; gives it back as it was. */
  function deleteTable(fleet: FleetRunner) {
    const table = tableOf(fleet);
    if (!table) throw new Error('there is no table to delete');
    simulatedWorld(fleet).remove(table);
    return table;
  }

  test('is told by drift, verify and health, holds every change of its target, and is never made again empty', async () => {
    const fleet = fleets.deployed();
    deleteTable(fleet);

    expect((await told(fleet, 'drift')).text).toMatch(/gone +fleet:regional:OrdersTable\$aws:dynamodb\/table:Table orders-table/);
    const verified = await told(fleet, 'verify', '--account', ACCOUNT, '--region', 'eu-west-1');
    expect([verified.exitCode, verified.text]).toEqual([1, expect.stringMatching(/did not arrive in orders-order-table/)]);
    expect((await told(fleet, 'status', '--health')).text).toMatch(
      new RegExp(`X ${HERE} \\(workload-0001\\) critical; .*orders-order-failures`),
    );
    expect((await rollOut(fleet)).report.counts).toMatchObject({ unchanged: 8 });

    changeMemory(fleet, 512);
    const held = await rollOut(fleet);
    expect([held.exitCode, held.report.waiting]).toEqual([
      3,
      expect.objectContaining({ reason: expect.stringMatching(/orders-critical/) as string }),
    ]);
    await drive(fleet, ['approve', '--wave', 'canary', '--accept-red']);
    expect((await drive(fleet, ['resume'])).exitCode).toBe(0);
    expect(tableOf(fleet)).toBeUndefined();
  }, 30_000);

  test('is restored under its own name, and drift tells what AWS did not restore until that is set again', async () => {
    const fleet = fleets.deployed();
    const table = deleteTable(fleet);
    const { deletionProtectionEnabled: _protected, pointInTimeRecovery: _recovery, ttl: _ttl, tags: _tags, ...restored } = table.inputs;
    simulatedWorld(fleet).put({ ...table, inputs: restored });
    fleet.organize((organization) => (organization.drift = [{ target: HERE, on: 'aws:lambda/eventSourceMapping:EventSourceMapping', set: { enabled: false } }])); // prettier-ignore

    const lacking = (await told(fleet, 'drift')).text;
    for (const [path, deployed] of [['deletionProtectionEnabled', 'true'], ['pointInTimeRecovery', '{"enabled":true}'], ['tags', '{"App'], ['ttl', '{"attr']] as const)
      expect(lacking).toMatch(new RegExp(`changed +\\S+Table orders-table +${path} +${deployed}.* -> none`)); // prettier-ignore
    expect(lacking).toMatch(/changed +\S+EventSourceMapping order-source +enabled +none -> false/);
    expect((await told(fleet, 'verify', '--no-order', '--region', 'eu-west-1')).text).toMatch(/FAILED +event-source/);

    simulatedWorld(fleet).put(table);
    fleet.organize((organization) => delete organization.drift);
    expect((await told(fleet, 'drift')).text).toContain('8 of 8 targets are as they were deployed, 0 drifted, 0 not checked');
    expect((await told(fleet, 'verify', '--account', ACCOUNT)).exitCode).toBe(0);
    expect((await rollOut(fleet)).report.counts).toMatchObject({ unchanged: 8 });
  }, 30_000);
});

/** Neither reached nor heard of: what an outage of a region looks like from outside. */
const outage = (region: string) => [
  { target: `*/*/${region}`, kind: 'role-missing' },
  { target: `*/*/${region}`, kind: 'gate-error' },
];

describe('a region is lost', () => {
  const away = 'us-east-1';

  test('a rollout waits before it, the others are rolled out without it, and once it is back only what is left is done', async () => {
    const fleet = fleets.deployed();
    const before = standing(fleet);
    fleet.plant(...outage(away));
    const drift = await told(fleet, 'drift');
    expect([drift.exitCode, drift.text]).toEqual([
      1,
      expect.stringContaining('4 of 8 targets are as they were deployed, 0 drifted, 4 not checked'),
    ]);

    changeMemory(fleet, 512);
    const whole = await rollOut(fleet);
    expect([whole.exitCode, whole.report.waiting]).toEqual([
      3,
      expect.objectContaining({ wave: `rest/${away}`, reason: expect.stringMatching(/^health is not known: /) as string }),
    ]);
    expect((await drive(fleet, ['abort'])).report.counts).toMatchObject({ succeeded: 2, failed: 2, cancelled: 2 });
    expect((await rollOut(fleet, '--region', 'eu-west-1')).report.counts).toMatchObject({ total: 4, unchanged: 4 });

    // For longer: the region is taken out of the configuration. What stands there is an orphan, and stays.
    fleet.configure((config) => (config.regions = ['eu-west-1']));
    expect((await told(fleet, 'plan')).text).toMatch(
      new RegExp(`orphans, kept until \`fleet destroy\` names them: .*regional/${ACCOUNT}/${away}`),
    );
    expect((await rollOut(fleet)).exitCode).toBe(0);
    expect(standing(fleet)).toEqual(before);

    fleet.configure((config) => (config.regions = ['eu-west-1', away]));
    fleet.organize((organization) => delete organization.faults);
    const back = await rollOut(fleet);
    expect([
      back.exitCode,
      idsWith(back.report, 'succeeded')
        .filter((id) => id.startsWith('regional/'))
        .sort(),
    ]).toEqual([0, [`regional/${ACCOUNT}/${away}`, `regional/${OTHER}/${away}`]]);
    expect(await memoryOf(fleet, `regional/${OTHER}/${away}`)).toBe(512);
  }, 30_000);

  test('the home region: the others are rolled out, verified and shown as ever', async () => {
    const fleet = fleets.deployed();
    fleet.plant(...outage('eu-west-1'));
    changeMemory(fleet, 512);

    expect((await rollOut(fleet, '--region', away)).report.counts).toMatchObject({ total: 4, succeeded: 2, unchanged: 2 });
    expect((await told(fleet, 'verify', '--region', away)).exitCode).toBe(0);
    expect((await told(fleet, 'drift', '--region', away)).exitCode).toBe(0);
    expect((await told(fleet, 'status', '--health')).text).toMatch(/eu-west-1 +\?\?\nus-east-1 +\.\./);
    expect((await told(fleet, 'dashboards', '--region', away)).text).toContain(`orders-region-${away}`);
  }, 30_000);
});

describe('an account is lost', () => {
  const replacement = '200000000009';
  const suspend = (fleet: FleetRunner, state: 'SUSPENDED' | 'ACTIVE') =>
    fleet.organize(({ accounts }) => Object.assign(accounts.find(({ id }) => id === OTHER) ?? {}, { state }));

  test('a suspended one is left out with the reason and nothing of it deleted, another one takes its place through the waves, and back it is brought up to date', async () => {
    const fleet = fleets.deployed();
    const before = standing(fleet);
    suspend(fleet, 'SUSPENDED');
    const plan = (await told(fleet, 'plan')).text;
    expect(plan).toMatch(new RegExp(`${OTHER} +all +is SUSPENDED`));
    expect(plan).toContain(`orphans, kept until \`fleet destroy\` names them: regional/${OTHER}/eu-west-1, regional/${OTHER}/us-east-1`);
    const refused = await told(fleet, 'destroy', '--account', OTHER, '--confirm', 'orders');
    expect([refused.exitCode, refused.text]).toEqual([
      1,
      expect.stringMatching(/destroy \S+ failed in .*: 2 succeeded, 2 failed of 4 targets/),
    ]);

    fleet.organize(({ accounts }) =>
      accounts.push({ id: replacement, name: 'replacement', email: 'r@example.com', unit: 'Workloads/Prod' }),
    );
    const replaced = await rollOut(fleet);
    expect([replaced.exitCode, replaced.report.targets.find(({ id }) => id === `regional/${replacement}/eu-west-1`)]).toEqual([
      0,
      expect.objectContaining({ outcome: 'succeeded', wave: 'canary' }),
    ]);
    expect(standing(fleet)).toEqual(before);

    changeMemory(fleet, 512);
    suspend(fleet, 'ACTIVE');
    expect((await rollOut(fleet)).report.counts).toMatchObject({ total: 10, succeeded: 8 });
    expect(await memoryOf(fleet, `regional/${OTHER}/us-east-1`)).toBe(512);
  }, 30_000);

  test('one whose deploy role is gone fails alone, is left out until it has one, and is destroyed but for its data', async () => {
    const fleet = fleets.deployed();
    fleet.plant({ target: `regional/${OTHER}/*`, kind: 'role-missing' });
    expect((await told(fleet, 'preflight', '--account', OTHER)).text).toMatch(
      /FAILED +role +\S+ \(workload-0002\) +\S+role\/fleet\/orders\/orders-deploy cannot be assumed/,
    );
    changeMemory(fleet, 512);
    expect(idsWith((await rollOut(fleet)).report, 'failed')).toEqual([`regional/${OTHER}/eu-west-1`]);

    fleet.configure((config) => (config.workloads = { units: ['Workloads/**'], exclude: { accounts: [OTHER] } }));
    expect((await told(fleet, 'plan')).text).toMatch(new RegExp(`${OTHER} +all +is in workloads.exclude.accounts`));
    expect((await rollOut(fleet)).exitCode).toBe(0);

    fleet.organize((organization) => delete organization.faults);
    const { text } = await told(fleet, 'destroy', '--account', OTHER, '--confirm', 'orders');
    expect(text).toMatch(/destroy \S+ succeeded in .*: 2 succeeded of 2 targets/);
    expect(text).toContain('20 resources that hold data are kept');
    expect(standing(fleet).filter((line) => line.startsWith(TABLE))).toHaveLength(4);
    expect((await told(fleet, 'destroy', '--account', OTHER, '--confirm', 'orders', '--delete-data')).exitCode).toBe(0);
    expect((await told(fleet, 'plan')).text).not.toContain('orphans');
  }, 30_000);
});
