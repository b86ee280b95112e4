import { Queue } from '@pulumi/aws/sqs/queue';
import { RedriveAllowPolicy } from '@pulumi/aws/sqs/redriveAllowPolicy';
import * as pulumi from '@pulumi/pulumi';

import type { RegionalNames } from '../contracts/names';
import { ORDER_RETENTION_SECONDS, type RegionalSettings } from '../contracts/regional';

const DAY_SECONDS = 86_400;

/** SQS keeps a message at most this long. */
const LONGEST_RETENTION_SECONDS = 14 * DAY_SECONDS;

/** What the queues are made of. */
export interface OrderQueuesArgs {
  readonly names: RegionalNames;
  readonly settings: RegionalSettings;
  /** Seconds; at least the dead-letter function's timeout. */
  readonly deadLetterVisibilitySeconds: number;
  readonly keyArn: pulumi.Output<string> | null;
  /** Against deletion and replacement. */
  readonly protect: boolean;
}

/** The order queue, and the queue its messages end in when every attempt failed. */
export class OrderQueues extends pulumi.ComponentResource {
  readonly orderQueue: Queue;
  readonly deadLetterQueue: Queue;

  constructor(name: string, args: OrderQueuesArgs, options: pulumi.ComponentResourceOptions) {
    super('fleet:regional:OrderQueues', name, {}, options);
    const { names, settings } = args;
    const encryption =
      args.keyArn === null ? { sqsManagedSseEnabled: true } : { kmsMasterKeyId: args.keyArn, kmsDataKeyReusePeriodSeconds: 300 };
    this.deadLetterQueue = new Queue(
      'dead-letter-queue',
      {
        name: names.deadLetterQueue,
        messageRetentionSeconds: LONGEST_RETENTION_SECONDS,
        visibilityTimeoutSeconds: args.deadLetterVisibilitySeconds,
        ...encryption,
      },
      { parent: this, protect: args.protect },
    );
    this.orderQueue = new Queue(
      'order-queue',
      {
        name: names.orderQueue,
        messageRetentionSeconds: ORDER_RETENTION_SECONDS,
        visibilityTimeoutSeconds: settings.visibilityTimeoutSeconds,
        redrivePolicy: pulumi.jsonStringify({ deadLetterTargetArn: this.deadLetterQueue.arn, maxReceiveCount: settings.maxReceiveCount }),
        ...encryption,
      },
      { parent: this, protect: args.protect },
    );
    // A resource of its own: inline, the two queues would refer to each other.
    new RedriveAllowPolicy(
      'redrive-allow',
      {
        queueUrl: this.deadLetterQueue.id,
        redriveAllowPolicy: pulumi.jsonStringify({ redrivePermission: 'byQueue', sourceQueueArns: [this.orderQueue.arn] }),
      },
      { parent: this },
    );
    this.registerOutputs({ orderQueueArn: this.orderQueue.arn, deadLetterQueueArn: this.deadLetterQueue.arn });
  }
}
