import * as pulumi from '@pulumi/pulumi';

import { SIGNATURE } from '../../../sandbox/recording-monitor';

import { CANARY, KEY, LOGS, QUEUE, secret, testWorlds, urnOf, WORKLOAD } from './test-door';

describe('the provider door, over the life of a resource,', () => {
  const worldOf = testWorlds();

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

    it('does not take over what the engine has a record of, and replaces unasked', async () => {
      const world = worldOf();
      const held = await (await world.run()).make(KEY, { description: 'alerts' });

      const next = await (await world.run()).make(KEY, { description: 'alerts' }, held.inputs);

      expect(next.id).not.toBe(held.id);
      expect(world.standing()).toHaveLength(2);
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

  it('deletes, of two that share an id, the one that was recorded so', async () => {
    const world = worldOf();
    const engine = await world.run();
    const assumeRolePolicy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
    });
    const { outputs } = await engine.make({ type: 'aws:iam/role:Role', name: 'role' }, { name: 'role', assumeRolePolicy });
    const code = { [SIGNATURE]: pulumi.runtime.specialArchiveSig, assets: {}, hash: 'c'.repeat(64) };
    for (const name of ['a', 'b']) {
      const inputs = { name, role: outputs.arn, runtime: 'nodejs22.x', handler: 'index.handler', code };
      await engine.make({ type: 'aws:lambda/function:Function', name }, inputs);
    }
    const permission = { type: 'aws:lambda/permission:Permission', name: 'permission' };
    const allow = { statementId: 'same', action: 'lambda:InvokeFunction', principal: 'events.amazonaws.com' };
    const held = await engine.make(permission, { ...allow, function: 'a' });
    await engine.diff(permission, held, { ...allow, function: 'b' });
    const next = await engine.make(permission, { ...allow, function: 'b' }, held.inputs);
    expect(next.id).toBe(held.id);
    const standing = () => world.standing().filter((one) => one.startsWith('Permission'));
    const [first] = standing();

    await engine.delete(permission, next);

    expect(standing()).toEqual([first]);
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

    describe('brought back', () => {
      const SET = [{ target: '**', on: QUEUE.type, set: { visibilityTimeoutSeconds: 7 } }];
      const GONE = [{ target: '**', on: QUEUE.type, name: QUEUE.name, gone: true }];
      const wanted = { name: 'jobs' };

      it('by the update of an engine that read it, and then it is as it was for good', async () => {
        const world = worldOf({ drift: SET });
        const engine = await world.run();
        const held = await engine.make(QUEUE, wanted);
        const read = await engine.read(QUEUE, held);
        const news = await engine.check(QUEUE, wanted, read.inputs);

        expect((await engine.diff(QUEUE, read, news)).diffs).toEqual(['visibilityTimeoutSeconds']);
        await engine.update(QUEUE, read, { news, preview: true });
        expect(await (await world.run()).read(QUEUE, held)).toEqual(read);
        const back = await engine.update(QUEUE, read, { news });

        expect(await (await world.run()).read(QUEUE, back)).toEqual(held);
      });

      it('by no update of an engine that did not read it', async () => {
        const world = worldOf({ drift: SET });
        const engine = await world.run();
        const held = await engine.make(QUEUE, wanted);

        const news = await engine.check(QUEUE, { ...wanted, delaySeconds: 3 }, held.inputs);
        const back = await engine.update(QUEUE, held, { news });

        expect((await engine.read(QUEUE, back)).inputs).toMatchObject({ delaySeconds: 3, visibilityTimeoutSeconds: 7 });
      });

      it.each([
        ['the engine that read it', false],
        ['a later engine, where the first one died in between', true],
      ])('where it was deleted, by %s, which makes it anew', async (_who, later) => {
        const world = worldOf({ drift: GONE });
        const engine = await world.run();
        const held = await engine.make(QUEUE, wanted);
        expect((await engine.read(QUEUE, held)).id).toBe('');
        const next = later ? await world.run() : engine;

        const foreseen = await next.create(QUEUE, await next.check(QUEUE, wanted), { preview: true });
        const standing = world.standing();
        const anew = await next.make(QUEUE, wanted);

        expect([foreseen.id, anew.id, world.standing()]).toEqual([held.id, held.id, standing]);
        expect(await (await world.run()).read(QUEUE, anew)).toEqual(anew);
      });

      it('by a deletion of what was read, so that what is made in its place is nobody’s work', async () => {
        const world = worldOf({ drift: SET });
        const engine = await world.run();
        const read = await engine.read(QUEUE, await engine.make(QUEUE, wanted));

        await engine.delete(QUEUE, read);
        const anew = await (await world.run()).make(QUEUE, wanted);

        expect(await (await world.run()).read(QUEUE, anew)).toEqual(anew);
      });
    });

    it('nothing where nothing is', async () => {
      const engine = await worldOf().run();
      const held = await engine.make(QUEUE, { name: 'jobs' });
      await engine.delete(QUEUE, held);

      expect(await engine.read(QUEUE, held)).toEqual({ id: '', inputs: {}, outputs: {} });
    });
  });
});
