import { logGroup, type GraphResource } from './graph';
import { accounts, TestSandbox, told } from './test-sandbox';

/** `data` is protected and stands on `base`; `identity` is protected; `alone` is not. */
const graph = (free: readonly string[] = []): GraphResource[] => [
  logGroup('base'),
  logGroup('data', {}, { dependsOn: ['base'], protect: !free.includes('data') }),
  logGroup('identity', { deletionProtectionEnabled: !free.includes('identity') }, { protect: !free.includes('identity') }),
  logGroup('alone'),
  logGroup('user', {}, { dependsOn: ['data', 'alone'] }),
];

describe('destroy', () => {
  let sandbox: TestSandbox;
  beforeEach(async () => {
    sandbox = new TestSandbox();
    await sandbox.up({ resources: graph(), outputs: { name: { ref: 'base.name' } } });
    sandbox.events.length = 0;
  });
  afterEach(() => sandbox.close());

  test('keeps what is protected and all it stands on, and deletes the rest, dependents first', async () => {
    const result = await sandbox.run('destroy', graph());

    expect(result.status).toBe('succeeded');
    expect(told(result.steps)).toEqual(['delete user', 'delete alone']);
    expect(sandbox.world()).toEqual(['LogGroup base', 'LogGroup data', 'LogGroup identity']);
    const { exists, resources } = await sandbox.inspect();
    expect(exists).toBe(true);
    expect(resources.map(({ type }) => type)).toEqual(expect.arrayContaining(['pulumi:pulumi:Stack', 'pulumi:providers:aws']));
  });

  test('takes the protection off what the program frees, AWS being told first, and keeps the others', async () => {
    const result = await sandbox.run('destroy', graph(['identity']), { run: { unprotect: 'identity' } });

    expect(told(result.steps)).toEqual(['update identity', 'delete identity', 'delete user', 'delete alone']);
    expect(sandbox.world()).toEqual(['LogGroup base', 'LogGroup data']);
  });

  test('of everything leaves no stack behind, and can be run again', async () => {
    const everything = graph(['identity', 'data']);

    const first = await sandbox.run('destroy', everything, { run: { unprotect: 'everything' } });
    expect(first.status).toBe('succeeded');
    expect(sandbox.world()).toEqual([]);
    expect(Object.keys(sandbox.files())).toEqual([`world/${accounts.workload}.ndjson`]);
    expect(await sandbox.inspect()).toMatchObject({ exists: false, lastAttempt: null, resources: [], outputs: null });

    const second = await sandbox.run('destroy', everything, { run: { unprotect: 'everything' } });
    expect(second).toMatchObject({ status: 'succeeded', steps: [] });
  });

  test('does not replace what it is about to delete', async () => {
    const moved = graph(['identity']).map((resource) =>
      resource.name === 'identity' ? logGroup('identity', { name: 'elsewhere' }) : resource,
    );
    sandbox.restart();
    await sandbox.up(graph().map((one) => (one.name === 'identity' ? logGroup('identity', {}, { protect: true }) : one)));

    const result = await sandbox.run('destroy', moved, { run: { unprotect: 'identity' } });

    expect(told(result.steps)).toEqual(['delete identity', 'delete user', 'delete alone']);
    expect(sandbox.world()).toEqual(['LogGroup base', 'LogGroup data']);
  });

  test('that fails in the middle is finished by the next', async () => {
    const faults = [{ target: '**', kind: 'delete-fails', after: 1, times: 1 }];
    sandbox.restart(faults);

    const first = await sandbox.run('destroy', graph());
    expect(first).toMatchObject({ status: 'failed', error: { resource: expect.stringContaining('::alone') as string } });
    sandbox.restart(faults);

    expect(told((await sandbox.run('destroy', graph())).steps)).toEqual(['delete alone']);
    expect(await sandbox.inspect()).toMatchObject({ lastAttempt: { action: 'destroy', result: 'succeeded' }, pending: [] });
  });

  test('a deploy after it makes the missing resources again', async () => {
    await sandbox.run('destroy', graph());

    const result = await sandbox.up(graph());

    expect([...told(result.steps)].sort()).toEqual(['create alone', 'create user', 'same base', 'same data', 'same identity']);
  });
});
