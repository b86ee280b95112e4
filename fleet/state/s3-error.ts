import { FleetError, messageOf } from '../errors';

/** What was tried on S3. */
export interface S3Attempt {
  readonly what: 'read' | 'written' | 'listed' | 'removed';
  readonly bucket: string;
  /** The object's whole key, or the beginning of keys. */
  readonly key: string;
}

/** Names that AWS and its SDK give to credentials that are missing, wrong or past their time. */
const CREDENTIALS = new Set([
  'CredentialsProviderError',
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidAccessKeyId',
  'InvalidToken',
  'RequestTimeTooSkewed',
  'SignatureDoesNotMatch',
  'TokenProviderError',
  'TokenRefreshRequired',
]);

/** Why S3 did not do it, as one line with what to do: code `aws/<name>`, by the error's name or, of the network's, its code. */
export function s3Error(cause: unknown, { what, bucket, key }: S3Attempt): FleetError {
  const name = s3ErrorName(cause);
  const said = messageOf(cause).split('\n')[0] ?? '';
  const message = said === '' || said === 'UnknownError' ? name : said;
  const why = advice({ name, message, bucket, status: statusOf(cause) });
  return new FleetError(`aws/${name}`, `state s3://${bucket}/${key} cannot be ${what}: ${why}`, { cause });
}

/** `NoSuchKey`, `TimeoutError`, `ECONNREFUSED`: what an error of the SDK is to be known by. */
export function s3ErrorName(cause: unknown): string {
  const { name, code } = (cause ?? {}) as { readonly name?: unknown; readonly code?: unknown };
  const isNamed = typeof name === 'string' && name !== '' && name !== 'Error' && name !== 'AggregateError';
  if (isNamed) return name;
  return typeof code === 'string' ? code : 'Error';
}

/** Status of the answer; undefined where none came. */
export function statusOf(cause: unknown): number | undefined {
  return (cause as { readonly $metadata?: { readonly httpStatusCode?: number } } | null)?.$metadata?.httpStatusCode;
}

interface Told {
  readonly name: string;
  readonly message: string;
  readonly bucket: string;
  readonly status: number | undefined;
}

function advice({ name, message, bucket, status }: Told): string {
  if (name === 'NoSuchBucket') return `there is no bucket ${bucket}: create it, or set \`state\` to one that exists`;
  if (CREDENTIALS.has(name)) return `${message}: set or renew the AWS credentials of this environment`;
  if (status === 403)
    return `${message}: allow these credentials s3:GetObject, s3:PutObject and s3:DeleteObject on its objects, s3:ListBucket on bucket ${bucket}, and the use of its key`;
  return `${message}; see to it, then run the verb again, or fleet resume where a rollout was under way`;
}
