import { irreversibleTypes, isIrreversible } from '../../contracts/irreversible';
import { resourceTypes } from '../../sandbox/types';

const TABLE = 'aws:dynamodb/table:Table';

test.each([
  ['replace', TABLE, true],
  ['delete', TABLE, true],
  ['create', TABLE, false],
  ['update', TABLE, false],
  ['same', TABLE, false],
  ['retain', TABLE, false],
  ['delete', 'aws:kms/key:Key', true],
  ['replace', 'aws:cloudwatch/logGroup:LogGroup', true],
  ['delete', 'aws:sqs/queue:Queue', true],
  ['replace', 'aws:s3/bucket:Bucket', true],
  ['replace', 'aws:s3/bucketV2:BucketV2', true],
  ['delete', 'aws:sns/topic:Topic', true],
  ['delete', 'aws:oam/sink:Sink', true],
  ['replace', 'aws:iam/role:Role', true],
  ['replace', 'aws:lambda/function:Function', true],
  ['delete', 'aws:cloudwatch/metricAlarm:MetricAlarm', false],
  ['replace', 'aws:lambda/alias:Alias', false],
  ['delete', 'aws:kms/alias:Alias', false],
  ['replace', 'aws:sqs/queuePolicy:QueuePolicy', false],
  ['delete', 'pulumi:providers:aws', false],
])('%s of %s cannot be undone: %s', (op, type, expected) => {
  expect(isIrreversible({ op, type })).toBe(expected);
});

test('of the types that layers use, these cannot be brought back', () => {
  expect(
    resourceTypes
      .map(({ type }) => type)
      .filter((type) => irreversibleTypes.has(type))
      .sort(),
  ).toEqual([
    'aws:cloudwatch/logGroup:LogGroup',
    'aws:dynamodb/table:Table',
    'aws:iam/role:Role',
    'aws:kms/key:Key',
    'aws:lambda/function:Function',
    'aws:oam/sink:Sink',
    'aws:s3/bucket:Bucket',
    'aws:sns/topic:Topic',
    'aws:sqs/queue:Queue',
  ]);
});
