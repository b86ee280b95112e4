import { spawn } from 'node:child_process';
import { readFileSync, watch } from 'node:fs';
import { join } from 'node:path';

import type { FleetRunner } from './fleet-runner';
import { command, startFleet, type StartOptions } from './lost-output';
import { changeMemory, drive, memoryOf, sandboxFleet } from './sandbox-fleet';

const FIRST = 'regional/200000000001/eu-west-1';
const fleets = sandboxFleet({ accounts: 2 });
const NO_STACK = /defect of fleet|^ +at |Error: |node:/m;

async function run(fleet: FleetRunner, argv: readonly string[], options: StartOptions) {
  return startFleet(fleet, argv, options).ended;
}

describe('a verb whose result is what it tells', () => {
  test.each([
    ['plan'],
    ['plan --json'],
    ['plan --detailed-exitcode'],
    [`show ${FIRST}`],
    [`preview ${FIRST}`],
    ['report'],
    ['report --format junit'],
    ['report --kpi'],
    ['status'],
    ['status --health'],
    ['dlq list'],
    ['cost'],
    ['audit'],
    ['audit --rules'],
    ['drift'],
    ['dashboards'],
    ['preflight'],
    ['verify --no-order'],
    ['discover'],
    ['--help'],
  ])('fails where a full disk takes it: %s', async (line) => {
    const { exitCode, err } = await run(fleets.deployed(), line.split(' '), { out: 'full' });

    expect([exitCode, err]).toEqual([1, expect.stringContaining('fleet/output-lost: standard output did not take all of this: ENOSPC')]);
    expect(err).not.toMatch(NO_STACK);
  });

  test.each(['plan --json', 'audit --rules', 'status', 'drift --json'])(
    'keeps its exit code where its reader has left: %s',
    async (line) => {
      const fleet = fleets.deployed();
      const watched = await run(fleet, line.split(' '), {});
      const left = await run(fleet, line.split(' '), { out: 'closed after a line' });

      expect(left.exitCode).toBe(watched.exitCode);
      expect(left.err).not.toMatch(NO_STACK);
    },
  );

  test.each(['full', 'closed after a line'] as const)('does not care for its errors: standard error %s', async (err) => {
    const { exitCode, out } = await run(fleets.deployed(), ['plan'], { err });

    expect([exitCode, out]).toEqual([0, expect.stringContaining('0 of 4 targets change')]);
  });

  test.each([
    ['plan --no-such-flag', 2],
    ['show regional/nowhere/eu-west-1 --json', 2],
  ])('and was refused says so with the code of the refusal, wherever its output goes: %s', async (line, code) => {
    expect(await run(fleets.deployed(), line.split(' '), { out: 'full', err: 'full' })).toEqual({ exitCode: code, out: '', err: '' });
  });

  test('and is only watched ends once nobody watches', async () => {
    const fleet = fleets.deployed();
    const watching = startFleet(fleet, ['status', '--watch', '--interval', '1s', '--json'], { out: 'closed after a line' });
    await watching.printed('"code":"health"');
    fleet.plant({ target: FIRST, kind: 'alarm' });

    expect(await watching.ended).toMatchObject({ exitCode: 0, err: '' });
  });
});

