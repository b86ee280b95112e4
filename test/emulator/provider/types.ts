import { resourceTypes } from '../../../sandbox/types';

import type { AwsType } from './aws-type';
import { compositeAlarm, dashboard, metricAlarm } from './cloudwatch';
import { table } from './dynamodb';
import { role, rolePolicy } from './iam';
import { keptType, type Kept } from './kept-type';
import { key, keyAlias } from './kms';
import { lambdaFunction } from './lambda-function';
import { eventSourceMapping, functionEventInvokeConfig, lambdaAlias } from './lambda-parts';
import { logGroup } from './logs';
import { bucket, bucketEncryption, bucketLifecycle, bucketPolicy, bucketPublicAccessBlock } from './s3';
import { schedule } from './scheduler';
import { topic, topicPolicy, topicSubscription } from './sns';
import { queue } from './sqs';

/** Types that are carried out through the SDK. */
const CARRIED_OUT: readonly AwsType[] = [
  ...[bucket, bucketEncryption, bucketLifecycle, bucketPolicy, bucketPublicAccessBlock, compositeAlarm, dashboard, eventSourceMapping],
  ...[functionEventInvokeConfig, key, keyAlias, lambdaAlias, lambdaFunction, logGroup, metricAlarm, queue, role],
  ...[rolePolicy, schedule, table, topic, topicPolicy, topicSubscription],
];

/** Types of which the emulator has nothing. moto takes a queue's redrive allow policy, and forgets it. */
export const LACKING_TYPES = [
  'aws:cloudwatch/logDataProtectionPolicy:LogDataProtectionPolicy',
  'aws:oam/link:Link',
  'aws:oam/sink:Sink',
  'aws:oam/sinkPolicy:SinkPolicy',
  'aws:sqs/redriveAllowPolicy:RedriveAllowPolicy',
];

/** Every type that the provider has, by token. */
export function awsTypes(kept: Kept): ReadonlyMap<string, AwsType> {
  const lacking = resourceTypes.filter(({ type }) => LACKING_TYPES.includes(type)).map((definition) => keptType(definition, kept));
  return new Map([...CARRIED_OUT, ...lacking].map((type) => [type.type, type]));
}

/** Types whose resources exist nowhere but in this process. */
export function isKept(type: string): boolean {
  return LACKING_TYPES.includes(type);
}
