import { Sink } from '@pulumi/aws/oam/sink';
import { SinkPolicy } from '@pulumi/aws/oam/sinkPolicy';
import * as pulumi from '@pulumi/pulumi';

import { FLEET_TAG } from '../contracts/tags';
import { oamResourceTypes } from '../layer-kit/oam-resource-types';
import { sinkPolicy } from './sink-policy';

/** What the sink is made of. */
export interface MonitoringSinkArgs {
  readonly fleet: string;
  readonly sinkName: string;
  readonly organizationId: string;
  /** Against deletion and replacement. */
  readonly protect: boolean;
}

/** The monitoring account's sink of this region: what regional stacks link their telemetry to. */
export class MonitoringSink extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: MonitoringSinkArgs, options: pulumi.ComponentResourceOptions) {
    super('fleet:foundation:MonitoringSink', name, {}, options);
    const sink = new Sink(
      `${name}-sink`,
      { name: args.sinkName, tags: { [FLEET_TAG]: args.fleet } },
      { parent: this, protect: args.protect },
    );
    const policy = new SinkPolicy(
      `${name}-policy`,
      {
        sinkIdentifier: sink.arn,
        policy: JSON.stringify(sinkPolicy({ organizationId: args.organizationId, resourceTypes: oamResourceTypes })),
      },
      { parent: this },
    );
    // A link made before the policy would be refused: whoever reads this ARN waits for the policy, too.
    this.arn = policy.sinkIdentifier;
    this.registerOutputs({ arn: this.arn });
  }
}
