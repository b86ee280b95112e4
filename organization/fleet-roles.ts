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
  /** Against deletion: an instance then leaves the accounts their roles. */
  readonly protect: boolean;
}

/** A tenth of the accounts at once, and no more where a tenth of them fails: with more at once than may fail, AWS would wait for the failures. */
const OPERATION = { maxConcurrentPercentage: 10, failureTolerancePercentage: 10 } as const;

/** A thousand accounts, a tenth at a time, take longer than the half hour that the provider waits by itself. */
const LONGEST_OPERATION = '6h';

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
        operationPreferences: OPERATION,
        templateBody: args.templateBody,
      },
      {
        parent: this,
        protect: args.protect,
        dependsOn: [...args.after],
        customTimeouts: { update: LONGEST_OPERATION },
        // AWS fills these in for service-managed stack sets; without this each run would try to take them away.
        ignoreChanges: ['administrationRoleArn', 'executionRoleName'],
      },
    );
    const earlier = args.targets.length === 1 ? [{ name: `${name}-instances` }] : [];
    for (const unit of args.targets) {
      // One a unit: AWS can change neither the units nor the region of an instance, and a list would be made anew with every unit that comes or goes.
      new StackSetInstance(
        `${name}-${unit}`,
        {
          stackSetName: stackSet.name,
          callAs: 'SELF',
          deploymentTargets: { organizationalUnitIds: [unit] },
          stackSetInstanceRegion: rolesRegion(args.homeRegion),
          // Of a stack set itself the provider takes no such mode; this one is what AWS does by default.
          operationPreferences: { ...OPERATION, concurrencyMode: 'STRICT_FAILURE_TOLERANCE' },
          // A unit that is named no more keeps its roles, as an account that leaves does: targets may stand there.
          retainStack: args.protect,
        },
        {
          parent: this,
          aliases: earlier,
          customTimeouts: { create: LONGEST_OPERATION, update: LONGEST_OPERATION, delete: LONGEST_OPERATION },
        },
      );
    }
    this.stackSetName = stackSet.name;
    this.registerOutputs({ stackSetName: this.stackSetName });
  }
}

/** The one region that the roles' stacks stand in: home, unless accounts would have to opt into it first. */
export function rolesRegion(homeRegion: string): string {
  return knownRegions.get(homeRegion) === 'default' ? homeRegion : 'us-east-1';
}
