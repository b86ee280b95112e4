import { resourceRule, stackRule, verdictOf, type AuditRule } from './audit-rule';
import type { AuditedResource } from './audited-stack';
import { bucketVerdict } from './bucket-verdict';
import { blockOf, blocksOf, isOneOf, jsonOf, numberOf, physicalName, shown, textOf } from './resource-values';

const QUEUE = 'aws:sqs/queue:Queue';
const LOG_GROUP = 'aws:cloudwatch/logGroup:LogGroup';

/** SQS keeps a message for 14 days at most: what is in a dead-letter queue waits for a person. */
const DEAD_LETTER_SECONDS = 14 * 86_400;

/** What cannot be had back once it is deleted, with what it held. */
const keptTypes = [
  'aws:cloudwatch/logGroup:LogGroup',
  'aws:dynamodb/table:Table',
  'aws:kms/key:Key',
  'aws:oam/sink:Sink',
  'aws:s3/bucket:Bucket',
  'aws:sns/topic:Topic',
  'aws:sqs/queue:Queue',
];

/** How long things are kept, and what brings them back. */
export const retentionRules: readonly AuditRule[] = [
  resourceRule({
    id: 'log-retention',
    severity: 'medium',
    demands: 'logs are kept as long as fleet.yaml says, and never for ever',
    advice: '`fleet repair`, or set `order.logRetentionDays`',
    types: [LOG_GROUP],
    check: ({ properties }, { expectations }) => {
      const days = numberOf(properties, 'retentionInDays') ?? 0;
      if (days === 0) return ['retentionInDays is not set: logs are kept, and paid for, for ever'];
      const expected = expectations?.functions.find(({ logGroup }) => logGroup === textOf(properties, 'name'))?.retentionDays;
      return expected === undefined || expected === days ? [] : [`retentionInDays is ${days}; configured is ${expected}`];
    },
  }),
  stackRule({
    id: 'log-masking',
    severity: 'medium',
    demands: 'log groups mask card numbers and e-mail addresses',
    advice: '`fleet repair`: its log groups get their data protection policy',
    check: ({ resources }) => {
      const groups = resources.filter((one) => isOneOf(one, [LOG_GROUP]));
      const policies = resources.filter((one) => one.type === 'aws:cloudwatch/logDataProtectionPolicy:LogDataProtectionPolicy');
      return verdictOf(groups, (group) => {
        const own = policies.find(({ properties }) => textOf(properties, 'logGroupName') === physicalName(group));
        if (own === undefined) return ['no data protection policy'];
        const document = jsonOf(own.properties, 'policyDocument') ?? {};
        const masks = blocksOf(document, 'Statement').some(
          (statement) => Object.keys(blockOf(blockOf(statement, 'Operation'), 'Deidentify')).length > 0,
        );
        return masks ? [] : ['its data protection policy masks nothing'];
      });
    },
  }),
  stackRule({
    id: 'dead-letter-queue',
    severity: 'critical',
    demands: 'what fails goes to a dead-letter queue, after the configured number of receives',
    advice: '`fleet repair` at once: without it a poison message is retried until it expires, and is lost',
    check: ({ resources, facts }) => {
      const queues = resources.filter((one) => isOneOf(one, [QUEUE]));
      const dead = deadLetterArns(queues);
      const arns = new Set(queues.map((queue) => arnOf(queue)));
      const sources = queues.filter((queue) => !dead.has(arnOf(queue)) && !isDeadLetterName(queue));
      const expected = facts.expectations?.redrive ?? null;
      return verdictOf(sources, ({ properties }) => {
        const policy = jsonOf(properties, 'redrivePolicy');
        const target = policy && textOf(policy, 'deadLetterTargetArn');
        if (policy === undefined || target === undefined) return ['redrivePolicy is not set'];
        const receives = Number(policy.maxReceiveCount);
        return [
          ...(arns.has(target) ? [] : [`redrivePolicy goes to ${target}, no queue of this target`]),
          ...(expected === null || expected.maxReceiveCount === receives
            ? []
            : [`maxReceiveCount is ${shown(policy.maxReceiveCount)}; configured is ${expected.maxReceiveCount}`]),
        ];
      });
    },
  }),
  stackRule({
    id: 'dead-letter-retention',
    severity: 'high',
    demands: 'dead letters wait for 14 days, the most that SQS gives',
    advice: '`fleet repair` puts it back',
    check: ({ resources }) => {
      const queues = resources.filter((one) => isOneOf(one, [QUEUE]));
      const dead = deadLetterArns(queues);
      return verdictOf(
        queues.filter((queue) => dead.has(arnOf(queue)) || isDeadLetterName(queue)),
        ({ properties }) => {
          const seconds = numberOf(properties, 'messageRetentionSeconds');
          return seconds === DEAD_LETTER_SECONDS ? [] : [`messageRetentionSeconds is ${shown(seconds)}, not ${DEAD_LETTER_SECONDS}`];
        },
      );
    },
  }),
  resourceRule({
    id: 'table-recovery',
    severity: 'high',
    demands: 'tables can be restored to any second of the last 35 days',
    advice: '`fleet repair` at once: what was written before it is on again cannot be restored',
    types: ['aws:dynamodb/table:Table'],
    check: ({ properties }) => (blockOf(properties, 'pointInTimeRecovery').enabled === true ? [] : ['point-in-time recovery is off']),
  }),
  resourceRule({
    id: 'table-deletion',
    severity: 'high',
    demands: 'tables refuse to be deleted',
    advice: '`fleet repair` puts it back',
    types: ['aws:dynamodb/table:Table'],
    check: ({ properties }) => (properties.deletionProtectionEnabled === true ? [] : ['deletionProtectionEnabled is off']),
  }),
  resourceRule({
    id: 'table-expiry',
    severity: 'low',
    demands: 'tables drop what has expired: synthetic orders go after a week',
    advice: '`fleet repair` puts it back',
    types: ['aws:dynamodb/table:Table'],
    check: ({ properties }) => {
      const { enabled, attributeName } = blockOf(properties, 'ttl');
      return enabled === true && attributeName === 'expiresAt'
        ? []
        : [`time to live is ${enabled === true ? `of ${shown(attributeName)}` : 'off'}`];
    },
  }),
  stackRule({
    id: 'bucket-lifecycle',
    severity: 'medium',
    demands: 'archives end: every bucket has a rule that expires what is in it',
    advice: '`fleet repair` puts it back',
    check: (stack) =>
      bucketVerdict(stack, 'aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration', (part) => {
        const ends = blocksOf(part?.properties ?? {}, 'rules').some(
          (rule) => textOf(rule, 'status') === 'Enabled' && (numberOf(blockOf(rule, 'expiration'), 'days') ?? 0) > 0,
        );
        if (ends) return null;
        return part === undefined ? 'no lifecycle configuration' : 'no enabled rule of its lifecycle expires anything';
      }),
  }),
  resourceRule({
    id: 'kept-protected',
    severity: 'medium',
    demands: 'what holds data or is named by others is protected in its stack',
    advice: '`fleet repair`: its program protects it; `fleet destroy` takes the protection off by itself',
    types: keptTypes,
    check: ({ protect }) => (protect === null ? null : protect ? [] : ['`protect` is off: a replacement would delete it']),
  }),
];

/** Queues that another one of the stack hands its failures to. */
function deadLetterArns(queues: readonly AuditedResource[]): ReadonlySet<string> {
  return new Set(queues.flatMap(({ properties }) => textOf(jsonOf(properties, 'redrivePolicy') ?? {}, 'deadLetterTargetArn') ?? []));
}

/** The redrive policy that names it may be what is missing. */
function isDeadLetterName(queue: AuditedResource): boolean {
  return /(^|[-_])(dlq|dead-letters?)([-_.]|$)/.test(physicalName(queue));
}

function arnOf({ properties }: AuditedResource): string {
  return textOf(properties, 'arn') ?? '';
}
