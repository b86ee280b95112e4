import { Role } from '@pulumi/aws/iam/role';
import { RolePolicy } from '@pulumi/aws/iam/rolePolicy';
import * as pulumi from '@pulumi/pulumi';

import type { AccountId } from '../contracts/ids';
import { permissionsBoundaryArn } from '../contracts/names';
import { serviceTrustPolicy, type PolicyDocument } from '../layer-kit/policy-document';

/** What a role is made of. */
export interface WorkloadRoleArgs {
  readonly account: AccountId;
  readonly roleName: string;
  readonly path: string;
  /** The service that assumes it, as `lambda.amazonaws.com`. */
  readonly service: string;
  readonly policy: pulumi.Output<PolicyDocument>;
}

/** A role for one service with one inline policy, under the boundary that every role of the fleet carries. */
export class WorkloadRole extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  /** What must exist before the role's permissions do: name it in `dependsOn` where AWS checks them. */
  readonly policy: RolePolicy;

  constructor(name: string, args: WorkloadRoleArgs, options: pulumi.ComponentResourceOptions) {
    super('fleet:regional:WorkloadRole', name, {}, options);
    const role = new Role(
      `${name}-role`,
      {
        name: args.roleName,
        path: args.path,
        assumeRolePolicy: JSON.stringify(serviceTrustPolicy(args.service, args.account)),
        permissionsBoundary: permissionsBoundaryArn(args.account),
      },
      { parent: this },
    );
    this.policy = new RolePolicy(
      `${name}-policy`,
      { name: 'access', role: role.name, policy: pulumi.jsonStringify(args.policy) },
      { parent: this },
    );
    this.arn = role.arn;
    this.registerOutputs({ arn: this.arn });
  }
}
