import { areCredentialsRefused, sdkErrorName, statusOf, whatToDo } from '../../../fleet/aws/sdk-error';

const named = (name: string) => Object.assign(new Error('no'), { name });

test('an error is known by its name, or by the code of the network', () => {
  expect(
    [named('NoSuchKey'), { name: 'Error', code: 'ECONNREFUSED' }, { name: 'AggregateError', code: 'ENOTFOUND' }].map(sdkErrorName),
  ).toEqual(['NoSuchKey', 'ECONNREFUSED', 'ENOTFOUND']);
});

test('what is no error at all has a name, too', () => {
  expect(['text', null, undefined, {}].map(sdkErrorName)).toEqual(['Error', 'Error', 'Error', 'Error']);
});

test('the status is that of the answer, where one came', () => {
  expect([{ $metadata: { httpStatusCode: 403 } }, new Error('no answer'), null].map(statusOf)).toEqual([403, undefined, undefined]);
});

test.each([
  'CredentialsProviderError',
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidAccessKeyId',
  'InvalidClientTokenId',
  'InvalidToken',
  'RequestTimeTooSkewed',
  'SignatureDoesNotMatch',
  'TokenProviderError',
  'TokenRefreshRequired',
  'UnrecognizedClientException',
])('%s is about the credentials', (name) => {
  expect(areCredentialsRefused(named(name))).toBe(true);
});

test.each(['AccessDenied', 'AccessDeniedException', 'NoSuchBucket', 'TimeoutError', 'ECONNREFUSED', 'Throttling'])('%s is not', (name) => {
  expect(areCredentialsRefused(named(name))).toBe(false);
});

test.each([
  [
    'credentials that have ended',
    { ...named('ExpiredToken'), name: 'ExpiredToken', $metadata: { httpStatusCode: 403 } },
    /^set or renew the AWS credentials/,
  ],
  ['no answer', named('TimeoutError'), /way to AWS/],
  ['any other refusal', { name: 'AccessDenied', $metadata: { httpStatusCode: 403 } }, /^ask for leave$/],
])('what to do about %s', (_what, cause, advice) => {
  expect(whatToDo(cause, 'ask for leave')).toMatch(advice);
});
