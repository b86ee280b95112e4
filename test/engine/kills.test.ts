import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { backendFiles, cliOf, killHard, parentOf, pulumiFleet, untilCreating, untilQuiet } from './pulumi-fleet';
import { comparable } from './comparable-resources';
import type { DeployedResource } from '../../fleet/ports';
import type { FleetRunner } from '../cli/fleet-runner';
import { drive, rollOut } from '../cli/sandbox-fleet';
import { describeWithEngine } from '../helpers/engine-tier';

describeWithEngine('kill -9 on the real engine', () => {
  /** Of a regional target. */
  const RESOURCES = 59;
  const TARGET = 'regional/200000000001/eu-west-1';
  const SLOW = 'aws:lambda/eventSourceMapping:EventSourceMapping';
  const STACK = 'regional/200000000001.eu-west-1';
  const matching = (pattern: RegExp) => expect.stringMatching(pattern) as string;

  let fleet: FleetRunner;

  /** A fleet whose first rollout stands a while before it makes a resource. */
  beforeEach(async () => {
    fleet = await pulumiFleet(1);
    fleet.plant({ target: 'regional/**', kind: 'slow', on: SLOW, seconds: 5 });
  });
  afterEach(async () => {
    await untilQuiet(fleet);
    fleet.remove();
  });

  async function resources(): Promise<readonly DeployedResource[]> {
    return ((await fleet.run('show', TARGET, '--json')).result as { readonly resources: readonly DeployedResource[] }).resources;
  }

  /** Resources that were put into the world more than once, replaced ones aside: none is, in a first rollout. */
  function madeTwice(): readonly string[] {
    const made = new Map<string, Set<string>>();
    for (const line of worldLines()) {
      const { put } = JSON.parse(line) as { readonly put?: { readonly owner: string; readonly id: string } };
      if (put) made.set(put.owner, (made.get(put.owner) ?? new Set()).add(put.id));
    }
    return [...made].flatMap(([owner, ids]) => (ids.size > 1 ? [owner] : []));
  }

  function worldLines(): readonly string[] {
    return fleet
      .files()
      .filter((file) => file.includes('sandbox/world/'))
      .flatMap((file) => readFileSync(`${fleet.directory}/${file}`, 'utf8').trim().split('\n'));
  }

  test.each([
    ['the CLI of a target', (cli: number) => cli],
    ['the process of a target', (cli: number) => parentOf(cli)],
  ])(
    'kill -9 of %s fails that target alone, and the next rollout puts in order what it left',
    async (_what, victimOf) => {
      const running = fleet.start('rollout', '--yes', '--json');
      await untilCreating(fleet, STACK, SLOW);
      process.kill(victimOf(await cliOf(fleet, TARGET)), 'SIGKILL');
      const killed = await running.ended;
      expect(killed.result).toMatchObject({ outcome: 'failed', counts: { failed: 1 } });
      expect(killed.out.join('\n')).toMatch(/pulumi\/crashed/);
      await untilQuiet(fleet);

      const next = await rollOut(fleet);

      expect(next.report.targets.flatMap(({ id, error }) => (error ? [{ id, error }] : []))).toEqual([]);
      expect([next.exitCode, next.report.outcome]).toEqual([0, 'succeeded']);
      expect(backendFiles(fleet, '/locks/').filter((path) => path.endsWith('.json'))).toEqual([]);
      expect(madeTwice()).toEqual([]);
      expect((await resources()).length).toBe(RESOURCES);
    },
    120_000,
  );

  test('a CLI that dies while it notes something beside a checkpoint hides the checkpoint from nobody', async () => {
    expect((await rollOut(fleet)).exitCode).toBe(0);
    // By itself the fleet's CLI writes no such note; one that a person runs does, and was killed.
    expect(backendFiles(fleet, '').filter((path) => path.endsWith('.attrs'))).toEqual([]);
    writeFileSync(join(fleet.directory, `.fleet/pulumi/.pulumi/stacks/regional/200000000001.eu-west-1.json.attrs`), '');
    fleet.configure((config) => (config.order.memoryMb = 512));
    const next = await rollOut(fleet);

    expect([next.exitCode, next.report.counts]).toMatchObject([0, { succeeded: 1 }]);
    expect(next.out.join('\n')).toMatch(/took away a note beside its checkpoint that was cut short/);
  }, 120_000);

  test('kill -9 of the manager: its CLIs end by themselves, and resume goes on to the end', async () => {
    const running = fleet.spawn('rollout', '--yes', '--json');
    await untilCreating(fleet, STACK, SLOW);
    await killHard(running, running.pid);
    const resumed = await drive(fleet, ['resume']);

    expect([resumed.exitCode, resumed.report.outcome]).toEqual([0, 'succeeded']);
    expect(resumed.report.counts).toMatchObject({ succeeded: 3 });
    expect(backendFiles(fleet, '/locks/').filter((path) => path.endsWith('.json'))).toEqual([]);
    expect(madeTwice()).toEqual([]);
    expect(Object.keys(comparable(await resources()))).toHaveLength(RESOURCES);
  }, 120_000);

  test('kill -9 of the manager and of all it started: resume takes the lock away and does again what was under way', async () => {
    const running = fleet.spawn('rollout', '--yes', '--json');
    await untilCreating(fleet, STACK, SLOW);
    const cli = await cliOf(fleet, TARGET);
    const child = parentOf(cli);
    // The manager first: it must not write down how its targets ended.
    for (const pid of [running.pid, child, cli]) process.kill(pid, 'SIGKILL');
    await running.ended.catch(() => undefined);
    const resumed = await drive(fleet, ['resume']);

    expect([resumed.exitCode, resumed.report.outcome]).toEqual([0, 'succeeded']);
    expect(resumed.out.join('\n')).toMatch(/took away the lock that attempt/);
    expect(resumed.out.join('\n')).toEqual(matching(/done again, as the process of an earlier attempt died/));
    expect(madeTwice()).toEqual([]);
  }, 120_000);
});
