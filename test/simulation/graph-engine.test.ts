import { join } from 'node:path';

import { runInputsSchema } from '../../contracts/target-config';
import { targetSchema } from '../../contracts/target';
import type { EngineJob, EngineResult } from '../../fleet/ports';
import { MemoryLogs } from '../../sandbox/memory-logs';
import { organizationSchema } from '../../sandbox/organization';
import { FakeClock } from '../fleet/engine/sandbox/test-sandbox';
import { temporaryFolder } from '../helpers/temporary-folder';

import { openGraphEngine, type OrderGraphSettings } from './graph-engine';

const folder = temporaryFolder('graph-engine');
const FOUNDATION = 'foundation/100000000000/eu-west-1';
const REGIONAL = 'regional/111111111111/eu-west-1';
const [QUEUE, TABLE] = ['aws:sqs/queue:Queue', 'aws:dynamodb/table:Table'];

describe('an engine over a graph in memory', () => {
  let memory: MemoryLogs;
  let clock: FakeClock;
  let runs = 0;
  beforeEach(() => {
    memory = new MemoryLogs();
    clock = new FakeClock();
    runs += 1;
  });

  const open = (planted: { readonly faults?: unknown; readonly drift?: unknown } = {}) =>
    openGraphEngine({
      memory,
      clock,
      directory: join(folder, String(runs)),
      organization: organizationSchema.parse({
        id: 'o-sandbox0001',
        managementAccount: '100000000000',
        accounts: [
          { id: '100000000000', name: 'management' },
          { id: '111111111111', name: 'workload' },
        ],
        ...planted,
      }),
    }).engine;
  let attempts = 0;
  const jobOf = (id: string, over: Partial<EngineJob> = {}, settings: OrderGraphSettings = {}): EngineJob => {
    const target = targetSchema.parse(id);
    const upstream = id === FOUNDATION ? [] : [{ target: targetSchema.parse(FOUNDATION).id, accountName: 'management' }];
    return {
      id: `rollout/${id}#${(attempts += 1)}`,
      target,
      release: { digest: 'a'.repeat(64), directory: '', manifest: { version: 1, layers: {}, lambdas: {}, providerVersion: '' } },
      config: {
        version: 1,
        fleet: 'orders',
        target: target.id,
        account: { id: target.account, name: 'workload', unit: 'Workloads' },
        region: target.region,
        part: 1,
        homeRegion: target.region,
        organizationId: 'o-sandbox0001',
        accounts: { shared: target.account, monitoring: target.account },
        deployRole: 'fleet/deploy',
        tags: { Team: 'commerce' },
        upstream,
        settings,
      },
      run: runInputsSchema.parse({}),
      fingerprint: 'f1',
      purpose: 'forward',
      ...over,
    };
  };
  type Opened = ReturnType<typeof open>;
  const run = (engine: Opened, job: EngineJob, action: 'up' | 'preview' | 'refresh' | 'destroy' = 'up'): Promise<EngineResult> =>
    engine.run(action, job, { signal: new AbortController().signal, onEvent: () => undefined });

  test('deploys as the sandbox does: what is new, then only what differs', async () => {
    const engine = open();

    expect(await run(engine, jobOf(FOUNDATION))).toMatchObject({ status: 'succeeded', changes: { create: 4 } });
    expect(await run(engine, jobOf(FOUNDATION))).toMatchObject({ changes: { create: 0, update: 0, same: 4 } });
    expect(await run(engine, jobOf(FOUNDATION, {}, { visibility: 60 }))).toMatchObject({ changes: { update: 1 } });
    expect(await run(engine, jobOf(FOUNDATION, {}, { visibility: 60, hashKey: 'key' }), 'preview')).toMatchObject({
      changes: { replace: 1 },
    });
    const other = { ...jobOf(FOUNDATION, {}, { visibility: 60 }), release: { ...jobOf(FOUNDATION).release, digest: 'b'.repeat(64) } };
    expect((await run(engine, other)).steps.filter(({ op }) => op !== 'same')).toMatchObject([{ op: 'update', name: 'role' }]);
    expect(await run(engine, { ...other, id: 'destroy' }, 'destroy')).toMatchObject({ changes: { delete: 4 } });
    expect(await engine.inspect(other.target)).toMatchObject({ exists: false });
  });

  test('what a target exports changes with its settings, and with that what stands on it', async () => {
    const engine = open();
    const first = await run(engine, jobOf(FOUNDATION));
    await run(engine, jobOf(REGIONAL));
    expect(await run(engine, jobOf(REGIONAL))).toMatchObject({ changes: { same: 4 } });

    const second = await run(engine, jobOf(FOUNDATION, {}, { visibility: 60 }));

    expect(second.status === 'succeeded' && first.status === 'succeeded' && second.outputs.settings).not.toEqual(
      first.status === 'succeeded' && first.outputs.settings,
    );
    expect((await run(engine, jobOf(REGIONAL))).steps.filter(({ op }) => op !== 'same')).toMatchObject([{ op: 'update', name: 'orders' }]);
  });

  test('goes on from the same memory after its controller died, and makes nothing twice', async () => {
    const stopped = clock.stopAfter(1);
    void run(open(), jobOf(REGIONAL, { id: 'first' }));
    await stopped;
    clock.goOn();
    const engine = open();

    expect((await engine.inspect(targetSchema.parse(REGIONAL))).lastAttempt).toMatchObject({ id: 'first', result: null });
    expect(await run(engine, jobOf(REGIONAL, { id: 'second' }))).toMatchObject({ status: 'succeeded', changes: { create: 1, same: 3 } });
    expect(await run(engine, jobOf(REGIONAL))).toMatchObject({ changes: { same: 4 } });
  });

  test.each([0, 1, 2])('whose controller died after %i operations and comes back writes nothing more', async (operations) => {
    const { stopped, wake } = clock.holdAfter(operations);
    const dead = open();
    const work = run(dead, jobOf(REGIONAL, { id: 'dead' }));
    await stopped;
    const engine = open();
    const paths = memory.paths();
    wake();

    expect(await work).toMatchObject({ status: 'failed', error: { code: 'fleet/fenced' } });
    expect(await run(dead, jobOf(FOUNDATION))).toMatchObject({ status: 'failed', steps: [], error: { code: 'fleet/fenced' } });
    expect(memory.paths()).toEqual(paths);
    expect((await engine.inspect(targetSchema.parse(REGIONAL))).lastAttempt).toMatchObject({ id: 'dead', result: null });
    expect(await run(engine, jobOf(REGIONAL))).toMatchObject({ status: 'succeeded' });
  });

  test('meets planted faults, whose counts outlive it, and drift', async () => {
    const faults = [{ target: 'regional/**', kind: 'create-fails', on: TABLE, times: 1 }];

    expect(await run(open({ faults }), jobOf(REGIONAL))).toMatchObject({ status: 'failed', error: { code: 'aws/InternalFailure' } });
    expect(await run(open({ faults }), jobOf(REGIONAL))).toMatchObject({ status: 'succeeded' });
    const drifted = open({ drift: [{ target: 'regional/**', on: QUEUE, set: { delaySeconds: 9 } }] });
    expect((await run(drifted, jobOf(REGIONAL), 'refresh')).steps.filter(({ op }) => op !== 'same')).toMatchObject([
      { op: 'update', name: 'orders', keys: ['delaySeconds'] },
    ]);
  });
});
