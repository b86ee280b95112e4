import { digestOf } from '../digest';

import type { FleetConfig } from './fleet-config';

/**
 * Identity of what fleet.yaml says, defaults included. The same text has the same digest wherever the file stands; comments, the order of
 * keys and other ways to write the same do not count.
 */
export function configurationDigest(config: FleetConfig): string {
  const { file: _file, positions: _positions, organization, state, engine, ...said } = config;
  return digestOf({
    ...said,
    organization: { source: organization.source },
    state: state.kind === 'folder' ? { kind: state.kind } : state,
    engine: engine.kind === 'pulumi' ? { kind: engine.kind, secretsProvider: engine.secretsProvider } : engine,
  });
}
