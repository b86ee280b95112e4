import type { Layer } from '../../contracts/layers';
import { targetSchema } from '../../contracts/target';
import type { TargetConfig } from '../../contracts/target-config';
import { digestOf } from '../digest';

import type { Deployment } from './target-record';

/**
 * What of a target's config its program reads. The names of accounts and units are for people: only a program that shows those of the
 * accounts above it (dashboards) reads them, and a rename is a change of no other target.
 */
export function readConfig(config: TargetConfig, { showsNamesOf }: Pick<Layer, 'showsNamesOf'>): unknown {
  return {
    ...config,
    account: { id: config.account.id },
    upstream: config.upstream.map((up) => (showsNamesOf.includes(targetSchema.parse(up.target).layer) ? up : { target: up.target })),
  };
}

/**
 * Digest of what a program reads of its config. What reads the same as what was good keeps the digest of that, by whatever rule it was made:
 * a fleet of a later version finds what stands unchanged.
 */
export function configDigest(config: TargetConfig, { layer, good }: { readonly layer: Layer; readonly good: Deployment | null }): string {
  const digest = digestOf(readConfig(config, layer));
  if (good === null || good.parts.config === digest) return digest;
  return digestOf(readConfig(good.config, layer)) === digest ? good.parts.config : digest;
}
