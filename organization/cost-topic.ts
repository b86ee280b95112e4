import { Topic } from '@pulumi/aws/sns/topic';
import { TopicPolicy } from '@pulumi/aws/sns/topicPolicy';
import { TopicSubscription } from '@pulumi/aws/sns/topicSubscription';
import * as pulumi from '@pulumi/pulumi';

import { costTopicPolicy } from './cost-topic-policy';
import { resourceKey } from './resource-key';

/** Billing lives in one region: its topic stands beside it, whatever the fleet's home is. */
export const BILLING_REGION = 'us-east-1';

/** What the cost topic is made of. */
export interface CostTopicArgs {
  readonly topicName: string;
  readonly payer: string;
  readonly emails: readonly string[];
  readonly protect: boolean;
}

/** Where the payer's budgets and anomalies are told. It is not encrypted with a key of its own: it carries amounts, and billing must reach it. */
export class CostTopic extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: CostTopicArgs, options: pulumi.ComponentResourceOptions) {
    super('fleet:organization:CostTopic', name, {}, options);
    const region = BILLING_REGION;
    const topic = new Topic(`${name}-topic`, { name: args.topicName, region }, { parent: this, protect: args.protect });
    const topicArn = `arn:aws:sns:${region}:${args.payer}:${args.topicName}`;
    const policy = new TopicPolicy(
      `${name}-policy`,
      { arn: topic.arn, region, policy: JSON.stringify(costTopicPolicy({ topicArn, payer: args.payer })) },
      { parent: this },
    );
    for (const email of new Set(args.emails)) {
      new TopicSubscription(
        `${name}-email-${resourceKey(email)}`,
        { topic: topic.arn, region, protocol: 'email', endpoint: email },
        { parent: this },
      );
    }
    // Billing checks that it may publish when a budget or subscription is made: whoever reads this ARN waits for the policy.
    this.arn = policy.arn;
    this.registerOutputs({ arn: this.arn });
  }
}
