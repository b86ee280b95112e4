import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

import { findPulumiCli } from '../../fleet/engine/pulumi/cli/find-pulumi-cli';
import { FleetRunner } from '../cli/fleet-runner';
import type { Running } from '../cli/running-fleet';
import { rollOut } from '../cli/sandbox-fleet';

/** One wave at once: what is tested is the engine. */
const AT_ONCE = [{ name: 'all', failureTolerance: '100%' }];

/** A sandbox fleet that the real CLI deploys. Runs are processes of their own, as a person starts them. */
export async function pulumiFleet(
  accounts: number,
  options: { readonly regions?: string; readonly waves?: readonly Record<string, unknown>[]; readonly concurrent?: number } = {},
): Promise<FleetRunner> {
  const fleet = new FleetRunner('spawned');
  const { exitCode, err } = await fleet.run(
    'init',
    '.',
    '--sandbox',
    '--accounts',
    String(accounts),
    '--regions',
    options.regions ?? 'eu-west-1',
  );
  if (exitCode !== 0) throw new Error(err.join('\n'));
  fleet.configure((config) => {
    config.engine = 'pulumi';
    config.waves = [...(options.waves ?? AT_ONCE)];
    config.limits.maxConcurrent = options.concurrent ?? 3;
    config.limits.failureTolerance = '100%';
  });
  return fleet;
}

/** A fleet of one account that is rolled out before the first test of a block; each test gets a copy of its own. */
export function copiesOfDeployed(): () => FleetRunner {
  let base: FleetRunner;
  let fleet: FleetRunner;
  beforeAll(async () => {
    base = await pulumiFleet(1, { waves: [{ name: 'all', bake: '1s' }] });
    expect((await rollOut(base)).exitCode).toBe(0);
  }, 120_000);
  afterAll(() => base.remove());
  beforeEach(() => {
    fleet = new FleetRunner('spawned').copyFrom(base);
  });
  afterEach(() => fleet.remove());
  return () => fleet;
}

/** What the CLI prints for a stack of a fleet's own backend. */
export async function askPulumi(fleet: FleetRunner, layer: string, args: readonly string[]): Promise<string> {
  const { path } = await findPulumiCli({ env: process.env });
  const cwd = join(fleet.directory, 'asked', layer);
  mkdirSync(cwd, { recursive: true });
  writeFileSync(join(cwd, 'Pulumi.yaml'), `name: ${layer}\nruntime: nodejs\n`);
  const { status, stdout, stderr } = spawnSync(path, [...args, '--non-interactive'], {
    cwd,
    encoding: 'utf8',
    env: {
      ...{ PATH: process.env.PATH, HOME: process.env.HOME, PULUMI_SKIP_UPDATE_CHECK: 'true', PULUMI_CONFIG_PASSPHRASE: '' },
      PULUMI_BACKEND_URL: pathToFileURL(join(fleet.directory, '.fleet', 'pulumi')).href,
    },
  });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

/** Files of the backend whose path holds a text. */
export function backendFiles(fleet: FleetRunner, holding: string): readonly string[] {
  const root = join(fleet.directory, '.fleet', 'pulumi');
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => path.includes(holding));
}

/** The process number of the CLI that runs a target now; waits for it. */
export async function cliOf(fleet: FleetRunner, target: string): Promise<number> {
  for (let looks = 0; looks < 1200; looks += 1) {
    const found = processes().find(
      ({ command }) => command.includes(fleet.directory) && command.includes(`/${target}#`) && command.includes(' up '),
    );
    if (found) return found.pid;
    await setTimeout(50);
  }
  throw new Error(`no CLI runs ${target}`);
}

/** Numbers of the processes that belong to a fleet's runs: the CLIs, by what they were told. */
export function clisOf(fleet: FleetRunner): readonly number[] {
  return processes().flatMap(({ pid, command }) => (command.includes(fleet.directory) && command.includes(' up ') ? [pid] : []));
}

/** Resolves when no CLI of the fleet is left. */
export async function untilQuiet(fleet: FleetRunner): Promise<void> {
  for (let looks = 0; clisOf(fleet).length > 0; looks += 1) {
    if (looks > 1200) throw new Error(`still running: ${clisOf(fleet).join()}`);
    await setTimeout(50);
  }
}

export function parentOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
}

/** Waits until the backend says that a stack has a resource of this type in the making. */
export async function untilCreating(fleet: FleetRunner, stack: string, type: string): Promise<void> {
  const [layer = '', name = ''] = stack.split('/');
  const path = join(fleet.directory, '.fleet', 'pulumi', '.pulumi', 'stacks', layer, `${name}.json`);
  for (let looks = 0; looks < 2400; looks += 1) {
    if (pendingIn(readIfThere(path)).some((operation) => operation.type === 'creating' && operation.resource.type === type)) return;
    await setTimeout(25);
  }
  throw new Error(`no ${type} was made in ${stack}`);
}

interface PendingOperation {
  readonly type: string;
  readonly resource: { readonly type: string };
}

/** A checkpoint that is being written right now says nothing. */
function pendingIn(checkpoint: string): readonly PendingOperation[] {
  try {
    return (
      (JSON.parse(checkpoint) as { checkpoint: { latest: { pending_operations?: PendingOperation[] } } }).checkpoint.latest
        .pending_operations ?? []
    );
  } catch {
    return [];
  }
}

/** Kills a rollout without a word, and waits until it is gone. */
export async function killHard(running: Running, pid: number): Promise<void> {
  process.kill(pid, 'SIGKILL');
  await running.ended.catch(() => undefined);
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function processes(): readonly { readonly pid: number; readonly command: string }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => ({ pid: Number(name), command: readIfThere(`/proc/${name}/cmdline`).replaceAll('\0', ' ') }));
}
