import { HeadBucketCommand } from '@aws-sdk/client-s3';

import { describeWithEngineAndMoto } from '../helpers/engine-tier';

import { BootstrapWorld } from './bootstrap-world';
import { motoServer } from './moto-server';

interface Foreseen {
  readonly calls: readonly { readonly call: string; readonly on: string }[];
  readonly resources: readonly { readonly op?: string; readonly type: string; readonly name: string; readonly goes?: boolean }[];
}

describeWithEngineAndMoto('fleet bootstrap, foreseen and undone', () => {
  const moto = motoServer();
  const bucket = 'acme-fleet-state';
  let world: BootstrapWorld;

  beforeAll(async () => {
    world = await BootstrapWorld.open(moto());
  });
  afterAll(() => world.close());

  const run = async (...flags: readonly string[]) => (await world.fleetAs('ci/release', { bucket })).run('bootstrap', ...flags);
  const touched = () => [world.provider.done.length, world.policies.writes.length, world.door.changes.length];

  test('a dry run tells every call and every resource and touches nothing; a destroy takes what was made and nothing of the organisation', async () => {
    const before = touched();
    const first = await run('--dry-run');
    expect([first.exitCode, first.err]).toEqual([0, '']);
    const { calls, resources } = first.result as Foreseen;
    expect(calls.map(({ call }) => call)).toEqual([
      's3:CreateBucket',
      's3:PutBucketPublicAccessBlock',
      's3:PutBucketPolicy',
      's3:PutBucketVersioning',
      's3:PutEncryptionConfiguration',
      's3:PutBucketTagging',
      'organizations:EnablePolicyType',
      'cloudformation:ActivateOrganizationsAccess',
      's3:PutObject',
      's3:DeleteObject',
    ]);
    expect(resources.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['aws:cloudformation/stackSet:StackSet', 'aws:kms/key:Key', 'aws:budgets/budget:Budget']),
    );
    expect(touched()).toEqual(before);
    await expect(world.s3.send(new HeadBucketCommand({ Bucket: bucket }))).rejects.toMatchObject({ name: 'NotFound' });

    expect(await run('--yes')).toMatchObject({ exitCode: 0, err: '' });
    const made = touched();
    const again = await run('--dry-run');
    expect(again.result).toMatchObject({ calls: [{ call: 's3:PutObject' }, { call: 's3:DeleteObject' }], resources: [] });
    expect(touched()).toEqual(made);

    const foreseen = (await run('--destroy', '--dry-run')).result as Foreseen;
    expect(foreseen.resources.filter(({ goes }) => goes === false).map(({ type }) => type)).toEqual(
      expect.arrayContaining(['aws:s3/bucket:Bucket', 'aws:kms/key:Key', 'aws:kms/alias:Alias', 'aws:s3/bucketPolicy:BucketPolicy']),
    );
    expect(touched()).toEqual(made);
    expect(await run('--destroy', '--confirm', 'invoices')).toMatchObject({
      exitCode: 2,
      err: expect.stringMatching(/^user\/not-confirmed: "invoices" is not the name of this fleet, orders: nothing was destroyed/) as string,
    });
    expect(touched()[0]).toBe(made[0]);

    world.door.changes.length = 0;
    const gone = await world.doneBy(async () =>
      expect(await run('--destroy', '--confirm', 'orders')).toMatchObject({
        exitCode: 0,
        err: '',
        result: { kept: [`bucket ${bucket}`, 'key alias/orders-state'] },
      }),
    );
    expect(gone).toEqual(
      expect.arrayContaining([
        'delete aws:cloudformation/stackSet:StackSet',
        'delete aws:budgets/budget:Budget',
        'delete aws:organizations/policy:Policy',
      ]),
    );
    expect(gone.filter((step) => /^delete .*(s3|kms|awsServiceAccess)/.test(step))).toEqual([]);
    expect(world.door.changes.filter((change) => /Disable|Deactivate/.test(change))).toEqual([]);

    // The roles are gone from the accounts, so that they can be made again; state and key are as they were.
    expect(await run('--yes')).toMatchObject({ exitCode: 0, err: '', result: { bucket: { made: false } } });
    expect(await run('--destroy', '--delete-data', '--confirm', 'orders')).toMatchObject({ exitCode: 0, err: '', result: { kept: [] } });
    await expect(world.s3.send(new HeadBucketCommand({ Bucket: bucket }))).rejects.toMatchObject({ name: 'NotFound' });
    expect(world.door.isActivated).toBe(true);
    expect(await run('--destroy', '--confirm', 'orders')).toMatchObject({
      exitCode: 2,
      err: expect.stringMatching(/^user\/not-bootstrapped: there is no bucket acme-fleet-state/) as string,
    });
  }, 600_000);
});
