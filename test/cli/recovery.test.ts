import { cpSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import type { FleetRunner } from './fleet-runner';
import { changeMemory, idsWith, memoryOf, resourcesOf, rollOut, sandboxFleet } from './sandbox-fleet';
import { simulatedWorld } from './simulated-world';
import { accountIdSchema } from '../../contracts/ids';

/** docs/recovery.md, rehearsed: each disaster is planted, and what the page tells to do is done. */
const fleets = sandboxFleet({ accounts: 2, regions: 'eu-west-1,us-east-1' });

const ACCOUNT = '200000000001';
const HERE = `regional/${ACCOUNT}/eu-west-1`;

/** What a verb printed, for people. */
async function told(fleet: FleetRunner, ...argv: readonly string[]) {
  const { exitCode, out, err } = await fleet.run(...argv);
  return { exitCode, text: [...out, ...err].join('\n') };
}

/** Everything that stands in the workload accounts, with when it was made. */
function standing(fleet: FleetRunner): readonly string[] {
  const world = simulatedWorld(fleet);
  return [ACCOUNT, '200000000002'].flatMap((account) =>
    world.resourcesOf(accountIdSchema.parse(account)).map(({ type, region, key, madeAt }) => `${type} ${region} ${key} ${madeAt}`),
  );
}

const versionOf = async (fleet: FleetRunner, alias: string) =>
  (await resourcesOf(fleet, HERE)).find(({ name }) => name === alias)?.inputs.functionVersion;

const createdAt = async (fleet: FleetRunner) => {
  const table = (await resourcesOf(fleet, HERE)).find(({ type }) => type === 'aws:dynamodb/table:Table');
  return (table?.inputs.tags as Readonly<Record<string, string>> | undefined)?.CreatedAt;
};

describe('the state of the fleet is lost', () => {
  const path = (fleet: FleetRunner, ...parts: readonly string[]) => join(fleet.directory, ...parts);

  /** All that the fleet keeps beside the simulated organisation and its stacks; `--at` takes another place's content. */
  function loseState(fleet: FleetRunner, backup?: string): void {
    renameSync(path(fleet, '.fleet/sandbox'), path(fleet, 'sandbox-kept'));
    rmSync(path(fleet, '.fleet'), { recursive: true });
    if (backup !== undefined) cpSync(path(fleet, backup), path(fleet, '.fleet'), { recursive: true });
    rmSync(path(fleet, '.fleet/sandbox'), { recursive: true, force: true });
    cpSync(path(fleet, 'sandbox-kept'), path(fleet, '.fleet/sandbox'), { recursive: true });
    rmSync(path(fleet, 'sandbox-kept'), { recursive: true });
  }

  test('without a copy, rolling out again takes every stack over: nothing is made, changed or dated anew, and the version to go back to stays', async () => {
    const fleet = fleets.deployed();
    changeMemory(fleet, 512);
    await rollOut(fleet);
    const before = { standing: standing(fleet), createdAt: await createdAt(fleet), previous: await versionOf(fleet, 'order-previous') };

    loseState(fleet);
    expect(await told(fleet, 'status')).toEqual({
      exitCode: 2,
      text: 'user/unknown-rollout: there is no rollout yet: start one with fleet rollout',
    });
    expect((await told(fleet, 'plan')).text).toMatch(/: 8 of 8 targets change\n/);
    expect((await told(fleet, 'preview', 'foundation/100000000002/eu-west-1')).text).toMatch(
      /0 to create, 0 to update, 0 to replace, 0 to delete, \d+ the same/,
    );
    const again = await rollOut(fleet);
    expect([again.exitCode, idsWith(again.report, 'succeeded')]).toEqual([0, expect.arrayContaining([HERE])]);
    expect(again.out.join()).toContain('"code":"stacks-found"');
    expect(
      again.report.targets.map(({ changes: { create, update, replace, delete: deleted } }) => [create, update, replace, deleted]),
    ).toEqual(again.report.targets.map(() => [0, 0, 0, 0]));
    expect({ standing: standing(fleet), createdAt: await createdAt(fleet), previous: await versionOf(fleet, 'order-previous') }).toEqual(
      before,
    );
    expect((await rollOut(fleet)).report.counts).toMatchObject({ unchanged: 8 });
  }, 30_000);

  test('an older copy is put back without its records: the targets run again, and what fleet.yaml says stands', async () => {
    const fleet = fleets.deployed();
    cpSync(path(fleet, '.fleet'), path(fleet, 'backup'), { recursive: true });
    changeMemory(fleet, 512);
    await rollOut(fleet);
    changeMemory(fleet, 1024);

    // With its records the copy says that nothing changes, though something newer stands.
    loseState(fleet, 'backup');
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
    rmSync(path(fleet, '.fleet/sandbox/stacks'), { recursive: true });

    const drift = await told(fleet, 'drift');
    expect(drift.exitCode).toBe(1);
    expect(drift.text).toContain('0 of 8 targets are as they were deployed, 0 drifted, 8 not checked');
    expect(drift.text).toContain('its stack is not there: bring the backend back');
    changeMemory(fleet, 512);
    const tried = await rollOut(fleet);
    expect([tried.exitCode, idsWith(tried.report, 'succeeded')]).toEqual([1, []]);
    expect(standing(fleet)).toEqual(before);
  }, 30_000);
});
