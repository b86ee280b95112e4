import { HeadBucketCommand } from '@aws-sdk/client-s3';

import { describeWithEngineAndMoto } from '../helpers/engine-tier';

import { BOOTSTRAP, BootstrapWorld } from './bootstrap-world';
import { motoServer } from './moto-server';

const NOTHING = { create: 0, update: 0, replace: 0, delete: 0 };
const INSTANCE = 'aws:cloudformation/stackSetInstance:StackSetInstance';
const bucket = 'acme-fleet-state';

describeWithEngineAndMoto('fleet bootstrap', () => {
  const moto = motoServer();
  let world: BootstrapWorld;

  beforeAll(async () => {
    world = await BootstrapWorld.open(moto());
  });
  afterAll(() => world.close());

  /** Runs it as the release role of CI, on a machine that knows nothing of earlier runs. */
  async function bootstrap(settings: object = BOOTSTRAP, options: { readonly bucket?: string; readonly name?: string } = {}) {
    const fleet = await world.fleetAs('ci/release', { bucket, ...options, settings });
    return fleet.run('bootstrap', '--yes');
  }

  test('refuses whom the state would be closed to, and asks where nobody answers; both touch nothing', async () => {
    const untouched = 'acme-untouched';
    const before = [world.provider.done.length, world.policies.writes.length, world.door.changes.length];
    expect(await (await world.fleetAs('Admin', { bucket: untouched })).run('bootstrap', '--yes')).toMatchObject({
      exitCode: 2,
      err: expect.stringMatching(/^user\/not-a-control-role: .*assumed-role\/Admin\/run-7/) as string,
    });
    expect(await (await world.fleetAs('ci/release', { bucket: untouched })).run('bootstrap')).toMatchObject({
      exitCode: 1,
      err: expect.stringContaining('nobody is there') as string,
    });

    await expect(world.s3.send(new HeadBucketCommand({ Bucket: untouched }))).rejects.toMatchObject({ name: 'NotFound' });
    expect([world.provider.done.length, world.policies.writes.length, world.door.changes.length]).toEqual(before);
  }, 60_000);

  test('turns on what AWS asks for, makes the bucket, and runs the program with its state in it; a second time nothing is changed', async () => {
    const { provider, policies, door } = world;
    door.changes.length = 0;
    const first = await bootstrap();
    expect(first).toMatchObject({
      exitCode: 0,
      err: '',
      result: { bucket: { name: bucket, made: true }, outputs: { stackSet: 'orders-roles' } },
    });
    expect(door.changes.slice(0, 2)).toEqual(['EnablePolicyType', 'ActivateOrganizationsAccess']);
    expect(door.changes).toContain('AttachPolicy');
    expect(first.out).toContain('turned on, for good: tag policies in the organisation (organizations:EnablePolicyType)');
    expect(provider.done.filter((call) => call.startsWith('import '))).toEqual([`import ${bucket}`]);
    expect(provider.done).toEqual(expect.arrayContaining(['create aws:cloudformation/stackSet:StackSet', 'create aws:kms/key:Key']));
    expect(provider.done).not.toContain('create aws:s3/bucket:Bucket');
    expect(await world.keysOf(bucket)).toEqual(
      expect.arrayContaining(['pulumi/.pulumi/stacks/organization/123456789012.eu-west-1.json', 'pulumi/fleet.json', 'orders/fleet.json']),
    );

    const done = provider.done.length;
    policies.writes.length = 0;
    door.changes.length = 0;
    expect(await bootstrap()).toMatchObject({ exitCode: 0, err: '', result: { bucket: { made: false }, changes: NOTHING } });
    expect([provider.done.slice(done), door.changes]).toEqual([[], []]);
    expect(policies.writes.filter((write) => !/^\w+ \/acme-fleet-state\/(orders|pulumi)\//.test(write))).toEqual([]);

    // Its stack would be the very same.
    expect(await bootstrap(BOOTSTRAP, { name: 'invoices' })).toMatchObject({
      exitCode: 2,
      err: expect.stringMatching(/^user\/backend-of-another-fleet: /) as string,
    });
  }, 120_000);
});

describeWithEngineAndMoto('what a fleet bootstraps, when that changes', () => {
  const moto = motoServer();
  let world: BootstrapWorld;

  beforeAll(async () => {
    world = await BootstrapWorld.open(moto());
  });
  afterAll(() => world.close());

  /** A fleet of this name in its own bucket. AWS gives an organisation one monitor by account: it is somebody else's here. */
  function fleetNamed(name: string, settings: object = {}) {
    const accountMonitorArn = 'arn:aws:ce::123456789012:anomalymonitor/first';
    const cost = { ...BOOTSTRAP.cost, anomalies: { thresholdUsd: 100, accountMonitorArn } };
    return async (changes: object = {}) => {
      const fleet = await world.fleetAs('ci/release', {
        name,
        bucket: `acme-${name}`,
        settings: { ...BOOTSTRAP, cost, ...settings, ...changes },
      });
      const ran = await fleet.run('bootstrap', '--yes');
      expect([ran.exitCode, ran.err]).toEqual([0, '']);
      return ran.result;
    };
  }

  test('units come and go one by one: nothing is replaced, and no other unit is touched', async () => {
    const { platform, production } = world.organization.units;
    const bootstrap = fleetNamed('units');
    const steps = async (units: readonly string[]) =>
      (await world.doneBy(() => bootstrap({ units }))).filter((step) => step.endsWith(INSTANCE));

    expect(await steps([platform])).toEqual([`create ${INSTANCE}`]);
    expect(await steps([platform, production])).toEqual([`create ${INSTANCE}`]);
    expect(await steps([production, platform])).toEqual([]);
    expect(await steps([platform])).toEqual([`delete ${INSTANCE}`]);
  }, 240_000);

  test('twenty control roles and twenty operators with long names are taken, and once more nothing is changed', async () => {
    const named = (what: string) =>
      Array.from({ length: 20 }, (_, index) => `platform/teams/${what}-of-the-commerce-organisation-number-${index}`);
    const bootstrap = fleetNamed('many', {
      control: { roles: ['ci/release', ...named('control').slice(1)], operators: named('operator') },
    });

    await bootstrap();
    expect(await bootstrap()).toMatchObject({ changes: NOTHING });
  }, 180_000);

  test('cost centres that are watched on their own stay as they are', async () => {
    const costCenters = ['cc-100', 'cc-200'];
    const cost = { ...BOOTSTRAP.cost, activateTags: true, anomalies: { thresholdUsd: 100, accountMonitorArn: null, costCenters } };
    const bootstrap = fleetNamed('centres', { cost });

    await bootstrap();
    expect(await bootstrap()).toMatchObject({ changes: NOTHING });
  }, 180_000);

  test('two fleets stand side by side in the same accounts, and neither changes the other', async () => {
    const [orders, invoices] = [fleetNamed('orders'), fleetNamed('invoices')];

    expect(await orders()).toMatchObject({ outputs: { stackSet: 'orders-roles' } });
    expect(await invoices()).toMatchObject({ outputs: { stackSet: 'invoices-roles' } });
    expect(await orders()).toMatchObject({ changes: NOTHING });
    expect(await invoices()).toMatchObject({ changes: NOTHING });
  }, 240_000);
});