describe('a verb that changes something', () => {
  test.each([
    ['is read to its first line', { out: 'closed after a line' }],
    ['is read to its first line, with its errors', { out: 'closed after a line', err: 'closed after a line' }],
    ['goes to a full disk', { out: 'full' }],
    ['goes to a full disk, with its errors', { out: 'full', err: 'full' }],
  ] as const)('ends as one that is watched where its output %s', async (_name, options) => {
    const fleet = fleets.deployed();
    changeMemory(fleet, 512);
    const { exitCode, err } = await run(fleet, ['rollout', '--yes'], options);

    expect(exitCode).toBe(0);
    expect(err).not.toMatch(NO_STACK);
    expect((await drive(fleet, ['status'])).report).toMatchObject({ outcome: 'succeeded', counts: { succeeded: 2 } });
    expect(await memoryOf(fleet, FIRST)).toBe(512);
  });

  test('keeps the exit code of what failed', async () => {
    const fleet = fleets.deployed();
    changeMemory(fleet, 512);
    fleet.plant({ target: FIRST, kind: 'role-missing' });

    expect((await run(fleet, ['rollout', '--yes', '--json'], { out: 'full', err: 'full' })).exitCode).toBe(1);
    expect((await drive(fleet, ['status'])).report.outcome).not.toBe('succeeded');
  });

  test('destroys to the end where its reader has left', async () => {
    const fleet = fleets.deployed();
    const { exitCode } = await run(fleet, ['destroy', '--confirm', 'orders'], { out: 'closed after a line' });

    expect(exitCode).toBe(0);
    expect((await fleet.run('drift', '--json')).result).toMatchObject({ counts: { drifted: 0, notChecked: 0 } });
  });

  test('and only tells what it would change fails where that is lost', async () => {
    expect((await run(fleets.deployed(), ['prune', '--dry-run'], { out: 'full' })).exitCode).toBe(1);
    expect((await run(fleets.deployed(), ['prune', '--yes'], { out: 'full' })).exitCode).toBe(0);
  });
});

describe('a hang-up', () => {
  /** A rollout under way, at the bake of its canary. */
  async function baking(options: StartOptions) {
    const fleet = fleets.deployed();
    fleet.changeWave('canary', { bake: '3s' });
    changeMemory(fleet, 512);
    const rollout = startFleet(fleet, ['rollout', '--yes'], options);
    await rollout.printed('wave canary bakes until');
    return { fleet, rollout };
  }

  test('lets what runs finish, as SIGTERM does, and resume goes on', async () => {
    const { fleet, rollout } = await baking({});
    rollout.child.kill('SIGHUP');
    const { exitCode, err } = await rollout.ended;

    expect([exitCode, err]).toEqual([130, expect.stringContaining('interrupted: running targets finish')]);
    expect((await run(fleet, ['resume'], {})).exitCode).toBe(0);
    expect((await drive(fleet, ['status'])).report.outcome).toBe('succeeded');
  });

  test('that is told twice is one: nothing that runs is stopped for it', async () => {
    const { rollout } = await baking({});
    rollout.child.kill('SIGHUP');
    rollout.child.kill('SIGHUP');
    const { exitCode, err } = await rollout.ended;

    expect([exitCode, err]).toEqual([130, expect.not.stringContaining('interrupted again')]);
  });

  test.each([
    ['the shell', { shell: `trap '' HUP; exec` }],
    ['nohup', { shell: 'exec nohup' }],
  ] as const)('that %s ignores stays ignored', async (_name, options) => {
    const { fleet, rollout } = await baking(options);
    rollout.child.kill('SIGHUP');
    const { exitCode } = await rollout.ended;

    expect(exitCode).toBe(0);
    expect((await drive(fleet, ['status'])).report.outcome).toBe('succeeded');
  });

  test('that takes the terminal away ends no run that ignores it, and its exit code is its own', async () => {
    const fleet = fleets.deployed();
    changeMemory(fleet, 512);
    const ended = new Promise<void>((resolve) => {
      const watcher = watch(fleet.directory, (_event, file) => {
        if (file !== 'ended') return;
        watcher.close();
        resolve();
      });
    });
    const line = `trap '' HUP; ${command} rollout --yes --config fleet.yaml; echo "exit $?" > ended.part; mv ended.part ended`;
    const terminal = spawn('script', ['-qec', line, '/dev/null'], { cwd: fleet.directory, stdio: ['ignore', 'pipe', 'ignore'] });
    await new Promise<void>((resolve) =>
      terminal.stdout.setEncoding('utf8').on('data', (text: string) => text.includes('started') && resolve()),
    );
    terminal.kill('SIGKILL');
    await ended;

    expect(readFileSync(join(fleet.directory, 'ended'), 'utf8')).toBe('exit 0\n');
    expect((await drive(fleet, ['status'])).report.outcome).toBe('succeeded');
  });
});
