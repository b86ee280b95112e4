import { defaultDeployRole } from '../../contracts/names';
import { digestOf } from '../digest';

import type { FleetConfig } from './fleet-config';

const EARLIER_DEFAULT_ROLE = 'fleet/deploy';

/**
 * Identity of what fleet.yaml says, defaults included. The same text has the same digest wherever the file stands; comments, the order of
 * keys and other ways to write the same do not count.
 */
export function configurationDigest(config: FleetConfig): string {
  const { file: _file, positions: _positions, organization, state, engine, deployRole, ...said } = config;
  return digestOf({
    ...said,
    // Its default before fleets had a path of their own: a rollout that was planned then is gone on with, whether the role is named now or not.
    deployRole: deployRole === defaultDeployRole(config.name) ? EARLIER_DEFAULT_ROLE : deployRole,
    organization: { source: organization.source },
    state: state.kind === 'folder' ? { kind: state.kind } : state,
    engine: engine.kind === 'pulumi' ? { kind: engine.kind, secretsProvider: engine.secretsProvider } : engine,
  });
}
