import { readOrganizationFile } from '../discovery/organization-file';
import type { LogGroups } from '../audit/log-groups';
import type { Engine, FunctionVersions } from '../ports';

import type { CommandContext, OpenFleet } from './context';
import { closing, openEngine, openSimulated } from './open-ports';

/** What `audit` looks with. */
export interface AuditPorts {
  readonly engine: Engine;
  readonly versions: FunctionVersions;
  readonly logGroups: LogGroups;
  /** Releases what all hold. */
  readonly close: () => Promise<void>;
}

/** The engine of fleet.yaml, and what stands beside its stacks: in AWS with the roles that read and deploy, or in the simulated organisation. */
export async function openAudit(fleet: OpenFleet, context: CommandContext): Promise<AuditPorts> {
  const { organization, homeRegion, deployRole: role } = fleet.config;
  if (organization.source === 'sandbox') {
    const { engine, world, faults, organizationId } = await openSimulated(fleet, context);
    const [{ SimulatedLambda }, { sandboxFunctionVersions }, { sandboxLogGroups }] = await Promise.all([
      import('../../sandbox/simulated-lambda'),
      import('../versions/sandbox-function-versions'),
      import('../audit/sandbox-log-groups'),
    ]);
    const versions = sandboxFunctionVersions(new SimulatedLambda({ world, faults }), organizationId);
    const logGroups = sandboxLogGroups({ world, organization: readOrganizationFile(organization.path) });
    return { engine, versions, logGroups, close: closing(versions, engine) };
  }
  const { engine } = await openEngine(fleet, context);
  const [{ openLambdaVersions }, { openAwsLogGroups }] = await Promise.all([
    import('../versions/lambda-function-versions'),
    import('../audit/aws-log-groups'),
  ]);
  const { clock } = context;
  const versions = openLambdaVersions({ homeRegion, role, clock });
  const logGroups = openAwsLogGroups({ homeRegion, clock });
  const close = async () => {
    await logGroups.close();
    await closing(versions, engine)();
  };
  return { engine, versions, logGroups, close };
}
