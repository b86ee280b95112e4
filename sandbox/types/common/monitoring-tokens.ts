/** Tokens of the types that other types look up: kept apart, so that types need not import each other. */
export const monitoringTokens = {
  metricAlarm: 'aws:cloudwatch/metricAlarm:MetricAlarm',
  compositeAlarm: 'aws:cloudwatch/compositeAlarm:CompositeAlarm',
  dashboard: 'aws:cloudwatch/dashboard:Dashboard',
  logGroup: 'aws:cloudwatch/logGroup:LogGroup',
  logDataProtectionPolicy: 'aws:cloudwatch/logDataProtectionPolicy:LogDataProtectionPolicy',
  logMetricFilter: 'aws:cloudwatch/logMetricFilter:LogMetricFilter',
  topic: 'aws:sns/topic:Topic',
  topicPolicy: 'aws:sns/topicPolicy:TopicPolicy',
  topicSubscription: 'aws:sns/topicSubscription:TopicSubscription',
  key: 'aws:kms/key:Key',
  keyAlias: 'aws:kms/alias:Alias',
  keyPolicy: 'aws:kms/keyPolicy:KeyPolicy',
  sink: 'aws:oam/sink:Sink',
  sinkPolicy: 'aws:oam/sinkPolicy:SinkPolicy',
  link: 'aws:oam/link:Link',
  samplingRule: 'aws:xray/samplingRule:SamplingRule',
} as const;
