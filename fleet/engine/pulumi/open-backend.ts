import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { regionSchema, type Region } from '../../../contracts/ids';

import type { ObjectStore } from '../../ports';
import { FolderObjects } from '../../state/folder-objects';

import type { BackendFiles } from './backend-files';
import { folderBackend } from './folder-backend';

/** A backend's files beside the URL by which the CLI finds it. */
export interface OpenBackend {
  readonly url: string;
  readonly files: BackendFiles;
  /** Its root as objects, for the mark of the fleet that it belongs to. */
  readonly objects: ObjectStore;
}

/** Opens the files of a `file://` or `s3://` backend; nothing is asked yet. Throws where a folder is not there: a name that was mistyped would begin a second fleet. S3 with the credentials and the region of the environment. */
export async function openBackend(url: string, homeRegion: Region): Promise<OpenBackend> {
  const s3 = /^s3:\/\/([^/?]+)\/*([^?]*?)\/*(?:\?.*)?$/.exec(url);
  if (!s3) {
    const folder = fileURLToPath(url);
    if (!existsSync(folder)) throw new Error('there is no such folder: make it, or correct `backend`');
    return { url, files: folderBackend(folder), objects: new FolderObjects(folder) };
  }
  const [, bucket = '', prefix = ''] = s3;
  // Loaded here: a folder needs no AWS SDK.
  const [{ s3Backend }, { createS3Client }, { S3Objects }] = await Promise.all([
    import('./s3-backend'),
    import('../../state/s3-client'),
    import('../../state/s3-objects'),
  ]);
  const [path = '', query] = url.split('?');
  const parameters = new URLSearchParams(query);
  const region = regionSchema.parse(parameters.get('region') ?? homeRegion);
  parameters.set('region', region);
  const [client, place] = [createS3Client({ region }), { bucket, prefix }];
  return { url: `${path}?${parameters.toString()}`, files: s3Backend(client, place), objects: new S3Objects(client, place) };
}
