import { parseFleetConfig } from '../../../fleet/config/load-config';
import { bootstrapFileSchema, type BootstrapFile } from '../../../fleet/bootstrap/bootstrap-file';
import type { OrganizationFacts } from '../../../fleet/bootstrap/organization-facts';
import type { FleetConfig } from '../../../fleet/config/fleet-config';
import { accountIdSchema } from '../../../contracts/ids';

export const MANAGEMENT = accountIdSchema.parse('999999999999');
export const SHARED = accountIdSchema.parse('111111111111');
export const MONITORING = accountIdSchema.parse('222222222222');
export const BUCKET = 'acme-fleet-state';

/** A fleet of a real organisation, with lines in place of its own. */
export function fleetConfig(lines: Readonly<Record<string, string>> = {}): FleetConfig {
  const text = {
    name: 'orders',
    organization: '{ source: aws }',
    state: `s3://${BUCKET}/state`,
    backend: `s3://${BUCKET}/pulumi`,
    secretsProvider: 'awskms://alias/orders-state',
    accounts: `{ shared: "${SHARED}", monitoring: "${MONITORING}" }`,
    regions: '[eu-west-1, us-east-1]',
    tags: '{ Application: orders, Team: commerce, CostCenter: cc-100, Environment: prod }',
    ...lines,
  };
  const yaml = Object.entries(text).flatMap(([key, value]) => (value === '' ? [] : [`${key}: ${value}`]));
  return parseFleetConfig(yaml.join('\n'), { path: '/fleets/fleet.yaml' });
}

/** An ordinary bootstrap.yaml. */
export function bootstrapFile(changes: Readonly<Record<string, unknown>> = {}): BootstrapFile {
  return bootstrapFileSchema.parse({
    control: { roles: ['fleet-control', 'ci/release'], operators: ['on-call'] },
    cost: { budgets: { perAccountUsd: 250 }, anomalies: { thresholdUsd: 100 }, emails: ['finops@example.com'] },
    ...changes,
  });
}

type Account = OrganizationFacts['accounts'][number];

/** A member account. */
export function member(id: string, over: Partial<Account> = {}): Account {
  return { id: accountIdSchema.parse(id), unit: 'Workloads/Prod', state: 'ACTIVE', managementAccount: false, ...over };
}

/** An organisation with two workload accounts, as the release role of CI sees it. */
export function facts(changes: Partial<OrganizationFacts> = {}): OrganizationFacts {
  return {
    caller: { account: MANAGEMENT, arn: `arn:aws:sts::${MANAGEMENT}:assumed-role/release/run-7` },
    organizationId: 'o-abcdefghij',
    rootId: 'r-ab12',
    managementAccount: MANAGEMENT,
    accounts: [
      member(MANAGEMENT, { unit: '', managementAccount: true }),
      member(SHARED, { unit: 'Platform' }),
      member(MONITORING, { unit: 'Platform' }),
      member('333333333333'),
      member('444444444444'),
      member('555555555555', { state: 'SUSPENDED' }),
      member('666666666666', { unit: 'Sandbox' }),
    ],
    ...changes,
  };
}
