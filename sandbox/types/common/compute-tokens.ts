/** Type tokens of queues, functions, roles and buckets that other types look up in the world. */
export const computeTokens = {
  queue: 'aws:sqs/queue:Queue',
  redriveAllowPolicy: 'aws:sqs/redriveAllowPolicy:RedriveAllowPolicy',
  function: 'aws:lambda/function:Function',
  alias: 'aws:lambda/alias:Alias',
  eventSourceMapping: 'aws:lambda/eventSourceMapping:EventSourceMapping',
  role: 'aws:iam/role:Role',
  rolePolicy: 'aws:iam/rolePolicy:RolePolicy',
  rolePolicyAttachment: 'aws:iam/rolePolicyAttachment:RolePolicyAttachment',
  policy: 'aws:iam/policy:Policy',
  bucket: 'aws:s3/bucket:Bucket',
  bucketPublicAccessBlock: 'aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock',
} as const;
