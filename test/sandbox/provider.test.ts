import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { accountIdSchema, regionSchema } from '../../contracts/ids';
import { FaultBook } from '../../sandbox/fault-book';
import { organizationSchema } from '../../sandbox/organization';
import { ProviderCrash, SandboxProvider, type Change } from '../../sandbox/provider';
import type { Place } from '../../sandbox/resource-type';
import { simulatedClock } from '../../sandbox/simulated-clock';
import { resourceTypes } from '../../sandbox/types';
import { World } from '../../sandbox/world';

const QUEUE = 'aws:sqs/queue:Queue';
const LOG_GROUP = 'aws:cloudwatch/logGroup:LogGroup';
const KEY = 'aws:kms/key:Key';
const TARGET = 'regional/111111111111/eu-west-1';
const place: Place = {
  account: accountIdSchema.parse('111111111111'),
  region: regionSchema.parse('eu-west-1'),
  organizationId: 'o-sandbox0001',
};

describe('the simulated provider', () => {
  let directory: string;
  let slept: number[];
  let now: number;
  let onSleep: () => void;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'provider-'));
    slept = [];
    now = 0;
    onSleep = () => undefined;
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  const open = (faults: readonly unknown[] = []) => {
    const organization = organizationSchema.parse({
      id: 'o-sandbox0001',
      managementAccount: '100000000000',
      accounts: [
        { id: '100000000000', name: 'management' },
        {
          id: '111111111111',
          name: 'workload',
          regions: { 'eu-west-2': 'DISABLED', 'eu-west-3': 'DISABLING', 'ap-east-1': 'ENABLED', 'af-south-1': 'ENABLING' },
        },
        { id: '222222222222', name: 'closed', state: 'CLOSED' },
      ],
      faults,
    });
    // One simulated second a real one: what was slept reads as seconds.
    const clock = simulatedClock(
      {
        now: () => new Date(now),
        sleep: async (milliseconds, signal) => {
          signal?.throwIfAborted();
          onSleep();
          slept.push(milliseconds / 1000);
          now += milliseconds;
        },
      },
      1,
    );
    const accounts = new Map(organization.accounts.map((account) => [account.id, account]));
    const types = new Map(resourceTypes.map((type) => [type.type, type]));
    const world = new World({
      directory: join(directory, 'world'),
      types,
      now: () => now,
      secondsBetween: (from, to) => clock.secondsBetween(from, to),
      members: accounts,
    });
    const provider = new SandboxProvider({
      types,
      world,
      organizationId: organization.id,
      managementAccount: organization.managementAccount,
      accounts,
      clock,
      faults: new FaultBook({ directory, faults: organization.faults, promoted: [] }),
    });
    return { provider, world };
  };

  const configuration = (over: Readonly<Record<string, unknown>> = {}) => ({
    region: 'eu-west-1',
    assumeRoles: JSON.stringify([{ roleArn: 'arn:aws:iam::111111111111:role/fleet/deploy' }]),
    allowedAccountIds: JSON.stringify(['111111111111']),
    defaultTags: JSON.stringify({ tags: { Team: 'commerce' } }),
    ...over,
  });
  const roleIn = (account: string) => JSON.stringify([{ roleArn: `arn:aws:iam::${account}:role/fleet/deploy` }]);

  describe('configure', () => {
    test('tells where calls land and which tags they carry', () => {
      expect(open().provider.configure(configuration(), TARGET)).toEqual({
        place,
        roleArn: 'arn:aws:iam::111111111111:role/fleet/deploy',
        defaultTags: { Team: 'commerce' },
      });
    });

    test('takes nested values as text or plain, and the last role of a chain', () => {
      const assumeRoles = [{ roleArn: 'arn:aws:iam::222222222222:role/hop' }, { roleArn: 'arn:aws:iam::111111111111:role/last' }];

      expect(open().provider.configure({ region: 'eu-west-1', assumeRoles }, TARGET)).toMatchObject({
        place: { account: '111111111111' },
        defaultTags: {},
      });
    });

    test.each<[string, Readonly<Record<string, unknown>>, string, string]>([
      ['without a role', { assumeRoles: undefined }, 'InvalidConfiguration', 'assumeRoles'],
      ['with what is no role', { assumeRoles: JSON.stringify([{ roleArn: 'deploy' }]) }, 'ValidationError', 'deploy'],
      ['in a region that is none', { region: 'eu-nowhere-1' }, 'InvalidConfiguration', 'eu-nowhere-1'],
      ['for an account that is closed', { assumeRoles: roleIn('222222222222') }, 'AccessDenied', 'sts:AssumeRole'],
      ['for an account of another organisation', { assumeRoles: roleIn('999999999999') }, 'AccessDenied', 'sts:AssumeRole'],
      [
        'for an account that is not allowed',
        { assumeRoles: roleIn('100000000000') },
        'InvalidConfiguration',
        'AWS account ID not allowed: 100000000000',
      ],
      ['in a region turned off', { region: 'eu-west-2' }, 'InvalidClientTokenId', 'eu-west-2'],
      ['in a region being turned off', { region: 'eu-west-3' }, 'InvalidClientTokenId', 'eu-west-3'],
      ['in a region being turned on', { region: 'af-south-1' }, 'InvalidClientTokenId', 'af-south-1'],
      ['in an opt-in region nobody opted in to', { region: 'ap-east-2' }, 'InvalidClientTokenId', 'ap-east-2'],
    ])('%s is refused with the name AWS gives it', (_what, over, name, message) => {
      expect(() => open().provider.configure(configuration(over), TARGET)).toThrow(
        expect.objectContaining({ name, message: expect.stringContaining(message) as string }) as Error,
      );
    });

    test('in an opt-in region that is turned on is taken', () => {
      expect(open().provider.configure(configuration({ region: 'ap-east-1' }), TARGET).place.region).toBe('ap-east-1');
    });

    test('is refused while role-missing stands for the target', () => {
      const { provider } = open([{ target: 'regional/*/eu-west-1', kind: 'role-missing' }]);

      expect(() => provider.configure(configuration(), TARGET)).toThrow(expect.objectContaining({ name: 'AccessDenied' }) as Error);
      expect(provider.configure(configuration(), 'regional/111111111111/us-east-1').place.account).toBe('111111111111');
    });
  });

  describe('check', () => {
    test('merges default tags into taggable types, the own ones winning, and into no other', () => {
      const { provider } = open();

      expect(provider.check(QUEUE, { tags: { Team: 'own' } }, { Team: 'all', Cost: 'c' })).toEqual({ tags: { Team: 'own', Cost: 'c' } });
      const policy = { queueUrl: 'https://sqs.eu-west-1.amazonaws.com/111111111111/q', policy: '{}' };
      expect(() => provider.check('aws:sqs/queuePolicy:QueuePolicy', { ...policy, tags: {} }, { Team: 'all' })).toThrow('tags');
    });

    test('names every input that does not fit', () => {
      expect(() => open().provider.check(QUEUE, { delaySeconds: 901, colour: 'red' }, {})).toThrow(
        expect.objectContaining({
          name: 'InvalidAttributeValue',
          message: expect.stringMatching(/(?=.*delaySeconds)(?=.*colour)/) as string,
        }) as Error,
      );
    });

    test('refuses a type that is not simulated', () => {
      expect(() => open().provider.check('aws:ec2/instance:Instance', {}, {})).toThrow('does not simulate aws:ec2/instance:Instance');
    });
  });

  test.each([
    ['nothing', { name: 'a' }, { name: 'a' }, { keys: [], replace: false }],
    ['an input that is updated', { delaySeconds: 1 }, { delaySeconds: 2 }, { keys: ['delaySeconds'], replace: false }],
    ['an input that came and one that went', { delaySeconds: 1 }, { policy: '{}' }, { keys: ['delaySeconds', 'policy'], replace: false }],
    ['an input that replaces', { name: 'a', tags: {} }, { name: 'b', tags: { x: 'y' } }, { keys: ['name', 'tags'], replace: true }],
  ])('diff of %s', (_what, olds, news, expected) => {
    expect(open().provider.diff(QUEUE, olds, news)).toEqual(expected);
  });

  describe('plan', () => {
    const instance = { urn: 'urn:a', generation: 0, place, prior: undefined };
    const keyId = (over: Partial<typeof instance>) => open().provider.plan(KEY, {}, { ...instance, ...over }).id;

    test('gives the same instance the same ids', () => {
      expect(keyId({})).toBe(keyId({}));
    });

    test.each([
      ['resource', { urn: 'urn:b' }],
      ['replacement', { generation: 1 }],
      ['account', { place: { ...place, account: accountIdSchema.parse('222222222222') } }],
      ['region', { place: { ...place, region: regionSchema.parse('us-east-1') } }],
    ])('gives another %s other ids', (_what, over) => {
      expect(keyId(over)).not.toBe(keyId({}));
    });
  });

  describe('apply', () => {
    const change = (provider: SandboxProvider, over: Partial<Change> = {}): Change => {
      const type = over.type ?? LOG_GROUP;
      const planned = provider.plan(type, { name: 'app' }, { urn: 'urn:a', generation: 0, place, prior: undefined });
      return {
        op: 'create',
        type,
        urn: 'urn:a',
        place,
        planned,
        kept: planned,
        prior: undefined,
        target: TARGET,
        purpose: 'forward',
        fingerprint: 'f1',
        signal: new AbortController().signal,
        onRetry: () => undefined,
        ...over,
      };
    };

    test('changes the world at once and then takes its time', async () => {
      const { provider, world } = open();
      const seen: boolean[] = [];
      onSleep = () => void seen.push(world.find(LOG_GROUP, 'app', place) !== undefined);
      await provider.apply(change(provider));
      expect(seen).toEqual([true]);
      expect(slept).toEqual([2]);

      await provider.apply(change(provider, { op: 'delete' }));
      expect(world.find(LOG_GROUP, 'app', place)).toBeUndefined();
    });

    test('keeps what is to be kept, not what AWS was told', async () => {
      const { provider, world } = open();

      await provider.apply(change(provider, { kept: { inputs: { name: 'digest' }, outputs: {} } }));

      expect(world.find(LOG_GROUP, 'app', place)).toMatchObject({ inputs: { name: 'digest' }, outputs: {} });
    });

    test('tells whose a resource is', async () => {
      const { provider } = open();
      await provider.apply(change(provider));
      const asked = { type: LOG_GROUP, urn: 'urn:a', place, target: TARGET, key: 'app' };

      expect(provider.madeBefore(asked)).toMatchObject({ key: 'app' });
      expect(provider.madeBefore({ ...asked, urn: 'urn:b' })).toBeUndefined();
      expect(provider.madeBefore({ ...asked, target: 'foundation/111111111111/eu-west-1' })).toBeUndefined();
      expect(provider.madeBefore({ ...asked, key: 'other' })).toBeUndefined();
    });

    test('refuses a name that is taken', async () => {
      const { provider } = open();
      await provider.apply(change(provider));

      await expect(provider.apply(change(provider))).rejects.toMatchObject({ name: 'ResourceAlreadyExistsException' });
    });

    test('waits out what the real provider waits out, and says so', async () => {
      const { provider, world } = open();
      const retries: string[] = [];
      const queue = change(provider, { type: QUEUE, onRetry: (message) => void retries.push(message) });
      await provider.apply(queue);
      await provider.apply({ ...queue, op: 'delete' });
      slept.length = 0;

      await provider.apply(queue);

      expect(world.find(QUEUE, 'app', place)).toBeDefined();
      expect(retries).toEqual([expect.stringContaining('QueueDeletedRecently'), expect.stringContaining('QueueDeletedRecently')]);
      // 45 of the 60 seconds passed while the delete was waited for.
      expect(slept).toEqual([10, 10, 30]);
    });

    test.each([
      ['create-fails', 'create', { name: 'InternalFailure' }],
      ['update-fails', 'update', { name: 'InternalFailure' }],
      ['delete-fails', 'delete', { name: 'InternalFailure' }],
      ['throttle', 'create', { name: 'ThrottlingException', message: expect.stringContaining('25 tries') as string }],
    ] as const)('%s leaves the world as it was', async (kind, op, expected) => {
      const { provider, world } = open([{ target: '**', kind, phase: 'forward' }]);
      if (op !== 'create') await provider.apply(change(provider, { purpose: 'rollback' }));
      const before = world.resourcesOf(place.account);

      await expect(provider.apply(change(provider, { op }))).rejects.toMatchObject(expected);
      expect(world.resourcesOf(place.account)).toEqual(before);
    });

    test('crash is thrown as what it is', async () => {
      const { provider } = open([{ target: '**', kind: 'crash' }]);

      await expect(provider.apply(change(provider))).rejects.toBeInstanceOf(ProviderCrash);
    });

    test('hang ends when the signal aborts, with its reason', async () => {
      const { provider } = open([{ target: '**', kind: 'hang' }]);
      const controller = new AbortController();
      const work = provider.apply(change(provider, { signal: controller.signal }));
      controller.abort(new Error('enough'));

      await expect(work).rejects.toThrow('enough');
    });

    test('a wait between tries ends when the signal aborts', async () => {
      const { provider } = open([{ target: '**', kind: 'throttle' }]);
      const controller = new AbortController();

      const work = provider.apply(change(provider, { signal: controller.signal, onRetry: () => controller.abort(new Error('enough')) }));

      await expect(work).rejects.toThrow('enough');
      expect(slept).toEqual([]);
    });
  });
});
