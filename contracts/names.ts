import { splitRoleName } from './ids';

/**
 * Physical names. They are the same in every account, without random parts, so that fleet-wide queries can name them (AWS.md A8),
 * and carry the region wherever AWS's name space is wider than the region (AWS.md C1).
 */

/** Names inside one account and region. */
export interface RegionalNames {
  readonly orderFunction: string;
  readonly deadLetterFunction: string;
  readonly orderQueue: string;
  readonly deadLetterQueue: string;
  readonly ordersTable: string;
  /** S3 bucket in the account-regional namespace: the suffix is AWS's rule. */
  readonly archiveBucket: string;
  readonly orderLogGroup: string;
  readonly deadLetterLogGroup: string;
  /** IAM is one name space per account: the region is part of the name. */
  readonly orderRole: string;
  readonly deadLetterRole: string;
  readonly schedulerRole: string;
  readonly rolePath: string;
  readonly heartbeatSchedule: string;
  /** Dashboards are one name space per account. */
  readonly dashboard: string;
  readonly keyAlias: string;
  /** Namespace of the metrics that the functions emit. */
  readonly metricNamespace: string;
  /** Name of an alarm by its kind, as `orders-order-failures`. */
  readonly alarm: (kind: string) => string;
}

/** Every name the regional layer gives in one account and region; in policies, these may be what stands for them. */
export function regionalNames(fleet: string, place: { readonly account: string; readonly region: string }): RegionalNames {
  const { account, region } = place;
  const orderFunction = `${fleet}-order`;
  const deadLetterFunction = `${fleet}-dead-letter`;
  return {
    orderFunction,
    deadLetterFunction,
    orderQueue: `${fleet}-order-queue`,
    deadLetterQueue: `${fleet}-order-dlq`,
    ordersTable: `${fleet}-order-table`,
    archiveBucket: `${fleet}-archive-${account}-${region}-an`,
    orderLogGroup: `/${fleet}/${orderFunction}`,
    deadLetterLogGroup: `/${fleet}/${deadLetterFunction}`,
    orderRole: `${fleet}-order-${region}`,
    deadLetterRole: `${fleet}-dead-letter-${region}`,
    schedulerRole: `${fleet}-scheduler-${region}`,
    rolePath: `/${fleet}/`,
    heartbeatSchedule: `${fleet}-heartbeat`,
    dashboard: `${fleet}-target-${region}`,
    keyAlias: `alias/${fleet}-data`,
    metricNamespace: `fleet/${fleet}`,
    alarm: (kind) => `${fleet}-${kind}`,
  };
}

/** Names of the foundation layer, per region of the shared-services account. */
export function foundationNames(fleet: string) {
  return {
    topic: (severity: 'critical' | 'warning') => `${fleet}-alerts-${severity}`,
    keyAlias: `alias/${fleet}-alerts`,
    sink: `${fleet}-sink`,
  };
}

/** Names of the observability layer. Dashboards carry region and part: they are one name space per account. */
export function observabilityNames(fleet: string, place: { readonly region: string; readonly part: number | string }) {
  const part = place.part === 1 ? '' : `-${place.part}`;
  return {
    regionDashboard: `${fleet}-region-${place.region}${part}`,
    overviewDashboard: `${fleet}-overview`,
    /** One account in all its regions, to choose from. */
    accountDashboard: `${fleet}-account`,
    costDashboard: `${fleet}-cost`,
    /** One for all targets, to choose from. */
    targetsDashboard: `${fleet}-targets`,
    alarm: (kind: string) => `${fleet}-fleet-${kind}${part}`,
  };
}

/** ARN of the role a deployment assumes: always account id and template, never free text. */
export function deployRoleArn(account: string, role: string): string {
  return `arn:aws:iam::${account}:role/${role}`;
}

/** The roles of a fleet itself, each by path and name below `role/`. */
export interface FleetRoles {
  readonly deploy: string;
  readonly preview: string;
  readonly operate: string;
  readonly cost: string;
}

/**
 * The role that deploys a fleet, unless fleet.yaml names another. The fleet's name is in its path, and in its name too: IAM takes a name once an
 * account, whatever the path, and two fleets of one organisation have roles in the same accounts.
 */
export function defaultDeployRole(fleet: string): string {
  return `fleet/${fleet}/${fleet}-deploy`;
}

/** A role or policy of a fleet, beside the role that deploys: `fleet/orders/orders-preview` is beside `fleet/orders/orders-deploy`. */
export function besideDeployRole(deployRole: string, what: string): { readonly path: string; readonly name: string } {
  const { path, name } = splitRoleName(deployRole);
  return { path, name: name.endsWith('deploy') ? `${name.slice(0, -'deploy'.length)}${what}` : `${name}-${what}` };
}

/** The roles of a fleet stand beside the one that deploys. */
export function fleetRoles(deployRole: string): FleetRoles {
  const beside = (what: string) => {
    const { path, name } = besideDeployRole(deployRole, what);
    return `${path.slice(1)}${name}`;
  };
  return { deploy: deployRole, preview: beside('preview'), operate: beside('operate'), cost: beside('cost') };
}

/** Path and name of the permissions boundary that every role made by the fleet carries (AWS.md E2). */
export function permissionsBoundary(deployRole: string): { readonly path: string; readonly name: string } {
  return besideDeployRole(deployRole, 'workload-boundary');
}

/** ARN of {@link permissionsBoundary}; `account` may be what a template puts in its place. */
export function permissionsBoundaryArn(account: string, deployRole: string): string {
  const { path, name } = permissionsBoundary(deployRole);
  return `arn:aws:iam::${account}:policy${path}${name}`;
}

/** What names of log groups of a fleet's functions start with: those it makes, and those that Lambda makes where nobody made any. */
export function logGroupPrefixes(fleet: string): readonly string[] {
  return [`/${fleet}/`, `/aws/lambda/${fleet}-`];
}
