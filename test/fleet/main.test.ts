import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import type { TargetId } from '../../contracts/target';
import { initFiles } from '../../fleet/config/init-files';
import { main, type MainDependencies } from '../../fleet/main';
import { openFleetStore, type FleetStore } from '../../fleet/state/fleet-store';
import { takeLease } from '../../fleet/state/lease';
import { isProcessAlive, thisProcess } from '../../fleet/state/process-identity';
import { systemClock } from '../../fleet/system-clock';
import { temporaryFolder } from '../helpers/temporary-folder';

import { planOf, recordsAfter, smallFleet } from './plan/plan-fixture';
import { sealVersion1 } from './state/version-1';

const folder = temporaryFolder('main');
const files = initFiles({ name: 'orders', sandbox: true, accounts: 2, regions: ['eu-west-1'] });
const plan = planOf(smallFleet({ accounts: 2, regions: ['eu-west-1'] }));
const records = recordsAfter(plan);
const REGIONAL = 'regional/200000000001/eu-west-1' as TargetId;

let count = 0;
/** A fleet whose records say that all of it is deployed. */
async function deployedFleet(): Promise<{ readonly directory: string; readonly store: FleetStore }> {
  count += 1;
  const directory = join(folder, `${count}`);
  mkdirSync(directory);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
  const store = await openFleetStore(join(directory, '.fleet'), 'orders');
  await store.claim();
  await store.saveRecords(records, null);
  return { directory, store };
}

async function run(directory: string, argv: readonly string[], dependencies: Partial<MainDependencies> = {}) {
  const [out, err]: [string[], string[]] = [[], []];
  const exitCode = await main([...argv, '--config', join(directory, 'fleet.yaml')], {
    out: (line) => out.push(line),
    err: (line) => err.push(line),
    clock: systemClock,
    cwd: directory,
    productRoot: resolve(__dirname, '../..'),
    env: process.env,
    temporary: folder,
    ask: () => Promise.reject(new Error('asked')),
    interrupt: new AbortController().signal,
    cancel: new AbortController().signal,
    person: 'tester@here',
    ...dependencies,
  });
  return { exitCode, out, err };
}

const answer = (text: string) => ({ ask: () => Promise.resolve(text) });

describe('a rollout that is asked about', () => {
  test.each(['n', '', 'no', 'yesterday'])('and answered %j changes nothing', async (text) => {
    const { directory, store } = await deployedFleet();
    const before = readdirSync(store.directory).sort();
    const { exitCode, out } = await run(directory, ['rollout'], answer(text));

    expect([exitCode, out.at(-1)]).toEqual([1, 'not confirmed: nothing was changed']);
    expect(out.join('\n')).toMatch(/4 of 4 targets change/);
    expect(readdirSync(store.directory).sort()).toEqual(before);
  });

  test('begins nothing where the process was interrupted before it started', async () => {
    const { directory, store } = await deployedFleet();
    const { exitCode, err } = await run(directory, ['rollout'], { ...answer('y'), interrupt: AbortSignal.abort(new Error('interrupted')) });

    expect([exitCode, err.at(-1)]).toEqual([130, 'interrupted: nothing further was begun']);
    expect(await store.loadRecords()).toEqual(records);
    expect(await store.rolloutIds()).toEqual([]);
    const json = await run(directory, ['rollout', '--yes', '--json'], { interrupt: AbortSignal.abort(new Error('interrupted')) });
    expect([json.exitCode, JSON.parse(json.out.at(-1) ?? '')]).toEqual([
      130,
      expect.objectContaining({ code: 'result', data: { interrupted: true } }),
    ]);
  });
});

