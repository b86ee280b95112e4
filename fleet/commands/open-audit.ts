import type { LogGroups } from '../audit/log-groups';

import type { CommandContext, OpenFleet } from './context';
import { closing, openEngine, openSimulated } from './open-ports';
import { lambdaVersions, simulatedVersions, type VersionPorts } from './open-versions';

/** What `audit` looks with. */
export interface AuditPorts extends VersionPorts {
  readonly logGroups: LogGroups;
}

/** The engine of fleet.yaml, and what stands beside its stacks: in AWS with the roles that read and deploy, or in the simulated organisation. */
export async function openAudit(fleet: OpenFleet, context: CommandContext): Promise<AuditPorts> {
  const { organization, homeRegion, deployRole } = fleet.config;
  if (organization.source === 'sandbox') {
    const { engine, ...simulated } = await openSimulated(fleet, context);
    const { sandboxLogGroups } = await import('../audit/sandbox-log-groups');
    const versions = await simulatedVersions(simulated);
    const logGroups = sandboxLogGroups(simulated);
    return { engine, versions, logGroups, close: closing(versions, engine) };
  }
  const { engine } = await openEngine(fleet, context);
  const { openAwsLogGroups } = await import('../audit/aws-log-groups');
  const versions = await lambdaVersions(fleet, context);
  const logGroups = openAwsLogGroups({ homeRegion, deployRole, clock: context.clock });
  const close = async () => {
    await logGroups.close();
    await closing(versions, engine)();
  };
  return { engine, versions, logGroups, close };
}
