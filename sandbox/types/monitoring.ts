import type { ResourceType } from '../resource-type';

import { cloudwatchCompositeAlarm } from './cloudwatch-composite-alarm';
import { cloudwatchDashboard } from './cloudwatch-dashboard';
import { cloudwatchLogDataProtectionPolicy } from './cloudwatch-log-data-protection-policy';
import { cloudwatchLogGroup } from './cloudwatch-log-group';
import { cloudwatchLogMetricFilter } from './cloudwatch-log-metric-filter';
import { cloudwatchMetricAlarm } from './cloudwatch-metric-alarm';
import { kmsAlias } from './kms-alias';
import { kmsKey } from './kms-key';
import { kmsKeyPolicy } from './kms-key-policy';
import { oamLink } from './oam-link';
import { oamSink } from './oam-sink';
import { oamSinkPolicy } from './oam-sink-policy';
import { snsTopic } from './sns-topic';
import { snsTopicPolicy } from './sns-topic-policy';
import { snsTopicSubscription } from './sns-topic-subscription';
import { xraySamplingRule } from './xray-sampling-rule';

/** The simulated types of monitoring, notification and encryption. */
export const monitoringTypes: readonly ResourceType[] = [
  cloudwatchMetricAlarm,
  cloudwatchCompositeAlarm,
  cloudwatchDashboard,
  cloudwatchLogGroup,
  cloudwatchLogDataProtectionPolicy,
  cloudwatchLogMetricFilter,
  snsTopic,
  snsTopicPolicy,
  snsTopicSubscription,
  kmsKey,
  kmsAlias,
  kmsKeyPolicy,
  oamSink,
  oamSinkPolicy,
  oamLink,
  xraySamplingRule,
];
