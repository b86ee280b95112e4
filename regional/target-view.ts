import { Dashboard } from '@pulumi/aws/cloudwatch/dashboard';
import * as pulumi from '@pulumi/pulumi';

import { targetDashboard, type TargetDashboardInput } from './target-dashboard';

/** The target's own dashboard. */
export class TargetView extends pulumi.ComponentResource {
  readonly dashboardName: pulumi.Output<string>;

  constructor(name: string, args: TargetDashboardInput, options: pulumi.ComponentResourceOptions) {
    super('fleet:regional:TargetView', name, {}, options);
    const dashboard = new Dashboard(
      'dashboard',
      { dashboardName: args.names.dashboard, dashboardBody: targetDashboard(args) },
      { parent: this },
    );
    this.dashboardName = dashboard.dashboardName;
    this.registerOutputs({ dashboardName: this.dashboardName });
  }
}
