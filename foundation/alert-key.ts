import { Alias } from '@pulumi/aws/kms/alias';
import { Key } from '@pulumi/aws/kms/key';
import * as pulumi from '@pulumi/pulumi';

import { FLEET_TAG } from '../contracts/tags';
import { alertKeyPolicy } from './alert-key-policy';

/** What the alert key is made of. */
export interface AlertKeyArgs {
  readonly fleet: string;
  readonly account: string;
  readonly alias: string;
  /** ARNs of the topics it encrypts, built from names: the topics need the key first. */
  readonly topicArns: readonly string[];
  /** Against deletion and replacement. */
  readonly protect: boolean;
}

/** The customer-managed key of the alert topics. AWS's own key for SNS would refuse alarms of other accounts. */
export class AlertKey extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: AlertKeyArgs, options: pulumi.ComponentResourceOptions) {
    super('fleet:foundation:AlertKey', name, {}, options);
    const key = new Key(
      `${name}-key`,
      {
        description: 'encrypts the alert topics of the fleet, and nothing else',
        enableKeyRotation: true,
        deletionWindowInDays: 30,
        policy: JSON.stringify(alertKeyPolicy(args)),
        tags: { [FLEET_TAG]: args.fleet },
      },
      { parent: this, protect: args.protect },
    );
    new Alias(`${name}-alias`, { name: args.alias, targetKeyId: key.keyId }, { parent: this });
    this.arn = key.arn;
    this.registerOutputs({ arn: this.arn });
  }
}
