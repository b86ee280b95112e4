import { StackSet } from '@pulumi/aws/cloudformation/stackSet';
import { StackSetInstance } from '@pulumi/aws/cloudformation/stackSetInstance';
import * as pulumi from '@pulumi/pulumi';

import { knownRegions } from '../contracts/regions';

/** What brings the roles into the accounts. */
export interface FleetRolesArgs {
  readonly stackSetName: string;
  readonly homeRegion: string;
  /** Ids of the root or of the units whose accounts get the roles. */
  readonly targets: readonly string[];
  readonly templateBody: string;
  /** What StackSets need before they may act in the organisation. */
  readonly after: readonly pulumi.Resource[];
}

/** The boundary and the fleet's roles in every account of the targets, and in each that joins them later. */
export class FleetRoles extends pulumi.ComponentResource {
  readonly stackSetName: pulumi.Output<string>;

  constructor(name: string, args: FleetRolesArgs, options: pulumi.ComponentResourceOptions) {
    super('fleet:organization:FleetRoles', name, {}, options);
    const stackSet = new StackSet(
      `${name}-stack-set`,
      {
        name: args.stackSetName,
        description: 'roles of the fleet, and the boundary of every role it makes',
        permissionModel: 'SERVICE_MANAGED',
        callAs: 'SELF',
        capabilities: ['CAPABILITY_NAMED_IAM'],
        // An account that leaves keeps its roles: whoever takes it over decides, and nothing that runs there breaks.
        autoDeployment: { enabled: true, retainStacksOnAccountRemoval: true },
        managedExecution: { active: true },
        operationPreferences: { maxConcurrentPercentage: 25, failureTolerancePercentage: 10 },
        templateBody: args.templateBody,
      },
      // AWS fills these in for service-managed stack sets; without this each run would try to take them away.
      { parent: this, protect: true, dependsOn: [...args.after], ignoreChanges: ['administrationRoleArn', 'executionRoleName'] },
    );
    new StackSetInstance(
      `${name}-instances`,
      {
        stackSetName: stackSet.name,
        callAs: 'SELF',
        deploymentTargets: { organizationalUnitIds: [...args.targets] },
        stackSetInstanceRegion: rolesRegion(args.homeRegion),
        operationPreferences: { maxConcurrentPercentage: 25, failureTolerancePercentage: 10 },
      },
      { parent: this, protect: true },
    );
    this.stackSetName = stackSet.name;
    this.registerOutputs({ stackSetName: this.stackSetName });
  }
}

/** The one region that the roles' stacks stand in: home, unless accounts would have to opt into it first. */
export function rolesRegion(homeRegion: string): string {
  return knownRegions.get(homeRegion) === 'default' ? homeRegion : 'us-east-1';
}
