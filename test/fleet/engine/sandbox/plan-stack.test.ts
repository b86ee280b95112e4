import { KEY, logGroup, type Graph, type GraphResource } from './graph';
import { accounts, TestSandbox, told } from './test-sandbox';

describe('planning a stack', () => {
  let sandbox: TestSandbox;
  beforeEach(() => {
    sandbox = new TestSandbox();
  });
  afterEach(() => sandbox.close());

  describe('resource options', () => {
    test.each([
      ['deleted', [logGroup('other', { retentionInDays: 7 })]],
      ['replaced', [logGroup('other', { retentionInDays: 7 }), logGroup('data', { name: 'new' })]],
    ])('a protected resource that would be %s stops the run before anything is changed', async (what, after) => {
      await sandbox.up([logGroup('other'), logGroup('data', { name: 'old' }, { protect: true })]);
      const started = sandbox.started().length;

      const result = await sandbox.run('up', after);

      expect(result).toMatchObject({
        status: 'failed',
        error: { code: 'pulumi/protected', message: expect.stringContaining(`would be ${what}`) as string },
      });
      expect(result.status === 'failed' && result.error.resource).toContain('::data');
      expect(sandbox.started()).toHaveLength(started);
    });

    test('an ignored input stays as it was made, also where it goes or comes', async () => {
      const options = { ignoreChanges: ['retentionInDays', 'tags'] };
      await sandbox.up([logGroup('app', { retentionInDays: 7 }, options)]);

      expect(told((await sandbox.up([logGroup('app', { retentionInDays: 30, tags: { new: 'tag' } }, options)])).steps)).toEqual([
        'same app',
      ]);
      expect(told((await sandbox.up([logGroup('app', {}, options)])).steps)).toEqual(['same app']);
      expect(told((await sandbox.up([logGroup('app', { retentionInDays: 30 })])).steps)).toEqual(['update app']);
    });

    test('an ignored input that was not there stays away', async () => {
      await sandbox.up([logGroup('app')]);

      const later = await sandbox.up([logGroup('app', { retentionInDays: 30 }, { ignoreChanges: ['retentionInDays'] })]);

      expect(told(later.steps)).toEqual(['same app']);
    });

    test('retainOnDelete forgets a resource and leaves it standing', async () => {
      await sandbox.up([logGroup('app', {}, { retainOnDelete: true })]);

      const result = await sandbox.up([]);

      expect(told(result.steps)).toEqual(['retain app']);
      expect(result.changes.delete).toBe(0);
      expect(sandbox.world()).toEqual(['LogGroup app']);
      expect((await sandbox.inspect()).resources.map(({ name }) => name)).not.toContain('app');
    });

    test('retainOnDelete leaves the old one of a replacement standing, also where that stops the new one', async () => {
      const options = { retainOnDelete: true };
      await sandbox.up([logGroup('app', { name: 'one' }, options)]);
      await sandbox.up([logGroup('app', { name: 'two' }, options)]);
      expect(sandbox.world()).toEqual(['LogGroup one', 'LogGroup two']);

      const result = await sandbox.run('up', [logGroup('app', { name: 'two', logGroupClass: 'INFREQUENT_ACCESS' }, options)]);

      expect(result).toMatchObject({ status: 'failed', error: { code: 'aws/ResourceAlreadyExistsException' } });
      expect(sandbox.world()).toEqual(['LogGroup one', 'LogGroup two']);
    });

    test('an alias keeps a renamed resource, its ids included', async () => {
      const key = (name: string, aliases: readonly string[]) => ({
        resources: [{ type: KEY, name, inputs: {}, options: { aliases } }],
        outputs: { id: { ref: `${name}.keyId` } },
      });
      const first = await sandbox.up(key('before', []));

      const second = await sandbox.up(key('after', ['before']));

      expect(told(second.steps)).toEqual(['same after']);
      expect(second.outputs).toEqual(first.outputs);
      expect((await sandbox.inspect()).resources.map(({ name }) => name)).not.toContain('before');
      expect((await sandbox.up(key('after', []))).changes).toMatchObject({ create: 0, delete: 0, replace: 0 });
    });

    test("a component's alias keeps it and its children", async () => {
      await sandbox.up([{ ...logGroup('child'), group: { name: 'before' } }]);

      const result = await sandbox.up([{ ...logGroup('child'), group: { name: 'after', was: 'before' } }]);

      expect(result.changes).toMatchObject({ create: 0, update: 0, replace: 0, delete: 0 });
      expect((await sandbox.inspect()).resources.map(({ name }) => name)).toEqual(expect.not.arrayContaining(['before']));
    });

    test.each([
      ['customTimeouts', { customTimeouts: { create: '5m' } }],
      ['import', { import: 'app' }],
    ])('the option %s, which is not carried out, is refused by its name', async (name, options) => {
      const result = await sandbox.run('up', [logGroup('app', {}, options)]);

      expect(result).toMatchObject({
        status: 'failed',
        error: { code: 'aws/UnsupportedOption', message: expect.stringContaining(name) as string },
      });
      expect(sandbox.world()).toEqual([]);
    });

    test.each(['tags.Team', 'tags["Team"]'])('ignoreChanges of %s, a part of an input, is refused', async (path) => {
      const result = await sandbox.run('up', [logGroup('app', {}, { ignoreChanges: [path] })]);

      expect(result).toMatchObject({ status: 'failed', error: { message: expect.stringContaining(path) as string } });
    });
  });

  describe('the provider', () => {
    test.each<[string, { graph?: Partial<Graph>; target?: string; resource?: Partial<GraphResource> }, string, string]>([
      [
        'a resource without an explicit provider',
        { resource: { defaultProvider: true } },
        'DefaultProviderDisabled',
        'must use an explicit provider',
      ],
      [
        'an account that allowedAccountIds does not name',
        { graph: { roleAccount: accounts.other } },
        'InvalidConfiguration',
        `AWS account ID not allowed: ${accounts.other}`,
      ],
      [
        'a suspended account',
        { target: `regional/${accounts.suspended}/eu-west-1` },
        'AccessDenied',
        'is not authorized to perform: sts:AssumeRole',
      ],
      ['an account of somebody else', { graph: { roleAccount: '999999999999' } }, 'AccessDenied', 'sts:AssumeRole'],
      ['a region that is turned off', { target: `regional/${accounts.other}/eu-west-2` }, 'InvalidClientTokenId', 'eu-west-2'],
      ['a region nobody opted in to', { target: `regional/${accounts.workload}/ap-east-1` }, 'InvalidClientTokenId', 'ap-east-1'],
      [
        'a type that is not simulated',
        { resource: { type: 'aws:ec2/instance:Instance' } },
        'UnsupportedResourceType',
        'aws:ec2/instance:Instance',
      ],
      [
        'an input outside its published shape',
        { resource: { inputs: { retentionInDays: 8 } } },
        'InvalidParameterException',
        'retentionInDays: 8',
      ],
    ])('refuses %s with the name AWS gives it', async (_what, { graph, target, resource }, code, message) => {
      const result = await sandbox.run(
        'up',
        { resources: [{ ...logGroup('app'), ...resource }], ...graph },
        target === undefined ? {} : { target },
      );

      expect(result).toMatchObject({
        status: 'failed',
        error: { code: `aws/${code}`, message: expect.stringContaining(message) as string },
      });
      expect(sandbox.started()).toEqual([]);
    });

    test('takes an opt-in region that the account has opted in to', async () => {
      await sandbox.up([logGroup('app')], { target: `regional/${accounts.other}/ap-east-1` });

      expect(sandbox.world(accounts.other)).toEqual(['LogGroup app ap-east-1']);
    });

    test('a name that somebody else holds is refused and stays theirs', async () => {
      await sandbox.up([logGroup('app', { retentionInDays: 7 })], { target: `foundation/${accounts.workload}/eu-west-1` });

      const result = await sandbox.run('up', [logGroup('app')]);

      expect(result).toMatchObject({ status: 'failed', error: { code: 'aws/ResourceAlreadyExistsException' } });
      expect((await sandbox.inspect()).pending).toEqual([]);
      sandbox.restart();
      expect(await sandbox.run('up', [logGroup('app')])).toMatchObject({
        status: 'failed',
        error: { code: 'aws/ResourceAlreadyExistsException' },
      });
    });
  });
});
