import * as z from 'zod';

import { readJsonObject } from './property-readers';

/** CloudWatch Logs: longest data protection policy, in characters. */
const MAX_LENGTH = 30_720;
const POLICY_VERSION = '2021-06-01';

const identifiers = z.array(z.string().regex(/^(arn:aws:dataprotection::aws:data-identifier\/[\w-]+|[\w-]{1,128})$/)).min(1);

const destination = z.strictObject({
  CloudWatchLogs: z.strictObject({ LogGroup: z.string().min(1) }).optional(),
  Firehose: z.strictObject({ DeliveryStream: z.string().min(1) }).optional(),
  S3: z.strictObject({ Bucket: z.string().min(1) }).optional(),
});

const audit = z.strictObject({
  Sid: z.string().optional(),
  DataIdentifier: identifiers,
  Operation: z.strictObject({ Audit: z.strictObject({ FindingsDestination: destination }) }),
});

const mask = z.strictObject({
  Sid: z.string().optional(),
  DataIdentifier: identifiers,
  Operation: z.strictObject({ Deidentify: z.strictObject({ MaskConfig: z.strictObject({}) }) }),
});

const policyShape = z.strictObject({
  Name: z.string().optional(),
  Description: z.string().optional(),
  Version: z.literal(POLICY_VERSION),
  Configuration: z
    .strictObject({ CustomDataIdentifier: z.array(z.strictObject({ Name: z.string(), Regex: z.string().max(200) })).max(10) })
    .optional(),
  Statement: z.tuple([audit, mask]),
});

/** Where a policy sends its findings. */
export type FindingsDestination = z.output<typeof destination>;

/** Reads a data protection policy: the audit statement, then the masking one, over the same identifiers. */
export function readDataProtectionPolicy(text: string): { readonly destination: FindingsDestination } | { readonly problem: string } {
  if (text.length > MAX_LENGTH) return { problem: `the policy document has ${text.length} characters, more than ${MAX_LENGTH}` };
  const document = readJsonObject(text);
  if (document === undefined) return { problem: 'the policy document is not valid JSON' };
  const parsed = policyShape.safeParse(document);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return { problem: `the policy document is invalid at ${issue?.path.map(String).join('.') ?? ''}: ${issue?.message ?? ''}` };
  }
  const [auditing, masking] = parsed.data.Statement;
  const same = sortedText(auditing.DataIdentifier) === sortedText(masking.DataIdentifier);
  if (!same) return { problem: 'the DataIdentifier arrays of the two statements must match exactly' };
  const custom = new Set((parsed.data.Configuration?.CustomDataIdentifier ?? []).map(({ Name: name }) => name));
  const unknown = auditing.DataIdentifier.find((identifier) => !identifier.startsWith('arn:') && !custom.has(identifier));
  return unknown === undefined
    ? { destination: auditing.Operation.Audit.FindingsDestination }
    : { problem: `the data identifier ${unknown} is not defined` };
}

function sortedText(values: readonly string[]): string {
  return JSON.stringify([...values].sort());
}
