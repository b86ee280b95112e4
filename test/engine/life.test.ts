import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { TargetDifference } from '../../fleet/engine/target-differences';
import { FleetRunner } from '../cli/fleet-runner';
import { DRIFTED_REGIONAL, DRIFTED_SHARED, plantedDrift } from '../cli/planted-drift';
import { rollOut, twoWaves } from '../cli/sandbox-fleet';
import { bringBack, changesOf } from '../helpers/bring-back';
import { describeWithEngine } from '../helpers/engine-tier';

import { backendFiles, pulumiFleet } from './pulumi-fleet';

describeWithEngine('the life of a fleet on the real engine', () => {
  let base: FleetRunner;
  let fleet: FleetRunner;

  beforeAll(async () => {
    base = await pulumiFleet(2, { waves: twoWaves });
    expect((await rollOut(base)).exitCode).toBe(0);
  }, 240_000);
  afterAll(() => base.remove());
  beforeEach(() => {
    fleet = new FleetRunner('spawned').copyFrom(base);
  });
  afterEach(() => fleet.remove());

  /** Resources that stand in the simulated organisation. */
  function standing(): readonly string[] {
    const there = new Map<string, string>();
    for (const file of fleet.files().filter((path) => path.includes('sandbox/world/')))
      for (const line of readFileSync(join(fleet.directory, file), 'utf8').trim().split('\n')) {
        const entry = JSON.parse(line) as {
          readonly put?: { readonly type: string; readonly region: string; readonly key: string };
          readonly removed?: { readonly slot: string };
        };
        if (entry.put) there.set(`${file} ${entry.put.type} ${entry.put.key}`, entry.put.type);
        const [type, , key] = entry.removed?.slot.split('|') ?? [];
        if (entry.removed) there.delete(`${file} ${type} ${key}`);
      }
    return [...there.values()];
  }

  test('a release whose alarms turn red goes back to the one before', async () => {
    fleet.plant({ target: 'regional/**', kind: 'alarm', release: 'new' });
    fleet.configure((config) => (config.order.memoryMb = 512));
    const { exitCode, report } = await rollOut(fleet);

    expect([exitCode, report.outcome, report.counts]).toMatchObject([1, 'rolled_back', { rolled_back: 1, cancelled: 1 }]);
    const shown = await fleet.run('show', 'regional/200000000001/eu-west-1', '--json');
    const { resources } = shown.result as { readonly resources: readonly { readonly name: string; readonly inputs: object }[] };
    expect(resources.find(({ name }) => name === 'order-function')?.inputs).toMatchObject({ memorySize: 1024 });
  }, 240_000);

  test('preview and drift tell what differs, and leave no trace', async () => {
    const before = backendFiles(fleet, '.history.json').length;
    expect((await fleet.run('drift')).exitCode).toBe(0);
    fleet.configure((config) => (config.order.memoryMb = 512));
    const previewed = await fleet.run('preview', 'regional/200000000001/eu-west-1');
    expect([previewed.exitCode, previewed.out.join('\n')]).toEqual([0, expect.stringMatching(/memorySize/)]);
    fleet.organize(
      (organization) =>
        (organization.drift = [{ target: 'regional/200000000001/*', on: 'aws:lambda/function:Function', set: { memorySize: 128 } }]),
    );
    const drifted = await fleet.run('drift');
    expect(drifted.out.join('\n')).toMatch(/1 drifted/);
    expect(backendFiles(fleet, '.history.json')).toHaveLength(before);
  }, 240_000);

  test('what people changed by hand is told as on the sandbox engine, and brought back by a run that reads first', async () => {
    fleet.organize((organization) => (organization.drift = plantedDrift.map(({ entry }) => entry)));
    const targets = [DRIFTED_SHARED, DRIFTED_REGIONAL];
    const found = (await fleet.run('drift', '--json')).result as { readonly targets: readonly { readonly differences: readonly TargetDifference[] }[] }; // prettier-ignore
    const told = found.targets.flatMap(({ differences }) => differences.map(({ name, path, ...sides }) => [name, path, sides.deployed, sides.found])); // prettier-ignore
    const expected = plantedDrift.flatMap(({ entry, differences }) =>
      differences.length > 0
        ? differences.map(({ path, ...sides }) => [entry.name, path, sides.deployed, sides.found])
        : [[entry.name, null, null, null]],
    );
    expect(told.map(String).sort()).toEqual(expected.map(String).sort());
    const changes = plantedDrift.map(({ entry }) => `${'gone' in entry ? 'create' : 'update'} ${entry.name}`).sort();
    const file = join(fleet.directory, 'fleet.yaml');

    expect(changesOf(await bringBack(file, { action: 'preview', targets }))).toEqual(changes);
    expect(changesOf(await bringBack(file, { targets }))).toEqual(changes);

    expect((await fleet.run('drift', '--detailed-exitcode')).exitCode).toBe(0);
    expect(changesOf(await bringBack(file, { targets }))).toEqual([]);
  }, 240_000);

  test('destroy keeps what holds data; with --delete-data it leaves nothing, neither stacks nor resources', async () => {
    const first = await fleet.run('destroy', '--confirm', 'orders');
    expect([first.exitCode, first.out.join('\n')]).toEqual([
      0,
      expect.stringMatching(/^destroy \S+ succeeded.*: 4 succeeded of 4 targets[^]*\d+ resources that hold data are kept/m),
    ]);
    expect(standing()).toEqual(expect.arrayContaining(['aws:dynamodb/table:Table', 'aws:s3/bucket:Bucket', 'aws:kms/key:Key']));
    const second = await fleet.run('destroy', '--confirm', 'orders', '--delete-data');

    expect([second.exitCode, second.out.join('\n')]).toEqual([
      0,
      expect.stringMatching(/^destroy \S+ succeeded.*: 3 succeeded of 3 targets/m),
    ]);
    expect(standing()).toEqual([]);
    expect(backendFiles(fleet, '/stacks/').filter((path) => path.endsWith('.json'))).toEqual([]);
  }, 240_000);
});
