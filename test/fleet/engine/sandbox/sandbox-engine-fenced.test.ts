import { logGroup } from './graph';
import { accounts, TestSandbox, told } from './test-sandbox';

const graph = [logGroup('a'), logGroup('b', {}, { dependsOn: ['a'] }), logGroup('c', {}, { dependsOn: ['b'] })];
const quiet = () => ({ signal: new AbortController().signal, onEvent: () => undefined });

describe('a controller that was stopped and woken', () => {
  let sandbox: TestSandbox;
  beforeEach(() => {
    sandbox = new TestSandbox();
  });
  afterEach(() => sandbox.close());

  /** Starts `up` on another engine, which stops after so many operations and goes on when `wake` is called. */
  const stopAfter = async (operations: number, signal = quiet().signal) => {
    const { wake, stopped } = sandbox.clock.holdAfter(operations);
    const work = sandbox.beside().run('up', sandbox.job(graph, { id: 'old' }), { ...quiet(), signal });
    await stopped;
    return { work, wake };
  };

  test.each([0, 1, 2])('after %i operations writes nothing where another finished its target, and says so', async (operations) => {
    const { work, wake } = await stopAfter(operations);
    await sandbox.up(graph, { id: 'new' });
    const before = sandbox.files();
    wake();

    expect(await work).toMatchObject({
      status: 'failed',
      error: { code: 'fleet/fenced', message: expect.stringContaining('this one writes nothing more') as string },
    });
    expect(sandbox.files()).toEqual(before);
    expect((await sandbox.inspect()).lastAttempt).toMatchObject({ id: 'new', result: 'succeeded' });
  });

  test('before its engine began does not begin an attempt that another one has begun since', async () => {
    const late = sandbox.beside();
    await sandbox.up(graph, { id: 'rollout/target#1' });
    const before = sandbox.files();
    const result = await late.run('up', sandbox.job(graph, { id: 'rollout/target#1' }), quiet());

    expect(result).toMatchObject({ status: 'failed', changes: { create: 0, same: 0 }, error: { code: 'fleet/fenced' } });
    expect(sandbox.files()).toEqual(before);
  });

  test('writes nothing where another changed the account and has not come to its target', async () => {
    const { work, wake } = await stopAfter(0);
    await sandbox.up([logGroup('other')], { target: `foundation/${accounts.workload}/us-east-1` });
    const before = sandbox.files();
    wake();

    // What it had done already is noted in its own stack; the next operation is refused by the account's file.
    expect(await work).toMatchObject({
      status: 'failed',
      error: { code: 'fleet/fenced', resource: expect.stringContaining('::b') as string },
    });
    const world = `world/${accounts.workload}.ndjson`;
    expect(sandbox.files()[world]).toBe(before[world]);
    sandbox.restart();
    expect(await sandbox.inspect()).toMatchObject({ lastAttempt: { id: 'old', result: null }, pending: [{ op: 'create' }] });
    expect(told((await sandbox.up(graph)).steps)).toEqual(['same a', 'create b', 'create c']);
  });

  test('and whose time is over by then does not note its failure', async () => {
    const controller = new AbortController();
    const { work, wake } = await stopAfter(0, controller.signal);
    await sandbox.up(graph, { id: 'new' });
    const before = sandbox.files();
    controller.abort(new Error('target timeout'));
    wake();

    expect(await work).toMatchObject({ status: 'failed', error: { code: 'fleet/fenced' } });
    expect(sandbox.files()).toEqual(before);
  });

  test('begins no other target either', async () => {
    const old = sandbox.engine;
    await sandbox.up([logGroup('a')]);
    await sandbox.beside().run('up', sandbox.job([logGroup('a'), logGroup('b')]), quiet());
    const before = sandbox.files();

    const own = await old.run('up', sandbox.job([logGroup('a')]), quiet());
    const other = await old.run('up', sandbox.job([logGroup('z')], { target: `regional/${accounts.other}/us-east-1` }), quiet());

    expect([own, other]).toEqual([
      expect.objectContaining({ status: 'failed', steps: [], error: expect.objectContaining({ code: 'fleet/fenced' }) as unknown }),
      expect.objectContaining({ status: 'failed', steps: [], error: expect.objectContaining({ code: 'fleet/fenced' }) as unknown }),
    ]);
    expect(sandbox.files()).toEqual(before);
  });

  test('can still look at what the other one does', async () => {
    const reader = sandbox.beside();
    const { target } = sandbox.job(graph);
    expect(await reader.inspect(target)).toMatchObject({ exists: false });

    await sandbox.up([logGroup('a')], { id: 'first' });
    expect(await reader.inspect(target)).toMatchObject({ exists: true, lastAttempt: { id: 'first' } });
    await sandbox.up([logGroup('a'), logGroup('b')], { id: 'second' });

    const { lastAttempt, resources } = await reader.inspect(target);
    expect(lastAttempt).toMatchObject({ id: 'second', result: 'succeeded' });
    expect(resources.map(({ name }) => name)).toEqual(expect.arrayContaining(['a', 'b']));
    const seen = await reader.run('preview', sandbox.job([logGroup('a')]), quiet());
    expect(told(seen.steps)).toEqual(['same a', 'delete b']);
  });
});

describe('what is left of an attempt', () => {
  let sandbox: TestSandbox;
  beforeEach(() => {
    sandbox = new TestSandbox();
  });
  afterEach(() => sandbox.close());

  test('is that it never ended, where its controller died in it', async () => {
    await sandbox.up([logGroup('a')], { id: 'first' });
    expect(await sandbox.upKilledAfter(0, [logGroup('a'), logGroup('b')], { id: 'second' })).toBe(true);

    expect((await sandbox.inspect()).lastAttempt).toMatchObject({ id: 'second', endedAt: null, result: null, error: null });
  });

  test('is what it changed, where it succeeded', async () => {
    const { changes } = await sandbox.up([logGroup('a')], { id: 'first' });
    sandbox.restart();

    expect((await sandbox.inspect()).lastAttempt).toEqual({
      id: 'first',
      action: 'up',
      startedAt: '2026-01-05T08:00:00.000Z',
      endedAt: expect.stringMatching(/^2026-01-05T08:00:0/) as string,
      result: 'succeeded',
      changes,
      error: null,
    });
    expect(changes.create).toBeGreaterThan(0);
  });

  test('is what it changed and why it failed', async () => {
    const faults = [{ target: '**', kind: 'create-fails', after: 1, times: 1 }];
    sandbox.restart(faults);
    const failed = await sandbox.run('up', graph, { id: 'first' });
    sandbox.restart(faults);

    const error = { code: 'aws/InternalFailure', resource: expect.stringContaining('::b') as string };
    expect(failed).toMatchObject({ error });
    expect((await sandbox.inspect()).lastAttempt).toMatchObject({ id: 'first', result: 'failed', changes: failed.changes, error });
  });

  test('is not that of a preview or a refresh', async () => {
    await sandbox.up([logGroup('a')], { id: 'first' });
    await sandbox.run('preview', [], { id: 'second' });
    await sandbox.run('refresh', [], { id: 'third' });

    expect((await sandbox.inspect()).lastAttempt).toMatchObject({ id: 'first' });
  });
});
