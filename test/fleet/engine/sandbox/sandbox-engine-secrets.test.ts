import { FUNCTION, KEY, logGroup, ROLE, SUBSCRIPTION, TOPIC, type Graph, type GraphResource } from './graph';
import { accounts, TestSandbox, told } from './test-sandbox';

const CANARY = 'canary-5f0c9e/"quoted"';
const NUMBER = 918_273_645;
const secret = { secret: CANARY };

const topic: GraphResource = { type: TOPIC, name: 'alerts', inputs: { name: 'alerts' } };
const subscription = (endpoint: string): GraphResource => ({
  type: SUBSCRIPTION,
  name: 'pager',
  inputs: { topic: { ref: 'alerts.arn' }, protocol: 'https', endpoint: { secret: endpoint } },
});
const role: GraphResource = {
  type: ROLE,
  name: 'role',
  inputs: {
    name: 'role',
    assumeRolePolicy: JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
    }),
  },
};
const lambda = (token: string, inputs: GraphResource['inputs'] = {}): GraphResource => ({
  type: FUNCTION,
  name: 'worker',
  inputs: {
    name: 'worker',
    role: { ref: 'role.arn' },
    runtime: 'nodejs24.x',
    handler: 'index.handler',
    s3Bucket: 'code',
    s3Key: 'worker.zip',
    publish: true,
    environment: { variables: { TOKEN: { secret: token } } },
    ...inputs,
  },
});

