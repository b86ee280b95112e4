import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import type { TargetId } from '../../contracts/target';
import { initFiles } from '../../fleet/config/init-files';
import { main, type MainDependencies } from '../../fleet/main';
import { FolderStore } from '../../fleet/state/folder-store';
import { systemClock } from '../../fleet/system-clock';
import { temporaryFolder } from '../helpers/temporary-folder';

import { planOf, recordsAfter, smallFleet } from './plan/plan-fixture';

const folder = temporaryFolder('main');
const files = initFiles({ name: 'orders', sandbox: true, accounts: 2, regions: ['eu-west-1'] });
const plan = planOf(smallFleet({ accounts: 2, regions: ['eu-west-1'] }));
const records = recordsAfter(plan);
const REGIONAL = 'regional/200000000001/eu-west-1' as TargetId;

let count = 0;
/** A fleet whose records say that all of it is deployed. */
function deployedFleet(): { readonly directory: string; readonly store: FolderStore } {
  count += 1;
  const directory = join(folder, `${count}`);
  mkdirSync(directory);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
  const store = new FolderStore(join(directory, '.fleet'), 'orders');
  store.claim('orders');
  store.saveRecords(records);
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
    temporary: folder,
    ask: () => Promise.reject(new Error('asked')),
    interrupt: new AbortController().signal,
    ...dependencies,
  });
  return { exitCode, out, err };
}

const answer = (text: string) => ({ ask: () => Promise.resolve(text) });
const rolloutsOf = (store: FolderStore) => store.rolloutIds();

describe('a rollout that is asked about', () => {
  test.each(['n', '', 'no', 'yesterday'])('and answered %j changes nothing', async (text) => {
    const { directory, store } = deployedFleet();
    const before = readdirSync(store.directory).sort();
    const { exitCode, out } = await run(directory, ['rollout'], answer(text));

    expect([exitCode, out.at(-1)]).toEqual([1, 'not confirmed: nothing was changed']);
    expect(out.join('\n')).toMatch(/4 of 4 targets change/);
    expect(readdirSync(store.directory).sort()).toEqual(before);
  });

  test('is begun and ended as aborted where the process was interrupted before it started', async () => {
    const { directory, store } = deployedFleet();
    const { exitCode, out } = await run(directory, ['rollout'], { ...answer('y'), interrupt: AbortSignal.abort(new Error('interrupted')) });

    expect(exitCode).toBe(130);
    expect(out.join('\n')).toMatch(/aborted in 0\.0 s: 2 skipped, 2 cancelled of 4 targets/);
    expect(store.loadRecords()).toEqual(records);
    expect(rolloutsOf(store)).toHaveLength(1);
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
      'no deployed target matches --region us-east-1; 4 are',
    ],
  ])('is refused for %s', async (_name, flags, text, code, message) => {
    const { directory, store } = deployedFleet();
    const { exitCode, err } = await run(directory, ['destroy', ...flags], answer(text));

    expect([exitCode, err]).toEqual([code, [expect.stringContaining(message)]]);
    expect(store.loadRecords()).toEqual(records);
  });

  test('is refused where what is deployed changed while it was asking', async () => {
    const { directory, store } = deployedFleet();
    const ask = () => {
      const record = records.get(REGIONAL);
      if (record) store.saveRecords(new Map([...records, [REGIONAL, { ...record, dirty: true }]]));
      return Promise.resolve('orders');
    };
    const { exitCode, err } = await run(directory, ['destroy'], { ask });

    expect([exitCode, err]).toEqual([1, [expect.stringMatching(/^fleet\/changed-meanwhile: .*run it again$/)]]);
    expect(store.loadRecords().size).toBe(4);
    expect(existsSync(join(store.directory, 'lock'))).toBe(false);
  });

  test('waits for nobody: a fleet that another verb holds is locked, exit 1, naming the holder', async () => {
    const { directory, store } = deployedFleet();
    const letGo = store.lock({ verb: 'rollout', since: '2026-01-01T00:00:00.000Z' });
    const { exitCode, err } = await run(directory, ['destroy', '--confirm', 'orders']);
    letGo();

    expect([exitCode, err]).toEqual([
      1,
      [expect.stringMatching(/^fleet\/locked: fleet is locked by rollout \(pid \d+ on .* since 2026-01-01/)],
    ]);
    expect(store.loadRecords()).toEqual(records);
  });
});

describe('an error', () => {
  test('that is a defect is one line that says so and where, exit 1', async () => {
    const { directory } = deployedFleet();
    const { exitCode, err } = await run(directory, ['plan'], { productRoot: join(folder, 'nowhere') });

    expect([exitCode, err]).toEqual([1, [expect.stringMatching(/^fleet\/internal: ENOENT.*\(this is a defect of fleet; at .*\)$/)]]);
  });

  test.each([[['plan']], [['plan', '--json']]])('of %j that quotes a file says so without a control character', async (argv) => {
    const { directory } = deployedFleet();
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
    const { directory } = deployedFleet();
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
    const { directory, store } = deployedFleet();
    writeFileSync(join(store.directory, 'fleet.json'), '{"version":1,"name":"invoices"}');
    const before = readdirSync(store.directory, { recursive: true }).sort();
    const { exitCode, err } = await run(directory, ['rollout', '--yes']);

    expect([exitCode, err]).toEqual([
      2,
      [expect.stringMatching(/^user\/state-of-another-fleet: state folder .* belongs to fleet invoices, not orders/)],
    ]);
    expect(readdirSync(store.directory, { recursive: true }).sort()).toEqual(before);
  });
});
