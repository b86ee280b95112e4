import { Link } from '@pulumi/aws/oam/link';
import * as pulumi from '@pulumi/pulumi';

import { FLEET_TAG } from '../contracts/tags';
import { oamResourceTypes } from '../layer-kit/oam-resource-types';

/** Shares the target's metrics, logs and traces with the monitoring account. */
export class MonitoringLink extends pulumi.ComponentResource {
  constructor(
    name: string,
    args: { readonly fleet: string; readonly sinkArn: pulumi.Output<string> },
    options: pulumi.ComponentResourceOptions,
  ) {
    super('fleet:regional:MonitoringLink', name, {}, options);
    new Link(
      'link',
      {
        labelTemplate: '$AccountName',
        resourceTypes: [...oamResourceTypes],
        sinkIdentifier: args.sinkArn,
        tags: { [FLEET_TAG]: args.fleet },
      },
      { parent: this },
    );
    this.registerOutputs({});
  }
}
