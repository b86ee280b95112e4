import { LOG_GROUP, logGroup, QUEUE, type GraphResource } from './graph';
import { accounts, TestSandbox, told } from './test-sandbox';

const other = `regional/${accounts.other}/us-east-1`;
const graph: readonly GraphResource[] = [
  logGroup('app', { retentionInDays: 7, tags: { Team: 'commerce' } }),
  { type: QUEUE, name: 'jobs', inputs: { name: 'jobs', delaySeconds: 5 } },
];

describe('drift', () => {
  let sandbox: TestSandbox;
  beforeEach(async () => {
    sandbox = new TestSandbox();
    await sandbox.up(graph);
    await sandbox.up(graph, { target: other });
  });
  afterEach(() => sandbox.close());

  /** Type, operation and keys of what a refresh finds different. */
  const found = async (target?: string) => {
    const { status, steps } = await sandbox.run('refresh', graph, target === undefined ? {} : { target });
    expect(status).toBe('succeeded');
    return steps
      .filter(({ op }) => op !== 'same')
      .map(({ op, name, keys }) => [op, name, ...keys])
      .sort();
  };

  test('is none where nobody planted any', async () => {
    expect(await found()).toEqual([]);
    expect([...told((await sandbox.run('refresh', graph)).steps)].sort()).toEqual(['same app', 'same jobs']);
  });

  test.each<[string, readonly unknown[], readonly unknown[]]>([
    ['changed', [{ target: '**', on: LOG_GROUP, set: { retentionInDays: 30 } }], [['update', 'app', 'retentionInDays']]],
    ['added', [{ target: '**', on: QUEUE, set: { visibilityTimeoutSeconds: 60 } }], [['update', 'jobs', 'visibilityTimeoutSeconds']]],
    [
      'changed twice over',
      [
        { target: '**', on: LOG_GROUP, set: { tags: {}, retentionInDays: 1 } },
        { target: 'regional/**', on: LOG_GROUP, set: { retentionInDays: 3 } },
      ],
      [['update', 'app', 'retentionInDays', 'tags']],
    ],
    ['set to what it is', [{ target: '**', on: LOG_GROUP, set: { retentionInDays: 7 } }], []],
    ['changed in another target', [{ target: 'regional/*/us-east-1', on: LOG_GROUP, set: { retentionInDays: 30 } }], []],
  ])('of an input that was %s is told with its keys', async (_how, drift, expected) => {
    sandbox.restartDrifted(drift);

    expect(await found()).toEqual(expected);
  });

  test('of a resource that is gone is told as a delete', async () => {
    sandbox.restartEmptied(accounts.other);

    expect(await found(other)).toEqual([
      ['delete', 'app'],
      ['delete', 'jobs'],
    ]);
    expect(await found()).toEqual([]);
  });

  test('is told with what was deployed and what is found, secrets masked', async () => {
    const secretive = [logGroup('app', { retentionInDays: 7, tags: { Team: 'commerce', Key: { secret: 'canary-4711-canary' } } })];
    await sandbox.up(secretive);
    sandbox.restartDrifted([
      { target: '**', on: LOG_GROUP, set: { 'tags.Team': 'x', 'tags.Key': 'canary-0815-canary', retentionInDays: null } },
    ]);

    const { steps } = await sandbox.run('refresh', secretive);

    expect(steps.find(({ name }) => name === 'app')).toMatchObject({
      op: 'update',
      keys: ['retentionInDays', 'tags'],
      differences: [
        { path: 'retentionInDays', deployed: 7, found: null },
        { path: 'tags.Key', deployed: '[secret]', found: '[secret]' },
        { path: 'tags.Team', deployed: 'commerce', found: 'x' },
      ],
    });
    expect(JSON.stringify(steps.map(({ differences }) => differences))).not.toMatch(/canary/);
  });

  test('is seen by nothing but a refresh, changes nothing, and a run without one leaves it', async () => {
    sandbox.restartDrifted([{ target: '**', on: LOG_GROUP, set: { retentionInDays: 30 } }]);
    const before = sandbox.files();

    expect(await found()).toEqual([['update', 'app', 'retentionInDays']]);
    expect((await sandbox.run('preview', graph)).changes).toMatchObject({ create: 0, update: 0, replace: 0, delete: 0 });
    expect(sandbox.files()).toEqual(before);
    expect((await sandbox.inspect()).resources.find(({ name }) => name === 'app')?.inputs.retentionInDays).toBe(7);

    expect((await sandbox.up(graph)).changes).toMatchObject({ update: 0 });
    expect(await found()).toHaveLength(1);
    sandbox.restart();
    expect(await found()).toEqual([]);
  });
});
