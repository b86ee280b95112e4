import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteBucketEncryptionCommand,
  DeleteBucketLifecycleCommand,
  DeleteBucketPolicyCommand,
  DeletePublicAccessBlockCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketPolicyCommand,
  GetBucketTaggingCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketPolicyCommand,
  PutBucketTaggingCommand,
  PutPublicAccessBlockCommand,
  type BucketLocationConstraint,
  type LifecycleRule,
  type S3Client,
} from '@aws-sdk/client-s3';

import type { Properties } from '../../../sandbox/resource-type';

import type { AwsType } from './aws-type';
import { tagList, tagMap, tagsOf } from './tags';
import { fromAws, orGone, pick, textOf, toAws } from './wording';

export const bucket: AwsType = {
  type: 'aws:s3/bucket:Bucket',
  async create({ inputs }, { clients: { s3 }, place: { region } }) {
    const Bucket = textOf(inputs, 'bucket');
    await s3.send(
      new CreateBucketCommand({
        Bucket,
        ...(inputs.bucketNamespace === 'account-regional' && { BucketNamespace: 'account-regional' }),
        ...(region !== 'us-east-1' && { CreateBucketConfiguration: { LocationConstraint: region as BucketLocationConstraint } }),
      }),
    );
    await s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet: tagList(tagsOf(inputs)) } }));
    return Bucket;
  },
  async update({ id: Bucket, inputs }, { clients: { s3 } }) {
    await s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet: tagList(tagsOf(inputs)) } }));
  },
  async read({ id: Bucket }, { clients: { s3 }, place: { region } }) {
    const there = await orGone(s3.send(new HeadBucketCommand({ Bucket })));
    if (!there) return undefined;
    const { TagSet } = (await orGone(s3.send(new GetBucketTaggingCommand({ Bucket })))) ?? {};
    return {
      bucket: Bucket,
      arn: `arn:aws:s3:::${Bucket}`,
      bucketDomainName: `${Bucket}.s3.amazonaws.com`,
      bucketRegion: there.BucketRegion ?? region,
      bucketRegionalDomainName: `${Bucket}.s3.${region}.amazonaws.com`,
      tags: tagMap(TagSet),
    };
  },
  async delete({ id: Bucket }, { clients: { s3 } }) {
    await orGone(s3.send(new DeleteBucketCommand({ Bucket })));
  },
};

export const bucketPublicAccessBlock = bucketPart('aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock', {
  put: (s3, Bucket, inputs) => {
    const PublicAccessBlockConfiguration = toAws<object>(pick(inputs, BLOCKS));
    return s3.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration }));
  },
  get: async (s3, Bucket) =>
    fromAws((await s3.send(new GetPublicAccessBlockCommand({ Bucket }))).PublicAccessBlockConfiguration) as Properties,
  remove: (s3, Bucket) => s3.send(new DeletePublicAccessBlockCommand({ Bucket })),
});

const BLOCKS = ['blockPublicAcls', 'blockPublicPolicy', 'ignorePublicAcls', 'restrictPublicBuckets'];

export const bucketEncryption = bucketPart('aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration', {
  put: (s3, Bucket, { rules }) => {
    const Rules = (rules as readonly { readonly applyServerSideEncryptionByDefault: Properties }[]).map((rule) => {
      const { sseAlgorithm, kmsMasterKeyId } = rule.applyServerSideEncryptionByDefault as Readonly<Record<string, string | undefined>>;
      const byDefault = { SSEAlgorithm: sseAlgorithm as 'AES256', ...(kmsMasterKeyId !== undefined && { KMSMasterKeyID: kmsMasterKeyId }) };
      return { ApplyServerSideEncryptionByDefault: byDefault };
    });
    return s3.send(new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: { Rules } }));
  },
  get: async (s3, Bucket) => {
    const { ServerSideEncryptionConfiguration: told } = await s3.send(new GetBucketEncryptionCommand({ Bucket }));
    const rules = told?.Rules?.map(({ ApplyServerSideEncryptionByDefault: byDefault }) => ({
      applyServerSideEncryptionByDefault: {
        sseAlgorithm: byDefault?.SSEAlgorithm,
        ...(byDefault?.KMSMasterKeyID && { kmsMasterKeyId: byDefault.KMSMasterKeyID }),
      },
    }));
    return { rules };
  },
  remove: (s3, Bucket) => s3.send(new DeleteBucketEncryptionCommand({ Bucket })),
});

export const bucketLifecycle = bucketPart('aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration', {
  put: (s3, Bucket, { rules }) => {
    const Rules = toAws<Record<string, unknown>[]>(rules).map(({ Id, ...rule }) => ({ ID: Id, ...rule }) as LifecycleRule);
    return s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules } }));
  },
  get: async (s3, Bucket) => {
    const { Rules = [] } = await s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }));
    return { rules: Rules.map(({ ID, ...rule }) => fromAws({ Id: ID, ...rule })) };
  },
  remove: (s3, Bucket) => s3.send(new DeleteBucketLifecycleCommand({ Bucket })),
});

export const bucketPolicy = bucketPart('aws:s3/bucketPolicy:BucketPolicy', {
  put: (s3, Bucket, inputs) => s3.send(new PutBucketPolicyCommand({ Bucket, Policy: textOf(inputs, 'policy') })),
  get: async (s3, Bucket) => ({ policy: (await s3.send(new GetBucketPolicyCommand({ Bucket }))).Policy }),
  remove: (s3, Bucket) => s3.send(new DeleteBucketPolicyCommand({ Bucket })),
});

/** What is one setting of a bucket to AWS, and a resource of its own to Pulumi, with the bucket's name as its id. */
function bucketPart(
  type: string,
  api: {
    readonly put: (s3: S3Client, bucket: string, inputs: Properties) => Promise<unknown>;
    readonly get: (s3: S3Client, bucket: string) => Promise<Properties>;
    readonly remove: (s3: S3Client, bucket: string) => Promise<unknown>;
  },
): AwsType {
  return {
    type,
    async create({ inputs }, { clients: { s3 } }) {
      await api.put(s3, textOf(inputs, 'bucket'), inputs);
      return textOf(inputs, 'bucket');
    },
    async update({ id, inputs }, { clients: { s3 } }) {
      await api.put(s3, id, inputs);
    },
    async read({ id }, { clients: { s3 } }) {
      const told = await orGone(api.get(s3, id));
      return told && { bucket: id, ...told };
    },
    async delete({ id }, { clients: { s3 } }) {
      await orGone(api.remove(s3, id));
    },
  };
}
