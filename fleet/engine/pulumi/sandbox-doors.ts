import { openProviderDoor, type DoorParts } from '../../../sandbox/door/provider-door';
import { nameOfUrn, typeOfUrn } from '../../../sandbox/urn';

import type { PulumiEngineOptions } from './pulumi-engine';

/** Serves the simulated provider to each run of the real engine, in place of the plugin of the real one. */
export function sandboxDoors(parts: DoorParts): NonNullable<PulumiEngineOptions['serveProvider']> {
  return async ({ target, purpose, fingerprint, release }, onEvent) => {
    const door = await openProviderDoor(parts, {
      target: target.id,
      purpose,
      fingerprint,
      providerVersion: release.manifest.providerVersion,
      onRetry: (urn, message) =>
        onEvent({
          kind: 'resource-retried',
          message,
          step: { op: 'update', urn, type: typeOfUrn(urn), name: nameOfUrn(urn), keys: [] },
        }),
    });
    return { attach: `aws:${door.port}`, close: () => door.close() };
  };
}
