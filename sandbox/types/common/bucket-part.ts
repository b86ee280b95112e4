import * as z from 'zod';

import type { Place, Properties, Refusal, ResourceType, WorldResource, WorldView } from '../../resource-type';

import { computeTokens } from './compute-tokens';
import { defineType, type TypedRequest } from './resource-definition';
import { refusal } from './refusal';

/** Name of the bucket that a configuration belongs to. */
export const bucketReference = z.string().min(1).max(63);

/** A configuration of a bucket that is a resource of its own, such as its versioning. */
export interface BucketPart<Shape extends z.ZodType<{ readonly bucket: string }>> {
  readonly type: string;
  readonly inputs: Shape;
  /** Error name for inputs outside the shape. */
  readonly invalid?: string;
  /** What S3 computes beyond the inputs. */
  readonly computed?: (inputs: z.output<Shape>) => Properties;
  /** What S3 refuses beyond the bucket not being there; not asked on delete. */
  readonly refuse?: (
    request: TypedRequest<z.output<Shape>> & { readonly bucketResource: WorldResource },
    world: WorldView,
  ) => Refusal | undefined;
}

/** Makes the type of a bucket's configuration: named by its bucket, put over what is there, refused where the bucket is not the account's. */
export function defineBucketPart<Shape extends z.ZodType<{ readonly bucket: string }>>(part: BucketPart<Shape>): ResourceType {
  return defineType({
    type: part.type,
    inputs: part.inputs,
    invalid: part.invalid ?? 'InvalidArgument',
    replaceOn: ['bucket', 'expectedBucketOwner'],
    taggable: false,
    scope: 'world',
    onTaken: 'overwrite',
    seconds: { create: 2, update: 2, delete: 1 },
    key: ({ bucket }) => bucket,
    render: (inputs) => ({ id: inputs.bucket, computed: part.computed?.(inputs) ?? {} }),
    refuse: (request, world) => {
      if (request.op === 'delete') return undefined;
      const bucketResource = world.find(computeTokens.bucket, request.inputs.bucket, request.place);
      if (!bucketResource) return refusal('NoSuchBucket', 'The specified bucket does not exist');
      return refuseStranger(bucketResource, request.place) ?? part.refuse?.({ ...request, bucketResource }, world);
    },
  });
}

function refuseStranger(bucket: WorldResource, place: Place): Refusal | undefined {
  if (bucket.account !== place.account) return refusal('AccessDenied', 'Access Denied');
  return bucket.region === place.region
    ? undefined
    : refusal(
        'PermanentRedirect',
        'The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.',
      );
}
