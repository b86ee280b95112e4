import { rmSync } from 'node:fs';

import { KEY, LOG_GROUP, logGroup, QUEUE, TOPIC, type Graph, type GraphResource } from './graph';
import { accounts, TestSandbox, told } from './test-sandbox';

const queue = (name: string, inputs: GraphResource['inputs'] = {}): GraphResource => ({ type: QUEUE, name, inputs: { name, ...inputs } });

describe('the sandbox engine', () => {
  let sandbox: TestSandbox;
  beforeEach(() => {
    sandbox = new TestSandbox();
  });
  afterEach(() => sandbox.close());

  describe('up', () => {
    test('makes what is declared, and a second run changes nothing', async () => {
      const graph: Graph = { resources: [logGroup('app', { retentionInDays: 7 }), queue('jobs')], outputs: { arn: { ref: 'app.arn' } } };

      const first = await sandbox.up(graph);
      expect([...told(first.steps)].sort()).toEqual(['create app', 'create jobs']);
      expect(first.outputs).toEqual({ arn: `arn:aws:logs:eu-west-1:${accounts.workload}:log-group:app` });
      expect(sandbox.world()).toEqual(['LogGroup app', 'Queue jobs']);

      const second = await sandbox.up(graph);
      expect(second.changes).toEqual({ create: 0, update: 0, replace: 0, delete: 0, same: first.changes.create });
      expect(sandbox.started()).toHaveLength(2);
    });

    test('is the same on a second run in another process', async () => {
      const graph = [logGroup('app', { retentionInDays: 7 }), { type: KEY, name: 'key', inputs: { description: 'data' } }];
      await sandbox.up(graph);
      sandbox.restart();

      expect((await sandbox.up(graph)).changes).toMatchObject({ create: 0, update: 0, replace: 0, delete: 0 });
    });

    test('updates an input that forces nothing, and names it', async () => {
      await sandbox.up([logGroup('app', { retentionInDays: 7 })]);

      const result = await sandbox.up([logGroup('app', { retentionInDays: 30 })]);

      expect(result.steps.find(({ name }) => name === 'app')).toMatchObject({ op: 'update', keys: ['retentionInDays'] });
      expect(sandbox.world()).toEqual(['LogGroup app']);
      const { resources } = await sandbox.inspect();
      expect(resources.find(({ name }) => name === 'app')?.inputs.retentionInDays).toBe(30);
    });

    test('replaces under another name by making the new one before the old one goes, and is done with it', async () => {
      const before = [logGroup('app', { name: 'old' }), logGroup('user', {}, { dependsOn: ['app'] })];
      const after = [logGroup('app', { name: 'new' }), logGroup('user', {}, { dependsOn: ['app'] })];
      await sandbox.up(before);

      const result = await sandbox.up(after);

      expect(result.changes).toMatchObject({ create: 0, replace: 1, delete: 0 });
      expect(sandbox.started().slice(2)).toEqual(['replace app', 'delete app']);
      expect(sandbox.world()).toEqual(['LogGroup new', 'LogGroup user']);
      expect((await sandbox.inspect()).pending).toEqual([]);
      expect((await sandbox.up(after)).changes).toMatchObject({ create: 0, update: 0, replace: 0, delete: 0 });
    });

    test.each([
      ['the physical name stays', { logGroupClass: 'INFREQUENT_ACCESS' }, {}],
      ['the program asks for it', { name: 'other' }, { deleteBeforeReplace: true }],
    ])('replaces by deleting first where %s', async (_why, inputs, options) => {
      await sandbox.up([logGroup('app', {}, options)]);
      const after = [logGroup('app', inputs, options)];

      const result = await sandbox.up(after);

      expect(result.changes).toMatchObject({ create: 0, replace: 1, delete: 0 });
      const file = sandbox.files()[`world/${accounts.workload}.ndjson`] ?? '';
      expect(file.match(/"(put|removed)"/g)).toEqual(['"put"', '"removed"', '"put"']);
      expect((await sandbox.up(after)).changes).toMatchObject({ create: 0, update: 0, replace: 0, delete: 0 });
    });

    test('a replacement gets ids of its own where AWS draws them', async () => {
      const key = (multiRegion: boolean) => ({
        resources: [{ type: KEY, name: 'key', inputs: { multiRegion } }],
        outputs: { id: { ref: 'key.keyId' } },
      });
      const first = await sandbox.up(key(false));
      const second = await sandbox.up(key(true));
      const third = await sandbox.up(key(false));

      expect(new Set([first.outputs.id, second.outputs.id, third.outputs.id]).size).toBe(3);
    });

    test('another region of the provider replaces what stands in the old one, under the same name', async () => {
      await sandbox.up([logGroup('app')]);

      const result = await sandbox.up({ resources: [logGroup('app')], region: 'us-east-1' });

      expect(result.steps.find(({ name }) => name === 'app')).toMatchObject({ op: 'replace', keys: ['provider'] });
      expect(sandbox.world()).toEqual(['LogGroup app us-east-1']);
    });

    test('a change in replaceOnChanges replaces where AWS would update', async () => {
      const graph = (retentionInDays: number) => [logGroup('app', { retentionInDays }, { replaceOnChanges: ['retentionInDays'] })];
      await sandbox.up(graph(7));

      expect((await sandbox.up(graph(30))).changes).toMatchObject({ update: 0, replace: 1 });
    });

    test('deletes what is no longer declared, dependents first', async () => {
      const { changes } = await sandbox.up([
        logGroup('a'),
        logGroup('b', {}, { dependsOn: ['a'] }),
        logGroup('c', {}, { dependsOn: ['b'] }),
        logGroup('kept'),
      ]);
      expect(changes.delete).toBe(0);

      const result = await sandbox.up([logGroup('kept')]);

      expect(told(result.steps)).toEqual(['same kept', 'delete c', 'delete b', 'delete a']);
      expect(sandbox.world()).toEqual(['LogGroup kept']);
    });

    test('an undeclared dependent goes before the old instance of what it depended on', async () => {
      await sandbox.up([logGroup('base', { name: 'old' }), logGroup('user', {}, { dependsOn: ['base'] })]);

      await sandbox.up([logGroup('base', { name: 'new' })]);

      expect(sandbox.started().slice(2)).toEqual(['replace base', 'delete user', 'delete base']);
    });

    test.each([
      ['dependsOn', logGroup('second', {}, { dependsOn: ['first'] })],
      ['an output that is an input', logGroup('second', { tags: { uses: { ref: 'first.name' } } })],
      ['a parent', logGroup('second', {}, { parent: 'first' })],
    ])('%s puts one operation after another', async (_how, second) => {
      await sandbox.up([logGroup('first'), second]);

      expect(sandbox.events.map(({ kind, step }) => `${kind} ${step.name}`)).toEqual([
        'resource-started first',
        'resource-done first',
        'resource-started second',
        'resource-done second',
      ]);
    });

    test('independent resources are made side by side', async () => {
      await sandbox.up([logGroup('a'), logGroup('b'), logGroup('c')]);

      expect(sandbox.events.slice(0, 3).map(({ kind }) => kind)).toEqual(['resource-started', 'resource-started', 'resource-started']);
    });

    test('default tags reach taggable resources; the own ones win', async () => {
      await sandbox.up({ resources: [logGroup('app', { tags: { Team: 'own' } })], defaultTags: { Team: 'all', CostCenter: 'cc-1' } });

      const { resources } = await sandbox.inspect();
      expect(resources.find(({ name }) => name === 'app')?.outputs.tagsAll).toEqual({ Team: 'own', CostCenter: 'cc-1' });
    });

    test('two targets at once do not mix', async () => {
      const [ireland, virginia] = [`regional/${accounts.workload}/eu-west-1`, `regional/${accounts.other}/us-east-1`];
      const graph = (name: string): Graph => ({ resources: [logGroup(name)], outputs: { arn: { ref: `${name}.arn` } } });

      const [first, second] = await Promise.all([
        sandbox.up(graph('one'), { target: ireland }),
        sandbox.up(graph('two'), { target: virginia }),
      ]);

      expect(first.outputs.arn).toBe(`arn:aws:logs:eu-west-1:${accounts.workload}:log-group:one`);
      expect(second.outputs.arn).toBe(`arn:aws:logs:us-east-1:${accounts.other}:log-group:two`);
      expect(sandbox.world(accounts.workload)).toEqual(['LogGroup one']);
      expect(sandbox.world(accounts.other)).toEqual(['LogGroup two us-east-1']);
      expect((await sandbox.inspect(ireland)).resources.map(({ name }) => name)).not.toContain('two');
    });

    test('the same rollout in fresh folders gives the same ids and ARNs', async () => {
      const graph = [logGroup('app'), queue('jobs'), { type: KEY, name: 'key', inputs: {} }, { type: TOPIC, name: 'auto', inputs: {} }];
      const twin = new TestSandbox();
      try {
        await sandbox.up(graph);
        await twin.up(graph);

        expect(await twin.inspect()).toEqual(await sandbox.inspect());
        expect((await sandbox.inspect()).resources.map(({ id }) => id)).toContain('app');
      } finally {
        twin.close();
      }
    });
  });

  describe('preview', () => {
    test('tells every step and changes nothing on disk', async () => {
      await sandbox.up([
        logGroup('changed'),
        logGroup('renamed', { name: 'old' }),
        logGroup('gone'),
        logGroup('left', {}, { retainOnDelete: true }),
      ]);
      const before = sandbox.files();
      const started = sandbox.started().length;

      const result = await sandbox.run('preview', {
        resources: [logGroup('changed', { retentionInDays: 7 }), logGroup('renamed', { name: 'new' }), logGroup('fresh')],
        outputs: { arn: { ref: 'fresh.arn' } },
      });

      expect([...told(result.steps)].sort()).toEqual(['create fresh', 'delete gone', 'replace renamed', 'retain left', 'update changed']);
      expect(result).toMatchObject({ status: 'succeeded', outputs: { arn: expect.stringContaining('log-group:fresh') as string } });
      expect(sandbox.files()).toEqual(before);
      expect(sandbox.started()).toHaveLength(started);
    });

    test('of a target that was never deployed leaves no trace of it', async () => {
      const result = await sandbox.run('preview', [logGroup('app')]);

      expect(told(result.steps)).toEqual(['create app']);
      expect(sandbox.files()).toEqual({});
      expect(await sandbox.inspect()).toMatchObject({ exists: false, lastAttempt: null, resources: [], outputs: null });
    });
  });

  describe('stack references', () => {
    const foundation = `foundation/${accounts.workload}/eu-west-1`;
    const reads = (stack: string): Graph => ({ resources: [logGroup('reader', { tags: { topic: { stack: `${stack}#topic` } } })] });

    test("one stack reads another's outputs", async () => {
      await sandbox.up(
        { resources: [{ type: TOPIC, name: 'alerts', inputs: { name: 'alerts' } }], outputs: { topic: { ref: 'alerts.arn' } } },
        { target: foundation },
      );

      await sandbox.up(reads(`organization/foundation/${accounts.workload}.eu-west-1`));

      const { resources } = await sandbox.inspect();
      expect(resources.find(({ name }) => name === 'reader')?.inputs.tags).toEqual({
        topic: `arn:aws:sns:eu-west-1:${accounts.workload}:alerts`,
      });
    });

    test.each([
      ['never deployed', `organization/foundation/${accounts.workload}.eu-west-1`],
      ['in a region that is none', `organization/foundation/${accounts.workload}.eu-nowhere-1`],
      ['not of this form', 'foundation'],
    ])('a stack that is %s fails the target', async (_what, stack) => {
      const result = await sandbox.run('up', reads(stack));

      expect(result).toMatchObject({ status: 'failed', error: { message: `unknown stack "${stack}"` } });
      expect(sandbox.world()).toEqual([]);
    });
  });

  describe('inspect', () => {
    test('tells the last attempt, the tree and the stack outputs', async () => {
      await sandbox.up(
        { resources: [{ ...logGroup('app'), group: { name: 'box' } }], outputs: { name: { ref: 'app.name' } } },
        { id: 'rollout-2/target#2' },
      );
      sandbox.restart();

      const inspection = await sandbox.inspect();

      expect(inspection).toMatchObject({
        exists: true,
        lastAttempt: {
          id: 'rollout-2/target#2',
          action: 'up',
          startedAt: '2026-01-05T08:00:00.000Z',
          result: 'succeeded',
          changes: { create: expect.any(Number) as number },
          error: null,
        },
        lock: null,
        pending: [],
        outputs: { name: 'app' },
      });
      const child = inspection.resources.find(({ name }) => name === 'app');
      expect(child?.parent).toContain('test:graph:Group::box');
      expect(child?.type).toBe(LOG_GROUP);
      expect(inspection.resources.map(({ urn }) => urn)).toContain(child?.parent);
    });
  });

  describe('refresh', () => {
    test('tells what differs from the record, and deploys nothing', async () => {
      await sandbox.up([logGroup('kept'), logGroup('lost')]);
      rmSync(`${sandbox.directory}/world/${accounts.workload}.ndjson`);
      sandbox.restart();
      const before = sandbox.files();

      const result = await sandbox.run('refresh', []);

      expect(told(result.steps)).toEqual(['delete kept', 'delete lost']);
      expect(sandbox.files()).toEqual(before);
    });
  });
});
