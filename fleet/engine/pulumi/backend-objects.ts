import { fileURLToPath } from 'node:url';

import type { Region } from '../../../contracts/ids';
import type { StateLocation } from '../../config/fleet-config';
import type { ObjectStore } from '../../ports';
import { FolderObjects } from '../../state/folder-objects';

/** Where a backend is, from its URL as fleet.yaml has it. */
export function backendPlace(url: string): StateLocation {
  const [, bucket, prefix = ''] = /^s3:\/\/([^/?]+)\/*([^?]*?)\/*(?:\?.*)?$/.exec(url) ?? [];
  return bucket === undefined ? { kind: 'folder', path: fileURLToPath(url) } : { kind: 's3', bucket, prefix };
}

/** The fleet's own objects at a backend's root; nothing is asked yet. S3 with the credentials of the environment. */
export async function openBackendObjects(url: string, region: Region): Promise<ObjectStore> {
  const place = backendPlace(url);
  if (place.kind === 'folder') return new FolderObjects(place.path);
  // Loaded here: a folder needs no AWS SDK.
  const [{ S3Objects }, { createS3Client }] = await Promise.all([import('../../state/s3-objects'), import('../../state/s3-client')]);
  return new S3Objects(createS3Client({ region }), { bucket: place.bucket, prefix: place.prefix });
}
