import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

import { parse, stringify } from 'yaml';

import { PINNED_VERSION } from '../../../fleet/engine/pulumi/cli/pulumi-cli';
import { claimBackend } from '../../../fleet/engine/pulumi/backend-owner';
import { main } from '../../../fleet/main';
import { openFleetStore } from '../../../fleet/state/fleet-store';
import { FolderObjects } from '../../../fleet/state/folder-objects';
import { systemClock } from '../../../fleet/system-clock';
import { temporaryFolder } from '../../helpers/temporary-folder';
import { Machine } from '../engine/pulumi/cli/machine';

const folder = temporaryFolder('doctor');
const productRoot = resolve(__dirname, '../../..');
const CANARY = 'correct horse battery staple';

interface Found {
  readonly name: string;
  readonly status: string;
  readonly detail: string;
  readonly advice: string | null;
  readonly code: string | null;
}

let machine: Machine;
beforeEach(() => (machine = new Machine(folder)));

/** Runs a command line in this realm, with the machine's environment and `more`. */
async function fleet(argv: readonly string[], more: Readonly<Record<string, string>> = {}) {
  const out: string[] = [];
  const err: string[] = [];
  const exitCode = await main(argv, {
    out: (line) => out.push(line),
    err: (line) => err.push(line),
    clock: systemClock,
    cwd: machine.home,
    // The module that pins the CLI is there; what is built from it is a planted one.
    productRoot,
    temporary: folder,
    env: { ...machine.env, ...more },
    ask: () => Promise.reject(new Error('nobody is there')),
    interrupt: interrupt.signal,
    cancel: new AbortController().signal,
    person: 'tester@here',
  });
  return { exitCode, out, err };
}
let interrupt: AbortController;
beforeEach(() => (interrupt = new AbortController()));

const fleetFile = () => join(machine.home, 'fleet.yaml');

/** A sandbox fleet with the real engine, unless it is changed. */
async function makeFleet(change: Readonly<Record<string, unknown>> = {}): Promise<void> {
  await fleet(['init', machine.home, '--sandbox', '--accounts', '1', '--regions', 'eu-west-1']);
  const data = parse(readFileSync(fleetFile(), 'utf8')) as object;
  writeFileSync(fleetFile(), stringify({ ...data, engine: 'pulumi', ...change }));
}

/** The checks, by name. */
async function examine(argv: readonly string[] = [], more: Readonly<Record<string, string>> = {}) {
  const { exitCode, out, err } = await fleet(['doctor', '--json', '--config', fleetFile(), ...argv], more);
  const messages = out.map((line) => JSON.parse(line) as { code: string; level: string; message: string; data: unknown });
  const { checks } = messages.at(-1)?.data as { checks: readonly Found[] };
  return { exitCode, err, messages, all: checks, checks: Object.fromEntries(checks.map((check) => [check.name, check])) };
}