describe('secrets', () => {
  let sandbox: TestSandbox;
  beforeEach(() => {
    sandbox = new TestSandbox();
  });
  afterEach(() => sandbox.close());

  const everythingSeen = async (results: readonly unknown[]): Promise<string> =>
    JSON.stringify([sandbox.files(), await sandbox.inspect(), sandbox.events, results]);
  /** As the text stands in JSON, and as it stands in JSON inside JSON. */
  const spellings = (text: string) => [text, JSON.stringify(text).slice(1, -1), 'canary-5f0c9e'];

  test('in inputs and outputs reach no file, inspection, event or result', async () => {
    const graph: Graph = {
      resources: [
        logGroup('app', { tags: { Token: { secret: 'canary-5f0c9e' }, Both: 'public' } }),
        { type: KEY, name: 'key', inputs: { description: { secret: `key of ${CANARY}` }, deletionWindowInDays: 7 } },
      ],
      outputs: { token: secret, nested: { list: [secret, 'public'] }, echoed: { ref: 'app.tags' }, number: { secret: NUMBER } },
    };

    const results = [await sandbox.run('preview', graph), await sandbox.up(graph), await sandbox.run('refresh', graph)];

    const seen = await everythingSeen(results);
    for (const spelling of spellings(CANARY)) expect(seen).not.toContain(spelling);
    expect(seen).not.toContain(String(NUMBER));
    expect(seen).toContain('public');
    const { resources, outputs } = await sandbox.inspect();
    expect(resources.find(({ name }) => name === 'app')?.inputs.tags).toEqual({ Token: '[secret]', Both: 'public' });
    expect(outputs).toMatchObject({ token: '[secret]', nested: { list: ['[secret]', 'public'] }, number: '[secret]' });
    for (const result of results) expect(result).toMatchObject({ status: 'succeeded', outputs: { token: '[secret]' } });
  });

  test('of a number are concealed as well', async () => {
    await sandbox.up([logGroup('app', { retentionInDays: { secret: 3653 } })]);

    expect(JSON.stringify((await sandbox.inspect()).resources)).not.toContain('3653');
    expect(JSON.stringify(sandbox.files())).not.toContain('3653');
  });

  test('reach the program again as secrets, with their value', async () => {
    // The output is what the resource answered: only as a secret it is masked, only with its value it is the same name.
    const graph: Graph = {
      resources: [
        { type: KEY, name: 'key', inputs: { tags: { Token: { secret: 'canary-5f0c9e' } } } },
        logGroup('reader', { tags: { ref: 'key.tags' } }),
      ],
    };
    await sandbox.up(graph);

    const { resources } = await sandbox.inspect();
    expect(resources.find(({ name }) => name === 'reader')?.inputs.tags).toEqual({ Token: '[secret]' });
    expect(
      told(
        (
          await sandbox.up({
            resources: [graph.resources[0] ?? role, logGroup('reader', { tags: { Token: { secret: 'canary-5f0c9e' } } })],
          })
        ).steps,
      ),
    ).toEqual(['same key', 'same reader']);
  });

  test('that are short hide nothing but themselves', async () => {
    const graph: Graph = {
      resources: [topic, logGroup('app', { tags: { Level: { secret: '1' } } })],
      outputs: { arn: { ref: 'app.arn' } },
    };

    const result = await sandbox.up(graph);

    expect(result.outputs.arn).toBe(`arn:aws:logs:eu-west-1:${accounts.workload}:log-group:app`);
    expect((await sandbox.inspect()).resources.find(({ name }) => name === 'app')?.inputs.tags).toEqual({ Level: '[secret]' });
  });

  test('that changed are an update, those that did not are none', async () => {
    const graph = (value: string) => [logGroup('app', { tags: { Token: { secret: value } } })];
    await sandbox.up(graph('canary-one'));

    expect(told((await sandbox.up(graph('canary-one'))).steps)).toEqual(['same app']);
    expect((await sandbox.up(graph('canary-two'))).steps).toContainEqual(expect.objectContaining({ op: 'update', keys: ['tags'] }));
  });

  test('that did not change publish no version; one that did publishes one', async () => {
    // The description goes into the record of published versions, which must be readable in the next run.
    const graph = (token: string): Graph => ({
      resources: [role, lambda(token, { description: { secret: 'canary-description' } })],
      outputs: { version: { ref: 'worker.version' } },
    });

    expect((await sandbox.up(graph(CANARY))).outputs.version).toBe('1');
    const second = await sandbox.up(graph(CANARY));
    expect(second.outputs.version).toBe('1');
    expect(second.changes).toMatchObject({ create: 0, update: 0, replace: 0, delete: 0 });
    expect((await sandbox.up(graph('another-canary'))).outputs.version).toBe('2');
    expect(JSON.stringify([sandbox.files(), await sandbox.inspect()])).not.toContain('canary');
  });

  test('do not keep AWS from refusing what holds them, and its answer is told without them', async () => {
    const refusedOnApply = await sandbox.run('up', [topic, subscription('http://pager.example/canary-5f0c9e')]);
    const refusedOnCheck = await sandbox.run('up', [logGroup('app', { name: { secret: 'canary 5f0c9e has spaces' } })]);

    expect(refusedOnApply).toMatchObject({
      error: { code: 'aws/InvalidParameter', message: expect.stringContaining('[secret]') as string },
    });
    expect(refusedOnCheck).toMatchObject({ error: { code: 'aws/InvalidParameterException' } });
    const seen = await everythingSeen([refusedOnApply, refusedOnCheck]);
    expect(seen).not.toContain('5f0c9e');
  });

  test('that are ignored stay as they were made', async () => {
    const graph = (token: string) => [logGroup('app', { tags: { Token: { secret: token } } }, { ignoreChanges: ['tags'] })];
    await sandbox.up(graph('canary-one'));

    expect(told((await sandbox.up(graph('canary-two'))).steps)).toEqual(['same app']);
    sandbox.restart();
    expect(told((await sandbox.up(graph('canary-one'))).steps)).toEqual(['same app']);
  });

  test('in a physical name leave no trace of it, and the resource is found again', async () => {
    const graph = (name: string) => [logGroup('app', { name: { secret: name } })];
    await sandbox.up(graph('canary-one'));
    sandbox.restart();

    expect(told((await sandbox.up(graph('canary-one'))).steps)).toEqual(['same app']);
    expect(told((await sandbox.up(graph('canary-two'))).steps)).toEqual(['replace app']);
    expect(sandbox.world()).toHaveLength(1);
    expect(JSON.stringify([sandbox.files(), await sandbox.inspect(), sandbox.events])).not.toContain('canary');
    await sandbox.run('destroy', graph('canary-two'));
    expect(sandbox.world()).toEqual([]);
  });

  test('by additionalSecretOutputs are not shown', async () => {
    const result = await sandbox.up({
      resources: [logGroup('app', {}, { additionalSecretOutputs: ['arn'] })],
      outputs: { arn: { ref: 'app.arn' } },
    });

    expect(result.outputs).toEqual({ arn: '[secret]' });
    expect((await sandbox.inspect()).resources.find(({ name }) => name === 'app')?.outputs.arn).toBe('[secret]');
  });

  test('in the outputs of another stack stay secret to its reader', async () => {
    const foundation = `foundation/${accounts.workload}/eu-west-1`;
    await sandbox.up({ resources: [], outputs: { token: secret } }, { target: foundation });

    const result = await sandbox.up({
      resources: [],
      outputs: { token: { stack: `organization/foundation/${accounts.workload}.eu-west-1#token` } },
    });

    expect(result.outputs).toEqual({ token: '[secret]' });
    expect(JSON.stringify(sandbox.files())).not.toContain('canary');
  });
});
