import * as z from 'zod';

import { bucketReference, defineBucketPart } from './common/bucket-part';
import { accountShape, oneOf, wholeNumber } from './common/shapes';

const MAX_DAYS = 2_147_483_647;
const MAX_RULES = 1000;
/** S3 moves nothing to the infrequent-access classes before this. */
const MIN_INFREQUENT_ACCESS_DAYS = 30;

const days = wholeNumber({ min: 1, max: MAX_DAYS });
const date = z.string().regex(/^\d{4}-\d{2}-\d{2}(T00:00:00Z)?$/, {
  error: (issue) => `${JSON.stringify(issue.input)} is not a date at midnight UTC such as 2030-01-01`,
});
const storageClass = oneOf(['GLACIER', 'STANDARD_IA', 'ONEZONE_IA', 'INTELLIGENT_TIERING', 'DEEP_ARCHIVE', 'GLACIER_IR']);
const size = wholeNumber({ min: 0, max: 50 * 1024 ** 4 });
const prefix = z.string().max(1024);

const filterShape = z
  .strictObject({
    and: z
      .strictObject({
        objectSizeGreaterThan: size.optional(),
        objectSizeLessThan: size.optional(),
        prefix: prefix.optional(),
        tags: z.record(z.string(), z.string()).optional(),
      })
      .refine((and) => Object.keys(and).length >= 2 || Object.keys(and.tags ?? {}).length >= 2, {
        error: 'and must hold at least two predicates',
      })
      .optional(),
    objectSizeGreaterThan: size.optional(),
    objectSizeLessThan: size.optional(),
    prefix: prefix.optional(),
    tag: z.strictObject({ key: z.string().min(1).max(128), value: z.string().max(256) }).optional(),
  })
  .refine((filter) => Object.keys(filter).length <= 1, { error: 'a filter holds one predicate; join several with and' });

const ruleShape = z
  .strictObject({
    id: z.string().min(1).max(255),
    status: oneOf(['Enabled', 'Disabled']),
    abortIncompleteMultipartUpload: z.strictObject({ daysAfterInitiation: days }).optional(),
    expiration: z
      .strictObject({ date: date.optional(), days: days.optional(), expiredObjectDeleteMarker: z.boolean().optional() })
      .refine((expiration) => Object.keys(expiration).length === 1, {
        error: 'exactly one of date, days and expiredObjectDeleteMarker must be given',
      })
      .optional(),
    filter: filterShape.optional(),
    noncurrentVersionExpiration: z
      .strictObject({ noncurrentDays: days, newerNoncurrentVersions: wholeNumber({ min: 1, max: 100 }).optional() })
      .optional(),
    noncurrentVersionTransitions: z
      .array(
        z.strictObject({
          noncurrentDays: wholeNumber({ min: 0, max: MAX_DAYS }),
          newerNoncurrentVersions: wholeNumber({ min: 1, max: 100 }).optional(),
          storageClass,
        }),
      )
      .optional(),
    transitions: z
      .array(
        z
          .strictObject({ date: date.optional(), days: wholeNumber({ min: 0, max: MAX_DAYS }).optional(), storageClass })
          .refine((transition) => transition.date === undefined || transition.days === undefined, {
            error: 'only one of date and days may be given',
          }),
      )
      .optional(),
  })
  .superRefine((rule, context) => {
    for (const message of ruleProblems(rule)) context.addIssue({ code: 'custom', message });
  });

/** When a bucket moves or removes its objects. */
export const bucketLifecycleConfiguration = defineBucketPart({
  type: 'aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration',
  inputs: z.strictObject({
    bucket: bucketReference,
    expectedBucketOwner: accountShape.optional(),
    rules: z
      .array(ruleShape)
      .min(1)
      .max(MAX_RULES)
      .refine((rules) => new Set(rules.map(({ id }) => id)).size === rules.length, {
        error: 'Rule ID must be unique. Found same ID for more than one rule',
      }),
    transitionDefaultMinimumObjectSize: oneOf(['all_storage_classes_128K', 'varies_by_storage_class']).default('all_storage_classes_128K'),
  }),
});

interface RuleDates {
  readonly id: string;
  readonly abortIncompleteMultipartUpload?: object | undefined;
  readonly noncurrentVersionExpiration?: object | undefined;
  readonly noncurrentVersionTransitions?: readonly object[] | undefined;
  readonly expiration?: { readonly days?: number | undefined } | undefined;
  readonly filter?: { readonly tag?: object | undefined; readonly and?: { readonly tags?: object | undefined } | undefined } | undefined;
  readonly transitions?:
    readonly { readonly days?: number | undefined; readonly date?: string | undefined; readonly storageClass: string }[] | undefined;
}

function ruleProblems(rule: RuleDates): readonly string[] {
  const { id, expiration, transitions = [] } = rule;
  const problems: string[] = [];
  const actions = [
    expiration,
    rule.abortIncompleteMultipartUpload,
    rule.noncurrentVersionExpiration,
    ...(rule.noncurrentVersionTransitions ?? []),
    ...transitions,
  ];
  if (actions.every((action) => action === undefined)) problems.push(`At least one action needs to be specified in rule ${id}`);
  if (rule.abortIncompleteMultipartUpload && (rule.filter?.tag ?? rule.filter?.and?.tags) !== undefined) {
    problems.push('AbortIncompleteMultipartUpload cannot be specified with Tags');
  }
  for (const transition of transitions) {
    const after = transition.days ?? 0;
    if (transition.date === undefined && transition.storageClass.endsWith('_IA') && after < MIN_INFREQUENT_ACCESS_DAYS) {
      problems.push(
        `'Days' in Transition action must be greater than or equal to ${MIN_INFREQUENT_ACCESS_DAYS} for storageClass '${transition.storageClass}'`,
      );
    }
    if (expiration?.days !== undefined && transition.date === undefined && expiration.days <= after) {
      problems.push(`'Days' in the Expiration action for rule ${id} must be greater than 'Days' in the Transition action`);
    }
  }
  return problems;
}
