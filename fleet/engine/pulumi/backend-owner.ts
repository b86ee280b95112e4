import * as z from 'zod';

import { userError } from '../../errors';
import type { ObjectStore } from '../../ports';
import { checkedKind, openObject, sealObject } from '../../state/sealed';

/** Whose backend it should be. */
export interface BackendOwnerOptions {
  readonly fleet: string;
  /** How messages name the backend, as `s3://bucket/prefix`. */
  readonly location: string;
}

/** At the backend's root, beside Pulumi's own `.pulumi`; sealed as the state's own mark is, with the fleet's name in it. */
const OWNER = 'fleet.json';
const ownerKind = checkedKind<string>('owner', z.string());

/**
 * True where this fleet has claimed the backend, false where nobody has. Throws `user/backend-of-another-fleet`: stacks are named by account and
 * region alone, so two fleets in one backend would take each other's resources for their own.
 */
export async function checkBackendOwner(objects: ObjectStore, { fleet, location }: BackendOwnerOptions): Promise<boolean> {
  const found = await objects.read(OWNER);
  if (!found) return false;
  const owner = openObject(ownerKind, { key: OWNER, body: found.body });
  if (owner === fleet) return true;
  throw userError(
    'backend-of-another-fleet',
    `Pulumi backend ${location} belongs to fleet ${owner}, not ${fleet}: set another \`backend\``,
  );
}

/** Marks the backend as this fleet's, before the first stack in it. Errors as {@link checkBackendOwner}'s. */
export async function claimBackend(objects: ObjectStore, options: BackendOwnerOptions): Promise<void> {
  if (await checkBackendOwner(objects, options)) return;
  if (!(await objects.create(OWNER, sealObject(ownerKind, { key: OWNER, content: options.fleet }))))
    await checkBackendOwner(objects, options);
}
