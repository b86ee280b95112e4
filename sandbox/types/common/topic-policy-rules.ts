import type { Place, Refusal } from '../../resource-type';

import { parsePolicy } from './policy-document';
import { refusal } from './refusal';

/** SNS: most bytes and statements of a topic policy. */
const MAX_POLICY_BYTES = 30_720;
const MAX_STATEMENTS = 100;

/** The actions of a topic's default policy. */
const OWNER_ACTIONS = [
  'GetTopicAttributes',
  'SetTopicAttributes',
  'AddPermission',
  'RemovePermission',
  'DeleteTopic',
  'Subscribe',
  'ListSubscriptionsByTopic',
  'Publish',
];

/** All that a topic policy may name; SNS takes no wildcards here. */
const POLICY_ACTIONS = new Set(
  [...OWNER_ACTIONS, 'Receive', 'GetDataProtectionPolicy', 'PutDataProtectionPolicy', 'ListTagsForResource'].map((action) =>
    `sns:${action}`.toLowerCase(),
  ),
);

/** What SNS gives a topic that is made without a policy: everything to its own account, nothing to others. */
export function defaultTopicPolicy(arn: string, place: Pick<Place, 'account'>): string {
  return JSON.stringify({
    Version: '2008-10-17',
    Id: '__default_policy_ID',
    Statement: [
      {
        Sid: '__default_statement_ID',
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: OWNER_ACTIONS.map((action) => `SNS:${action}`),
        Resource: arn,
        Condition: { StringEquals: { 'AWS:SourceOwner': place.account } },
      },
    ],
  });
}

/** What SNS refuses of a topic policy. */
export function refuseTopicPolicy(policy: string): Refusal | undefined {
  if (Buffer.byteLength(policy) > MAX_POLICY_BYTES)
    return refusal('InvalidParameter', `Invalid parameter: Policy Reason: the policy exceeds ${MAX_POLICY_BYTES} bytes`);
  const parsed = parsePolicy(policy, 'resource');
  if (!parsed.ok) return refusal('InvalidParameter', `Invalid parameter: Policy Error: ${parsed.problem}`);
  const { statements } = parsed.document;
  if (statements.length > MAX_STATEMENTS)
    return refusal('InvalidParameter', `Invalid parameter: Policy Reason: ${statements.length} statements exceed ${MAX_STATEMENTS}`);
  const inScope = statements.every(({ actions, notActions }) =>
    [...actions, ...notActions].every((action) => POLICY_ACTIONS.has(action.toLowerCase())),
  );
  return inScope ? undefined : refusal('InvalidParameter', 'Invalid parameter: Policy statement action out of service scope!');
}
