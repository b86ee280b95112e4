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

/** Of these, what can be made anew without a loss: a role goes by its name, and a function's code is the release's. */
const remade: ReadonlySet<string> = new Set([
  'aws:iam/role:Role',
  'aws:iam/serviceLinkedRole:ServiceLinkedRole',
  'aws:lambda/function:Function',
]);

/** True for a type whose resource, once it is gone, is restored rather than made anew: it held data, or others point at it. */
export function holdsDataOrIdentity(type: string): boolean {
  return irreversibleTypes.has(type) && !remade.has(type);
}

/** True for a step that an earlier release cannot undo. A retained resource stays where it is. */
export function isIrreversible(step: { readonly op: string; readonly type: string }): boolean {
  return (step.op === 'replace' || step.op === 'delete') && irreversibleTypes.has(step.type);
}
