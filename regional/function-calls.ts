/** Functions of lambda/, by folder. */
export type FunctionName = 'order' | 'dead-letter';

/**
 * What each function asks of AWS in its own code: commands of the SDK, each with the one action that IAM wants for it. The functions' policies are
 * made of this table, and a test holds it equal to the commands that lambda/ makes.
 */
export const functionCalls = {
  order: { PutCommand: 'dynamodb:PutItem' },
  'dead-letter': { PutObjectCommand: 's3:PutObject' },
} as const satisfies Record<FunctionName, Readonly<Record<string, string>>>;

/** What Lambda asks on a function's behalf, with the function's role: no code makes these calls. */
export const serviceCalls = {
  /** The function's log. Without logs:CreateLogGroup: with it, Lambda would make the group again after a destroy (AWS.md C3). */
  log: ['logs:CreateLogStream', 'logs:PutLogEvents'],
  /** The event source's poller. */
  poll: ['sqs:ChangeMessageVisibility', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'],
  /** The destination of invocations that failed. */
  handOver: ['sqs:SendMessage'],
  /** The daemon beside the function that the tracer sends to. */
  trace: ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'],
  /** Queue, table, archive and environment under the target's own key. */
  dataKey: ['kms:Decrypt', 'kms:GenerateDataKey'],
} as const;

/** Actions that are allowed on `*`, and why no resource is named. */
export const actionsWithoutResource: Readonly<Record<string, string>> = {
  'xray:PutTelemetryRecords': 'X-Ray has no resource type for it (Service Authorization Reference)',
  'xray:PutTraceSegments': 'X-Ray has no resource type for it (Service Authorization Reference)',
};
