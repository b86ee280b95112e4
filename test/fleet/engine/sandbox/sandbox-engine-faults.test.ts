import { LOG_GROUP, logGroup, TOPIC } from './graph';
import { accounts, TestSandbox, told } from './test-sandbox';

const everywhere = (kind: string, fault: Readonly<Record<string, unknown>> = {}) => [{ target: '**', kind, ...fault }];

describe('planted faults', () => {
  const opened: TestSandbox[] = [];
  const open = (faults: readonly unknown[], promoted: readonly string[] = []): TestSandbox => {
    const sandbox = new TestSandbox(faults, promoted);
    opened.push(sandbox);
    return sandbox;
  };
  afterEach(() => opened.splice(0).forEach((sandbox) => sandbox.close()));

  test('create-fails fails the create, names the resource and leaves nothing pending', async () => {
    const sandbox = open(everywhere('create-fails'));

    const result = await sandbox.run('up', [logGroup('app')]);

    expect(result).toMatchObject({
      status: 'failed',
      changes: { create: expect.any(Number) as number },
      error: { code: 'aws/InternalFailure', resource: expect.stringContaining('::app') as string },
    });
    expect(told(result.steps)).toEqual([]);
    expect(sandbox.world()).toEqual([]);
    expect(await sandbox.inspect()).toMatchObject({ pending: [], lastAttempt: { result: 'failed' } });
  });

  test('update-fails fails the update and keeps what was', async () => {
    const sandbox = open(everywhere('update-fails'));
    await sandbox.up([logGroup('app', { retentionInDays: 7 })]);

    expect(await sandbox.run('up', [logGroup('app', { retentionInDays: 30 })])).toMatchObject({ error: { code: 'aws/InternalFailure' } });
    expect((await sandbox.inspect()).resources.find(({ name }) => name === 'app')?.inputs.retentionInDays).toBe(7);
  });

  test('delete-fails fails the delete and keeps the resource', async () => {
    const sandbox = open(everywhere('delete-fails'));
    await sandbox.up([logGroup('app')]);

    expect(await sandbox.run('up', [])).toMatchObject({ error: { code: 'aws/InternalFailure' } });
    expect(sandbox.world()).toEqual(['LogGroup app']);
    expect((await sandbox.inspect()).resources.map(({ name }) => name)).toContain('app');
  });

  test('throttle gives up after 25 tries, told one by one, with a wait that grows up to 20 seconds', async () => {
    const sandbox = open(everywhere('throttle'));

    const result = await sandbox.run('up', [logGroup('app')]);

    expect(result).toMatchObject({ status: 'failed', error: { code: 'aws/ThrottlingException' } });
    expect(sandbox.events.filter(({ kind }) => kind === 'resource-retried')).toHaveLength(24);
    // 300 simulated seconds pass in one real one.
    expect(sandbox.clock.slept.slice(0, 7).map((milliseconds) => Math.round((milliseconds * 300) / 1000))).toEqual([
      1, 2, 4, 8, 16, 20, 20,
    ]);
  });

  test('throttle with times is over after so many tries', async () => {
    const sandbox = open(everywhere('throttle', { times: 3 }));

    await sandbox.up([logGroup('app')]);

    expect(sandbox.events.map(({ kind }) => kind)).toEqual([
      'resource-started',
      'resource-retried',
      'resource-retried',
      'resource-retried',
      'resource-done',
    ]);
  });

  test('hang lasts until the run is aborted, and the next run does the work', async () => {
    const sandbox = open(everywhere('hang', { times: 1 }));
    const controller = new AbortController();

    const result = await sandbox.run('up', [logGroup('app'), logGroup('next', {}, { dependsOn: ['app'] })], {
      signal: controller.signal,
      onEvent: () => setImmediate(() => controller.abort(new Error('the caller gave up'))),
    });

    expect(result).toMatchObject({
      status: 'failed',
      error: { code: 'fleet/cancelled', resource: expect.stringContaining('::app') as string },
    });
    expect(sandbox.started()).toEqual(['create app']);
    expect((await sandbox.inspect()).pending).toEqual([{ urn: expect.stringContaining('::app') as string, op: 'create' }]);

    await sandbox.up([logGroup('app')]);
    expect(sandbox.world()).toEqual(['LogGroup app']);
    expect((await sandbox.inspect()).pending).toEqual([]);
  });

  test('a run whose signal is aborted already does nothing', async () => {
    const sandbox = open([]);

    const result = await sandbox.run('up', [logGroup('app')], { signal: AbortSignal.abort() });

    expect(result).toMatchObject({ status: 'failed', error: { code: 'fleet/cancelled' } });
    expect(sandbox.started()).toEqual([]);
  });

  test('slow adds real seconds to each operation it matches', async () => {
    const sandbox = open(everywhere('slow', { seconds: 4, on: LOG_GROUP }));

    await sandbox.up([logGroup('app'), { type: TOPIC, name: 'alerts', inputs: { name: 'alerts' } }]);

    expect(sandbox.clock.slept.filter((milliseconds) => milliseconds === 4000)).toHaveLength(1);
  });

  test('seconds delay a fault of another kind, too', async () => {
    const sandbox = open(everywhere('create-fails', { seconds: 2.5 }));

    await sandbox.run('up', [logGroup('app')]);

    expect(sandbox.clock.slept).toEqual([2500]);
  });

  test('crash ends the target with a code of its own, in the dark about the operation: no resource is named', async () => {
    const sandbox = open(everywhere('crash', { times: 1 }));

    expect(await sandbox.run('up', [logGroup('app')])).toMatchObject({
      status: 'failed',
      error: { code: 'pulumi/crashed', resource: null },
    });
    expect((await sandbox.inspect()).pending).toHaveLength(1);

    await sandbox.up([logGroup('app')]);
    expect(sandbox.world()).toEqual(['LogGroup app']);
  });

  test('role-missing stands for matching targets as long as it is planted', async () => {
    const faults = [{ target: 'regional/*/eu-west-1', kind: 'role-missing' }];
    const sandbox = open(faults);

    expect(await sandbox.run('up', [logGroup('app')])).toMatchObject({
      error: { code: 'aws/AccessDenied', message: expect.stringContaining('sts:AssumeRole') as string },
    });
    await sandbox.up([logGroup('app')], { target: `regional/${accounts.workload}/us-east-1` });

    sandbox.restart();
    await sandbox.up([logGroup('app')]);
  });

  test('role-missing keeps a refresh from looking: what stands there is not called as it was', async () => {
    const sandbox = open([]);
    await sandbox.up([logGroup('app')]);

    sandbox.restart([{ target: 'regional/*/eu-west-1', kind: 'role-missing' }]);

    expect(await sandbox.run('refresh', [logGroup('app')])).toMatchObject({
      status: 'failed',
      error: { code: 'aws/AccessDenied' },
      steps: [],
    });
  });

  test('on strikes one type only', async () => {
    const sandbox = open(everywhere('create-fails', { on: TOPIC }));

    await sandbox.up([logGroup('app')]);
    expect(await sandbox.run('up', [logGroup('app'), { type: TOPIC, name: 'alerts', inputs: { name: 'alerts' } }])).toMatchObject({
      error: { resource: expect.stringContaining('::alerts') as string },
    });
  });

  test('after lets matches through first, and counts survive a restart', async () => {
    const faults = everywhere('create-fails', { after: 1, times: 2 });
    const sandbox = open(faults);
    const outcomes: string[] = [];
    for (const name of ['a', 'b', 'b', 'b']) {
      outcomes.push((await sandbox.run('up', [logGroup('a'), ...(name === 'a' ? [] : [logGroup(name)])])).status);
      sandbox.restart(faults);
    }

    expect(outcomes).toEqual(['succeeded', 'failed', 'failed', 'succeeded']);
  });

  test('counts are kept for each target alone', async () => {
    const sandbox = open(everywhere('create-fails', { times: 1 }));
    const other = { target: `regional/${accounts.other}/eu-west-1` };

    expect((await sandbox.run('up', [logGroup('app')])).status).toBe('failed');
    expect((await sandbox.run('up', [logGroup('app')], other)).status).toBe('failed');
    expect((await sandbox.run('up', [logGroup('app')])).status).toBe('succeeded');
  });

  test.each([
    ['forward', 'failed', 'succeeded'],
    ['rollback', 'succeeded', 'failed'],
  ] as const)('phase %s strikes on that way only', async (phase, forward, rollback) => {
    const sandbox = open(everywhere('create-fails', { phase }));

    expect((await sandbox.run('up', [logGroup('one')], { purpose: 'forward' })).status).toBe(forward);
    expect((await sandbox.run('up', [logGroup('two')], { purpose: 'rollback' })).status).toBe(rollback);
  });

  test('release new spares what was promoted when the fault was first read, and only that', async () => {
    const faults = everywhere('create-fails', { release: 'new' });
    const sandbox = open(faults, ['good']);

    expect((await sandbox.run('up', [logGroup('app')], { fingerprint: 'bad' })).status).toBe('failed');
    expect((await sandbox.run('up', [logGroup('app')], { fingerprint: 'good' })).status).toBe('succeeded');
    sandbox.restart(faults, ['good', 'bad']);
    expect((await sandbox.run('up', [logGroup('app'), logGroup('more')], { fingerprint: 'bad' })).status).toBe('failed');
  });

  test('a failure in the middle keeps what was done; the next run does only the rest', async () => {
    const chain = [logGroup('a'), logGroup('b', {}, { dependsOn: ['a'] }), logGroup('c', {}, { dependsOn: ['b'] })];
    const faults = everywhere('create-fails', { after: 1, times: 1 });
    const sandbox = open(faults);

    const first = await sandbox.run('up', chain);
    expect(told(first.steps)).toEqual(['create a']);
    expect(sandbox.started()).toEqual(['create a', 'create b']);
    sandbox.restart(faults);

    const second = await sandbox.up(chain);
    expect(told(second.steps)).toEqual(['same a', 'create b', 'create c']);
    expect(sandbox.world()).toEqual(['LogGroup a', 'LogGroup b', 'LogGroup c']);
  });

  test('operations under way finish after a failure beside them', async () => {
    const sandbox = open(everywhere('create-fails', { times: 1 }));

    const result = await sandbox.run('up', [logGroup('a'), logGroup('b')]);

    expect(told(result.steps)).toEqual(['create b']);
    expect(sandbox.world()).toEqual(['LogGroup b']);
  });
});
