import * as z from 'zod';

import type { Place, Refusal, WorldView } from '../resource-type';

import { physicalName } from './common/auto-name';
import { accountRegionalSuffix, bucketNameProblem } from './common/bucket-name';
import { computeTokens } from './common/compute-tokens';
import { defineType, type TypedRequest } from './common/resource-definition';
import { refusal } from './common/refusal';
import { conflict, oneOf } from './common/shapes';
import { tagsShape } from './common/tags-shape';

const shape = z
  .strictObject({
    bucket: z
      .string()
      .superRefine((name, context) => {
        const problem = bucketNameProblem(name);
        if (problem !== undefined) context.addIssue({ code: 'custom', message: `The specified bucket is not valid: ${problem}` });
      })
      .optional(),
    bucketNamespace: oneOf(['account-regional', 'global']).default('global'),
    bucketPrefix: z
      .string()
      .regex(/^[a-z0-9][a-z0-9.-]{0,36}$/, { error: (issue) => `${JSON.stringify(issue.input)} cannot begin a bucket name` })
      .optional(),
    forceDestroy: z.boolean().default(false),
    objectLockEnabled: z.boolean().default(false),
    tags: tagsShape.optional(),
  })
  .check(conflict(['bucket', 'bucketPrefix']));

type BucketInputs = z.output<typeof shape>;

/**
 * A general purpose bucket. Names are one space in the world. The inline blocks that the provider deprecates are not simulated, nor is
 * what a bucket contains.
 */
export const bucket = defineType({
  type: computeTokens.bucket,
  inputs: shape,
  invalid: 'InvalidBucketName',
  replaceOn: ['bucket', 'bucketNamespace', 'bucketPrefix', 'objectLockEnabled'],
  taggable: true,
  scope: 'world',
  // Never adopted: which refusal it is depends on whose bucket it is, so it is told below.
  onTaken: 'adopt',
  seconds: { create: 3, update: 2, delete: 1 },
  key: (inputs, context) => {
    const name = physicalName({ name: inputs.bucket, namePrefix: inputs.bucketPrefix }, context);
    const generated = inputs.bucket === undefined && inputs.bucketNamespace === 'account-regional';
    return generated ? `${name}${accountRegionalSuffix(context.place)}` : name;
  },
  render: (_inputs, { key, place }) => ({
    id: key,
    computed: {
      bucket: key,
      arn: `arn:aws:s3:::${key}`,
      bucketDomainName: `${key}.s3.amazonaws.com`,
      bucketRegion: place.region,
      bucketRegionalDomainName: `${key}.s3.${place.region}.amazonaws.com`,
    },
  }),
  refuse: (request, world) =>
    request.op === 'create' ? (refuseNamespace(request) ?? refuseTaken(request.key, request.place, world)) : undefined,
});

function refuseNamespace({ inputs, key, place }: TypedRequest<BucketInputs>): Refusal | undefined {
  const suffix = accountRegionalSuffix(place);
  if (inputs.bucketNamespace === 'account-regional') {
    return key.endsWith(suffix) && key.length > suffix.length
      ? undefined
      : refusal('InvalidBucketName', `The specified bucket is not valid: ${key} must end with ${suffix} in the account regional namespace`);
  }
  return key.endsWith('-an')
    ? refusal(
        'InvalidBucketName',
        `The specified bucket is not valid: ${key} ends with -an, which is reserved for the account regional namespace`,
      )
    : undefined;
}

function refuseTaken(key: string, place: Place, world: WorldView): Refusal | undefined {
  const taken = world.find(computeTokens.bucket, key, place);
  if (!taken) return undefined;
  return taken.account === place.account
    ? refusal('BucketAlreadyOwnedByYou', 'Your previous request to create the named bucket succeeded and you already own it.')
    : refusal(
        'BucketAlreadyExists',
        'The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.',
      );
}
