import type { EngineStep } from '../../../../fleet/ports';

import { LOG_GROUP, logGroup, QUEUE, type GraphResource } from './graph';
import { accounts, TestSandbox, told } from './test-sandbox';

const graph: readonly GraphResource[] = [
  logGroup('app', { retentionInDays: 7, tags: { Team: 'commerce' } }),
  logGroup('audit', { retentionInDays: 30 }),
  { type: QUEUE, name: 'jobs', inputs: { name: 'jobs', delaySeconds: 5 }, options: { dependsOn: ['app'] } },
];
const drift = [
  { target: '**', on: LOG_GROUP, name: 'app', set: { retentionInDays: 90, 'tags.Team': null } },
  { target: '**', on: LOG_GROUP, name: 'audit', gone: true },
  { target: '**', on: QUEUE, set: { visibilityTimeoutSeconds: 60 } },
];
const REPAIRED = ['create audit', 'update app', 'update jobs'];

const changed = (steps: readonly EngineStep[]) => [...told(steps)].sort();

describe('a run that reads first what AWS has', () => {
  let sandbox: TestSandbox;
  beforeEach(async () => {
    sandbox = new TestSandbox();
    await sandbox.up(graph);
    sandbox.restartDrifted(drift);
  });
  afterEach(() => sandbox.close());

  /** What a refresh finds different; nothing is what was deployed. */
  const found = async () => {
    const { status, steps } = await sandbox.run('refresh', graph);
    expect(status).toBe('succeeded');
    return changed(steps).filter((step) => !step.startsWith('same'));
  };
  const world = () => sandbox.world();

  test('brings back what was changed and makes again what is gone; a second look is clean, in any process', async () => {
    const before = world();
    expect(await found()).toEqual(['delete audit', 'update app', 'update jobs']);

    const { steps } = await sandbox.up(graph, { refresh: true });

    expect(changed(steps)).toEqual(REPAIRED);
    expect(world()).toEqual(before);
    for (const restart of [() => undefined, () => sandbox.restartDrifted(drift)]) {
      restart();
      expect(await found()).toEqual([]);
    }
    expect((await sandbox.up(graph, { refresh: true })).changes).toMatchObject({ create: 0, update: 0, replace: 0, delete: 0 });
    const { resources } = await sandbox.inspect();
    expect(resources.find(({ name }) => name === 'app')?.inputs).toMatchObject({ retentionInDays: 7, tags: { Team: 'commerce' } });
  });

  test('is foreseen by a preview, which writes nothing', async () => {
    const before = sandbox.files();

    const { status, steps } = await sandbox.run('preview', graph, { refresh: true });

    expect([status, ...changed(steps)]).toEqual(['succeeded', ...REPAIRED]);
    expect(sandbox.files()).toEqual(before);
    expect(await found()).toHaveLength(3);
  });

  test('finds what is planted anew, and what was changed in its entry', async () => {
    await sandbox.up(graph, { refresh: true });

    sandbox.restartDrifted([...drift.slice(1), { ...drift[0], set: { retentionInDays: 91 } }]);

    expect(await found()).toEqual(['update app']);
    await sandbox.up(graph, { refresh: true });
    expect(await found()).toEqual([]);
  });

  test('finds what was planted before the first rollout', async () => {
    const fresh = new TestSandbox();
    try {
      fresh.restartDrifted(drift);
      await fresh.up(graph);
      expect(changed((await fresh.run('refresh', graph)).steps)).toEqual(['delete audit', 'update app', 'update jobs']);
    } finally {
      fresh.close();
    }
  });

  test('takes in what an emptied account has not', async () => {
    sandbox.restartEmptied(accounts.workload);

    expect(changed((await sandbox.up(graph, { refresh: true })).steps)).toEqual(['create app', 'create audit', 'create jobs']);
    expect(await found()).toEqual([]);
  });

  test.each([0, 1, 2, 3])('killed after %i operations is ended by the next one', async (operations) => {
    await sandbox.upKilledAfter(operations, graph, { refresh: true });
    sandbox.restartDrifted(drift);

    await sandbox.up(graph, { refresh: true });

    expect(await found()).toEqual([]);
    expect(world()).toEqual(['LogGroup app', 'LogGroup audit', 'Queue jobs']);
  });

  test('that fails is ended by the next one, which need not read again', async () => {
    sandbox.restartDrifted(drift, [{ target: '**', kind: 'update-fails', on: LOG_GROUP }]);
    expect((await sandbox.run('up', graph, { refresh: true })).status).toBe('failed');
    sandbox.restartDrifted(drift);

    await sandbox.up(graph);

    expect(await found()).toEqual([]);
  });

  test('does nothing where the role cannot be assumed', async () => {
    sandbox.restartDrifted(drift, [{ target: '**', kind: 'role-missing' }]);
    const before = sandbox.files();

    const { status, steps } = await sandbox.run('preview', graph, { refresh: true });
    expect([status, steps]).toEqual(['failed', []]);
    expect((await sandbox.run('up', graph, { refresh: true })).status).toBe('failed');

    const worlds = (files: Readonly<Record<string, string>>) => Object.entries(files).filter(([path]) => path.startsWith('world'));
    expect(worlds(sandbox.files())).toEqual(worlds(before));
  });

  test('writes nothing more once another process has', async () => {
    const beside = sandbox.beside();
    await sandbox.up(graph, { refresh: true, id: `rollout-2/regional/${accounts.workload}/eu-west-1#1` });
    const signal = new AbortController().signal;
    const older = sandbox.job(graph, { refresh: true, id: `rollout-1/regional/${accounts.workload}/eu-west-1#9` });

    const result = await beside.run('up', older, { signal, onEvent: () => undefined });
    expect(result.status).toBe('succeeded');

    const stale = await sandbox.run('up', [...graph, logGroup('late')], { refresh: true });
    expect(stale).toMatchObject({ status: 'failed', error: { code: 'fleet/fenced' } });
  });
});
