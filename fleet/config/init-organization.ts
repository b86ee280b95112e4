import type { Region } from '../../contracts/ids';
import { knownRegions } from '../../contracts/regions';

/** The accounts of a sandbox that are no workloads. */
export const sandboxAccounts = { management: '100000000001', shared: '100000000002', monitoring: '100000000003' } as const;

/** What the simulated organisation is to have. */
export interface InitOrganizationOptions {
  readonly name: string;
  /** Number of workload accounts. */
  readonly accounts: number;
  readonly regions: readonly Region[];
}

const FIRST_WORKLOAD_ID = 200_000_000_001;
const TEAMS = ['commerce', 'payments', 'logistics', 'retail', 'wholesale'] as const;

interface AccountText {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly unit: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** The text of an organization.yaml whose workload accounts stand under Workloads/Prod and can use every region asked for. */
export function initOrganization({ name, accounts, regions }: InitOrganizationOptions): string {
  const optIn = regions.filter((region) => knownRegions.get(region) === 'opt-in');
  const all = [...infrastructure(name), ...Array.from({ length: accounts }, (_, index) => workload(name, index))];
  return `# A simulated AWS organisation. Accounts without a state are ACTIVE, with a Lambda limit of 1000.
id: o-sandbox0001
managementAccount: "${sandboxAccounts.management}"

# Plant what can go wrong, for example:
# faults:
#   - target: regional/${idOf(0)}/*
#     kind: create-fails
#     on: aws:lambda/function:Function
#     times: 1
accounts:
${all.map((account) => accountText(account, optIn)).join('')}`;
}

function infrastructure(name: string): readonly AccountText[] {
  const make = (role: keyof typeof sandboxAccounts, unit: string): AccountText => ({
    id: sandboxAccounts[role],
    name: role,
    email: `${name}-${role}@example.com`,
    unit,
    tags: { CostCenter: 'cc-100', Team: 'platform' },
  });
  return [make('management', ''), make('shared', 'Infrastructure'), make('monitoring', 'Infrastructure')];
}

function workload(name: string, index: number): AccountText {
  const number = String(index + 1).padStart(4, '0');
  const team = index % TEAMS.length;
  return {
    id: idOf(index),
    name: `workload-${number}`,
    email: `${name}-workload-${number}@example.com`,
    unit: 'Workloads/Prod',
    tags: { CostCenter: `cc-${101 + team}`, Team: TEAMS[team] ?? TEAMS[0] },
  };
}

const idOf = (index: number) => String(FIRST_WORKLOAD_ID + index);

function accountText(account: AccountText, optIn: readonly Region[]): string {
  const lines = [
    `  - id: "${account.id}"`,
    `    name: ${account.name}`,
    `    email: ${account.email}`,
    `    unit: ${account.unit === '' ? '""' : account.unit}`,
    '    tags:',
    ...Object.entries(account.tags).map(([key, value]) => `      ${key}: ${value}`),
    ...(optIn.length === 0 ? [] : ['    regions:', ...optIn.map((region) => `      ${region}: ENABLED`)]),
  ];
  return `${lines.join('\n')}\n`;
}
