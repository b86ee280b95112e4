import * as z from 'zod';

import type { Place, Refusal, WorldView } from '../resource-type';

import { bucketReference, defineBucketPart } from './common/bucket-part';
import { computeTokens } from './common/compute-tokens';
import { parsePolicy, type PolicyDocument } from './common/policy-document';
import { refusal } from './common/refusal';
import { policyTextShape } from './common/shapes';

const MAX_BYTES = 20_480;

/** Condition keys that make a statement for everybody not public, when they name what is allowed. Source: S3's guide, "the meaning of public". */
const NARROWING = [
  'aws:principalorgid',
  'aws:principalaccount',
  'aws:principalarn',
  'aws:sourcearn',
  'aws:sourceaccount',
  'aws:sourceorgid',
  'aws:sourcevpc',
  'aws:sourcevpce',
  'aws:userid',
  's3:dataaccesspointaccount',
];

/** A bucket's policy. */
export const bucketPolicy = defineBucketPart({
  type: 'aws:s3/bucketPolicy:BucketPolicy',
  inputs: z.strictObject({ bucket: bucketReference, policy: policyTextShape }),
  invalid: 'MalformedPolicy',
  refuse: ({ inputs, place }, world) => {
    if (Buffer.byteLength(inputs.policy) > MAX_BYTES)
      return refusal('PolicyTooLarge', `Policy exceeds the maximum allowed document size of ${MAX_BYTES} bytes.`);
    const parsed = parsePolicy(inputs.policy, 'resource');
    if (!parsed.ok) return refusal('MalformedPolicy', parsed.problem);
    return refuseForeignResource(parsed.document, inputs.bucket) ?? refusePublic(parsed.document, { bucket: inputs.bucket, place }, world);
  },
});

function refuseForeignResource(document: PolicyDocument, bucket: string): Refusal | undefined {
  const arn = `arn:aws:s3:::${bucket}`;
  const resources = document.statements.flatMap((statement) => [...statement.resources, ...statement.notResources]);
  return resources.every((resource) => resource === arn || resource.startsWith(`${arn}/`))
    ? undefined
    : refusal('MalformedPolicy', 'Policy has invalid resource');
}

function refusePublic(
  document: PolicyDocument,
  at: { readonly bucket: string; readonly place: Place },
  world: WorldView,
): Refusal | undefined {
  const block = world.find(computeTokens.bucketPublicAccessBlock, at.bucket, at.place);
  const blocked = block ? block.outputs.blockPublicPolicy === true : true;
  return blocked && isPublic(document)
    ? refusal(
        'AccessDenied',
        'User is not authorized to perform: s3:PutBucketPolicy because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.',
      )
    : undefined;
}

function isPublic({ statements }: PolicyDocument): boolean {
  return statements.some(
    ({ effect, principals, notPrincipals, conditions }) =>
      effect === 'Allow' &&
      (notPrincipals.length > 0 || principals.some(({ value }) => value === '*')) &&
      !conditions.some(
        ({ operator, key, values }) =>
          !/Not|IfExists|Null/.test(operator) && NARROWING.includes(key.toLowerCase()) && !values.includes('*'),
      ),
  );
}
