import { createHash } from 'node:crypto';

import type { SQSRecord } from 'aws-lambda';

import type { Random } from '../../simulation/random';

/** How a queue and its event source are set up. */
export interface QueueSettings {
  readonly arn: string;
  /** How long a taken message stays hidden. */
  readonly visibilitySeconds: number;
  /** Receives before a message goes to the dead-letter queue; undefined: it never does. */
  readonly maxReceiveCount: number | undefined;
  readonly batchSize: number;
}

interface Held {
  readonly messageId: string;
  readonly body: string;
  readonly sentMs: number;
  readonly sourceArn: string | undefined;
  firstReceivedMs: number | undefined;
  receives: number;
  visibleAtMs: number;
}

/** What a queue needs beside its settings. */
export interface QueueParts {
  readonly random: Random;
  readonly deadLetters?: VirtualQueue;
  /** Share of receives after which SQS shows a message to another receiver as well: it delivers at least once. */
  readonly deliveredTwice?: number;
}

/**
 * An SQS standard queue in virtual time: no order, visibility timeout, at-least-once delivery, and a redrive to its dead-letter queue that
 * keeps the message id and the count of receives.
 */
export class VirtualQueue {
  readonly #settings: QueueSettings;
  readonly #parts: QueueParts;
  readonly #held = new Map<string, Held>();

  constructor(settings: QueueSettings, parts: QueueParts) {
    this.#settings = settings;
    this.#parts = parts;
  }

  get size(): number {
    return this.#held.size;
  }

  send(body: string, { nowMs, messageId }: { readonly nowMs: number; readonly messageId: string }): void {
    this.#take({ messageId, body, sentMs: nowMs, sourceArn: undefined, firstReceivedMs: undefined, receives: 0, visibleAtMs: nowMs });
  }

  /** A batch as the event source hands it over; empty where nothing is visible. */
  receive(nowMs: number): readonly SQSRecord[] {
    const { batchSize, maxReceiveCount = Number.POSITIVE_INFINITY, arn, visibilitySeconds } = this.#settings;
    const { random, deadLetters, deliveredTwice = 0 } = this.#parts;
    const visible = [...this.#held.values()].filter(({ visibleAtMs }) => visibleAtMs <= nowMs);
    const batch: SQSRecord[] = [];
    while (batch.length < batchSize && visible.length > 0) {
      const [message] = visible.splice(random.int(0, visible.length - 1), 1);
      if (!message) break;
      if (message.receives >= maxReceiveCount && deadLetters) {
        this.#held.delete(message.messageId);
        deadLetters.#take({ ...message, sourceArn: arn, visibleAtMs: nowMs });
        continue;
      }
      message.receives += 1;
      message.firstReceivedMs ??= nowMs;
      if (!random.chance(deliveredTwice)) message.visibleAtMs = nowMs + visibilitySeconds * 1000;
      batch.push(recordOf(message, arn));
    }
    return batch;
  }

  delete(messageId: string): void {
    this.#held.delete(messageId);
  }

  /** When the next message can be taken; undefined where the queue is empty. */
  nextVisibleMs(): number | undefined {
    const times = [...this.#held.values()].map(({ visibleAtMs }) => visibleAtMs);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  #take(message: Held): void {
    this.#held.set(message.messageId, message);
  }
}

function recordOf({ messageId, body, receives, sentMs, firstReceivedMs, sourceArn }: Held, arn: string): SQSRecord {
  return {
    messageId,
    receiptHandle: `${messageId}/${receives}`,
    body,
    attributes: {
      ApproximateReceiveCount: String(receives),
      SentTimestamp: String(sentMs),
      SenderId: 'AROAEXAMPLEID:checkout',
      ApproximateFirstReceiveTimestamp: String(firstReceivedMs),
      ...(sourceArn === undefined ? {} : { DeadLetterQueueSourceArn: sourceArn }),
    },
    messageAttributes: {},
    md5OfBody: createHash('md5').update(body).digest('hex'),
    eventSource: 'aws:sqs',
    eventSourceARN: arn,
    awsRegion: 'eu-west-1',
  };
}
