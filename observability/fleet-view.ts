import { Dashboard } from '@pulumi/aws/cloudwatch/dashboard';
import * as pulumi from '@pulumi/pulumi';

/** A dashboard of the monitoring account. */
export interface FleetViewArgs {
  readonly dashboardName: string;
  readonly body: pulumi.Output<string>;
}

/** One dashboard over many targets. */
export class FleetView extends pulumi.ComponentResource {
  readonly dashboardName: pulumi.Output<string>;

  constructor(name: string, args: FleetViewArgs, options: pulumi.ComponentResourceOptions) {
    super('fleet:observability:FleetView', name, {}, options);
    const dashboard = new Dashboard(`${name}-dashboard`, { dashboardName: args.dashboardName, dashboardBody: args.body }, { parent: this });
    this.dashboardName = dashboard.dashboardName;
    this.registerOutputs({ dashboardName: this.dashboardName });
  }
}
