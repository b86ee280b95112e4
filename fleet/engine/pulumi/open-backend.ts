import { existsSync } from 'node:fs';

import { regionSchema, type Region } from '../../../contracts/ids';

import type { BackendFiles } from './backend-files';
import { backendPlace } from './backend-objects';
import { folderBackend } from './folder-backend';

/** A backend's files beside the URL by which the CLI finds it. */
export interface OpenBackend {
  readonly url: string;
  readonly files: BackendFiles;
}

/** A folder's URL by which the CLI writes an object and nothing beside it: what it would write there can be cut short, and then hides the object. */
function withoutSidecars(url: string): string {
  const folder = new URL(url);
  if (!folder.searchParams.has('metadata')) folder.searchParams.set('metadata', 'skip');
  return folder.href;
}

/**
 * Opens the files of a `file://` or `s3://` backend; S3 with the credentials and, unless the URL names one, the region of the fleet. Throws
 * where a folder is not there: a name that was mistyped would begin a second fleet.
 */
export async function openBackend(url: string, homeRegion: Region): Promise<OpenBackend> {
  const place = backendPlace(url);
  if (place.kind === 'folder') {
    if (!existsSync(place.path)) throw new Error('there is no such folder: make it, or correct `backend`');
    return { url: withoutSidecars(url), files: folderBackend(place.path) };
  }
  // Loaded here: a folder needs no AWS SDK.
  const [{ s3Backend }, { createS3Client }] = await Promise.all([import('./s3-backend'), import('../../state/s3-client')]);
  const [path = '', query] = url.split('?');
  const parameters = new URLSearchParams(query);
  const region = regionSchema.parse(parameters.get('region') ?? homeRegion);
  parameters.set('region', region);
  return { url: `${path}?${parameters.toString()}`, files: s3Backend(createS3Client({ region }), place) };
}