describe('fleet doctor', () => {
  test('checks what a fleet of the real engine needs, and leaves nothing', async () => {
    machine.plantCli('bin/pulumi', PINNED_VERSION);
    await makeFleet();
    const { exitCode, all } = await examine();

    expect(exitCode).toBe(0);
    expect(all.map(({ name, status }) => [name, status])).toEqual([
      ['node', 'ok'],
      ['engine', 'ok'],
      ['provider', 'skipped'],
      ['state', 'ok'],
      ['backend', 'ok'],
      ['secrets', 'skipped'],
      ['secret variables', 'skipped'],
      ['credentials', 'skipped'],
      ['role', 'skipped'],
    ]);
    expect(existsSync(join(machine.home, '.fleet'))).toBe(false);
  });

  test('needs no CLI, backend or credentials for a simulated engine', async () => {
    await makeFleet({ engine: 'sandbox' });
    const { exitCode, all } = await examine();

    expect(exitCode).toBe(0);
    expect(all.filter(({ status }) => status !== 'skipped').map(({ name }) => name)).toEqual(['node', 'state']);
  });

  test('tells all that fails, each in one line with its code, and exits with 1', async () => {
    machine.plantCli('bin/pulumi', '3.1.0');
    const backend = join(machine.home, 'checkpoints');
    await makeFleet({ backend, state: 'states' });
    await (await openFleetStore(join(machine.home, 'states'), 'invoices')).claim();
    await claimBackend(new FolderObjects(backend), { fleet: 'invoices', location: backend });
    const { exitCode, checks, all } = await examine();

    expect(exitCode).toBe(1);
    expect(checks).toMatchObject({
      engine: { status: 'failed', code: 'pulumi/cli-too-old', detail: expect.stringContaining('fleet doctor --fix') as string },
      state: { status: 'failed', code: 'user/state-of-another-fleet' },
      backend: {
        status: 'failed',
        code: 'user/backend-of-another-fleet',
        detail: `Pulumi backend folder ${backend} belongs to fleet invoices, not orders: set another \`backend\``,
      },
    });
    for (const { detail } of all) expect(detail).not.toContain('\n');
  });

  test('for people is a table, with codes and what to do', async () => {
    await makeFleet();
    const { exitCode, out } = await fleet(['doctor', '--config', fleetFile()]);
    const lines = out.join('\n').split('\n');

    expect(exitCode).toBe(1);
    expect(lines[0]).toBe('1 of 9 checks failed; fleet orders');
    expect(lines[2]).toMatch(/^CHECK +STATUS +FOUND$/);
    expect(lines.find((line) => line.startsWith('engine'))).toMatch(
      /^engine +failed +pulumi\/cli-missing: there is no Pulumi CLI: .*: run `fleet doctor --fix`/,
    );
  });

  test('tells no passphrase, and whether there is one, for a real organisation', async () => {
    machine.plantCli('bin/pulumi', PINNED_VERSION);
    await makeFleet({ organization: { source: 'recorded', path: 'organization.yaml' } });
    const without = await examine();
    const withOne = await examine([], { PULUMI_CONFIG_PASSPHRASE: CANARY });

    expect(without.checks.secrets).toMatchObject({ status: 'failed', code: 'user/passphrase-missing' });
    expect(withOne.checks.secrets).toMatchObject({ status: 'ok' });
    expect(JSON.stringify(withOne)).not.toContain(CANARY);
  });

  test('refuses a broken fleet.yaml, and one that is named and is not there', async () => {
    writeFileSync(fleetFile(), 'name: [');

    expect(await fleet(['doctor', '--config', fleetFile()])).toMatchObject({ exitCode: 2 });
    expect(await fleet(['doctor', '--config', join(machine.home, 'other.yaml')])).toMatchObject({ exitCode: 2 });
  });

  test('works where there is no fleet.yaml: Node and the engine are checked', async () => {
    machine.plantCli('bin/pulumi', PINNED_VERSION);
    // From the product's own folder, which has none.
    const { exitCode, out } = await fleet(['doctor']);

    expect(exitCode).toBe(0);
    expect(out.join('\n')).toContain('there is no fleet.yaml here');
    expect(out.join('\n').match(/^\w+ +ok /gm)).toHaveLength(2);
  });
});

describe('fleet doctor --fix', () => {
  // What is downloaded and built is shown where the ladder itself is tested: a planted CLI ends it before.
  test('tells each way tried in one line', async () => {
    await makeFleet();
    machine.plantCli(relative(machine.home, machine.cached), PINNED_VERSION);
    const { checks, messages } = await examine(['--fix']);
    const told = messages.filter(({ code }) => code === 'engine-attempt');

    expect(checks.engine).toMatchObject({ status: 'ok', detail: expect.stringContaining(machine.cached) as string });
    expect(told).toMatchObject([
      { level: 'info', message: 'on PATH: no pulumi is on PATH', data: { way: 'path', state: 'failed' } },
      { level: 'info', message: `obtained earlier: ${machine.cached} is ${PINNED_VERSION}`, data: { way: 'cache', state: 'succeeded' } },
    ]);
  });

  test('that cannot obtain one fails as a check, and the others are made', async () => {
    await makeFleet();
    const { exitCode, checks } = await examine(['--fix'], { FLEET_PULUMI: '/no/such/pulumi' });

    expect(exitCode).toBe(1);
    expect(checks).toMatchObject({ engine: { status: 'failed', code: 'pulumi/cli-missing' }, backend: { status: 'ok' } });
  });

  test('obtains nothing where nothing is missing', async () => {
    const path = machine.plantCli('bin/pulumi', PINNED_VERSION);
    await makeFleet();
    const { checks } = await examine(['--fix']);

    expect(checks.engine).toMatchObject({ status: 'ok', detail: expect.stringContaining(path) as string });
    expect(machine.cache).toEqual([]);
  });

  test('that is interrupted has not failed: it exits with 130', async () => {
    await makeFleet();
    interrupt.abort(new Error('interrupted'));
    const { exitCode } = await fleet(['doctor', '--fix', '--config', fleetFile()]);

    expect(exitCode).toBe(130);
    expect(machine.cache).toEqual([]);
  });
});
