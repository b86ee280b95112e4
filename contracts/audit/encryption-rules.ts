import { resourceRule, stackRule, type AuditRule } from './audit-rule';
import type { AuditedResource } from './audited-stack';
import { bucketVerdict } from './bucket-verdict';
import { policiesOf } from './policy-statements';
import { blockOf, blocksOf, numberOf, shown, textOf } from './resource-values';

/** AWS waits 7 to 30 days before it destroys a key; all that it encrypted is lost then. */
const LEAST_KEY_WINDOW_DAYS = 30;

/** Where a type says which key it uses. */
const keyOf: Readonly<Record<string, (resource: AuditedResource) => string | undefined>> = {
  'aws:sqs/queue:Queue': ({ properties }) => textOf(properties, 'kmsMasterKeyId'),
  'aws:dynamodb/table:Table': ({ properties }) => textOf(blockOf(properties, 'serverSideEncryption'), 'kmsKeyArn'),
  'aws:cloudwatch/logGroup:LogGroup': ({ properties }) => textOf(properties, 'kmsKeyId'),
  'aws:lambda/function:Function': ({ properties }) => textOf(properties, 'kmsKeyArn'),
  'aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration': (resource) =>
    textOf(encryptionOf(resource), 'kmsMasterKeyId'),
};

/** Encryption at rest and on the way. */
export const encryptionRules: readonly AuditRule[] = [
  resourceRule({
    id: 'queue-encrypted',
    severity: 'high',
    demands: "queues are encrypted, with SQS's own key or another one",
    advice: '`fleet repair` puts it back',
    types: ['aws:sqs/queue:Queue'],
    check: ({ properties }) =>
      properties.sqsManagedSseEnabled === true || textOf(properties, 'kmsMasterKeyId') !== undefined
        ? []
        : ['messages are not encrypted: sqsManagedSseEnabled is off and no key is set'],
  }),
  resourceRule({
    id: 'topic-encrypted',
    severity: 'high',
    demands: 'topics are encrypted with a key',
    advice: '`fleet repair --layer foundation` for that region',
    types: ['aws:sns/topic:Topic'],
    check: ({ properties }) => (textOf(properties, 'kmsMasterKeyId') === undefined ? ['kmsMasterKeyId is not set'] : []),
  }),
  resourceRule({
    id: 'key-rotation',
    severity: 'medium',
    demands: 'keys of the fleet rotate every year',
    advice: '`fleet repair`: rotation costs nothing and breaks nothing',
    types: ['aws:kms/key:Key'],
    check: ({ properties }) => (properties.enableKeyRotation === true ? [] : ['enableKeyRotation is off']),
  }),
  resourceRule({
    id: 'key-kept',
    severity: 'high',
    demands: `keys are enabled, and AWS waits ${LEAST_KEY_WINDOW_DAYS} days before it destroys one`,
    advice: 'enable the key at once (`aws kms enable-key`, `aws kms cancel-key-deletion`): what it encrypted cannot be read without it',
    types: ['aws:kms/key:Key'],
    check: ({ properties }) => {
      const days = numberOf(properties, 'deletionWindowInDays') ?? LEAST_KEY_WINDOW_DAYS;
      return [
        ...(properties.isEnabled === false ? ['the key is disabled'] : []),
        ...(days < LEAST_KEY_WINDOW_DAYS ? [`deletionWindowInDays is ${days}`] : []),
      ];
    },
  }),
  resourceRule({
    id: 'customer-key',
    severity: 'high',
    demands: 'where `encryption: customer` is configured, everything that holds orders uses the key of the target',
    advice: '`fleet repair`; a table or bucket that was made without the key needs docs/recovery.md',
    types: Object.keys(keyOf),
    check: (resource, { expectations }) => {
      if (expectations?.customerKey !== true) return null;
      return keyOf[resource.type]?.(resource) === undefined ? ["the target's own key is not set"] : [];
    },
  }),
  stackRule({
    id: 'bucket-encrypted',
    severity: 'high',
    demands: 'every bucket says how it is encrypted, with AES256 or a key',
    advice: '`fleet repair` puts it back',
    check: (stack) =>
      bucketVerdict(stack, 'aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration', (part) => {
        const algorithm = part && textOf(encryptionOf(part), 'sseAlgorithm');
        return algorithm === 'AES256' || algorithm?.startsWith('aws:kms') === true ? null : `sseAlgorithm is ${shown(algorithm)}`;
      }),
  }),
  stackRule({
    id: 'bucket-tls',
    severity: 'medium',
    demands: 'every bucket refuses requests without TLS',
    advice: '`fleet repair`: the policy of the bucket denies them',
    check: (stack) =>
      bucketVerdict(stack, 'aws:s3/bucketPolicy:BucketPolicy', (part) => {
        const statements = part === undefined ? [] : policiesOf(part).flatMap(({ statements }) => statements ?? []);
        const refuses = statements.some(
          ({ allows, principals, conditions }) =>
            !allows &&
            principals?.includes('*') === true &&
            conditions.some(({ key, values }) => key === 'aws:securetransport' && values.includes('false')),
        );
        return refuses ? null : 'no statement of its policy denies aws:SecureTransport false';
      }),
  }),
  resourceRule({
    id: 'subscription-encrypted',
    severity: 'high',
    demands: 'alerts leave over HTTPS, never over HTTP',
    advice: 'give the subscription an https address in fleet.yaml',
    types: ['aws:sns/topicSubscription:TopicSubscription'],
    check: ({ properties }) => (textOf(properties, 'protocol') === 'http' ? ['protocol is "http"'] : []),
  }),
];

function encryptionOf({ properties }: AuditedResource): Readonly<Record<string, unknown>> {
  return blockOf(blocksOf(properties, 'rules')[0] ?? {}, 'applyServerSideEncryptionByDefault');
}
