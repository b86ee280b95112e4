import { parseArn } from '../../../sandbox/types/common/arn';
import type { ConditionContext, PolicyCondition } from '../../../sandbox/types/common/policy-condition';
import { applyingStatements, type PolicyDocument, type PolicyStatement } from '../../../sandbox/types/common/policy-document';
import { shapeOf } from './condition-keys';

/** Everything that has a say in a request. */
export interface Policies {
  readonly identity: readonly PolicyDocument[];
  readonly boundary?: PolicyDocument;
  /** Service control policies, level by level: root, units, account. */
  readonly scps?: readonly (readonly PolicyDocument[])[];
  /** Policy of what is asked for. */
  readonly resource?: PolicyDocument;
}

/** What a role asks for. */
export interface RoleRequest {
  readonly action: string;
  readonly resource: string;
  /** The role that asks. */
  readonly role: { readonly account: string; readonly arn: string };
  readonly context?: ConditionContext;
}

/** IAM's words: `denied` by a statement, or by none allowed. */
export type Decision = 'allowed' | 'denied' | 'not allowed';

/** Resources without whose policy nothing is allowed, whatever identities may (keys, and roles that are assumed). */
const ALWAYS_ASKED = /^(kms:(?!Create|List)|sts:AssumeRole$)/i;

/** Documents that were read through, and have nothing unclear. */
const clear = new WeakSet<PolicyDocument>();

/**
 * What IAM decides of a request, as its documentation has it: a Deny anywhere wins; every level of service control policies, the boundary
 * and the identity policies must allow; a resource policy may allow by itself inside an account, and must as well across accounts. Throws for
 * an operator or key that is not known, and for a set operator on a single value (or none on a set), which AWS decides otherwise than it reads.
 */
export function decideAccess(policies: Policies, request: RoleRequest): Decision {
  const { identity, boundary, scps = [], resource } = policies;
  const identities = [...identity, ...(boundary ? [boundary] : []), ...scps.flat()];
  for (const document of [...identities, ...(resource ? [resource] : [])]) {
    if (!clear.has(document)) document.statements.forEach(refuseUnclear);
    clear.add(document);
  }
  Object.entries(request.context ?? {}).forEach(refuseUnclearValue);

  const access = { ...request, caller: { kind: 'account', ...request.role } } as const;
  const said = (documents: readonly PolicyDocument[]) => applyingStatements(documents, access);
  const mayBy = (documents: readonly PolicyDocument[]) => said(documents).some(isAllow);
  const ofResource = resource ? said([resource]) : [];
  if ([...said(identities), ...ofResource].some(({ effect }) => effect === 'Deny')) return 'denied';
  if (!scps.every(mayBy)) return 'not allowed';
  const bounded = boundary === undefined || mayBy([boundary]);
  const byIdentity = bounded && mayBy(identity);
  const grants = ofResource.filter(isAllow);
  // Buckets and `*` name no account.
  const named = parseArn(request.resource)?.account ?? '';
  const owner = named === '' ? request.role.account : named;
  if (owner !== request.role.account || (resource && ALWAYS_ASKED.test(request.action)))
    return grants.length > 0 && (byIdentity || (owner === request.role.account && bounded && grants.some((grant) => names(grant, request))))
      ? 'allowed'
      : 'not allowed';
  return byIdentity || (bounded && grants.some((grant) => names(grant, request))) ? 'allowed' : 'not allowed';
}

function isAllow({ effect }: PolicyStatement): boolean {
  return effect === 'Allow';
}

/** A grant to the role itself; one to its account leaves it to the account's policies. */
function names({ principals }: PolicyStatement, { role }: RoleRequest): boolean {
  return principals.some(({ kind, value }) => kind === '*' || value === '*' || value === role.arn);
}

function refuseUnclear({ conditions, actions, notActions, resources, notResources }: PolicyStatement): void {
  for (const condition of conditions) refuseUnclearCondition(condition);
  const texts = [...actions, ...notActions, ...resources, ...notResources, ...conditions.flatMap(({ values }) => values)];
  const variable = texts.find((text) => text.includes('${'));
  if (variable !== undefined) throw new Error(`policy variable in ${variable}: they are not filled in here`);
}

function refuseUnclearCondition({ operator, key }: PolicyCondition): void {
  const shape = shapeOf(key);
  if (operator === 'Null') return;
  const isSet = /^For(Any|All)Values?:/.test(operator);
  if (isSet !== (shape === 'many'))
    throw new Error(`${operator} on ${key}, which has ${shape} in a request: AWS decides that otherwise than it reads`);
}

function refuseUnclearValue([key, value]: readonly [string, string | readonly string[]]): void {
  const shape = shapeOf(key);
  if ((typeof value === 'string') !== (shape === 'one')) throw new Error(`${key} has ${shape} in a request, not ${JSON.stringify(value)}`);
}
