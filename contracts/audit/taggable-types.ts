/** Pulumi types of the fleet whose resources take tags. A schedule takes none: only its group would. */
export const taggableTypes: readonly string[] = [
  'aws:cloudwatch/compositeAlarm:CompositeAlarm',
  'aws:cloudwatch/logGroup:LogGroup',
  'aws:cloudwatch/metricAlarm:MetricAlarm',
  'aws:dynamodb/table:Table',
  'aws:iam/policy:Policy',
  'aws:iam/role:Role',
  'aws:kms/key:Key',
  'aws:lambda/eventSourceMapping:EventSourceMapping',
  'aws:lambda/function:Function',
  'aws:oam/link:Link',
  'aws:oam/sink:Sink',
  'aws:s3/bucket:Bucket',
  'aws:sns/topic:Topic',
  'aws:sqs/queue:Queue',
  'aws:xray/samplingRule:SamplingRule',
];
