import type { Place, Refusal, WorldResource, WorldView } from '../../resource-type';

import { arnOf } from './arn';
import { locateArn } from './locate-arn';
import { monitoringTokens } from './monitoring-tokens';
import { knownPolicy } from './policy-document';
import { allows, type AccessRequest } from './policy-evaluation';
import { readText } from './property-readers';
import { refusal } from './refusal';

/** What a reference to a key leads to: a customer's key, one that AWS keeps for a service, or nothing. */
export type KeyReference =
  { readonly kind: 'customer'; readonly key: WorldResource } | { readonly kind: 'managed' } | { readonly kind: 'missing' };

const MISSING: KeyReference = { kind: 'missing' };

/** Finds the key that an id, a key ARN, an alias or an alias ARN stands for, as seen from a place. */
export function findKey(world: WorldView, reference: string, from: Place): KeyReference {
  const located = locateArn(keyReferenceArn(reference, from), from);
  if (located?.service !== 'kms') return MISSING;
  const { place, resource } = located;
  if (resource.startsWith('alias/aws/')) return { kind: 'managed' };
  const id = resource.startsWith('alias/')
    ? readText(world.find(monitoringTokens.keyAlias, resource, place)?.outputs, 'targetKeyId')
    : resource.replace(/^key\//, '');
  const key = id === undefined ? undefined : world.find(monitoringTokens.key, id, place);
  return key ? { kind: 'customer', key } : MISSING;
}

/** Does the key's policy, from whichever resource sets it, allow a call. Asks the key policy alone, as for calls of AWS services. */
export function keyAllows(world: WorldView, key: WorldResource, request: Omit<AccessRequest, 'resource'>): boolean {
  const separate = world.find(monitoringTokens.keyPolicy, key.key, { account: key.account, region: key.region, organizationId: '' });
  const document = knownPolicy(readText((separate ?? key).outputs, 'policy'), 'resource');
  return document !== undefined && allows([document], { ...request, resource: readText(key.outputs, 'arn') ?? '' });
}

/** KMS's own answer about a key that is not there. */
export function keyNotFound(reference: string, from: Place): Refusal {
  const arn = keyReferenceArn(reference, from);
  return refusal('NotFoundException', arn.includes(':alias/') ? `Alias ${arn} is not found.` : `Key '${arn}' does not exist`);
}

function keyReferenceArn(reference: string, from: Place): string {
  if (reference.startsWith('arn:')) return reference;
  return arnOf('kms', reference.startsWith('alias/') ? reference : `key/${reference}`, from);
}
