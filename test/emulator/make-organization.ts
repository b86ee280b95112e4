import {
  CreateAccountCommand,
  CreateOrganizationCommand,
  CreateOrganizationalUnitCommand,
  ListRootsCommand,
  MoveAccountCommand,
  type OrganizationsClient,
} from '@aws-sdk/client-organizations';

/** An organisation that was made for a test. */
export interface MadeOrganization {
  readonly id: string;
  readonly shared: string;
  readonly monitoring: string;
  /** Ids of the root and of the units with accounts, and those accounts: of the root all. */
  readonly units: { readonly root: string; readonly platform: string; readonly production: string };
  /** Accounts under Workloads/Prod. */
  readonly workloads: readonly string[];
}

/** Makes an organisation by its API: units Platform and Workloads/Prod, a shared and a monitoring account, and workload accounts. */
export async function makeOrganization(client: OrganizationsClient, workloads: number): Promise<MadeOrganization> {
  const { Organization } = await client.send(new CreateOrganizationCommand({ FeatureSet: 'ALL' }));
  const { Roots = [] } = await client.send(new ListRootsCommand({}));
  const root = Roots[0]?.Id ?? '';
  const unit = async (Name: string, ParentId: string) => {
    const made = await client.send(new CreateOrganizationalUnitCommand({ Name, ParentId }));
    return made.OrganizationalUnit?.Id ?? '';
  };
  const account = async (name: string, DestinationParentId: string) => {
    const Tags = [{ Key: 'CostCenter', Value: `cc-${name}` }];
    const made = await client.send(new CreateAccountCommand({ AccountName: name, Email: `${name}@example.com`, Tags }));
    const AccountId = made.CreateAccountStatus?.AccountId ?? '';
    await client.send(new MoveAccountCommand({ AccountId, SourceParentId: root, DestinationParentId }));
    return AccountId;
  };
  const platform = await unit('Platform', root);
  const production = await unit('Prod', await unit('Workloads', root));
  const shared = await account('shared', platform);
  const monitoring = await account('monitoring', platform);
  const made: string[] = [];
  for (let index = 1; index <= workloads; index += 1) made.push(await account(`workload-${index}`, production));
  return { id: Organization?.Id ?? '', shared, monitoring, units: { root, platform, production }, workloads: made };
}
