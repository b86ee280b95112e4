import { S3Client } from '@aws-sdk/client-s3';

import type { Region } from '../../contracts/ids';

/** How S3 is reached. Its address can be set in the environment (`AWS_ENDPOINT_URL`), as the SDK reads it. */
export interface S3ClientOptions {
  /** Where the bucket is looked for first; one in another region is found. */
  readonly region: Region;
  /** Keys of the state's account. @default those of the environment */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** Address that answers instead of AWS, as an emulator does. */
  readonly endpoint?: string;
  /** Times one request is sent before its failure counts. @default 5 */
  readonly maxAttempts?: number;
  /** Milliseconds that one request may take. @default 15000 */
  readonly requestTimeoutMs?: number;
}

const CONNECT_MS = 5000;

/** A client for the state. */
export function createS3Client(options: S3ClientOptions): S3Client {
  const timeout = options.requestTimeoutMs ?? 15_000;
  return new S3Client({
    region: options.region,
    followRegionRedirects: true,
    ...(options.endpoint === undefined ? {} : { endpoint: options.endpoint }),
    ...(options.credentials === undefined ? {} : { credentials: options.credentials }),
    // Adaptive mode slows all calls of a client down when AWS throttles one.
    retryMode: 'adaptive',
    maxAttempts: options.maxAttempts ?? 5,
    // The SDK waits without end unless told otherwise: for headers (it would only warn), and for a body that stalls.
    requestHandler: { connectionTimeout: CONNECT_MS, requestTimeout: timeout, throwOnRequestTimeout: true, socketTimeout: timeout },
  });
}
