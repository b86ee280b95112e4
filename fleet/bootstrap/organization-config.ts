import { monitoringBlockSchema } from '../../contracts/foundation';
import { mayBeNamed } from '../../contracts/control-roles';
import { organizationConfigSchema, type OrganizationConfig } from '../../contracts/organization';
import type { FleetConfig } from '../config/fleet-config';
import { accountReason } from '../discovery/select-targets';
import { userError, userProblems, type Problem } from '../errors';

import type { BootstrapFile } from './bootstrap-file';
import type { OrganizationFacts } from './organization-facts';

/** What the organisation's program is told is made of. */
export interface OrganizationConfigInput {
  readonly config: FleetConfig;
  readonly file: BootstrapFile;
  readonly facts: OrganizationFacts;
  readonly bucket: string;
  /** When the organisation was first prepared, ISO 8601. */
  readonly createdAt: string;
}

/** The configuration of the organisation's program. Pure. Throws a `user/bootstrap` {@link FleetError} with every problem. */
export function organizationConfigOf({ config, file, facts, bucket, createdAt }: OrganizationConfigInput): OrganizationConfig {
  const { shared, monitoring } = config.accounts;
  const parsed = organizationConfigSchema.safeParse({
    version: 1,
    fleet: config.name,
    homeRegion: config.homeRegion,
    regions: config.regions,
    organization: { id: facts.organizationId, rootId: facts.rootId, units: file.units },
    accounts: {
      management: facts.managementAccount,
      shared,
      monitoring,
      sinks: Object.values(monitoringBlockSchema.parse(config.blocks.monitoring ?? {}).sinks ?? {}),
    },
    control: { account: facts.managementAccount, ...file.control },
    bootstrapRole: file.bootstrapRole,
    deployRole: config.deployRole,
    tags: config.tags,
    createdAt,
    state: {
      bucket,
      keyAlias: file.state.keyAlias ?? `alias/${config.name}-state`,
      takeOver: file.state.takeOver,
      oldVersionsDays: file.state.oldVersionsDays,
    },
    tagPolicy: file.tagPolicy,
    cost: {
      ...file.cost,
      budgets: { perAccountUsd: file.cost.budgets.perAccountUsd, accounts: budgetedAccounts(config, facts) },
    },
  });
  const problems: Problem[] = unusable(config, facts).map((message) => ({ message }));
  for (const { path, message } of parsed.error?.issues ?? []) problems.push({ message: `${path.join('.')}: ${message}` });
  if (problems.length > 0 || !parsed.success) throw userProblems('bootstrap', problems);
  return parsed.data;
}

/** The fleet's accounts as they are today; those that are made later get their budgets on the next run. */
function budgetedAccounts(config: FleetConfig, { accounts }: OrganizationFacts): readonly string[] {
  const reasonOf = accountReason(config);
  const workloads = accounts.filter((account) => reasonOf({ ...account, tags: {} }) === null).map(({ id }) => id);
  return [...new Set([config.accounts.shared, config.accounts.monitoring, ...workloads])].sort();
}

function unusable({ accounts }: FleetConfig, facts: OrganizationFacts): readonly string[] {
  return (['shared', 'monitoring'] as const).flatMap((name) => {
    const found = facts.accounts.find(({ id }) => id === accounts[name]);
    if (!found) return [`accounts.${name} is ${accounts[name]}, which is no account of organisation ${facts.organizationId}: correct it`];
    return found.state === 'ACTIVE' ? [] : [`accounts.${name} is ${found.id}, which is ${found.state ?? 'in an unknown state'}`];
  });
}

/**
 * Throws a user error unless the credentials are of a control role of the management account. Bucket and key admit those alone: any other
 * would lose the state in the middle of the run that makes it.
 */
export function refuseOtherCaller({ caller, managementAccount }: OrganizationFacts, { control }: BootstrapFile): void {
  if (caller.account !== managementAccount)
    throw userError(
      'not-management-account',
      `the AWS credentials are of account ${caller.account} (${caller.arn}): bootstrap needs those of the management account, ${managementAccount}`,
    );
  const role = /:assumed-role\/([^/]+)\//.exec(caller.arn)?.[1];
  // The ARN of a session carries the role's name without its path.
  if (role !== undefined && mayBeNamed(control.roles, role)) return;
  throw userError(
    'not-a-control-role',
    `the AWS credentials are of ${caller.arn}, which is none of control.roles (${control.roles.join(', ')}) of bootstrap.yaml: the state that it makes would be closed to it; assume one of these, or add its role`,
  );
}
