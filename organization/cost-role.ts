import { Role } from '@pulumi/aws/iam/role';
import { RolePolicy } from '@pulumi/aws/iam/rolePolicy';
import * as pulumi from '@pulumi/pulumi';

import { splitRoleName } from '../contracts/ids';
import { policyDocument, type PolicyDocument } from '../layer-kit/policy-document';
import type { TrustPolicy } from './role-trust-policy';

/** What the cost role is made of. */
export interface CostRoleArgs {
  /** Path and name, as `fleet/cost`. */
  readonly role: string;
  readonly trust: TrustPolicy;
}

/** What `fleet/cost` may do in the payer: read costs, and activate the tags they are told apart by. None of it can be held to a resource. */
export function costRolePolicy(): PolicyDocument {
  return policyDocument({
    Sid: 'ReadCosts',
    Effect: 'Allow',
    Action: [
      'budgets:ViewBudget',
      'ce:GetAnomalies',
      'ce:GetCostAndUsage',
      'ce:GetTags',
      'ce:ListCostAllocationTags',
      'ce:UpdateCostAllocationTagsStatus',
    ],
    Resource: '*',
  });
}

/** The fleet's role in the payer, which StackSets do not reach. */
export class CostRole extends pulumi.ComponentResource {
  constructor(name: string, args: CostRoleArgs, options: pulumi.ComponentResourceOptions) {
    super('fleet:organization:CostRole', name, {}, options);
    const role = new Role(
      `${name}-role`,
      { ...splitRoleName(args.role), maxSessionDuration: 3600, assumeRolePolicy: JSON.stringify(args.trust) },
      { parent: this },
    );
    new RolePolicy(`${name}-policy`, { name: 'access', role: role.name, policy: JSON.stringify(costRolePolicy()) }, { parent: this });
    this.registerOutputs({});
  }
}
