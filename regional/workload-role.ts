import { Role } from '@pulumi/aws/iam/role';
import { RolePolicy } from '@pulumi/aws/iam/rolePolicy';
import * as pulumi from '@pulumi/pulumi';

import { serviceTrustPolicy, type PolicyDocument } from '../layer-kit/policy-document';

/** What holds every role of a target, whatever its own policies say. */
export interface RoleGuard {
  readonly boundaryArn: string;
  /** The only account on whose behalf the service may assume the role; null: the trust names the service alone. */
  readonly sourceAccount: string | null;
}

/** What a role is made of. */
export interface WorkloadRoleArgs {
  readonly guard: RoleGuard;
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
        assumeRolePolicy: JSON.stringify(serviceTrustPolicy(args.service, args.guard.sourceAccount)),
        permissionsBoundary: args.guard.boundaryArn,
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
