import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { status } from '@grpc/grpc-js';
import * as pulumi from '@pulumi/pulumi';
import * as provider from '@pulumi/pulumi/proto/provider_pb';
import { Empty } from 'google-protobuf/google/protobuf/empty_pb';

import { SIGNATURE } from '../../../sandbox/recording-monitor';

import { ask, CANARY, configOf, KEY, OTHER, QUEUE, secret, TARGET, testWorlds, urnOf, WORKLOAD } from './test-door';

const UNKNOWN = '04da6b54-80e4-46f7-96ec-b56ff0331ba9';

describe('the provider door', () => {
  const worldOf = testWorlds();

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

      expect(checked).toEqual({ name: 'jobs', tags: { Key: secret(CANARY), Team: 'commerce' } });
    });

    it('and makes no secret of the default tags where all own ones are', async () => {
      const engine = await worldOf().run();

      const checked = await engine.check(QUEUE, { name: 'jobs', tags: secret({ Key: CANARY }) });

      expect(checked.tags).toEqual({ Key: secret(CANARY), Team: 'commerce' });
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
});
