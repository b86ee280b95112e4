import { Topic } from '@pulumi/aws/sns/topic';
import { TopicPolicy } from '@pulumi/aws/sns/topicPolicy';
import { TopicSubscription } from '@pulumi/aws/sns/topicSubscription';
import * as pulumi from '@pulumi/pulumi';

import type { SubscriptionEndpoint } from './subscription-endpoint';
import { topicPolicy, type TopicPolicyInput } from './topic-policy';

/** What one alert topic is made of. */
export interface AlertTopicArgs {
  readonly topicName: string;
  readonly keyArn: pulumi.Input<string>;
  readonly policy: TopicPolicyInput;
  readonly subscriptions: readonly SubscriptionEndpoint[];
  /** Against deletion and replacement. */
  readonly protect: boolean;
}

/** One severity's topic with its policy and receivers. */
export class AlertTopic extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: AlertTopicArgs, options: pulumi.ComponentResourceOptions) {
    super('fleet:foundation:AlertTopic', name, {}, options);
    // Every regional stack's alarms point here: replacing it is refused by default, a new one goes beside the old.
    const topic = new Topic(
      `${name}-topic`,
      { name: args.topicName, kmsMasterKeyId: args.keyArn },
      { parent: this, protect: args.protect },
    );
    new TopicPolicy(`${name}-policy`, { arn: topic.arn, policy: JSON.stringify(topicPolicy(args.policy)) }, { parent: this });
    for (const { key, protocol, endpoint, secret } of args.subscriptions) {
      new TopicSubscription(
        `${name}-${key}`,
        {
          topic: topic.arn,
          protocol,
          endpoint: secret ? pulumi.secret(endpoint) : endpoint,
          // On-call services confirm by themselves; a receiver that does not should fail the deployment, not stay silent.
          ...(protocol === 'https' ? { endpointAutoConfirms: true } : {}),
        },
        { parent: this, additionalSecretOutputs: secret ? ['endpoint'] : [] },
      );
    }
    this.arn = topic.arn;
    this.registerOutputs({ arn: this.arn });
  }
}
