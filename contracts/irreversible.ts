/** Pulumi types whose resources cannot be brought back once they are deleted or replaced: data, identity or versions go with them (AWS.md G1). */
export const irreversibleTypes: ReadonlySet<string> = new Set([
  'aws:cloudwatch/logGroup:LogGroup',
  'aws:dynamodb/globalTable:GlobalTable',
  'aws:dynamodb/table:Table',
  'aws:dynamodb/tableReplica:TableReplica',
  'aws:iam/role:Role',
  'aws:iam/serviceLinkedRole:ServiceLinkedRole',
  'aws:kms/externalKey:ExternalKey',
  'aws:kms/key:Key',
  'aws:kms/replicaExternalKey:ReplicaExternalKey',
  'aws:kms/replicaKey:ReplicaKey',
  'aws:lambda/function:Function',
  'aws:oam/sink:Sink',
  'aws:s3/bucket:Bucket',
  'aws:s3/bucketV2:BucketV2',
  'aws:s3/directoryBucket:DirectoryBucket',
  'aws:sns/topic:Topic',
  'aws:sqs/queue:Queue',
]);

/** True for a step that an earlier release cannot undo. A retained resource stays where it is. */
export function isIrreversible(step: { readonly op: string; readonly type: string }): boolean {
  return (step.op === 'replace' || step.op === 'delete') && irreversibleTypes.has(step.type);
}
