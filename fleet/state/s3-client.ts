import { S3Client } from '@aws-sdk/client-s3';

import type { Region } from '../../contracts/ids';
import { clientLimits, type ClientLimitsOptions } from '../aws/client-limits';

/** How S3 is reached. Its address can be set in the environment (`AWS_ENDPOINT_URL`), as the SDK reads it. */
export interface S3ClientOptions extends ClientLimitsOptions {
  /** Where the bucket is looked for first; one in another region is found. */
  readonly region: Region;
  /** Keys of the state's account. @default those of the environment */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** Address that answers instead of AWS, as an emulator does. */
  readonly endpoint?: string;
}

/** A client for the state. */
export function createS3Client(options: S3ClientOptions): S3Client {
  return new S3Client({
    region: options.region,
    followRegionRedirects: true,
    ...(options.endpoint === undefined ? {} : { endpoint: options.endpoint }),
    ...(options.credentials === undefined ? {} : { credentials: options.credentials }),
    ...clientLimits(options),
  });
}
