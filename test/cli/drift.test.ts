import { join } from 'node:path';

import type { KeepableDifference } from '../../fleet/report/drift-text';
import { bringBack, changesOf } from '../helpers/bring-back';

import type { FleetRunner } from './fleet-runner';
import { DRIFTED_REGIONAL, DRIFTED_SHARED, plantedDrift } from './planted-drift';
import { rollOut, sandboxFleet } from './sandbox-fleet';

interface Drift {
  readonly counts: Readonly<Record<string, number>>;
  readonly targets: readonly { readonly id: string; readonly state: string; readonly differences?: readonly KeepableDifference[] }[];
}

const fleets = sandboxFleet({ accounts: 2 });
const configOf = (fleet: FleetRunner) => join(fleet.directory, 'fleet.yaml');

async function look(fleet: FleetRunner, ...flags: readonly string[]) {
  const { exitCode, result } = await fleet.run('drift', '--json', '--detailed-exitcode', ...flags);
  return { exitCode, ...(result as Drift) };
}

describe('what people changed by hand', () => {
  test('is told with what was deployed and what is found, and brought back by a run that reads first; then it is clean', async () => {
    const fleet = fleets.deployed();
    fleet.organize((organization) => (organization.drift = plantedDrift.map(({ entry }) => entry)));

    const drifted = await look(fleet);

    expect([drifted.exitCode, drifted.counts]).toEqual([4, { total: 4, clean: 2, drifted: 2, notChecked: 0 }]);
    const told = drifted.targets.flatMap(({ id, differences = [] }) => differences.map((one) => ({ id, ...one })));
    for (const { entry, differences } of plantedDrift) {
      const of = told.filter(({ id, type, name }) => id === entry.target && type === entry.on && name === entry.name);
      const expected = differences.length > 0 ? differences : [{ path: null, deployed: null, found: null }];
      const kind = differences.length > 0 ? 'changed' : 'gone';
      expect(of).toEqual(expected.map((one) => expect.objectContaining({ kind, ...one }) as object));
    }
    expect(told).toHaveLength(plantedDrift.length);
    const keep = drifted.targets.flatMap(({ differences = [] }) => differences.flatMap((one) => one.keep ?? []));
    expect(keep.sort()).toEqual(['order.logRetentionDays: 1', 'order.maxReceiveCount: 2', 'order.memoryMb: 512']);
    const { exitCode, out } = await fleet.run('drift');
    const line = /order-queue +redrivePolicy\.maxReceiveCount +5 -> 2 +keep: set order\.maxReceiveCount: 2 in fleet\.yaml/;
    expect([exitCode, out.join('\n')]).toEqual([0, expect.stringMatching(line)]);

    const before = fleet.files().length;
    const expected = plantedDrift.map(({ entry }) => `${'gone' in entry ? 'create' : 'update'} ${entry.name}`).sort();
    const targets = [DRIFTED_SHARED, DRIFTED_REGIONAL];
    expect(changesOf(await bringBack(configOf(fleet), { action: 'preview', targets }))).toEqual(expected);
    expect([fleet.files().length, (await look(fleet)).exitCode]).toEqual([before, 4]);

    const results = await bringBack(configOf(fleet), { targets });

    expect([results.map(({ status }) => status), changesOf(results)]).toEqual([['succeeded', 'succeeded'], expected]);
    const clean = await look(fleet);
    expect([clean.exitCode, clean.counts]).toEqual([0, { total: 4, clean: 4, drifted: 0, notChecked: 0 }]);
    expect(changesOf(await bringBack(configOf(fleet)))).toEqual([]);
    expect((await rollOut(fleet)).report.counts).toMatchObject({ unchanged: 4 });
  }, 60_000);

  test('is what a person may want to keep: with the setting that drift names, nothing of it is brought back', async () => {
    const fleet = fleets.deployed();
    fleet.organize((organization) => (organization.drift = plantedDrift.slice(0, 1).map(({ entry }) => entry)));
    fleet.configure((config) => (config.order.memoryMb = 512));

    expect((await rollOut(fleet)).report.counts).toMatchObject({ succeeded: 2 });

    expect(await look(fleet)).toMatchObject({ exitCode: 0, counts: { clean: 4 } });
  }, 60_000);

  test('on top of what could not be looked at is not clean', async () => {
    const fleet = fleets.deployed();
    fleet.organize((organization) => {
      organization.drift = plantedDrift.slice(0, 1).map(({ entry }) => entry);
      organization.faults = [{ target: DRIFTED_SHARED, kind: 'role-missing' }];
    });

    const { exitCode, counts } = await look(fleet);

    expect([exitCode, counts]).toEqual([1, { total: 4, clean: 2, drifted: 1, notChecked: 1 }]);
  }, 30_000);

  test('cannot steer a terminal, and what is long is shortened there', async () => {
    const fleet = fleets.deployed();
    const name = 'order-logs';
    const on = 'aws:cloudwatch/logGroup:LogGroup';
    const tags = { 'x\u001b[31m\n::error::\u202e': 'a\u001b]0;b\u0007\r\nc\u2028', long: 'v'.repeat(5000) };
    fleet.organize((organization) => (organization.drift = [{ target: DRIFTED_REGIONAL, on, name, set: { tags } }]));

    const { out } = await fleet.run('drift');

    expect(out.join('\n')).not.toMatch(/[\u001b\u0007\r\u202e\u2028]|^::error::/m);
    expect(
      Math.max(
        ...out
          .join('\n')
          .split('\n')
          .map((line) => line.length),
      ),
    ).toBeLessThan(400);
    const { targets } = await look(fleet);
    expect(targets.flatMap(({ differences = [] }) => differences)).toContainEqual(
      expect.objectContaining({ path: 'tags.long', found: tags.long }),
    );
  }, 30_000);

  test.each([
    [{ set: { a: 1 }, gone: true }, /organization\.yaml:\d+:\d+: drift of aws:sqs\/queue:Queue says either set: .* both$/],
    [{}, /organization\.yaml:\d+:\d+: drift of aws:sqs\/queue:Queue says either set: .* neither$/],
    [{ gone: false }, /organization\.yaml:\d+:\d+: gone false must be true/],
  ])('said as %j is refused', async (how, message) => {
    const fleet = fleets.deployed();
    fleet.organize((organization) => (organization.drift = [{ target: '**', on: 'aws:sqs/queue:Queue', ...how }]));

    const { exitCode, err } = await fleet.run('drift');

    expect([exitCode, err.join('\n')]).toEqual([2, expect.stringMatching(message)]);
  });
});
