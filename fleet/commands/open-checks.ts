import { userError } from '../errors';
import { readOrganizationFile } from '../discovery/organization-file';
import type { Engine } from '../ports';
import type { PreflightSource } from '../preflight/preflight-source';
import type { DeployedSource } from '../verify/deployed-source';

import type { CommandContext, OpenFleet } from './context';
import { closing, idlePorts, openEngine, openPorts, openSimulated, type EnginePorts } from './open-ports';

/** What `preflight` asks. */
export interface PreflightPorts extends EnginePorts {
  readonly source: PreflightSource;
}

/** What AWS, or the simulated organisation, has before a rollout. Engine and gates are opened only where something stands: they note what they see. */
export async function openPreflight(
  fleet: OpenFleet,
  { context, standing }: { readonly context: CommandContext; readonly standing: boolean },
): Promise<PreflightPorts> {
  const { organization, homeRegion, deployRole } = fleet.config;
  if (organization.source === 'recorded')
    throw userError('engine-not-supported', 'organisation source recorded cannot be deployed to: it is a record of one');
  const source = organization.source === 'sandbox' ? await openSandboxSource(fleet, context) : await openAwsSource();
  const ports = standing ? await openPorts(fleet, context) : idlePorts();
  return { ...ports, source, close: closing(source, { close: ports.close }) };

  async function openAwsSource(): Promise<PreflightSource> {
    const { openAwsPreflight } = await import('../preflight/open-aws-preflight');
    return openAwsPreflight({ homeRegion, deployRole, clock: context.clock });
  }
}

async function openSandboxSource(fleet: OpenFleet, context: CommandContext): Promise<PreflightSource> {
  const { world, faults, organization } = await openWorld(fleet, context);
  const { sandboxPreflight } = await import('../preflight/sandbox-preflight');
  return sandboxPreflight({ world, faults, organization, deployRole: fleet.config.deployRole });
}

/** The simulated AWS itself, whatever engine deploys into it. */
async function openWorld({ config, store }: OpenFleet, { clock }: CommandContext) {
  if (config.organization.source !== 'sandbox') throw new Error('only a sandbox organisation is simulated');
  const { openSandbox } = await import('../engine/sandbox/open-sandbox-engine');
  const organization = readOrganizationFile(config.organization.path);
  const { world, faults } = openSandbox({ directory: store.sandbox, clock, organization, promoted: [] });
  return { world, faults, organization };
}

/** What `verify` asks. */
export interface VerifyPorts {
  readonly source: DeployedSource;
  readonly engine: Engine;
  /** Releases what both hold. */
  readonly close: () => Promise<void>;
}

/** What stands in AWS, or in the simulated organisation, and what the engine deployed. */
export async function openVerify(fleet: OpenFleet, context: CommandContext): Promise<VerifyPorts> {
  const { organization, homeRegion, deployRole } = fleet.config;
  if (organization.source !== 'sandbox') {
    const { engine } = await openEngine(fleet, context);
    const { openAwsDeployed } = await import('../verify/open-aws-deployed');
    const source = openAwsDeployed({ homeRegion, deployRole, clock: context.clock });
    return { engine, source, close: closing(source, engine) };
  }
  const { engine, ...shared } = await openSimulated(fleet, context);
  const [{ sandboxDeployed }, { openSandboxView }] = await Promise.all([
    import('../verify/sandbox-deployed'),
    import('../gates/sandbox-view'),
  ]);
  const source = sandboxDeployed(openSandboxView(shared), { directory: shared.directory });
  return { engine, source, close: closing(source, engine) };
}
