import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { status, type Metadata } from '@grpc/grpc-js';
import * as pulumi from '@pulumi/pulumi';
import * as provider from '@pulumi/pulumi/proto/provider_pb';
import { Status } from '@pulumi/pulumi/proto/status_pb';
import { Empty } from 'google-protobuf/google/protobuf/empty_pb';

import { SECRET, SIGNATURE } from '../../../sandbox/recording-monitor';

import { OTHER, TARGET, TestWorld, WORKLOAD, ask, configOf, urnOf, type Named } from './test-door';

const QUEUE: Named = { type: 'aws:sqs/queue:Queue', name: 'jobs' };
const KEY: Named = { type: 'aws:kms/key:Key', name: 'key' };
const LOGS: Named = { type: 'aws:cloudwatch/logGroup:LogGroup', name: 'logs' };
const UNKNOWN = '04da6b54-80e4-46f7-96ec-b56ff0331ba9';
const CANARY = 'canary-4711-canary';
const secret = (value: unknown) => ({ [SIGNATURE]: SECRET, value });

describe('the provider door', () => {
  let worlds: TestWorld[] = [];
  const worldOf = (planted = {}) => {
    const made = new TestWorld(planted);
    worlds.push(made);
    return made;
  };
  afterEach(async () => {
    for (const world of worlds) await world.close();
    worlds = [];
  });

  describe('introduces itself', () => {
    it('with the version that the release was built with', async () => {
      const world = worldOf();
      const { client } = world.connect(await world.door({ providerVersion: '7.48.0' }));

      const info = await ask<{ getVersion(): string }>((reply) => client.getPluginInfo(new Empty(), reply));

      expect(info.getVersion()).toBe('7.48.0');
    });

    it('as one that takes secrets, and neither output values nor resource references', async () => {
      const world = worldOf();
      const { client } = world.connect(await world.door());

      const hands = await ask<provider.ProviderHandshakeResponse>((reply) =>
        client.handshake(new provider.ProviderHandshakeRequest(), reply),
      );

      expect([hands.getAcceptSecrets(), hands.getAcceptOutputs(), hands.getAcceptResources()]).toEqual([true, false, false]);
    });

    it('and refuses look-ups by name', async () => {
      const world = worldOf();
      const { client } = await world.run();
      const request = new provider.InvokeRequest();
      request.setTok('aws:index/getRegion:getRegion');

      await expect(ask((reply) => client.invoke(request, reply))).rejects.toMatchObject({
        details: expect.stringContaining('aws:index/getRegion:getRegion') as string,
      });
    });
  });

  describe('configures each connection by itself', () => {
    it('so that two providers of a program reach two accounts', async () => {
      const world = worldOf();
      const door = await world.door();
      const one = await world.engine(door, WORKLOAD);
      const other = await world.engine(door, OTHER);

      await Promise.all([one.make(QUEUE, { name: 'here' }), other.make({ ...QUEUE, name: 'jobs2' }, { name: 'there' })]);

      expect([world.standing(WORKLOAD), world.standing(OTHER)]).toEqual([['Queue here'], ['Queue there']]);
    });

    it('and refuses resources of one that is not configured', async () => {
      const world = worldOf();
      const engine = world.connect(await world.door());

      await expect(engine.check(QUEUE, {})).rejects.toThrow('not configured');
    });

    it.each([
      ['a role that cannot be assumed', { faults: [{ target: '**', kind: 'role-missing' }] }, configOf(), 'api error AccessDenied: '],
      ['another account than allowed', {}, configOf(OTHER, { allowedAccountIds: `["${WORKLOAD}"]` }), 'api error InvalidConfiguration: '],
      ['a region that is not enabled', {}, configOf(WORKLOAD, { region: 'ap-east-1' }), 'api error InvalidClientTokenId: '],
    ])('refuses %s at the check and at the configuration', async (_what, planted, config, words) => {
      const world = worldOf(planted);
      const engine = world.connect(await world.door());

      await expect(engine.checkConfig(config)).rejects.toMatchObject({
        code: status.UNKNOWN,
        details: expect.stringContaining(words) as string,
      });
      await expect(engine.configure(config)).rejects.toThrow(words);
    });

    it('checks nothing that a preview does not know yet', async () => {
      const world = worldOf();
      const engine = world.connect(await world.door());

      expect(await engine.checkConfig(configOf('nobody', { region: UNKNOWN }))).toMatchObject({ region: UNKNOWN });
    });

    it.each([
      ['the same', configOf(), { diffs: [], replaces: [] }],
      ['other tags', configOf(WORKLOAD, { defaultTags: '{}' }), { diffs: ['defaultTags'], replaces: [] }],
      ['another region', configOf(WORKLOAD, { region: 'us-east-1' }), { diffs: ['region'], replaces: ['region'] }],
      ['another account', configOf(OTHER), { diffs: ['allowedAccountIds', 'assumeRoles'], replaces: ['assumeRoles'] }],
    ])('replaces what it made where it moves: %s', async (_what, news, expected) => {
      const world = worldOf();
      const engine = world.connect(await world.door());

      expect(await engine.diffConfig(configOf(), news)).toEqual(expected);
    });
  });

  describe('checks', () => {
    it('by merging default tags, own ones first', async () => {
      const engine = await worldOf().run();

      expect(await engine.check(QUEUE, { name: 'jobs', tags: { Team: 'mine', Own: '1' } })).toEqual({
        name: 'jobs',
        tags: { Team: 'mine', Own: '1' },
      });
      expect(await engine.check(QUEUE, { name: 'jobs' })).toEqual({ name: 'jobs', tags: { Team: 'commerce' } });
    });

    it('against the shapes of AWS', async () => {
      const engine = await worldOf().run();

      await expect(engine.check(QUEUE, { name: 'jobs', visibilityTimeoutSeconds: -1 })).rejects.toMatchObject({
        code: status.UNKNOWN,
        details: expect.stringMatching(/^api error \w+: visibilityTimeoutSeconds/) as string,
      });
      await expect(engine.check({ type: 'aws:ec2/vpc:Vpc', name: 'v' }, {})).rejects.toThrow('does not simulate aws:ec2/vpc:Vpc');
    });

    it('and leaves secrets where they were', async () => {
      const engine = await worldOf().run();

      const checked = await engine.check(QUEUE, { name: 'jobs', tags: { Key: secret(CANARY) } });

      expect(checked).toMatchObject({ name: 'jobs', tags: secret({ Key: CANARY, Team: 'commerce' }) });
    });

    it('what is known of a preview', async () => {
      const engine = await worldOf().run();

      expect(await engine.check(QUEUE, { name: UNKNOWN })).toEqual({ name: UNKNOWN, tags: { Team: 'commerce' } });
    });
  });

  describe('tells what changed', () => {
    it.each([
      ['nothing', { name: 'jobs' }, { changes: false, diffs: [], replaces: [], deleteFirst: false }],
      // Should the program have it replaced for that, the old one must go first.
      ['in place', { name: 'jobs', delaySeconds: 5 }, { changes: true, diffs: ['delaySeconds'], replaces: [], deleteFirst: true }],
      ['its name', { name: 'other' }, { changes: true, diffs: ['name'], replaces: ['name'], deleteFirst: false }],
      [
        'what forces a replacement under the same name',
        { name: 'jobs', fifoQueue: false },
        { changes: true, diffs: ['fifoQueue'], replaces: ['fifoQueue'], deleteFirst: true },
      ],
    ])('%s', async (_what, news, expected) => {
      const world = worldOf();
      const engine = await world.run();
      const held = await engine.make(QUEUE, { name: 'jobs' });

      expect(await engine.diff(QUEUE, held, await engine.check(QUEUE, news, held.inputs))).toEqual(expected);
    });

    it('of a secret by its value', async () => {
      const engine = await worldOf().run();
      const held = await engine.make(QUEUE, { name: 'jobs', tags: { Key: secret(CANARY) } });

      const same = await engine.diff(QUEUE, held, await engine.check(QUEUE, { name: 'jobs', tags: { Key: secret(CANARY) } }));
      const rotated = await engine.diff(QUEUE, held, await engine.check(QUEUE, { name: 'jobs', tags: { Key: secret('rotated') } }));

      expect([same.diffs, rotated.diffs]).toEqual([[], ['tags']]);
    });
  });

  describe('makes a resource', () => {
    it('with the id and outputs that the sandbox engine gives it', async () => {
      const world = worldOf();
      const engine = await world.run();

      const made = await engine.make(KEY, { description: 'alerts' });

      const place = { account: WORKLOAD, region: 'eu-west-1', organizationId: 'o-sandbox0001' } as never;
      const instance = { urn: urnOf(KEY), generation: 0, place, prior: undefined };
      const planned = world.provider.plan(KEY.type, { description: 'alerts', tags: { Team: 'commerce' } }, instance);
      expect(made).toMatchObject({ id: planned.id, outputs: JSON.parse(JSON.stringify(planned.outputs)) as object });
      expect(world.world.find(KEY.type, planned.key, place)).toMatchObject({
        owner: `${TARGET.id} ${urnOf(KEY)}`,
        outputs: planned.outputs,
      });
    });

    it('in a preview in words alone, ids included', async () => {
      const world = worldOf();
      const engine = await world.run();

      const foreseen = await engine.create(KEY, { description: 'alerts' }, { preview: true });

      expect(world.standing()).toEqual([]);
      expect(foreseen).toEqual(await engine.create(KEY, { description: 'alerts' }));
    });

    it('of which a preview does not know all', async () => {
      const engine = await worldOf().run();

      expect(await engine.create(QUEUE, { name: UNKNOWN, delaySeconds: 5 }, { preview: true })).toMatchObject({
        id: '',
        outputs: { name: UNKNOWN, delaySeconds: 5 },
      });
    });

    it('whose secrets the world never holds, and the engine gets back as secrets', async () => {
      const world = worldOf();
      const engine = await world.run();

      const made = await engine.make(QUEUE, { name: 'jobs', tags: { Key: secret(CANARY) } });

      expect(made.outputs.tagsAll).toEqual(secret({ Key: CANARY, Team: 'commerce' }));
      expect(world.kept()).not.toContain(CANARY);
      expect(world.standing()).toEqual(['Queue jobs']);
    });

    it('and shows no secret in a refusal', async () => {
      const engine = await worldOf().run();

      await expect(engine.check(QUEUE, { name: 'jobs', fifoQueue: secret(CANARY) })).rejects.toThrow(/fifoQueue/);
      await expect(engine.check({ type: `aws:${CANARY}`, name: 'x' }, { name: secret(CANARY) })).rejects.not.toThrow(CANARY);
    });

    it('whose asset is known by its content, wherever it lies', async () => {
      const world = worldOf();
      const hashes = [];
      for (const name of ['one', 'two']) {
        const directory = mkdtempSync(join(tmpdir(), 'door-asset-'));
        writeFileSync(join(directory, 'index.js'), 'exports.handler = 1;');
        const engine = await world.run();
        const code = { [SIGNATURE]: pulumi.runtime.specialArchiveSig, path: directory, hash: (name === 'one' ? 'a' : 'b').repeat(64) };
        const role = { type: 'aws:iam/role:Role', name: `role-${name}` };
        const assumeRolePolicy = JSON.stringify({
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
        });
        const { outputs } = await engine.make(role, { name, assumeRolePolicy });
        const inputs = { name, role: outputs.arn, runtime: 'nodejs22.x', handler: 'index.handler', code };
        const made = await engine.make({ type: 'aws:lambda/function:Function', name }, inputs);
        expect(made.outputs.code).toEqual(code);
        hashes.push(made.outputs.codeSha256);
        rmSync(directory, { recursive: true });
      }
      expect(hashes[0]).toMatch(/^.{44}$/);
      expect(hashes[1]).toBe(hashes[0]);
    });
  });

  describe('after a run that died', () => {
    it('takes over what it made and nobody recorded', async () => {
      const world = worldOf();
      const lost = await (await world.run()).make(KEY, { description: 'alerts' });

      const found = await (await world.run()).make(KEY, { description: 'alerts' });

      expect(found).toEqual(lost);
      expect(world.standing()).toHaveLength(1);
      expect(world.waited).toHaveLength(1);
    });

    it('brings it to what is wanted by now', async () => {
      const world = worldOf();
      const lost = await (await world.run()).make(KEY, { description: 'alerts' });

      const found = await (await world.run()).make(KEY, { description: 'changed' });

      expect([found.id, found.outputs.description]).toEqual([lost.id, 'changed']);
      expect(world.standing()).toHaveLength(1);
    });

    it('removes it first where it cannot become that and has its name', async () => {
      const world = worldOf();
      await (await world.run()).make(QUEUE, { name: 'jobs' });

      await (await world.run()).make(QUEUE, { name: 'jobs', fifoQueue: false });

      expect(world.standing()).toEqual(['Queue jobs']);
    });

    it('does not take over what is another stack’s', async () => {
      const world = worldOf();
      await (await world.run()).make(LOGS, { name: 'shared' });
      const engine = await world.engine(await world.door({ target: 'regional/111111111111/us-east-1' as never }));

      await expect(engine.make(LOGS, { name: 'shared' })).rejects.toThrow(
        'api error ResourceAlreadyExistsException: shared already exists',
      );
    });

    it('keeps what it took over when the engine deletes its outdated record', async () => {
      const world = worldOf();
      const lost = await (await world.run()).make(KEY, { description: 'alerts' });
      const engine = await world.run();
      await engine.make(KEY, { description: 'alerts' });

      await engine.delete(KEY, lost);

      expect(world.standing()).toHaveLength(1);
    });
  });

  it('gives each replacement ids of its own, whichever run makes it', async () => {
    const world = worldOf();
    const ids = new Set<string>();
    let held = await (await world.run()).make(KEY, { description: 'g0', customerMasterKeySpec: 'SYMMETRIC_DEFAULT' });
    ids.add(held.id);
    for (let generation = 1; generation < 4; generation += 1) {
      const engine = await world.run();
      const inputs = { description: `g${generation}` };
      await engine.diff(KEY, held, await engine.check(KEY, inputs, held.inputs));
      const next = await engine.make(KEY, inputs);
      await engine.delete(KEY, held);
      held = next;
      ids.add(held.id);
      const place = { account: WORKLOAD, region: 'eu-west-1', organizationId: 'o-sandbox0001' } as never;
      expect(held.id).toBe(world.provider.plan(KEY.type, held.inputs, { urn: urnOf(KEY), generation, place, prior: undefined }).id);
      expect(world.standing()).toHaveLength(1);
    }
    expect(ids.size).toBe(4);
  });

  it('counts a replacement whose old instance goes first', async () => {
    const world = worldOf();
    const held = await (await world.run()).make(KEY, { description: 'g0' });
    const engine = await world.run();
    await engine.diff(KEY, held, held.inputs);
    await engine.delete(KEY, held);

    const next = await engine.make(KEY, { description: 'g0' });

    expect(next.id).not.toBe(held.id);
  });

  describe('changes a resource', () => {
    it('in place', async () => {
      const world = worldOf();
      const held = await (await world.run()).make(KEY, { description: 'alerts' });
      const engine = await world.run();

      const foreseen = await engine.update(KEY, held, { news: { ...held.inputs, description: 'changed' }, preview: true });
      const stood = (await engine.read(KEY, held)).outputs.description;
      const changed = await engine.update(KEY, held, { news: { ...held.inputs, description: 'changed' } });

      expect([stood, changed.outputs.description, changed.outputs.arn]).toEqual(['alerts', 'changed', held.outputs.arn]);
      expect(foreseen).toEqual(changed);
    });

    it('under the name that an alias gives it, which it keeps as its own', async () => {
      const world = worldOf();
      const held = await (await world.run()).make(KEY, { description: 'alerts' });
      const renamed = { ...KEY, name: 'renamed' };

      const changed = await (await world.run()).update(renamed, held, { news: { description: 'changed' } });
      const engine = await world.run();

      expect(changed.outputs.arn).toBe(held.outputs.arn);
      await engine.delete(renamed, changed);
      expect(world.standing()).toEqual([]);
    });
  });

  it('deletes what stands, and is content with what does not', async () => {
    const world = worldOf();
    const engine = await world.run();
    const held = await engine.make(QUEUE, { name: 'jobs' });

    await engine.delete(QUEUE, held);
    await engine.delete(QUEUE, held);

    expect(world.standing()).toEqual([]);
  });

  describe('reads', () => {
    it('a resource as it was recorded, secrets and all', async () => {
      const world = worldOf();
      const held = await (await world.run()).make(QUEUE, { name: 'jobs', tags: { Key: secret(CANARY) } });

      expect(await (await world.run()).read(QUEUE, held)).toEqual(held);
    });

    it('what was changed behind the fleet’s back', async () => {
      const world = worldOf({ drift: [{ target: '**', on: QUEUE.type, set: { visibilityTimeoutSeconds: 7 } }] });
      const engine = await world.run();
      const held = await engine.make(QUEUE, { name: 'jobs' });

      const read = await engine.read(QUEUE, held);

      expect([read.id, read.inputs.visibilityTimeoutSeconds, read.outputs.visibilityTimeoutSeconds]).toEqual([held.id, 7, 7]);
    });

    it('nothing where nothing is', async () => {
      const engine = await worldOf().run();
      const held = await engine.make(QUEUE, { name: 'jobs' });
      await engine.delete(QUEUE, held);

      expect(await engine.read(QUEUE, held)).toEqual({ id: '', inputs: {}, outputs: {} });
    });
  });

  describe('fails', () => {
    const fault = (kind: string, more = {}) => ({ faults: [{ target: '**', kind, on: QUEUE.type, ...more }] });

    it('as AWS does', async () => {
      const world = worldOf(fault('create-fails'));
      const engine = await world.run();

      await expect(engine.make(QUEUE, { name: 'jobs' })).rejects.toMatchObject({
        code: status.UNKNOWN,
        details: expect.stringMatching(/^api error InternalFailure: /) as string,
      });
      expect(world.standing()).toEqual([]);
    });

    it('not for being throttled twice, and says so', async () => {
      const world = worldOf(fault('throttle', { times: 2 }));

      await (await world.run()).make(QUEUE, { name: 'jobs' });

      expect(world.retries).toEqual([1, 2].map((attempt) => `jobs: ThrottlingException: Rate exceeded (try ${attempt} of 25)`));
    });

    it('by ending, as a crashed provider: nobody answers any more', async () => {
      const world = worldOf(fault('crash'));
      const door = await world.door();
      const [engine, beside] = [await world.engine(door), await world.engine(door)];

      await expect(engine.make(QUEUE, { name: 'jobs' })).rejects.not.toThrow('api error');
      await expect(beside.check(LOGS, {})).rejects.toMatchObject({ code: status.UNAVAILABLE });

      expect(door.crashed).toContain('mid-create');
    });

    it('to go on once it is cancelled, on this connection alone', async () => {
      const world = worldOf({ faults: [{ target: '**', kind: 'hang', on: QUEUE.type, times: 1, seconds: 1 }] });
      const door = await world.door();
      const [engine, beside] = [await world.engine(door), await world.engine(door)];
      const begun = new Promise<void>((resolve) => (world.onWait = async () => resolve()));
      const hanging = engine.make(QUEUE, { name: 'jobs' });
      const ended = expect(hanging).rejects.toMatchObject({ code: status.CANCELLED });
      await begun;

      await engine.cancel();

      await ended;
      await expect(engine.make(LOGS, { name: 'late' })).rejects.toThrow('cancelled: stopped before it began');
      await beside.make(LOGS, { name: 'beside' });
      expect(world.standing()).toEqual(['LogGroup beside']);
    });

    it('with the resource in the answer where it was cancelled after it took effect', async () => {
      const world = worldOf();
      const engine = await world.run();
      const begun = new Promise<void>((resolve) => {
        world.onWait = (signal) => {
          resolve();
          return new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(new Error('aborted'))));
        };
      });
      const making = engine.make(QUEUE, { name: 'jobs' }).catch((error: { metadata: Metadata }) => error);
      await begun;

      await engine.cancel();

      const [packed] = ((await making) as { metadata: Metadata }).metadata.get('grpc-status-details-bin');
      const [detail] = Status.deserializeBinary(packed as Buffer).getDetailsList();
      const failed = detail?.unpack(
        (bytes) => provider.ErrorResourceInitFailed.deserializeBinary(bytes),
        'pulumirpc.ErrorResourceInitFailed',
      );
      expect(failed?.getId()).toContain('/jobs');
      expect(failed?.getProperties()?.toJavaScript()).toMatchObject({ name: 'jobs', delaySeconds: 0 });
      expect(failed?.getReasonsList()).toEqual(['cancelled: stopped in mid-create']);
    });
  });
});
