import { fileURLToPath } from 'node:url';

import { regionSchema, type Region } from '../../../contracts/ids';

import type { BackendFiles } from './backend-files';
import { folderBackend } from './folder-backend';

/** A backend's files beside the URL by which the CLI finds it. */
export interface OpenBackend {
  readonly url: string;
  readonly files: BackendFiles;
}

/** Opens the files of a `file://` or `s3://` backend; nothing is asked yet. S3 with the credentials and the region of the environment. */
export async function openBackend(url: string, homeRegion: Region): Promise<OpenBackend> {
  const s3 = /^s3:\/\/([^/?]+)\/*([^?]*?)\/*(?:\?.*)?$/.exec(url);
  if (!s3) return { url, files: folderBackend(fileURLToPath(url)) };
  const [, bucket = '', prefix = ''] = s3;
  // Loaded here: a folder needs no AWS SDK.
  const [{ s3Backend }, { createS3Client }] = await Promise.all([import('./s3-backend'), import('../../state/s3-client')]);
  const [path = '', query] = url.split('?');
  const parameters = new URLSearchParams(query);
  const region = regionSchema.parse(parameters.get('region') ?? homeRegion);
  parameters.set('region', region);
  return { url: `${path}?${parameters.toString()}`, files: s3Backend(createS3Client({ region }), { bucket, prefix }) };
}
