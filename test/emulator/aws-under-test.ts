import { readFileSync } from 'node:fs';

import { OrganizationsClient } from '@aws-sdk/client-organizations';
import { parse } from 'yaml';

import { makeOrganization } from './make-organization';
import { MotoGaps } from './moto-gaps';
import { ProviderServer } from './provider/provider-server';
import { assumedClients, type AwsAt, type ServiceClients } from './provider/service-clients';

/** What stood in for AWS where the emulator does not. */
export interface StandIns {
  /** Types whose resources are kept in memory. */
  readonly types: readonly string[];
  /** Operations that the test answered. */
  readonly operations: readonly string[];
  /** Resources that are kept in memory now: type, account, region and id. */
  readonly standing: readonly string[];
}

/** The AWS that a fleet is deployed to in a test. */
export interface AwsUnderTest {
  /** fleet.yaml. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Undefined: AWS's plugin. */
  readonly attachProvider: string | undefined;
  /** False: these are real accounts, whose functions run by themselves. */
  readonly emulated: boolean;
  readonly shared: string;
  readonly monitoring: string;
  /** Clients of an account, through its deploy role. */
  clients(account: string, region: string): Promise<ServiceClients>;
  /** What was not AWS's, nor the emulator's. */
  standIns(): StandIns;
  close(): Promise<void>;
}

const KEYS = { accessKeyId: 'AKIAMANAGEMENT', secretAccessKey: 'secret' };
const DEPLOY_ROLE = 'fleet/orders/orders-deploy';

/**
 * moto, with an organisation of two workload accounts in it; or the real organisation of the fleet.yaml that `FLEET_AWS_TEST` names, with the
 * credentials of the environment.
 */
export function awsUnderTest(moto: () => string): Promise<AwsUnderTest> {
  const path = process.env.FLEET_AWS_TEST;
  return path === undefined ? emulatedAws(moto(), { workloads: 2, regions: ['eu-west-1', 'us-east-1'] }) : Promise.resolve(real(path));
}

/** An organisation's size in moto. */
export interface EmulatedSize {
  /** Accounts under Workloads/Prod. */
  readonly workloads: number;
  readonly regions: readonly string[];
}

/** moto at an address, with an organisation in it. */
export async function emulatedAws(moto: string, { workloads, regions }: EmulatedSize): Promise<AwsUnderTest> {
  const gaps = await new MotoGaps(moto, regions).listen();
  const { endpoint } = gaps;
  const {
    id: organizationId,
    shared,
    monitoring,
  } = await makeOrganization(new OrganizationsClient({ region: 'us-east-1', endpoint, credentials: KEYS }), workloads);
  const provider = await new ProviderServer({ endpoint, credentials: KEYS, organizationId }).listen();
  const bake = { bake: '1s', shortBake: true, minOrders: 0 };
  return {
    config: {
      name: 'orders',
      homeRegion: 'eu-west-1',
      organization: { source: 'aws' },
      engine: 'pulumi',
      accounts: { shared, monitoring },
      regions,
      workloads: { units: ['Workloads/**'] },
      tags: { Application: 'orders', Team: 'platform', CostCenter: 'cc-100', Environment: 'prod' },
      alerts: { critical: [{ https: 'https://alerts.example.com/critical' }] },
      waves: [
        { name: 'canary', pick: { count: 1 }, failureTolerance: 0, ...bake },
        { name: 'rest', ...bake },
      ],
    },
    environment: {
      AWS_ENDPOINT_URL: endpoint,
      AWS_ACCESS_KEY_ID: KEYS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: KEYS.secretAccessKey,
      AWS_REGION: 'eu-west-1',
    },
    attachProvider: `aws:${provider.port}`,
    emulated: true,
    shared,
    monitoring,
    clients: clientsAt({ endpoint, credentials: KEYS }),
    standIns: () => ({ types: provider.keptTypes, operations: gaps.answered, standing: provider.kept }),
    close: async () => {
      provider.close();
      await gaps.close();
    },
  };
}

function real(path: string): AwsUnderTest {
  const config = parse(readFileSync(path, 'utf8')) as { readonly accounts: { readonly shared: string; readonly monitoring: string } };
  return {
    config: { ...config },
    environment: process.env,
    attachProvider: undefined,
    emulated: false,
    ...config.accounts,
    clients: clientsAt({}),
    standIns: () => ({ types: [], operations: [], standing: [] }),
    close: () => Promise.resolve(),
  };
}

function clientsAt(at: AwsAt): AwsUnderTest['clients'] {
  const known = new Map<string, Promise<ServiceClients>>();
  return (account, region) => {
    const place = `${account}/${region}`;
    const opened =
      known.get(place) ?? assumedClients(`arn:aws:iam::${account}:role/${DEPLOY_ROLE}`, { ...at, region }).then(({ clients }) => clients);
    known.set(place, opened);
    return opened;
  };
}
