import {
  GetObjectCommand,
  GetObjectTaggingCommand,
  ListObjectsV2Command,
  PutObjectTaggingCommand,
  type ListObjectsV2CommandOutput,
} from '@aws-sdk/client-s3';
import { SendMessageCommand } from '@aws-sdk/client-sqs';

import { archivedDeadLetterSchema } from '../../contracts/archived-dead-letter';
import { archivePrefix, readArchiveKey, REDRIVES_ATTRIBUTE } from '../../contracts/dead-letter';
import type { DeadLetterClass } from '../../contracts/order-message';
import type { AccountClients } from '../aws/account-clients';
import { sdkErrorName, sdkFailure } from '../aws/sdk-error';
import { isFleetError, messageOf } from '../errors';

import type { LetterClients } from './aws-letter-clients';
import type {
  CallOptions,
  DeadLetters,
  LetterContent,
  LetterEntry,
  LetterMark,
  LetterQuery,
  LetterSource,
  LetterState,
  RedrivenMessage,
  TargetLetters,
} from './dead-letters';
import { isAsked, stateOf, tagsOf } from './letter-tags';

/** Dead letters in S3 and order queues in SQS, each in its target's account and region. Throttled calls are repeated by the SDK. */
export function awsDeadLetters(clients: AccountClients<LetterClients>): DeadLetters {
  return {
    at: (source) => new AwsTargetLetters(source, clients),
    close: async () => clients.close(),
  };
}

/** What a refusal that is not about credentials asks for. */
const seeTo = (role: string) => `see that role ${role} may do that (\`fleet bootstrap\` makes it), and that archive and queue are there`;

class AwsTargetLetters implements TargetLetters {
  readonly #source: LetterSource;
  readonly #clients: LetterClients;
  readonly #role: string;

  constructor(source: LetterSource, clients: AccountClients<LetterClients>) {
    this.#source = source;
    this.#clients = clients.at(source.target);
    this.#role = clients.role;
  }

  async *pages(query: LetterQuery, options: CallOptions): AsyncGenerator<readonly LetterEntry[]> {
    for (const letterClass of query.classes) yield* this.#pagesOf(letterClass, { query, ...options });
  }

  async state(key: string, options: CallOptions): Promise<LetterState> {
    return stateOf(await this.#tags(key, options));
  }

  async read(key: string, options: CallOptions): Promise<LetterContent> {
    const text = await this.#ask('s3:GetObject', options, async (abort) => {
      const input = { Bucket: this.#source.place.archiveBucket, Key: key };
      try {
        const { Body } = await this.#clients.s3.send(new GetObjectCommand(input), abort);
        return (await Body?.transformToString('utf8')) ?? '';
      } catch (cause) {
        if (sdkErrorName(cause) === 'NoSuchKey') return undefined;
        throw cause;
      }
    });
    if (text === undefined) return { kind: 'gone' };
    const letter = archivedDeadLetterSchema.safeParse(json(text));
    return letter.success ? { kind: 'letter', letter: letter.data } : { kind: 'unreadable' };
  }

  async send({ body, redrives }: RedrivenMessage, options: CallOptions): Promise<void> {
    await this.#ask('sqs:SendMessage', options, async (abort) => {
      const MessageAttributes = { [REDRIVES_ATTRIBUTE]: { DataType: 'Number', StringValue: String(redrives) } };
      const input = { QueueUrl: this.#source.place.orderQueueUrl, MessageBody: body, MessageAttributes };
      await this.#clients.sqs.send(new SendMessageCommand(input), abort);
    });
  }

  async mark(key: string, mark: LetterMark, options: CallOptions): Promise<void> {
    // S3 replaces all tags of an object at once.
    const others = await this.#tags(key, options);
    if (others === undefined) return;
    await this.#ask('s3:PutObjectTagging', options, async (abort) => {
      const TagSet = Object.entries({ ...others, ...tagsOf(mark) }).map(([Key, Value]) => ({ Key, Value }));
      const input = { Bucket: this.#source.place.archiveBucket, Key: key, Tagging: { TagSet } };
      await this.#clients.s3.send(new PutObjectTaggingCommand(input), abort);
    });
  }

  async *#pagesOf(
    letterClass: DeadLetterClass,
    { query, ...options }: CallOptions & { readonly query: LetterQuery },
  ): AsyncGenerator<readonly LetterEntry[]> {
    const Prefix = archivePrefix(letterClass);
    // Keys sort by day within a class: what is before the first day is never listed, what is after the last one ends it.
    const StartAfter = query.since === null ? undefined : `${Prefix}${query.since.replaceAll('-', '/')}`;
    const end = query.until === null ? undefined : `${Prefix}${query.until.replaceAll('-', '/')}/\uffff`;
    let ContinuationToken: string | undefined;
    do {
      const page: ListObjectsV2CommandOutput = await this.#ask('s3:ListBucket', options, (abort) => {
        const input = { Bucket: this.#source.place.archiveBucket, Prefix, StartAfter, ContinuationToken };
        return this.#clients.s3.send(new ListObjectsV2Command(input), abort);
      });
      const objects = page.Contents ?? [];
      yield objects.flatMap(({ Key: key = '', LastModified }) => {
        const name = readArchiveKey(key);
        return name && LastModified && isAsked(name, query) ? [{ ...name, key, archivedAt: LastModified.toISOString() }] : [];
      });
      const isPast = end !== undefined && (objects.at(-1)?.Key ?? '') > end;
      const next = isPast ? undefined : page.NextContinuationToken;
      if (next !== undefined && next === ContinuationToken) throw new Error('S3 answered with the page token it was asked with');
      ContinuationToken = next;
    } while (ContinuationToken !== undefined);
  }

  async #tags(key: string, options: CallOptions): Promise<Readonly<Record<string, string>> | undefined> {
    return this.#ask('s3:GetObjectTagging', options, async (abort) => {
      const input = { Bucket: this.#source.place.archiveBucket, Key: key };
      try {
        const { TagSet } = await this.#clients.s3.send(new GetObjectTaggingCommand(input), abort);
        return Object.fromEntries((TagSet ?? []).map(({ Key = '', Value = '' }) => [Key, Value]));
      } catch (cause) {
        if (sdkErrorName(cause) === 'NoSuchKey') return undefined;
        throw cause;
      }
    });
  }

  async #ask<Value>(
    operation: string,
    { signal }: CallOptions,
    call: (abort: { readonly abortSignal: AbortSignal }) => Promise<Value>,
  ): Promise<Value> {
    try {
      // One of its own: the SDK listens to it, and Node warns of a signal that many listen to.
      return await call({ abortSignal: AbortSignal.any([signal]) });
    } catch (cause) {
      signal.throwIfAborted();
      if (isFleetError(cause)) throw cause;
      const said = messageOf(cause).split('\n')[0] ?? '';
      throw sdkFailure(cause, { what: `${operation} for ${this.#source.target.id}`, said, refused: seeTo(this.#role) });
    }
  }
}

function json(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
