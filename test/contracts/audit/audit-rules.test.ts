import fc from 'fast-check';

import { judgeStack } from '../../../contracts/audit/audit-rule';
import { auditRules } from '../../../contracts/audit/audit-rules';
import type { AuditedStack } from '../../../contracts/audit/audited-stack';
import { policyTypes } from '../../../contracts/audit/policy-statements';
import { taggableTypes } from '../../../contracts/audit/taggable-types';
import { resourceTypes } from '../../../sandbox/types';
import { createdAt, tags } from '../../layer-kit/render-layer';

import { cleanFoundation, cleanRegional, NOW, withChange, withResource, type Change } from './clean-stacks';

/** What every rule finds in a stack, by rule. */
function findings(stack: AuditedStack): Readonly<Record<string, readonly string[]>> {
  const found = auditRules.map((rule) => [
    rule.id,
    judgeStack(rule, stack).violations.map(({ resource, found: text }) => `${resource?.name ?? '-'}: ${text}`),
  ]);
  return Object.fromEntries(found.filter(([, violations]) => violations?.length !== 0)) as Readonly<Record<string, readonly string[]>>;
}

const policy = (...statements: readonly object[]) => JSON.stringify({ Version: '2012-10-17', Statement: statements });
const carried = { ...tags, ManagedBy: 'Pulumi', CreatedAt: createdAt };

const QUEUE = 'aws:sqs/queue:Queue';
const TABLE = 'aws:dynamodb/table:Table';
const LOG_GROUP = 'aws:cloudwatch/logGroup:LogGroup';
const FUNCTION = 'aws:lambda/function:Function';
const ROLE = 'aws:iam/role:Role';
const ROLE_POLICY = 'aws:iam/rolePolicy:RolePolicy';
const BUCKET = 'aws:s3/bucket:Bucket';
const SOURCE = 'aws:lambda/eventSourceMapping:EventSourceMapping';
const COMPOSITE = 'aws:cloudwatch/compositeAlarm:CompositeAlarm';
const METRIC = 'aws:cloudwatch/metricAlarm:MetricAlarm';
const ENCRYPTION = 'aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration';
const LIFECYCLE = 'aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration';
const BUCKET_POLICY = 'aws:s3/bucketPolicy:BucketPolicy';
const PUBLIC_ACCESS = 'aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock';
const MASKING = 'aws:cloudwatch/logDataProtectionPolicy:LogDataProtectionPolicy';

let regional: AuditedStack;
let customer: AuditedStack;
let foundation: AuditedStack;
beforeAll(async () => {
  [regional, customer, foundation] = [await cleanRegional(), await cleanRegional({ encryption: 'customer' }), await cleanFoundation()];
});

