import { Alias } from '@pulumi/aws/kms/alias';
import { Key } from '@pulumi/aws/kms/key';
import * as pulumi from '@pulumi/pulumi';

import { FLEET_TAG } from '../contracts/tags';
import { dataKeyPolicy } from './data-key-policy';

/** What a target's key is made of. */
export interface DataKeyArgs {
  readonly fleet: string;
  readonly account: string;
  readonly region: string;
  readonly alias: string;
  readonly logGroups: readonly string[];
  /** Against deletion and replacement. */
  readonly protect: boolean;
}

/** The target's own key, where its configuration asks for one. Its loss is the loss of everything it encrypted. */
export class DataKey extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: DataKeyArgs, options: pulumi.ComponentResourceOptions) {
    super('fleet:regional:DataKey', name, {}, options);
    const key = new Key(
      `${name}-key`,
      {
        description: 'encrypts the orders, dead letters, messages and logs of this target',
        enableKeyRotation: true,
        deletionWindowInDays: 30,
        policy: JSON.stringify(dataKeyPolicy(args)),
        tags: { [FLEET_TAG]: args.fleet },
      },
      { parent: this, protect: args.protect },
    );
    new Alias(`${name}-alias`, { name: args.alias, targetKeyId: key.keyId }, { parent: this });
    this.arn = key.arn;
    this.registerOutputs({ arn: this.arn });
  }
}
