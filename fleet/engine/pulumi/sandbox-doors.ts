import { openProviderDoor } from '../../../sandbox/door/provider-door';
import type { SandboxProvider } from '../../../sandbox/provider';
import type { World } from '../../../sandbox/world';

import type { PulumiEngineOptions } from './pulumi-engine';

/** Serves the simulated provider to each run of the real engine, in place of the plugin of the real one. */
export function sandboxDoors(parts: {
  readonly provider: SandboxProvider;
  readonly world: World;
}): NonNullable<PulumiEngineOptions['serveProvider']> {
  return async ({ target, purpose, fingerprint }, onEvent) => {
    const door = await openProviderDoor(parts, {
      target: target.id,
      purpose,
      fingerprint,
      onRetry: (urn, message) => {
        const [, , type = '', name = ''] = urn.split('::');
        onEvent({ kind: 'resource-retried', message, step: { op: 'update', urn, type: type.split('$').at(-1) ?? type, name, keys: [] } });
      },
    });
    return { attach: `aws:${door.port}`, close: () => door.close() };
  };
}
