import {
  DeleteBucketPolicyCommand,
  DeleteObjectCommand,
  GetBucketPolicyCommand,
  GetObjectTaggingCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { DeleteMessageCommand, GetQueueUrlCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';

import { archiveKeyOf } from '../../contracts/dead-letter';
import { accountIdSchema, regionSchema } from '../../contracts/ids';
import { regionalNames } from '../../contracts/names';

import type { AwsFleet, Ran } from './aws-fleet';
import type { ServiceClients } from './provider/service-clients';

/** What was seen of a letter on its way back. */
export interface RedrivenLetter {
  readonly listed: Ran;
  readonly redriven: Ran;
  readonly again: Ran;
  /** Messages on the order queue: body, and attributes. */
  readonly messages: readonly (readonly [string, Readonly<Record<string, string>>])[];
  readonly tags: Readonly<Record<string, string>>;
}

/** Puts a dead letter into a target's archive, has the command line send it again, and takes both away: the queue must have no consumer. */
export async function redriveLetter(
  { s3, sqs }: ServiceClients,
  {
    fleet,
    body,
    place,
  }: { readonly fleet: AwsFleet; readonly body: string; readonly place: { readonly account: string; readonly region: string } },
): Promise<RedrivenLetter> {
  const names = regionalNames('orders', { account: accountIdSchema.parse(place.account), region: regionSchema.parse(place.region) });
  const object = { Bucket: names.archiveBucket, Key: archiveKeyOf({ class: 'transient', day: '2026-03-04', messageId: 'm-1' }) };
  const letter = { version: 1, messageId: 'm-1', class: 'transient', cause: 'a readable order that was received 6 times: retries ran out', body, payloads: [body], attributes: {}, messageAttributes: {}, archivedAt: '2026-03-04T10:00:00.000Z' }; // prettier-ignore
  // It refuses plain HTTP, which is what moto speaks.
  const { Policy } = await s3.send(new GetBucketPolicyCommand({ Bucket: object.Bucket }));
  await s3.send(new DeleteBucketPolicyCommand({ Bucket: object.Bucket }));
  await s3.send(new PutObjectCommand({ ...object, Body: JSON.stringify(letter) }));
  const listed = await fleet.run('dlq');
  const redriven = await fleet.run('dlq', 'redrive', '--class', 'transient', '--yes');
  const again = await fleet.run('dlq', 'redrive', '--class', 'transient', '--yes', '--again');

  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: names.orderQueue }));
  const received = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] }));
  const messages = received.Messages ?? [];
  for (const { ReceiptHandle } of messages) await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
  const { TagSet = [] } = await s3.send(new GetObjectTaggingCommand(object));
  await s3.send(new DeleteObjectCommand(object));
  await s3.send(new PutBucketPolicyCommand({ Bucket: object.Bucket, Policy }));
  return {
    listed,
    redriven,
    again,
    messages: messages.map(({ Body = '', MessageAttributes = {} }) => [
      Body,
      Object.fromEntries(Object.entries(MessageAttributes).map(([name, { StringValue = '' }]) => [name, StringValue])),
    ]),
    tags: Object.fromEntries(TagSet.map(({ Key = '', Value = '' }) => [Key, Value])),
  };
}