describe('the rules of the audit', () => {
  test('find nothing in what the programs deploy', async () => {
    expect(findings(regional)).toEqual({});
    expect(findings(customer)).toEqual({});
    expect(findings(foundation)).toEqual({});
    expect(findings(await cleanRegional({ tracing: 'passThrough', dashboard: 'none', heartbeat: false, logRetentionDays: 7 }))).toEqual({});
  });

  test('have names of their own, in kebab case, and words', () => {
    const ids = auditRules.map(({ id }) => id);

    expect(new Set(ids).size).toBe(ids.length);
    for (const { id, demands, advice } of auditRules) {
      expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(demands.length * advice.length).toBeGreaterThan(0);
    }
  });

  /** Rule, resource, what is changed of it, and what is found. */
  const planted: readonly (readonly [rule: string, type: string, name: string | undefined, change: Change, found: string])[] = [
    ['tags-required', TABLE, undefined, { tags: {} }, 'orders-table: required tags Environment, Application, Team, CostCenter, ManagedBy, CreatedAt missing'],
    ['tags-required', BUCKET, undefined, { tags: undefined, tagsAll: { ...carried, Team: '' } }, 'archive-bucket: required tag Team missing'],
    ['tags-values', TABLE, undefined, { tags: { ...carried, Environment: 'production' } }, 'orders-table: tag Environment is "production"; allowed are dev, staging, prod'],
    ['tags-values', TABLE, undefined, { tags: { ...carried, costcenter: 'cc-100' } }, 'orders-table: tag costcenter is spelt CostCenter in the standard'],
    ['tags-values', TABLE, undefined, { tags: { ...carried, CreatedAt: 'yesterday' } }, 'orders-table: tag CreatedAt is "yesterday", no time'],
    ['tags-values', TABLE, undefined, { tags: { ...carried, ...Object.fromEntries([...Array(45).keys()].map((key) => [`k${key}`, 'v'])) } }, 'orders-table: 51 tags; AWS allows 50'],
    ['tags-as-configured', TABLE, undefined, { tags: { ...carried, CostCenter: 'cc-999' } }, 'orders-table: tag CostCenter is "cc-999"; configured is "cc-100"'],
    ['queue-encrypted', QUEUE, 'order-queue', { sqsManagedSseEnabled: false }, 'order-queue: messages are not encrypted: sqsManagedSseEnabled is off and no key is set'],
    ['bucket-encrypted', ENCRYPTION, undefined, null, 'archive-bucket: sseAlgorithm is not set'],
    ['bucket-encrypted', ENCRYPTION, undefined, { rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: 'none' } }] }, 'archive-bucket: sseAlgorithm is "none"'],
    ['bucket-tls', BUCKET_POLICY, undefined, null, 'archive-bucket: no statement of its policy denies aws:SecureTransport false'],
    ['log-retention', LOG_GROUP, 'order-logs', { retentionInDays: 0 }, 'order-logs: retentionInDays is not set: logs are kept, and paid for, for ever'],
    ['log-retention', LOG_GROUP, 'order-logs', { retentionInDays: 3653 }, 'order-logs: retentionInDays is 3653; configured is 30'],
    ['log-masking', MASKING, 'order-log-protection', null, 'order-logs: no data protection policy'],
    ['log-masking', MASKING, 'order-log-protection', { policyDocument: policy({ Operation: { Audit: {} } }) }, 'order-logs: its data protection policy masks nothing'],
    ['dead-letter-queue', QUEUE, 'order-queue', { redrivePolicy: undefined }, 'order-queue: redrivePolicy is not set'],
    ['dead-letter-queue', QUEUE, 'order-queue', { redrivePolicy: '{"deadLetterTargetArn":"arn:aws:sqs:eu-west-1:333333333333:orders-order-dlq","maxReceiveCount":500}' }, 'order-queue: maxReceiveCount is 500; configured is 5'],
    ['dead-letter-queue', QUEUE, 'order-queue', { redrivePolicy: { deadLetterTargetArn: 'arn:elsewhere', maxReceiveCount: 5 } }, 'order-queue: redrivePolicy goes to arn:elsewhere, no queue of this target'],
    ['dead-letter-retention', QUEUE, 'dead-letter-queue', { messageRetentionSeconds: 3600 }, 'dead-letter-queue: messageRetentionSeconds is 3600, not 1209600'],
    ['table-recovery', TABLE, undefined, { pointInTimeRecovery: { enabled: false } }, 'orders-table: point-in-time recovery is off'],
    ['table-deletion', TABLE, undefined, { deletionProtectionEnabled: false }, 'orders-table: deletionProtectionEnabled is off'],
    ['table-expiry', TABLE, undefined, { ttl: { enabled: false, attributeName: 'expiresAt' } }, 'orders-table: time to live is off'],
    ['table-expiry', TABLE, undefined, { ttl: { enabled: true, attributeName: 'placedAt' } }, 'orders-table: time to live is of "placedAt"'],
    ['bucket-lifecycle', LIFECYCLE, undefined, null, 'archive-bucket: no lifecycle configuration'],
    ['bucket-lifecycle', LIFECYCLE, undefined, { rules: [{ status: 'Disabled', expiration: { days: 1 } }] }, 'archive-bucket: no enabled rule of its lifecycle expires anything'],
    ['runtime-supported', FUNCTION, 'order-function', { runtime: 'nodejs18.x' }, 'order-function: runtime nodejs18.x is deprecated since 2025-09-01'],
    ['runtime-supported', FUNCTION, 'order-function', { runtime: 'cobol' }, 'order-function: runtime cobol is none that is known to be supported'],
    ['runtime-ending', FUNCTION, 'order-function', { runtime: 'nodejs22.x' }, 'order-function: support of runtime nodejs22.x ends on 2027-04-30'],
    ['function-logs', FUNCTION, 'order-function', { loggingConfig: { logFormat: 'Text', logGroup: '/orders/orders-order' } }, 'order-function: logFormat is "Text"'],
    ['function-logs', FUNCTION, 'order-function', { loggingConfig: { logFormat: 'JSON', logGroup: '/aws/lambda/orders-order' } }, 'order-function: logGroup is "/aws/lambda/orders-order"; expected is /orders/orders-order'],
    ['function-tracing', FUNCTION, 'order-function', { tracingConfig: undefined }, 'order-function: tracing mode is "PassThrough"; configured is Active'],
    ['function-secrets', FUNCTION, 'order-function', { environment: { variables: { API_KEY: 'abcdef' } } }, 'order-function: variable API_KEY looks like a secret'],
    ['function-secrets', FUNCTION, 'order-function', { environment: { variables: { HARMLESS: 'AKIAIOSFODNN7EXAMPLE' } } }, 'order-function: variable HARMLESS holds a key'],
    ['event-source-enabled', SOURCE, 'order-source', { enabled: false }, 'order-source: enabled is false: nothing is read from its queue'],
    ['event-source-partial', SOURCE, 'order-source', { functionResponseTypes: [] }, 'order-source: functionResponseTypes is []'],
    ['schedule-enabled', 'aws:scheduler/schedule:Schedule', undefined, { state: 'DISABLED' }, 'heartbeat-schedule: state is "DISABLED"'],
    ['policy-public', BUCKET_POLICY, undefined, { policy: policy({ Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: 'arn:x' }) }, 'archive-policy: policy, statement 1: allows everybody'],
    ['policy-public', ROLE, 'order-role', { assumeRolePolicy: policy({ Sid: 'Open', Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' }) }, 'order-role: assumeRolePolicy, statement Open: allows everybody'],
    ['policy-foreign-account', ROLE, 'order-role', { assumeRolePolicy: policy({ Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::999999999999:root' }, Action: 'sts:AssumeRole' }) }, 'order-role: assumeRolePolicy, statement 1: allows account 999999999999'],
    ['policy-wildcard-action', ROLE_POLICY, 'order-policy', { policy: policy({ Effect: 'Allow', Action: ['sqs:*', 'sqs:SendMessage'], Resource: 'arn:aws:sqs:eu-west-1:333333333333:q' }) }, 'order-policy: policy, statement 1: allows sqs:*'],
    ['policy-wildcard-resource', ROLE_POLICY, 'order-policy', { policy: policy({ Effect: 'Allow', Action: ['dynamodb:PutItem', 'xray:PutTraceSegments'], Resource: '*' }) }, 'order-policy: policy, statement 1: allows dynamodb:PutItem on any resource'],
    ['policy-wildcard-resource', ROLE_POLICY, 'order-policy', { policy: policy({ Effect: 'Allow', Action: 's3:PutObject', Resource: 'arn:aws:s3:::*' }) }, 'order-policy: policy, statement 1: allows s3:PutObject on any resource'],
    ['policy-inverted', ROLE_POLICY, 'order-policy', { policy: policy({ Effect: 'Allow', NotAction: 'iam:PassRole', Resource: 'arn:x' }) }, 'order-policy: policy, statement 1: allows by NotAction'],
    ['policy-source', ROLE, 'order-role', { assumeRolePolicy: policy({ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }) }, 'order-role: assumeRolePolicy, statement 1: trusts lambda.amazonaws.com for any account'],
    ['policy-readable', ROLE_POLICY, 'order-policy', { policy: 'not json' }, 'order-policy: policy is no policy document'],
    ['role-boundary', ROLE, 'order-role', { permissionsBoundary: '' }, 'order-role: permissionsBoundary is not set'],
    ['role-admin', ROLE, 'order-role', { managedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess'] }, 'order-role: has arn:aws:iam::aws:policy/AdministratorAccess'],
    ['bucket-public', PUBLIC_ACCESS, undefined, null, 'archive-bucket: no public access block'],
    ['bucket-public', PUBLIC_ACCESS, undefined, { blockPublicPolicy: false }, 'archive-bucket: blockPublicPolicy off'],
    ['alarm-missing', METRIC, 'dead-letters', null, '-: alarm orders-dead-letters is not there'],
    ['alarm-silenced', COMPOSITE, 'critical', { actionsEnabled: false }, 'critical: actionsEnabled is false'],
    ['alarm-silenced', COMPOSITE, 'critical', { actionsSuppressor: { alarm: 'quiet', extensionPeriod: 60, waitPeriod: 60 } }, 'critical: an actionsSuppressor keeps it quiet'],
    ['alarm-silenced', COMPOSITE, 'critical', { alarmActions: [] }, 'critical: alarmActions is empty'],
    ['alarm-unheard', COMPOSITE, 'warning', { alarmRule: 'ALARM("orders-throttles")' }, 'dlq-age: no composite names it, and it notifies nobody'],
  ]; // prettier-ignore

  test.each(planted)('%s is found on %s %s', (rule, type, name, change, found) => {
    expect(findings(withChange(regional, { type, ...(name === undefined ? {} : { name }) }, change))[rule]).toContain(found);
  });

  const plantedInFoundation: readonly (readonly [rule: string, type: string, change: Change, found: string])[] = [
    ['topic-encrypted', 'aws:sns/topic:Topic', { kmsMasterKeyId: '' }, 'critical-topic: kmsMasterKeyId is not set'],
    ['key-rotation', 'aws:kms/key:Key', { enableKeyRotation: false }, 'alerts-key: enableKeyRotation is off'],
    ['key-kept', 'aws:kms/key:Key', { isEnabled: false }, 'alerts-key: the key is disabled'],
    ['key-kept', 'aws:kms/key:Key', { deletionWindowInDays: 7 }, 'alerts-key: deletionWindowInDays is 7'],
    ['policy-wildcard-action', 'aws:kms/key:Key', { policy: policy({ Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::999999999999:root' }, Action: 'kms:*', Resource: '*' }) }, 'alerts-key: policy, statement 1: allows kms:*'],
    ['subscription-encrypted', 'aws:sns/topicSubscription:TopicSubscription', { protocol: 'http' }, 'critical-0: protocol is "http"'],
    ['policy-public', 'aws:oam/sinkPolicy:SinkPolicy', { policy: policy({ Effect: 'Allow', Principal: '*', Action: 'oam:CreateLink', Resource: '*', Condition: { 'ForAllValues:StringEquals': { 'aws:PrincipalOrgID': 'o-x' } } }) }, 'sink-policy: policy, statement 1: allows everybody'],
  ]; // prettier-ignore

  test.each(plantedInFoundation)('%s is found in a foundation, on %s', (rule, type, change, found) => {
    const told = findings(withChange(foundation, { type }, change))[rule] ?? [];

    expect(told.map((one) => one.replace(/^[^:]*/, ''))).toContain(found.replace(/^[^:]*/, ''));
  });

  test.each([
    ['function-url', 'aws:lambda/functionUrl:FunctionUrl', { authorizationType: 'NONE' }, 'authorizationType is "NONE"'],
    [
      'permission-source',
      'aws:lambda/permission:Permission',
      { principal: '*' },
      'principal is "*" without an organisation, account or source',
    ],
    [
      'permission-source',
      'aws:lambda/permission:Permission',
      { principal: 'sns.amazonaws.com' },
      'sns.amazonaws.com may call it for any account',
    ],
    [
      'permission-source',
      'aws:lambda/permission:Permission',
      { principal: 'arn:aws:iam::999999999999:root' },
      'account 999999999999 may call it',
    ],
    [
      'role-admin',
      'aws:iam/rolePolicyAttachment:RolePolicyAttachment',
      { policyArn: 'arn:aws:iam::aws:policy/PowerUserAccess' },
      'has arn:aws:iam::aws:policy/PowerUserAccess',
    ],
    [
      'policy-public',
      'aws:sqs/queuePolicy:QueuePolicy',
      { policy: policy({ Effect: 'Allow', Principal: '*', Action: 'sqs:SendMessage', Resource: 'arn:q' }) },
      'policy, statement 1: allows everybody',
    ],
  ])('%s is found on an added %s', (rule, type, properties, found) => {
    expect(findings(withResource(regional, { type, name: 'added', properties }))[rule]).toEqual([`added: ${found}`]);
  });

  test.each([
    ['aws:lambda/permission:Permission', { principal: 'sns.amazonaws.com', sourceArn: 'arn:aws:sns:eu-west-1:333333333333:t' }],
    ['aws:lambda/permission:Permission', { principal: '*', principalOrgId: 'o-abcdefghij' }],
    ['aws:lambda/functionUrl:FunctionUrl', { authorizationType: 'AWS_IAM' }],
    [
      'aws:sqs/queuePolicy:QueuePolicy',
      {
        policy: policy({
          Effect: 'Allow',
          Principal: '*',
          Action: 'sqs:SendMessage',
          Resource: 'arn:q',
          Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-abcdefghij' } },
        }),
      },
    ],
    ['aws:sqs/queuePolicy:QueuePolicy', { policy: policy({ Effect: 'Deny', Principal: '*', NotAction: 'sqs:*', Resource: '*' }) }],
  ])('an added %s that is narrow enough is none', (type, properties) => {
    expect(findings(withResource(regional, { type, name: 'added', properties }))).toEqual({});
  });

  test.each([
    [QUEUE, 'order-queue', { kmsMasterKeyId: '' }],
    [TABLE, undefined, { serverSideEncryption: undefined }],
    [LOG_GROUP, 'order-logs', { kmsKeyId: undefined }],
    [FUNCTION, 'order-function', { kmsKeyArn: '' }],
    [ENCRYPTION, undefined, { rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: 'AES256' } }] }],
  ])("the target's own key is asked for on %s where it is configured", (type, name, change) => {
    const on = { type, ...(name === undefined ? {} : { name }) };

    expect(findings(withChange(customer, on, change))['customer-key']).toEqual([
      expect.stringContaining("the target's own key is not set"),
    ]);
    expect(findings(regional)['customer-key']).toBeUndefined();
  });

  test('kept-protected is found on each resource that holds data and may be deleted', () => {
    const resources = regional.resources.map((resource) => ({ ...resource, protect: false }));

    expect(findings({ ...regional, resources })['kept-protected']).toHaveLength(6);
  });

  test('a heartbeat that fleet.yaml turned off is not missed', async () => {
    const without = await cleanRegional({ heartbeat: false });

    expect(findings(without)).toEqual({});
    expect(findings({ ...without, facts: regional.facts })['alarm-missing']).toEqual(['-: alarm orders-heartbeat is not there']);
  });

  test('every rule has a violation planted above', () => {
    const elsewhere = ['function-url', 'permission-source', 'customer-key', 'kept-protected'];
    const covered = new Set([...planted, ...plantedInFoundation].map(([rule]) => rule).concat(elsewhere));

    expect(auditRules.map(({ id }) => id).filter((id) => !covered.has(id))).toEqual([]);
  });

  test('ask for tags on exactly the types that take some', () => {
    const taggable = resourceTypes.filter((type) => type.taggable).map(({ type }) => type);

    expect([...taggableTypes].sort()).toEqual([...taggable].sort());
  });

  test('never throw and never find anything in a stack without resources, whatever the facts', () => {
    const facts = { now: NOW, accounts: null, tags: null, expectations: null };

    expect(findings({ resources: [], facts })).toEqual({});
  });

  test('never throw, whatever a property holds', () => {
    const types = [...new Set([...taggableTypes, ...policyTypes, SOURCE, ENCRYPTION, LIFECYCLE, PUBLIC_ACCESS, MASKING])];
    const keys = ['policy', 'assumeRolePolicy', 'inlinePolicies', 'tags', 'tagsAll', 'name', 'bucket', 'rules', 'redrivePolicy', 'ttl', 'environment', 'runtime', 'policyDocument', 'alarmActions', 'retentionInDays', 'arn']; // prettier-ignore
    const json = fc.jsonValue();
    const value = fc.oneof(
      json,
      json.map((one) => JSON.stringify(one)),
      fc.constant(undefined),
    );

    fc.assert(
      fc.property(fc.constantFrom(...types), fc.dictionary(fc.constantFrom(...keys), value), (type, properties) => {
        const resource = { type, name: 'any', urn: 'urn', protect: null, properties };
        const stack = { resources: [resource], facts: { now: NOW, accounts: [], tags, expectations: null } };
        for (const rule of auditRules) {
          const { looked, violations } = judgeStack(rule, stack);
          expect(looked === 0 && violations.length > 0).toBe(false);
        }
      }),
      { numRuns: 300 },
    );
  });
});
