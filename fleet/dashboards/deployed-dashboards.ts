import type { AccountId, Region } from '../../contracts/ids';
import { findLayer } from '../../contracts/layers';
import type { Target } from '../../contracts/target';
import { messageOf } from '../errors';
import type { DeployedResource } from '../ports';

import { readDashboardBody, type DashboardBody } from './dashboard-body';

/** A dashboard as it is deployed. */
export interface DeployedDashboard {
  readonly name: string;
  readonly target: Target;
  readonly account: AccountId;
  readonly accountName: string;
  readonly region: Region;
  readonly body: DashboardBody;
}

const DASHBOARD = 'aws:cloudwatch/dashboard:Dashboard';

/** Dashboards among the resources of a target. Throws where one's body cannot be read. */
export function deployedDashboards(
  { target, accountName }: { readonly target: Target; readonly accountName: string },
  resources: readonly DeployedResource[],
): readonly DeployedDashboard[] {
  return resources
    .filter(({ type }) => type === DASHBOARD)
    .map(({ inputs, urn }) => {
      const { dashboardName, dashboardBody } = inputs;
      if (typeof dashboardName !== 'string' || typeof dashboardBody !== 'string') throw new Error(`${urn} has no name or no body`);
      try {
        const { account, region } = target;
        return { name: dashboardName, target, account, accountName, region, body: readDashboardBody(dashboardBody) };
      } catch (cause) {
        throw new Error(`the body of dashboard ${dashboardName} cannot be read: ${messageOf(cause)}`, { cause });
      }
    });
}

/** File of a dashboard's page: names are unique in an account, and neither has a dot. */
export function dashboardPage({ name, account }: Pick<DeployedDashboard, 'name' | 'account'>): string {
  return `${account}.${name.replace(/[^\w-]/g, '_')}.html`;
}

/** Where CloudWatch shows a dashboard, to whom is signed in to its account. */
export function consoleUrl({ name, region }: Pick<DeployedDashboard, 'name' | 'region'>): string {
  return `https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}#dashboards/dashboard/${encodeURIComponent(name)}`;
}

/** Is it a view over many targets, not one's own: in every page's navigation, and first in lists. */
export function isOverMany({ target }: Pick<DeployedDashboard, 'target'>): boolean {
  return findLayer(target.layer)?.placement !== 'workload';
}
