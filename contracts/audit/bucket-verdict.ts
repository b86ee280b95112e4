import { verdictOf, type RuleVerdict } from './audit-rule';
import type { AuditedResource, AuditedStack } from './audited-stack';
import { physicalName, textOf } from './resource-values';

/** Asks each bucket's part of a type, or its absence, what is wrong; null: nothing. */
export function bucketVerdict(
  { resources }: AuditedStack,
  type: string,
  problem: (part: AuditedResource | undefined) => string | null,
): RuleVerdict {
  const buckets = resources.filter((resource) => resource.type === 'aws:s3/bucket:Bucket');
  return verdictOf(buckets, (bucket) => {
    const found = problem(resources.find((one) => one.type === type && textOf(one.properties, 'bucket') === physicalName(bucket)));
    return found === null ? [] : [found];
  });
}
