import {
  DescribeOrganizationalUnitCommand,
  ListAccountsForParentCommand,
  ListOrganizationalUnitsForParentCommand,
  ListRootsCommand,
  type Account as AwsAccount,
  type OrganizationsClient,
} from '@aws-sdk/client-organizations';

import { allPages } from './pages';
import { unitPath } from './unit-path';

/** Finds the path of units an account stands in. */
export type UnitReader = (account: AwsAccount) => Promise<string>;

/**
 * Unit paths ({@link unitPath}); the empty text for an account at the root. Where an account carries its path, only names are asked
 * for, each once; else the organisation is walked, once. Rejects with AWS's error.
 */
export function unitReader(client: OrganizationsClient, signal: AbortSignal): UnitReader {
  const names = new Map<string, Promise<string>>();
  const nameOf = (id: string): Promise<string> => {
    const known = names.get(id);
    if (known) return known;
    const name = client
      .send(new DescribeOrganizationalUnitCommand({ OrganizationalUnitId: id }), { abortSignal: signal })
      .then((answer) => answer.OrganizationalUnit?.Name ?? refuse(`unit ${id} has no name`));
    names.set(id, name);
    return name;
  };
  let walk: Promise<ReadonlyMap<string, string>> | undefined;
  return async (account) => {
    const path = account.Paths?.[0];
    if (path !== undefined) return unitPath(await Promise.all(unitIds(path).map(nameOf)));
    walk ??= walkUnits(client, signal);
    return (await walk).get(account.Id ?? '') ?? refuse('the account was found under no unit');
  };
}

/** Ids of the units in `o-x/r-x/ou-x/ou-y/<account>`, from the root down. */
function unitIds(path: string): readonly string[] {
  return path.split('/').filter((segment) => segment.startsWith('ou-'));
}

/** A unit whose members are still to be listed, by the names that lead to it. */
interface OpenUnit {
  readonly id: string;
  readonly names: readonly string[];
}

async function walkUnits(client: OrganizationsClient, signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  const roots = await allPages(async (NextToken) => {
    const page = await client.send(new ListRootsCommand({ NextToken }), { abortSignal: signal });
    return { items: page.Roots, next: page.NextToken };
  });
  const open = roots.map((root): OpenUnit => ({ id: root.Id ?? '', names: [] }));
  for (let here = open.pop(); here; here = open.pop()) {
    const { id: ParentId, names } = here;
    const accounts = await allPages(async (NextToken) => {
      const page = await client.send(new ListAccountsForParentCommand({ ParentId, NextToken }), { abortSignal: signal });
      return { items: page.Accounts, next: page.NextToken };
    });
    for (const account of accounts) found.set(account.Id ?? '', unitPath(names));
    const units = await allPages(async (NextToken) => {
      const page = await client.send(new ListOrganizationalUnitsForParentCommand({ ParentId, NextToken }), { abortSignal: signal });
      return { items: page.OrganizationalUnits, next: page.NextToken };
    });
    open.push(...units.map((unit) => ({ id: unit.Id ?? '', names: [...names, unit.Name ?? ''] })));
  }
  return found;
}

function refuse(message: string): never {
  throw new Error(message);
}
