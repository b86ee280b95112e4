/**
 * AWS's own managed policies that the sandbox knows, by ARN, as AWS publishes them. Attaching another one is refused by name.
 */
export const awsManagedPolicies: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'service-role/AWSLambdaBasicExecutionRole': ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
    'service-role/AWSLambdaSQSQueueExecutionRole': [
      'sqs:ReceiveMessage',
      'sqs:DeleteMessage',
      'sqs:GetQueueAttributes',
      'logs:CreateLogGroup',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
    ],
    AWSXRayDaemonWriteAccess: [
      'xray:PutTraceSegments',
      'xray:PutTelemetryRecords',
      'xray:GetSamplingRules',
      'xray:GetSamplingTargets',
      'xray:GetSamplingStatisticSummaries',
    ],
    CloudWatchLambdaInsightsExecutionRolePolicy: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
    AdministratorAccess: ['*'],
  }).map(([name, actions]) => [
    `arn:aws:iam::aws:policy/${name}`,
    JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }] }),
  ]),
);
