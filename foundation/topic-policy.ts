import type { FoundationSettings } from '../contracts/foundation';
import { policyDocument, type PolicyDocument } from '../layer-kit/policy-document';

/** SNS's limits of one topic policy. */
export const topicPolicyLimits = { bytes: 30 * 1024, statements: 100 } as const;

/** What a topic's policy depends on. */
export interface TopicPolicyInput {
  readonly topicArn: string;
  readonly region: string;
  readonly organizationId: string;
  readonly sources: FoundationSettings['sourceAccounts'];
  /** Accounts of the fleet itself whose alarms must reach the topic even where sources are listed. */
  readonly fleetAccounts: readonly string[];
}

/**
 * Who may publish to an alert topic: alarms of this region in the organisation, or in the accounts listed. Conditions, never account
 * principals: a principal of a closed account would break the next update. Throws where the policy would be larger than SNS accepts.
 */
export function topicPolicy(input: TopicPolicyInput): PolicyDocument {
  const policy = policyDocument({
    Sid: 'AlarmsPublish',
    Effect: 'Allow',
    Principal: { Service: 'cloudwatch.amazonaws.com' },
    Action: 'sns:Publish',
    Resource: input.topicArn,
    Condition: {
      StringEquals: sourceCondition(input),
      ArnLike: { 'aws:SourceArn': `arn:aws:cloudwatch:${input.region}:*:alarm:*` },
    },
  });
  const bytes = Buffer.byteLength(JSON.stringify(policy));
  if (bytes > topicPolicyLimits.bytes) {
    throw new Error(
      `topic policy of ${input.topicArn} is ${bytes} bytes, SNS accepts ${topicPolicyLimits.bytes}: set alerts.sourceAccounts to organisation instead of listed`,
    );
  }
  return policy;
}

function sourceCondition(input: TopicPolicyInput): Readonly<Record<string, string | readonly string[]>> {
  switch (input.sources.kind) {
    case 'organisation':
      return { 'aws:SourceOrgID': input.organizationId };
    case 'listed':
      return { 'aws:SourceAccount': [...new Set([...input.sources.accounts, ...input.fleetAccounts])].sort() };
  }
}
