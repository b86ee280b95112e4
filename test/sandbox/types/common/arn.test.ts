import { matchesArn, parseArn } from '../../../../sandbox/types/common/arn';

test.each([
  ['arn:aws:sqs:eu-west-1:111122223333:orders', { service: 'sqs', region: 'eu-west-1', account: '111122223333', resource: 'orders' }],
  ['arn:aws:lambda:eu-west-1:111122223333:function:orders:live', { resource: 'function:orders:live' }],
  ['arn:aws:s3:::bucket', { region: '', account: '', resource: 'bucket' }],
])('%s is split into its parts', (text, parts) => {
  expect(parseArn(text)).toMatchObject(parts);
});

test.each(['', 'orders', 'arn:aws:sqs', 'arn:aws:sqs:eu-west-1:111122223333:', 'urn:aws:sqs:::x'])('%j is no ARN', (text) => {
  expect(parseArn(text)).toBeUndefined();
});

test.each([
  ['arn:aws:sqs:*:*:orders', true],
  ['arn:aws:sqs:eu-west-1:111122223333:ord*', true],
  ['*', true],
  ['arn:aws:sqs:*:orders', false],
  ['arn:aws:sns:*:*:orders', false],
])('as a pattern, %s covers a queue: %j', (pattern, expected) => {
  expect(matchesArn(pattern, 'arn:aws:sqs:eu-west-1:111122223333:orders')).toBe(expected);
});
