import type { Region } from '../../contracts/ids';

import { cacheFolder } from './cache-folder';
import { FleetStore } from './fleet-store';
import { createS3Client } from './s3-client';
import { S3Objects, type S3Place } from './s3-objects';

/** Whose state is opened. */
export interface OpenS3StoreOptions {
  readonly fleet: string;
  /** Absolute path of fleet.yaml: what must be on disk is kept beside it. */
  readonly file: string;
  readonly region: Region;
}

/**
 * Opens a fleet's state in a bucket, with the credentials of the environment; nothing is written. Throws `user/state-of-another-fleet` for
 * a place that is another fleet's, and `aws/…` where it cannot be read.
 */
export async function openS3Store({ bucket, prefix }: S3Place, { fleet, file, region }: OpenS3StoreOptions): Promise<FleetStore> {
  const directory = cacheFolder(file, { bucket, prefix });
  const objects = new S3Objects(createS3Client({ region }), { bucket, prefix });
  const location = `state s3://${[bucket, ...(prefix === '' ? [] : [prefix])].join('/')}`;
  const store = new FleetStore(objects, { directory, fleet, location, sharesReleases: true });
  await store.checkOwner();
  return store;
}
