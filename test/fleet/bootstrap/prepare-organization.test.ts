import type { OrganizationConfig } from '../../../contracts/organization';
import { prepareOrganization, type BootstrapPorts } from '../../../fleet/bootstrap/prepare-organization';
import type { AccessStep } from '../../../fleet/bootstrap/organization-access';
import type { BucketFound } from '../../../fleet/bootstrap/state-bucket';
import { noChanges, type EngineResult, type Message } from '../../../fleet/ports';

import { BUCKET, bootstrapFile, facts, fleetConfig } from './bootstrap-fixture';

const NOW = '2026-11-25T10:00:00.000Z';
const outputs = {
  version: 1,
  state: { bucket: BUCKET, keyArn: 'arn:aws:kms:eu-west-1:111111111111:key/k', secretsProvider: 'awskms:///arn?region=eu-west-1' },
  stackSet: 'orders-roles',
  costTopicArn: 'arn:aws:sns:us-east-1:999999999999:orders-cost',
  roles: { preview: 'fleet/preview', deploy: 'fleet/deploy', operate: 'fleet/operate', cost: 'fleet/cost' },
};

/** An organisation in which everything that is done is written down, in its order. */
class World implements BootstrapPorts {
  readonly done: string[] = [];
  readonly told: OrganizationConfig[] = [];
  readonly messages: Message[] = [];
  readonly clock = { now: () => new Date(NOW) };
  readonly reporter = { report: (message: Message) => void this.messages.push(message) };
  found: BucketFound = { exists: false, createdAt: null, missing: ['policy', 'tags'] };
  answer = true;
  facts = facts();
  result: EngineResult = { status: 'succeeded', changes: { ...noChanges, create: 30 }, steps: [], outputs };

  readonly readFacts = () => Promise.resolve(this.facts);

  readonly bucket = {
    look: () => Promise.resolve(this.found),
    complete: ({ exists, missing }: BucketFound, config: OrganizationConfig) => {
      this.done.push(`${exists ? 'bucket completed' : 'bucket made'} ${missing.join()}`);
      this.found = { exists: true, createdAt: config.createdAt, missing: [] };
      return Promise.resolve();
    },
  };

  off: readonly AccessStep[] = [];

  readonly access = {
    look: () => Promise.resolve(this.off),
    complete: (missing: readonly AccessStep[], { rootId }: { readonly rootId: string }) => {
      this.done.push(`${missing.map(({ call }) => call).join()} in ${rootId}`);
      this.off = [];
      return Promise.resolve();
    },
  };

  readonly deploy = (config: OrganizationConfig) => {
    this.done.push('program run');
    this.told.push(config);
    return Promise.resolve(this.result);
  };

  readonly confirm = (question: string) => {
    this.done.push(question);
    return Promise.resolve(this.answer);
  };
}

const QUESTION = 'prepare organisation o-abcdefghij for fleet orders? [y/N] ';
const prepare = (world: World) => prepareOrganization({ config: fleetConfig(), file: bootstrapFile(), bucket: BUCKET }, world);

test('asks, makes the bucket, then runs the program whose state it holds', async () => {
  const world = new World();

  expect(await prepare(world)).toEqual({ bucket: { name: BUCKET, made: true }, changes: { ...noChanges, create: 30 }, outputs });
  expect(world.done).toEqual([QUESTION, 'bucket made policy,tags', 'program run']);
  expect(world.told).toMatchObject([{ createdAt: NOW, state: { bucket: BUCKET } }]);
  expect(world.messages.map(({ code }) => code)).toEqual(['bootstrap', 'state-bucket']);
});

test('tells before it asks what it would do, to whom, and for whom', async () => {
  const world = new World();
  world.answer = false;

  expect(await prepare(world)).toBeNull();
  expect(world.done).toEqual([QUESTION]);
  expect(world.messages[0]?.message.split('\n')).toEqual([
    'organisation o-abcdefghij, for fleet orders:',
    '  state bucket acme-fleet-state in account 111111111111 is made in eu-west-1; key alias/orders-state',
    '  roles fleet/orders/orders-preview, fleet/orders/orders-deploy, fleet/orders/orders-operate in every member account, by a service-managed StackSet',
    '  who may assume them: fleet-control, ci/release, and to look and operate on-call of account 999999999999',
    '  tag policy; role fleet/orders/orders-cost, anomaly alerts from 100 $ and 4 budgets of 250 $ in account 999999999999',
  ]);
});

test('once more, leaves the bucket alone and tells the program the very same', async () => {
  const world = new World();
  await prepare(world);
  world.done.length = 0;
  Object.assign(world.clock, { now: () => new Date('2027-01-01') });
  world.result = { ...world.result, changes: { ...noChanges, same: 30 } };

  expect(await prepare(world)).toMatchObject({ bucket: { made: false }, changes: { create: 0, same: 30 } });
  expect(world.done).toEqual([QUESTION, 'program run']);
  expect(world.told[1]).toEqual(world.told[0]);
});

test('turns on what the organisation has off, after it was told and before the program that needs it; once more it does not', async () => {
  const world = new World();
  world.off = [{ call: 'organizations:EnablePolicyType', what: 'tag policies in the organisation' }];
  await prepare(world);

  expect(world.done).toEqual([QUESTION, 'bucket made policy,tags', 'organizations:EnablePolicyType in r-ab12', 'program run']);
  expect(world.messages[0]?.message).toContain(
    '\n  turned on, for good: tag policies in the organisation (organizations:EnablePolicyType)\n',
  );
  expect(world.messages.at(-1)).toMatchObject({ code: 'organization-access', message: 'turned on tag policies in the organisation' });
  world.done.length = 0;
  await prepare(world);
  expect(world.done).toEqual([QUESTION, 'program run']);
});

test('goes on from where a run ended that made only a part of the bucket', async () => {
  const world = new World();
  world.found = { exists: true, createdAt: null, missing: ['versioning', 'tags'] };
  await prepare(world);

  expect(world.done).toEqual([QUESTION, 'bucket completed versioning,tags', 'program run']);
  expect(world.messages[1]?.message).toBe(`bucket ${BUCKET} got what it lacked: versioning, tags`);
});

test.each<[string, (world: World) => void, RegExp]>([
  [
    'credentials of another account',
    (world) => (world.facts = facts({ caller: { account: '1', arn: 'arn' } })),
    /management account, 999999999999/,
  ],
  ['a bucket of somebody else', (world) => (world.bucket.look = () => Promise.reject(new Error('another account'))), /another account/],
  ['what the program would refuse', (world) => (world.facts = facts({ rootId: 'root' })), /root id "root"/],
])('touches nothing and asks nothing with %s', async (_name, change, message) => {
  const world = new World();
  change(world);

  await expect(prepare(world)).rejects.toThrow(message);
  expect(world.done).toEqual([]);
});

test('a program that fails is told with AWS’s own code and the resource', async () => {
  const world = new World();
  const error = { code: 'aws/AccessDenied', message: 'no budgets for you', resource: 'urn:budget' };
  world.result = { status: 'failed', changes: noChanges, steps: [], error };

  await expect(prepare(world)).rejects.toMatchObject({
    code: 'aws/AccessDenied',
    message: 'organisation o-abcdefghij is not prepared: no budgets for you (urn:budget)',
  });
});
