import {
  GetBucketEncryptionCommand,
  GetBucketPolicyCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
  PutBucketEncryptionCommand,
  PutBucketPolicyCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutPublicAccessBlockCommand,
  type S3Client,
} from '@aws-sdk/client-s3';

import type { OrganizationConfig } from '../../contracts/organization';
import { MANAGED_BY, resourceTags } from '../../contracts/tags';
import { sdkErrorName } from '../aws/sdk-error';

import { stateBucketPolicy } from './state-bucket-policy';

/** One bucket, by a client of its account. */
export interface BucketAt {
  readonly client: S3Client;
  readonly bucket: string;
}

interface Setting {
  readonly name: string;
  /** What sets it, as IAM names the action. */
  readonly call: string;
  /** True where it is in place already, by whatever value: the organisation's program keeps it from then on. */
  readonly isSet: (at: BucketAt) => Promise<boolean>;
  readonly set: (at: BucketAt, config: OrganizationConfig) => Promise<unknown>;
}

const BLOCKED = { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true } as const;

/** What a state bucket has before anything is kept in it, in the order in which it gets them. The tags come last: with them it is whole. */
export const bucketSettings: readonly Setting[] = [
  {
    name: 'public access block',
    call: 's3:PutBucketPublicAccessBlock',
    isSet: async ({ client, bucket: Bucket }) => {
      const found = await orAbsent('NoSuchPublicAccessBlockConfiguration', () => client.send(new GetPublicAccessBlockCommand({ Bucket })));
      const blocked = found?.PublicAccessBlockConfiguration ?? {};
      return Object.keys(BLOCKED).every((key) => blocked[key as keyof typeof BLOCKED] === true);
    },
    set: ({ client, bucket: Bucket }) => client.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: BLOCKED })),
  },
  {
    name: 'policy',
    call: 's3:PutBucketPolicy',
    isSet: async ({ client, bucket: Bucket }) =>
      (await orAbsent('NoSuchBucketPolicy', () => client.send(new GetBucketPolicyCommand({ Bucket }))))?.Policy !== undefined,
    set: ({ client, bucket: Bucket }, config) =>
      client.send(new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify(stateBucketPolicy(config)) })),
  },
  {
    name: 'versioning',
    call: 's3:PutBucketVersioning',
    isSet: async ({ client, bucket: Bucket }) => (await client.send(new GetBucketVersioningCommand({ Bucket }))).Status === 'Enabled',
    set: ({ client, bucket: Bucket }) =>
      client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } })),
  },
  {
    name: 'encryption',
    call: 's3:PutEncryptionConfiguration',
    isSet: async ({ client, bucket: Bucket }) => {
      const absent = 'ServerSideEncryptionConfigurationNotFoundError';
      const found = await orAbsent(absent, () => client.send(new GetBucketEncryptionCommand({ Bucket })));
      return (found?.ServerSideEncryptionConfiguration?.Rules ?? []).length > 0;
    },
    // With S3's own key: the program that this state is for makes the fleet's.
    set: ({ client, bucket: Bucket }) => {
      const Rules = [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' as const } }];
      return client.send(new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: { Rules } }));
    },
  },
  {
    name: 'tags',
    call: 's3:PutBucketTagging',
    isSet: async (at) => ownTags(await tagsOf(at)) !== undefined,
    set: ({ client, bucket: Bucket }, config) => {
      // Those that the program's provider puts on everything: it takes the bucket over, and would refuse one that differs.
      const tags = resourceTags(config.tags, config.createdAt);
      const TagSet = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
      return client.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } }));
    },
  },
];

/** Tags of a bucket; none where it has none. */
export async function tagsOf({ client, bucket: Bucket }: BucketAt): Promise<Readonly<Record<string, string>>> {
  const found = await orAbsent('NoSuchTagSet', () => client.send(new GetBucketTaggingCommand({ Bucket })));
  return Object.fromEntries((found?.TagSet ?? []).map(({ Key = '', Value = '' }) => [Key, Value]));
}

/** When a bucket with these tags was made by this verb; undefined where it was not. */
export function ownTags({ ManagedBy, CreatedAt }: Readonly<Record<string, string>>): string | undefined {
  return ManagedBy === MANAGED_BY ? CreatedAt : undefined;
}

async function orAbsent<Value>(absent: string, call: () => Promise<Value>): Promise<Value | undefined> {
  try {
    return await call();
  } catch (cause) {
    if (sdkErrorName(cause) === absent) return undefined;
    throw cause;
  }
}