describe('a destroy', () => {
  test.each([
    ['another name', [], 'invoices', 2, 'user/not-confirmed: "invoices" is not the name of this fleet, orders: nothing was destroyed'],
    [
      'a layer that others need',
      ['--layer', 'foundation', '--confirm', 'orders'],
      '',
      2,
      `is needed by ${REGIONAL}, which is not selected`,
    ],
    [
      '--only, which speaks of plans',
      ['--only', 'changed', '--confirm', 'orders'],
      '',
      2,
      'user/invalid-flag: --only changed says nothing',
    ],
    [
      'a filter that matches nothing',
      ['--region', 'us-east-1', '--confirm', 'orders'],
      '',
      2,
      'no deployed target matches --region us-east-1; 4 of them are',
    ],
  ])('is refused for %s', async (_name, flags, text, code, message) => {
    const { directory, store } = await deployedFleet();
    const { exitCode, err } = await run(directory, ['destroy', ...flags], answer(text));

    expect([exitCode, err]).toEqual([code, [expect.stringContaining(message)]]);
    expect(await store.loadRecords()).toEqual(records);
  });

  test('is refused where what is deployed changed while it was asking', async () => {
    const { directory, store } = await deployedFleet();
    const ask = async () => {
      const record = records.get(REGIONAL);
      if (record) await store.saveRecords(new Map([...records, [REGIONAL, { ...record, dirty: true }]]), null);
      return 'orders';
    };
    const { exitCode, err } = await run(directory, ['destroy'], { ask });

    expect([exitCode, err]).toEqual([1, [expect.stringMatching(/^fleet\/changed-meanwhile: .*run it again$/)]]);
    expect((await store.loadRecords()).size).toBe(4);
    // It let go of the fleet: the next one has it at once.
    expect((await run(directory, ['destroy', '--confirm', 'invoices'])).exitCode).toBe(2);
  });

  test('waits for nobody: a fleet that another verb holds is locked, exit 1, naming the holder', async () => {
    const { directory, store } = await deployedFleet();
    const lease = await takeLease(store.objects, {
      ...{ clock: systemClock, identity: thisProcess(), isAlive: isProcessAlive },
      ...{ verb: 'rollout', wait: false },
    });
    const { exitCode, err } = await run(directory, ['destroy', '--confirm', 'orders']);
    await lease.release();

    expect([exitCode, err]).toEqual([
      1,
      [
        expect.stringMatching(
          /^fleet\/locked: fleet is locked by rollout \(pid \d+ on .* since \d{4}-.*, for \d+ s, last heard of \d+ s ago\)/,
        ),
      ],
    ]);
    expect(await store.loadRecords()).toEqual(records);
  });
});

describe('an error', () => {
  test('that is a defect is one line that says so and where, exit 1', async () => {
    const { directory } = await deployedFleet();
    const { exitCode, err } = await run(directory, ['plan'], { productRoot: join(folder, 'nowhere') });

    expect([exitCode, err]).toEqual([1, [expect.stringMatching(/^fleet\/internal: ENOENT.*\(this is a defect of fleet; at .*\)$/)]]);
  });

  test.each([[['plan']], [['plan', '--json']]])('of %j that quotes a file says so without a control character', async (argv) => {
    const { directory } = await deployedFleet();
    const path = join(directory, 'fleet.yaml');
    writeFileSync(path, `${readFileSync(path, 'utf8')}"evil\\e[31m\\u202e": 1\n`);
    const { exitCode, err } = await run(directory, argv);

    expect(exitCode).toBe(2);
    expect(err).toEqual([expect.stringMatching(/unknown key/)]);
    expect(err.join('')).not.toMatch(/\p{Cc}|\u202e/u);
  });

  test.each(['plan', 'rollout', 'status', 'discover'])('of a fleet.yaml that is not there is one line for %s, exit 2', async (verb) => {
    const nowhere = join(folder, 'nowhere');
    const { exitCode, err } = await run(nowhere, [verb]);

    expect([exitCode, err]).toEqual([2, [`user/fleet-file: ${join(nowhere, 'fleet.yaml')} does not exist: check the path`]]);
    expect(existsSync(nowhere)).toBe(false);
  });

  test('of each problem of a file is a line of its own', async () => {
    const { directory } = await deployedFleet();
    const path = join(directory, 'fleet.yaml');
    writeFileSync(path, readFileSync(path, 'utf8').replace('memoryMb: 1024', 'memoryMb: 1').replace('perAccount: 2', 'perAccount: 0'));
    const { exitCode, err, out } = await run(directory, ['plan', '--json']);
    const last = JSON.parse(out.at(-1) ?? '') as {
      readonly code: string;
      readonly data: { readonly error: { readonly messages: readonly string[] } };
    };

    expect(exitCode).toBe(2);
    expect(err).toHaveLength(2);
    expect(last.code).toBe('result');
    expect(err).toEqual(last.data.error.messages.map((message) => `user/fleet-file: ${message}`));
  });

  test('is told where the state belongs to another fleet, and nothing is written', async () => {
    const { directory, store } = await deployedFleet();
    writeFileSync(join(store.directory, 'fleet.json'), sealVersion1('invoices'));
    const before = readdirSync(store.directory, { recursive: true }).sort();
    const { exitCode, err } = await run(directory, ['rollout', '--yes']);

    expect([exitCode, err]).toEqual([
      2,
      [expect.stringMatching(/^user\/state-of-another-fleet: state folder .* belongs to fleet invoices, not orders/)],
    ]);
    expect(readdirSync(store.directory, { recursive: true }).sort()).toEqual(before);
  });
});
