import type { Engine, FunctionVersions } from '../ports';

import type { CommandContext, OpenFleet } from './context';
import { closing, openEngine, openSimulated } from './open-ports';

/** What knows the deployed stacks, and what knows the versions of their functions. */
export interface VersionPorts {
  readonly engine: Engine;
  readonly versions: FunctionVersions;
  /** Releases what both hold. */
  readonly close: () => Promise<void>;
}

/** The engine of fleet.yaml, and Lambda's versions where its targets are: in AWS with the deploy role, or in the simulated organisation. */
export async function openVersions(fleet: OpenFleet, context: CommandContext): Promise<VersionPorts> {
  const { organization, homeRegion, deployRole: role } = fleet.config;
  if (organization.source === 'sandbox') {
    const { engine, world, faults, organizationId } = await openSimulated(fleet, context);
    const [{ SimulatedLambda }, { sandboxFunctionVersions }] = await Promise.all([
      import('../../sandbox/simulated-lambda'),
      import('../versions/sandbox-function-versions'),
    ]);
    const versions = sandboxFunctionVersions(new SimulatedLambda({ world, faults }), organizationId);
    return { engine, versions, close: closing(versions, engine) };
  }
  const { engine } = await openEngine(fleet, context);
  const { openLambdaVersions } = await import('../versions/lambda-function-versions');
  const versions = openLambdaVersions({ homeRegion, role, clock: context.clock });
  return { engine, versions, close: closing(versions, engine) };
}
