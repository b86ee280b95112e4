import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { HeadBucketCommand, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import { OrganizationsClient } from '@aws-sdk/client-organizations';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { stringify } from 'yaml';

import { regionSchema } from '../../contracts/ids';
import { createS3Client } from '../../fleet/state/s3-client';

import { AwsFleet } from './aws-fleet';
import { makeOrganization, type MadeOrganization } from './make-organization';
import { OrganizationDoor } from './organization-door';
import { OrganizationProvider } from './organization-provider';
import { organizationTypes } from './organization-types';
import { PolicyDoor } from './policy-door';

const credentials = { accessKeyId: 'AKIAMANAGEMENT', secretAccessKey: 'secret' };

/** An ordinary bootstrap.yaml. */
export const BOOTSTRAP = {
  control: { roles: ['ci/release'], operators: ['on-call'] },
  cost: { budgets: { perAccountUsd: 250 }, anomalies: { thresholdUsd: 100 } },
};

/** Whose fleet it is. */
export interface FleetOptions {
  readonly bucket: string;
  /** @default orders */
  readonly name?: string;
  /** bootstrap.yaml. @default {@link BOOTSTRAP} */
  readonly settings?: object;
}

/** An organisation of two workload accounts that refuses what AWS refuses, before anybody prepared it. */
export class BootstrapWorld {
  readonly s3: S3Client;
  readonly #sts: STSClient;
  readonly #fleets: AwsFleet[] = [];

  private constructor(
    readonly policies: PolicyDoor,
    readonly door: OrganizationDoor,
    readonly provider: OrganizationProvider,
    readonly organization: MadeOrganization,
  ) {
    const { endpoint } = door;
    this.s3 = createS3Client({ region: regionSchema.parse('eu-west-1'), endpoint, credentials });
    this.#sts = new STSClient({ region: 'eu-west-1', endpoint, credentials });
  }

  static async open(moto: string): Promise<BootstrapWorld> {
    const policies = await new PolicyDoor(moto).open();
    const door = await new OrganizationDoor(policies.endpoint).open();
    const client = new OrganizationsClient({ region: 'us-east-1', endpoint: door.endpoint, credentials });
    const organization = await makeOrganization(client, 2);
    client.destroy();
    const { units, shared, monitoring, workloads } = organization;
    const accounts = new Map([
      [units.root, [shared, monitoring, ...workloads]],
      [units.platform, [shared, monitoring]],
      [units.production, workloads],
    ]);
    const types = organizationTypes(door, (unit) => accounts.get(unit) ?? []);
    const s3 = createS3Client({ region: regionSchema.parse('eu-west-1'), endpoint: door.endpoint, credentials });
    const exists = (Bucket: string) => s3.send(new HeadBucketCommand({ Bucket })).then(() => true, () => false); // prettier-ignore
    const provider = await new OrganizationProvider(exists, types).listen();
    return new BootstrapWorld(policies, door, provider, organization);
  }

  /** A fleet as a role of the management account sees it, on a machine of its own. */
  async fleetAs(role: string, { bucket, name = 'orders', settings = BOOTSTRAP }: FleetOptions): Promise<AwsFleet> {
    const { shared, monitoring } = this.organization;
    const config = {
      name,
      organization: { source: 'aws' },
      state: `s3://${bucket}/${name}`,
      backend: `s3://${bucket}/pulumi`,
      secretsProvider: 'awskms://alias/orders-state',
      accounts: { shared, monitoring },
      regions: ['eu-west-1'],
      tags: { Application: 'orders', Team: 'commerce', CostCenter: 'cc-100', Environment: 'prod' },
    };
    const { Credentials } = await this.#sts.send(
      new AssumeRoleCommand({ RoleArn: `arn:aws:iam::123456789012:role/${role}`, RoleSessionName: 'run-7' }),
    );
    const fleet = new AwsFleet({
      config,
      attachProvider: this.provider.attach,
      environment: {
        FLEET_PULUMI: process.env.FLEET_PULUMI,
        AWS_ENDPOINT_URL: this.door.endpoint,
        AWS_ACCESS_KEY_ID: Credentials?.AccessKeyId,
        AWS_SECRET_ACCESS_KEY: Credentials?.SecretAccessKey,
        AWS_SESSION_TOKEN: Credentials?.SessionToken,
      },
    });
    this.#fleets.push(fleet);
    writeFileSync(join(fleet.directory, 'bootstrap.yaml'), stringify(settings));
    return fleet;
  }

  /** What the provider did while `work` ran. */
  async doneBy(work: () => Promise<unknown>): Promise<readonly string[]> {
    const before = this.provider.done.length;
    await work();
    return this.provider.done.slice(before);
  }

  async keysOf(Bucket: string): Promise<readonly string[]> {
    const { Contents = [] } = await this.s3.send(new ListObjectsV2Command({ Bucket }));
    return Contents.map(({ Key = '' }) => Key);
  }

  async close(): Promise<void> {
    for (const fleet of this.#fleets) fleet.remove();
    for (const client of [this.s3, this.#sts]) client.destroy();
    this.provider.close();
    await this.door.close();
    await this.policies.close();
  }
}
