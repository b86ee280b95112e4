import * as z from 'zod';

import type { Place, Refusal, WorldView } from '../../resource-type';

import { parseArn } from './arn';
import { computeTokens } from './compute-tokens';
import { refusal } from './refusal';

const ALLOW_LIMIT = 10;

const allowSchema = z.discriminatedUnion('redrivePermission', [
  z.strictObject({ redrivePermission: z.enum(['allowAll', 'denyAll']) }),
  z.strictObject({ redrivePermission: z.literal('byQueue'), sourceQueueArns: z.array(z.string()).min(1).max(ALLOW_LIMIT) }),
]);

type RedriveAllowance = z.infer<typeof allowSchema>;

/** A queue that wants to send its dead letters somewhere. */
export interface RedriveSource {
  readonly arn: string;
  readonly fifo: boolean;
  readonly place: Place;
}

/** What SQS says of a `redrivePolicy`; undefined where it accepts it. */
export function refuseRedrivePolicy(text: string, source: RedriveSource, world: WorldView): Refusal | undefined {
  const invalid = (reason: string) =>
    refusal('InvalidParameterValue', `Value ${text} for parameter RedrivePolicy is invalid. Reason: ${reason}`);
  const policy = jsonRecord(text);
  if (!policy) return invalid('Redrive policy is not a valid JSON map.');
  const { deadLetterTargetArn, maxReceiveCount } = policy;
  if (maxReceiveCount === undefined) return invalid('Redrive policy does not contain mandatory attribute: maxReceiveCount.');
  if (deadLetterTargetArn === undefined) return invalid('Redrive policy does not contain mandatory attribute: deadLetterTargetArn.');
  const count = Number(maxReceiveCount);
  if (!Number.isInteger(count) || count < 1 || count > 1000)
    return invalid('Invalid value for maxReceiveCount: must be an integer from 1 to 1000.');
  const target = typeof deadLetterTargetArn === 'string' ? parseArn(deadLetterTargetArn) : undefined;
  if (typeof deadLetterTargetArn !== 'string' || target?.service !== 'sqs') return invalid('Invalid value for deadLetterTargetArn.');
  if (target.account !== source.place.account) return invalid('Dead-letter target owner should be same as the source.');
  if (target.region !== source.place.region) return invalid('Dead-letter target must be in the same region as the source.');
  if (!world.byArn(deadLetterTargetArn)) return invalid('Dead letter target does not exist.');
  if (target.resource.endsWith('.fifo') !== source.fifo) return invalid('Dead-letter queue must be same type of queue as the source.');
  if (!admits(allowanceOf(target.resource, source.place, world), source.arn)) {
    return invalid('The redrive allow policy of the dead-letter queue does not permit the source queue.');
  }
  return undefined;
}

/** What SQS says of a `redriveAllowPolicy`; undefined where it accepts it. */
export function refuseRedriveAllowPolicy(text: string): Refusal | undefined {
  const invalid = (reason: string) =>
    refusal('InvalidParameterValue', `Value ${text} for parameter RedriveAllowPolicy is invalid. Reason: ${reason}`);
  const policy = jsonRecord(text);
  if (!policy) return invalid('Redrive allow policy is not a valid JSON map.');
  const parsed = allowSchema.safeParse(policy);
  if (!parsed.success) return invalid(allowanceProblem(policy));
  const sources = 'sourceQueueArns' in parsed.data ? parsed.data.sourceQueueArns : [];
  const wrong = sources.find((arn) => parseArn(arn)?.service !== 'sqs');
  return wrong === undefined ? undefined : invalid(`Amazon SQS can't create the redrive allow policy: ${wrong} is not the ARN of a queue.`);
}

function allowanceProblem(policy: Readonly<Record<string, unknown>>): string {
  const { redrivePermission, sourceQueueArns } = policy;
  if (redrivePermission === 'byQueue') {
    const given = Array.isArray(sourceQueueArns) ? String(sourceQueueArns.length) : 'no list of';
    return `sourceQueueArns must contain 1 to ${ALLOW_LIMIT} queue ARNs where redrivePermission is byQueue; it has ${given}.`;
  }
  if (redrivePermission === 'allowAll' || redrivePermission === 'denyAll')
    return 'sourceQueueArns is allowed only where redrivePermission is byQueue.';
  return 'redrivePermission must be allowAll, denyAll or byQueue.';
}

function allowanceOf(queueName: string, place: Place, world: WorldView): RedriveAllowance {
  const queue = world.find(computeTokens.queue, queueName, place);
  const separate = queue && world.find(computeTokens.redriveAllowPolicy, queue.id, place);
  const text = separate?.outputs.redriveAllowPolicy ?? queue?.outputs.redriveAllowPolicy;
  const parsed = allowSchema.safeParse(typeof text === 'string' ? jsonRecord(text) : undefined);
  return parsed.success ? parsed.data : { redrivePermission: 'allowAll' };
}

function admits(allowance: RedriveAllowance, sourceArn: string): boolean {
  switch (allowance.redrivePermission) {
    case 'allowAll':
      return true;
    case 'denyAll':
      return false;
    case 'byQueue':
      return allowance.sourceQueueArns.includes(sourceArn);
    default:
      throw new Error(`unknown redrive permission ${JSON.stringify(allowance satisfies never)}`);
  }
}

function jsonRecord(text: string): Readonly<Record<string, unknown>> | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Readonly<Record<string, unknown>>) : undefined;
}
