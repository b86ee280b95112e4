import { Policy } from '@pulumi/aws/organizations/policy';
import { PolicyAttachment } from '@pulumi/aws/organizations/policyAttachment';
import * as pulumi from '@pulumi/pulumi';

import type { TagPolicy } from './tag-policy';

/** What the organisation's tagging standard is made of. */
export interface TaggingStandardArgs {
  readonly policyName: string;
  readonly policy: TagPolicy;
  /** Ids of the root or of the units that it holds for. */
  readonly targets: readonly string[];
  /** What tag policies need before they are read. */
  readonly after: readonly pulumi.Resource[];
}

/** The tagging standard as a tag policy of the organisation. */
export class TaggingStandard extends pulumi.ComponentResource {
  constructor(name: string, args: TaggingStandardArgs, options: pulumi.ComponentResourceOptions) {
    super('fleet:organization:TaggingStandard', name, {}, options);
    const policy = new Policy(
      `${name}-policy`,
      {
        name: args.policyName,
        description: 'keys and values of the tags that every resource of the fleet carries',
        type: 'TAG_POLICY',
        content: JSON.stringify(args.policy),
      },
      { parent: this, dependsOn: [...args.after] },
    );
    for (const targetId of args.targets) new PolicyAttachment(`${name}-${targetId}`, { policyId: policy.id, targetId }, { parent: this });
    this.registerOutputs({});
  }
}
