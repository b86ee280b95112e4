import type { ResourceType } from '../resource-type';

import { table } from './dynamodb-table';
import { policy } from './iam-policy';
import { role } from './iam-role';
import { rolePolicy } from './iam-role-policy';
import { rolePolicyAttachment } from './iam-role-policy-attachment';
import { lambdaAlias } from './lambda-alias';
import { eventSourceMapping } from './lambda-event-source-mapping';
import { lambdaFunction } from './lambda-function';
import { functionEventInvokeConfig } from './lambda-function-event-invoke-config';
import { lambdaPermission } from './lambda-permission';
import { bucket } from './s3-bucket';
import { bucketLifecycleConfiguration } from './s3-bucket-lifecycle-configuration';
import { bucketOwnershipControls } from './s3-bucket-ownership-controls';
import { bucketPolicy } from './s3-bucket-policy';
import { bucketPublicAccessBlock } from './s3-bucket-public-access-block';
import { bucketServerSideEncryptionConfiguration } from './s3-bucket-server-side-encryption-configuration';
import { bucketVersioning } from './s3-bucket-versioning';
import { schedule } from './scheduler-schedule';
import { queue } from './sqs-queue';
import { queuePolicy } from './sqs-queue-policy';
import { redriveAllowPolicy } from './sqs-redrive-allow-policy';

/** Queues, functions, roles, tables, buckets and schedules of the simulated AWS. */
export const computeTypes: readonly ResourceType[] = [
  queue,
  queuePolicy,
  redriveAllowPolicy,
  lambdaFunction,
  lambdaAlias,
  eventSourceMapping,
  functionEventInvokeConfig,
  lambdaPermission,
  role,
  rolePolicy,
  policy,
  rolePolicyAttachment,
  table,
  bucket,
  bucketPublicAccessBlock,
  bucketServerSideEncryptionConfiguration,
  bucketLifecycleConfiguration,
  bucketVersioning,
  bucketPolicy,
  bucketOwnershipControls,
  schedule,
];
