import { s3Error } from '../../../fleet/state/s3-error';

const attempt = { what: 'written', bucket: 'acme', key: 'orders/lease' } as const;

/** An error as the SDK throws it. */
function sdkError(name: string, { message = 'as AWS says', status }: { readonly message?: string; readonly status?: number } = {}): Error {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode: status } });
}
/** One of the network, as Node throws it: known by its code alone, and where several addresses were tried, with no message. */
const networkError = (code: string, message: string) => Object.assign(new Error(message), { code });
const severalErrors = Object.assign(new AggregateError([], ''), { code: 'ECONNREFUSED' });

test.each<[string, Error, string, string]>([
  ['a bucket that is not there', sdkError('NoSuchBucket', { status: 404 }), 'aws/NoSuchBucket', 'there is no bucket acme: create it'],
  [
    'credentials that may not',
    sdkError('AccessDenied', { status: 403 }),
    'aws/AccessDenied',
    'as AWS says: allow these credentials s3:GetObject',
  ],
  ['a key that may not be used', sdkError('KMS.DisabledException', { status: 403 }), 'aws/KMS.DisabledException', 'the use of its key'],
  ['credentials that have ended', sdkError('ExpiredToken', { status: 400 }), 'aws/ExpiredToken', 'set or renew the AWS credentials'],
  [
    'keys that AWS does not know',
    sdkError('InvalidAccessKeyId', { status: 403 }),
    'aws/InvalidAccessKeyId',
    'set or renew the AWS credentials',
  ],
  ['no credentials', sdkError('CredentialsProviderError'), 'aws/CredentialsProviderError', 'set or renew the AWS credentials'],
  ['a request that took too long', sdkError('TimeoutError'), 'aws/TimeoutError', 'as AWS says; see to it, then run the verb again'],
  [
    'a place where nobody listens',
    networkError('ECONNREFUSED', 'connect ECONNREFUSED ::1:9'),
    'aws/ECONNREFUSED',
    'connect ECONNREFUSED ::1:9;',
  ],
  ['several such places', severalErrors, 'aws/ECONNREFUSED', 'cannot be written: ECONNREFUSED;'],
  ['an answer without words', sdkError('403', { message: 'UnknownError', status: 403 }), 'aws/403', 'cannot be written: 403: allow'],
  ['an answer of many lines', sdkError('Unusual', { message: 'first\nsecond' }), 'aws/Unusual', 'cannot be written: first; see to it'],
])('%s', (_what, cause, code, part) => {
  const error = s3Error(cause, attempt);

  expect(error).toMatchObject({ code, cause, message: expect.stringContaining(part) as string });
  expect(error.message).toMatch(/^state s3:\/\/acme\/orders\/lease cannot be written: [^\n]*$/);
});
