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
  if (fleet.config.organization.source === 'sandbox') {
    const { engine, ...simulated } = await openSimulated(fleet, context);
    const versions = await simulatedVersions(simulated);
    return { engine, versions, close: closing(versions, engine) };
  }
  const { engine } = await openEngine(fleet, context);
  const versions = await lambdaVersions(fleet, context);
  return { engine, versions, close: closing(versions, engine) };
}

/** Versions of the functions of a simulated organisation that is open already. */
export async function simulatedVersions({
  world,
  faults,
  organizationId,
}: Pick<Awaited<ReturnType<typeof openSimulated>>, 'world' | 'faults' | 'organizationId'>): Promise<FunctionVersions> {
  const [{ SimulatedLambda }, { sandboxFunctionVersions }] = await Promise.all([
    import('../../sandbox/simulated-lambda'),
    import('../versions/sandbox-function-versions'),
  ]);
  return sandboxFunctionVersions(new SimulatedLambda({ world, faults }), organizationId);
}

/** Lambda's versions, with the deploy role. */
export async function lambdaVersions({ config }: OpenFleet, { clock }: CommandContext): Promise<FunctionVersions> {
  const { homeRegion, deployRole: role } = config;
  const { openLambdaVersions } = await import('../versions/lambda-function-versions');
  return openLambdaVersions({ homeRegion, role, clock });
}
