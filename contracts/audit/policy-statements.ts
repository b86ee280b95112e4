import type { AuditedResource } from './audited-stack';
import { blocksOf, jsonOf, textOf } from './resource-values';

/** What a policy is attached to, which decides what its words mean. */
export type PolicyKind = 'trust' | 'identity' | 'resource' | 'key';

/** One statement of a policy, in one shape. */
export interface PolicyStatement {
  /** As `statement OrganisationLinks` or `statement 2`. */
  readonly called: string;
  readonly allows: boolean;
  /** As `*`, `AWS:arn:aws:iam::1:root` or `Service:lambda.amazonaws.com`; null where the statement names none. */
  readonly principals: readonly string[] | null;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** Elements that say what is not meant, as `NotAction`. */
  readonly inverted: readonly string[];
  readonly conditions: readonly PolicyCondition[];
}

/** One condition of a statement. */
export interface PolicyCondition {
  /** As written, as `StringEquals`. */
  readonly operator: string;
  /** Lower case: AWS does not tell them apart by case. */
  readonly key: string;
  readonly values: readonly string[];
}

/** A policy of a resource. */
export interface FoundPolicy {
  readonly kind: PolicyKind;
  /** The property that holds it. */
  readonly property: string;
  /** Null: it is no policy document. */
  readonly statements: readonly PolicyStatement[] | null;
}

/** Properties that hold policies, by resource type. */
const policyProperties: Readonly<Record<string, readonly (readonly [property: string, kind: PolicyKind])[]>> = {
  'aws:iam/role:Role': [['assumeRolePolicy', 'trust']],
  'aws:iam/rolePolicy:RolePolicy': [['policy', 'identity']],
  'aws:iam/policy:Policy': [['policy', 'identity']],
  'aws:iam/userPolicy:UserPolicy': [['policy', 'identity']],
  'aws:iam/groupPolicy:GroupPolicy': [['policy', 'identity']],
  'aws:sqs/queue:Queue': [['policy', 'resource']],
  'aws:sqs/queuePolicy:QueuePolicy': [['policy', 'resource']],
  'aws:sns/topic:Topic': [['policy', 'resource']],
  'aws:sns/topicPolicy:TopicPolicy': [['policy', 'resource']],
  'aws:s3/bucket:Bucket': [['policy', 'resource']],
  'aws:s3/bucketPolicy:BucketPolicy': [['policy', 'resource']],
  'aws:oam/sinkPolicy:SinkPolicy': [['policy', 'resource']],
  'aws:dynamodb/resourcePolicy:ResourcePolicy': [['policy', 'resource']],
  'aws:secretsmanager/secretPolicy:SecretPolicy': [['policy', 'resource']],
  'aws:kms/key:Key': [['policy', 'key']],
  'aws:kms/keyPolicy:KeyPolicy': [['policy', 'key']],
};

/** Types that hold policies. */
export const policyTypes: readonly string[] = Object.keys(policyProperties);

/** Every policy that a resource holds. */
export function policiesOf({ type, properties }: AuditedResource): readonly FoundPolicy[] {
  const own = (policyProperties[type] ?? [])
    .filter(([property]) => properties[property] !== undefined && properties[property] !== null && properties[property] !== '')
    .map(([property, kind]): FoundPolicy => ({ kind, property, statements: statementsOf(jsonOf(properties, property)) }));
  if (type !== 'aws:iam/role:Role') return own;
  const inline = blocksOf(properties, 'inlinePolicies')
    .filter((block) => textOf(block, 'policy') !== undefined)
    .map((block): FoundPolicy => ({ kind: 'identity', property: 'inlinePolicies', statements: statementsOf(jsonOf(block, 'policy')) }));
  return [...own, ...inline];
}

function statementsOf(document: Readonly<Record<string, unknown>> | undefined): readonly PolicyStatement[] | null {
  const { Statement: statement } = document ?? {};
  if (statement === undefined) return null;
  const all: readonly unknown[] = Array.isArray(statement) ? statement : [statement];
  return all.every(isRecord) ? all.map(statementOf) : null;
}

function statementOf(written: Readonly<Record<string, unknown>>, index: number): PolicyStatement {
  const sid = textOf(written, 'Sid');
  return {
    called: `statement ${sid ?? index + 1}`,
    allows: written.Effect === 'Allow',
    principals: written.Principal === undefined ? null : principalsOf(written.Principal),
    actions: listOf(written.Action),
    resources: listOf(written.Resource),
    inverted: ['NotPrincipal', 'NotAction', 'NotResource'].filter((element) => written[element] !== undefined),
    conditions: conditionsOf(written.Condition),
  };
}

function principalsOf(written: unknown): readonly string[] {
  if (!isRecord(written)) return listOf(written);
  return Object.entries(written).flatMap(([kind, values]) => listOf(values).map((value) => (value === '*' ? '*' : `${kind}:${value}`)));
}

function conditionsOf(written: unknown): readonly PolicyCondition[] {
  if (!isRecord(written)) return [];
  return Object.entries(written).flatMap(([operator, keys]) =>
    isRecord(keys) ? Object.entries(keys).map(([key, values]) => ({ operator, key: key.toLowerCase(), values: listOf(values) })) : [],
  );
}

function listOf(value: unknown): readonly string[] {
  return (Array.isArray(value) ? value : [value]).filter((one): one is string => typeof one === 'string');
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Keys that say who is behind a request, or for whom a service makes it. */
const narrowing =
  /^(aws:(principal(orgid|orgpaths|account|arn)|source(account|arn|orgid|orgpaths|vpc|vpce|owner))|kms:(calleraccount|viaservice|encryptioncontext:.+))$/;

/** True where a condition leaves only known callers: one that holds also for a missing key, or for any value, does not. */
export function isNarrowed({ conditions }: Pick<PolicyStatement, 'conditions'>): boolean {
  return conditions.some(
    ({ operator, key, values }) =>
      narrowing.test(key) &&
      /^(ForAnyValue:)?(String|Arn)(Equals|Like|EqualsIgnoreCase)$/.test(operator) &&
      values.length > 0 &&
      values.every((value) => !/^(\*|arn:\*.*|arn:aws:\*.*)$/.test(value)),
  );
}

/** The account of a principal as `AWS:arn:aws:iam::123456789012:root` or `AWS:123456789012`; undefined for any other. */
export function accountOfPrincipal(principal: string): string | undefined {
  return /^AWS:(?:arn:aws[a-z-]*:(?:iam|sts)::)?(\d{12})(?::.+)?$/.exec(principal)?.[1];
}
