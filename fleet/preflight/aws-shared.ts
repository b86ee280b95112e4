import { DescribeKeyCommand } from '@aws-sdk/client-kms';
import { GetTopicAttributesCommand } from '@aws-sdk/client-sns';

import { orAbsent } from '../aws/ask-at';

import type { ReadClients } from './aws-preflight-clients';
import type { SharedPart } from './preflight-source';

interface Abort {
  readonly abortSignal: AbortSignal;
}

/** Whether a topic is there. */
export async function topicState({ sns }: ReadClients, arn: string, abort: Abort): Promise<SharedPart> {
  const found = await orAbsent(['NotFound', 'NotFoundException'], () => sns.send(new GetTopicAttributesCommand({ TopicArn: arn }), abort));
  return { arn, state: found === undefined ? 'missing' : 'there' };
}

/** Whether a key is there, and enabled. */
export async function keyState({ kms }: ReadClients, arn: string, abort: Abort): Promise<SharedPart> {
  const found = await orAbsent(['NotFoundException'], () => kms.send(new DescribeKeyCommand({ KeyId: arn }), abort));
  if (found === undefined) return { arn, state: 'missing' };
  return { arn, state: found.KeyMetadata?.Enabled === true ? 'there' : 'disabled' };
}
