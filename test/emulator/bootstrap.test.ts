import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { HeadBucketCommand, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import { OrganizationsClient } from '@aws-sdk/client-organizations';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { stringify } from 'yaml';

import { regionSchema } from '../../contracts/ids';
import { createS3Client } from '../../fleet/state/s3-client';
import { describeWithEngineAndMoto } from '../helpers/engine-tier';

import { AwsFleet } from './aws-fleet';
import { makeOrganization } from './make-organization';
import { motoServer } from './moto-server';
import { OrganizationProvider } from './organization-provider';
import { PolicyDoor } from './policy-door';

const credentials = { accessKeyId: 'AKIAMANAGEMENT', secretAccessKey: 'secret' };
const BOOTSTRAP = {
  control: { roles: ['ci/release'], operators: ['on-call'] },
  cost: { budgets: { perAccountUsd: 250 }, anomalies: { thresholdUsd: 100 } },
};

describeWithEngineAndMoto('fleet bootstrap', () => {
  const moto = motoServer();
  let door: PolicyDoor;
  let provider: OrganizationProvider;
  let s3: S3Client;
  let sts: STSClient;
  let accounts: { readonly shared: string; readonly monitoring: string };
  const fleets: AwsFleet[] = [];

  beforeAll(async () => {
    door = await new PolicyDoor(moto()).open();
    const { endpoint } = door;
    s3 = createS3Client({ region: regionSchema.parse('eu-west-1'), endpoint, credentials });
    sts = new STSClient({ region: 'eu-west-1', endpoint, credentials });
    const exists = (Bucket: string) => s3.send(new HeadBucketCommand({ Bucket })).then(() => true, () => false); // prettier-ignore
    provider = await new OrganizationProvider(exists).listen();
    const organizations = new OrganizationsClient({ region: 'us-east-1', endpoint, credentials });
    accounts = await makeOrganization(organizations, 2);
    organizations.destroy();
  });
  afterAll(async () => {
    for (const fleet of fleets) fleet.remove();
    for (const client of [s3, sts]) client.destroy();
    provider.close();
    await door.close();
  });

  /** A fleet as a role of the management account sees it, on a machine of its own. */
  async function fleetAs(
    role: string,
    { bucket, name = 'orders' }: { readonly bucket: string; readonly name?: string },
  ): Promise<AwsFleet> {
    const config = {
      name,
      organization: { source: 'aws' },
      state: `s3://${bucket}/${name}`,
      backend: `s3://${bucket}/pulumi`,
      secretsProvider: 'awskms://alias/orders-state',
      accounts: { shared: accounts.shared, monitoring: accounts.monitoring },
      regions: ['eu-west-1'],
      tags: { Application: 'orders', Team: 'commerce', CostCenter: 'cc-100', Environment: 'prod' },
    };
    const { Credentials } = await sts.send(
      new AssumeRoleCommand({ RoleArn: `arn:aws:iam::123456789012:role/${role}`, RoleSessionName: 'run-7' }),
    );
    const fleet = new AwsFleet({
      config,
      attachProvider: provider.attach,
      environment: {
        FLEET_PULUMI: process.env.FLEET_PULUMI,
        AWS_ENDPOINT_URL: door.endpoint,
        AWS_ACCESS_KEY_ID: Credentials?.AccessKeyId,
        AWS_SECRET_ACCESS_KEY: Credentials?.SecretAccessKey,
        AWS_SESSION_TOKEN: Credentials?.SessionToken,
      },
    });
    fleets.push(fleet);
    writeFileSync(join(fleet.directory, 'bootstrap.yaml'), stringify(BOOTSTRAP));
    return fleet;
  }

  async function keysOf(Bucket: string): Promise<readonly string[]> {
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
    return Contents.map(({ Key = '' }) => Key);
  }

  test('refuses whom the state would be closed to, and asks where nobody answers; both touch nothing', async () => {
    const bucket = 'acme-untouched';
    const [done, writes] = [provider.done.length, door.writes.length];
    expect(await (await fleetAs('Admin', { bucket })).run('bootstrap', '--yes')).toMatchObject({
      exitCode: 2,
      err: expect.stringMatching(/^user\/not-a-control-role: .*assumed-role\/Admin\/run-7/) as string,
    });
    expect(await (await fleetAs('ci/release', { bucket })).run('bootstrap')).toMatchObject({
      exitCode: 1,
      err: expect.stringContaining('nobody is there') as string,
    });

    await expect(s3.send(new HeadBucketCommand({ Bucket: bucket }))).rejects.toMatchObject({ name: 'NotFound' });
    expect([provider.done.length, door.writes.length]).toEqual([done, writes]);
  }, 60_000);

  test('makes the bucket, and runs the organisation’s program with its state in it; a second time nothing is changed', async () => {
    const bucket = 'acme-fleet-state';
    const first = await (await fleetAs('ci/release', { bucket })).run('bootstrap', '--yes');
    expect(first).toMatchObject({
      exitCode: 0,
      err: '',
      result: { bucket: { name: bucket, made: true }, outputs: { stackSet: 'orders-roles' } },
    });
    expect(provider.done.filter((call) => call.startsWith('import '))).toEqual([`import ${bucket}`]);
    expect(provider.done).toEqual(expect.arrayContaining(['create aws:cloudformation/stackSet:StackSet', 'create aws:kms/key:Key']));
    expect(provider.done).not.toContain('create aws:s3/bucket:Bucket');
    expect(await keysOf(bucket)).toEqual(
      expect.arrayContaining(['pulumi/.pulumi/stacks/organization/123456789012.eu-west-1.json', 'pulumi/fleet.json', 'orders/fleet.json']),
    );

    const done = provider.done.length;
    door.writes.length = 0;
    // Another machine, that knows nothing of the first run.
    const again = await (await fleetAs('ci/release', { bucket })).run('bootstrap', '--yes');
    expect(again).toMatchObject({
      exitCode: 0,
      err: '',
      result: { bucket: { made: false }, changes: { create: 0, update: 0, replace: 0, delete: 0 } },
    });
    expect(provider.done.slice(done)).toEqual([]);
    expect(door.writes.filter((write) => !/^\w+ \/acme-fleet-state\/(orders|pulumi)\//.test(write))).toEqual([]);

    // Its stack would be the very same.
    const second = await fleetAs('ci/release', { bucket, name: 'invoices' });
    expect(await second.run('bootstrap', '--yes')).toMatchObject({
      exitCode: 2,
      err: expect.stringMatching(/^user\/backend-of-another-fleet: /) as string,
    });
  }, 120_000);
});
