import { areCredentialsRefused, RENEW_CREDENTIALS, sdkErrorName, statusOf } from '../aws/sdk-error';
import { FleetError, messageOf } from '../errors';

/** What was tried on S3. */
export interface S3Attempt {
  readonly what: 'read' | 'written' | 'listed' | 'removed';
  readonly bucket: string;
  /** The object's whole key, or the beginning of keys. */
  readonly key: string;
}

/** Why S3 did not do it, as one line with what to do: code `aws/<name>`, by the error's name or, of the network's, its code. */
export function s3Error(cause: unknown, { what, bucket, key }: S3Attempt): FleetError {
  const name = sdkErrorName(cause);
  const said = messageOf(cause).split('\n')[0] ?? '';
  const message = said === '' || said === 'UnknownError' ? name : said;
  const why = advice({ cause, name, message, bucket });
  return new FleetError(`aws/${name}`, `state s3://${bucket}/${key} cannot be ${what}: ${why}`, { cause });
}

interface Told {
  readonly name: string;
  readonly message: string;
  readonly bucket: string;
  readonly cause: unknown;
}

function advice({ cause, name, message, bucket }: Told): string {
  if (name === 'NoSuchBucket') return `there is no bucket ${bucket}: create it, or set \`state\` to one that exists`;
  if (areCredentialsRefused(cause)) return `${message}: ${RENEW_CREDENTIALS}`;
  if (statusOf(cause) === 403)
    return `${message}: allow these credentials s3:GetObject, s3:PutObject and s3:DeleteObject on its objects, s3:ListBucket on bucket ${bucket}, and the use of its key`;
  return `${message}; see to it, then run the verb again, or fleet resume where a rollout was under way`;
}
