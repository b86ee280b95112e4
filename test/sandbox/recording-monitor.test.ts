import * as pulumi from '@pulumi/pulumi';

import { runInNode } from '../helpers/run-in-node';
import { renderProgram, type MonitorAnswers, type ResourceRequest } from '../../sandbox/recording-monitor';

class Thing extends pulumi.CustomResource {
  declare readonly arn: pulumi.Output<string>;
  constructor(name: string, args: Record<string, unknown>, options?: pulumi.CustomResourceOptions) {
    super('aws:test/thing:Thing', name, { arn: undefined, ...args }, options);
  }
}

class Group extends pulumi.ComponentResource {
  constructor(name: string) {
    super('fleet:test:Group', name);
    new Thing('child', {}, { parent: this, protect: true, retainOnDelete: true, ignoreChanges: ['size'] });
    this.registerOutputs({});
  }
}

const answers: MonitorAnswers = {
  register: (request: ResourceRequest) => ({ id: `${request.name}-id`, outputs: { ...request.inputs, arn: `arn:${request.name}` } }),
  stackOutputs: (name) => (name === 'organization/foundation/there' ? { topic: 'arn:topic' } : undefined),
};

const render = (program: () => Promise<unknown>) =>
  renderProgram(program, { project: 'regional', stack: 'dev', config: { 'fleet:target': '{"a":1}' }, answers });

describe('the recording monitor', () => {
  test('records parents, options and dependencies, and answers outputs to dependents', async () => {
    const { resources, outputs } = await render(async () => {
      const first = new Thing('first', { size: 1 });
      new Thing('second', { uses: first.arn }, { dependsOn: [first] });
      new Group('group');
      return { arn: first.arn, config: new pulumi.Config('fleet').require('target') };
    });

    const second = resources.find((resource) => resource.name === 'second');
    const child = resources.find((resource) => resource.name === 'child');
    expect(second).toMatchObject({
      inputs: { uses: 'arn:first' },
      dependencies: ['urn:pulumi:dev::regional::aws:test/thing:Thing::first'],
    });
    expect(child).toMatchObject({
      urn: 'urn:pulumi:dev::regional::fleet:test:Group$aws:test/thing:Thing::child',
      protect: true,
      retainOnDelete: true,
      ignoreChanges: ['size'],
    });
    expect(outputs).toEqual({ arn: 'arn:first', config: '{"a":1}' });
  });

  test('keeps secrets marked in inputs and outputs', async () => {
    const { resources, outputs } = await render(async () => {
      const thing = new Thing('thing', { password: pulumi.secret('hush') });
      return { token: pulumi.secret('hush'), arn: thing.arn };
    });

    expect(resources.find((resource) => resource.name === 'thing')?.inputs.password).toMatchObject({ value: 'hush' });
    expect(outputs.token).toMatchObject({ value: 'hush' });
    expect(outputs.token).not.toBe('hush');
  });

  test('resolves a stack reference', async () => {
    const { outputs } = await render(async () => ({
      topic: new pulumi.StackReference('organization/foundation/there').requireOutput('topic'),
    }));

    expect(outputs).toEqual({ topic: 'arn:topic' });
  });

  test('each way a program can fail rejects its own render and leaves the next one alone', () => {
    // Outside jest: its runner takes every unhandled rejection for a failure of the test before the monitor can see it.
    const seen = runInNode(`
      import * as pulumi from '@pulumi/pulumi';
      import { runInNode } from '../helpers/run-in-node';
import { renderProgram } from './sandbox/recording-monitor';
      class Thing extends pulumi.CustomResource {
        constructor(name) { super('aws:test/thing:Thing', name, {}); }
      }
      const answers = { register: (request) => { if (request.name === 'bad') throw new Error('provider says no'); return { id: 'i', outputs: {} }; }, stackOutputs: () => undefined };
      const render = (program) => renderProgram(program, { project: 'p', stack: 's', config: {}, answers }).then(() => 'fine', (error) => error.message);
      (async () => {
        const results = [];
        results.push(await render(async () => { void Promise.reject(new Error('stray')); }));
        results.push(await render(async () => ({})));
        results.push(await render(async () => { new Thing('same'); new Thing('same'); }));
        results.push(await render(async () => { throw new Error('program broke'); }));
        results.push(await render(async () => ({ out: new Thing('x').urn.apply(() => Promise.reject(new Error('apply broke'))) })));
        results.push(await render(async () => { new Thing('bad'); }));
        results.push(await render(async () => ({ stack: new pulumi.StackReference('organization/foundation/gone').getOutput('x') })));
        results.push(await render(async () => ({})));
        console.log(JSON.stringify(results));
      })();`);

    expect(JSON.parse(seen)).toEqual([
      'stray',
      'fine',
      expect.stringContaining('duplicate resource URN'),
      'program broke',
      'apply broke',
      'provider says no',
      'unknown stack "organization/foundation/gone"',
      'fine',
    ]);
  });

  test('options that nothing carries out are named', async () => {
    const { resources } = await render(async () => {
      new Thing('x', {}, { import: 'abc' });
    });

    expect(resources.find((resource) => resource.name === 'x')?.unsupported).toEqual(['import']);
  });

  test('aliases, also those of a parent, are told as the URNs they stand for', async () => {
    class Renamed extends pulumi.ComponentResource {
      constructor() {
        super('fleet:test:New', 'group', {}, { aliases: [{ type: 'fleet:test:Old' }] });
        new Thing('child', {}, { parent: this, aliases: [{ name: 'before' }] });
      }
    }

    const { resources } = await render(async () => void new Renamed());

    expect(resources.find((resource) => resource.name === 'child')?.aliases).toEqual([
      'urn:pulumi:dev::regional::fleet:test:New$aws:test/thing:Thing::before',
      'urn:pulumi:dev::regional::fleet:test:Old$aws:test/thing:Thing::child',
    ]);
  });
});
