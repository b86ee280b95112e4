import { conditionProblem, type PolicyCondition } from './policy-condition';
import { principalsOf, type PolicyPrincipal } from './policy-principal';

export { allows, applyingStatements, trusts, type AccessRequest } from './policy-evaluation';

/** What a document is attached to: an identity (no principal), a resource (principal, resource), or a role's trust (principal, no resource). */
export type PolicyKind = 'identity' | 'resource' | 'trust';

/** One statement, with every list written out. */
export interface PolicyStatement {
  readonly sid: string | undefined;
  readonly effect: 'Allow' | 'Deny';
  readonly principals: readonly PolicyPrincipal[];
  readonly notPrincipals: readonly PolicyPrincipal[];
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
  readonly resources: readonly string[];
  readonly notResources: readonly string[];
  readonly conditions: readonly PolicyCondition[];
}

/** A parsed IAM policy. */
export interface PolicyDocument {
  readonly version: string;
  readonly statements: readonly PolicyStatement[];
}

/** Either the document or what AWS finds wrong with it, in its words. */
export type ParsedPolicy = { readonly ok: true; readonly document: PolicyDocument } | { readonly ok: false; readonly problem: string };

const TOP_KEYS = ['Version', 'Id', 'Statement'];
const STATEMENT_KEYS = ['Sid', 'Effect', 'Principal', 'NotPrincipal', 'Action', 'NotAction', 'Resource', 'NotResource', 'Condition'];
const VERSIONS = ['2012-10-17', '2008-10-17'];
const SID = /^[A-Za-z0-9]*$/;
const ACTION = /^[A-Za-z0-9-]+:[A-Za-z0-9*?]+$/;
const ARN_PATTERN = /^arn:[a-z*?-]+:[a-z0-9*?-]+:[a-z0-9*?-]*:[A-Za-z0-9*?${}:/-]*:.+$/;

/** Parses and checks a policy as IAM does when it is put: JSON, elements, their values, and what the kind must and must not have. */
export function parsePolicy(text: string, kind: PolicyKind): ParsedPolicy {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    return { ok: false, problem: 'This policy contains invalid Json' };
  }
  try {
    return { ok: true, document: readDocument(raw, kind) };
  } catch (error) {
    if (error instanceof PolicyProblem) return { ok: false, problem: error.message };
    throw error;
  }
}

/** Parses a document that is known to be good, as one of a resource that exists; undefined where it is not. */
export function knownPolicy(text: unknown, kind: PolicyKind): PolicyDocument | undefined {
  if (typeof text !== 'string') return undefined;
  const parsed = parsePolicy(text, kind);
  return parsed.ok ? parsed.document : undefined;
}

/** Characters that count against IAM's quotas: white space does not. */
export function policySize(text: string): number {
  return text.replace(/\s/g, '').length;
}

/** Inside this file only: ends the reading at the first problem, as AWS reports one. */
class PolicyProblem extends Error {}

function readDocument(raw: unknown, kind: PolicyKind): PolicyDocument {
  const top = recordOf(raw);
  refuseUnknown(top, TOP_KEYS);
  const version = top.Version ?? '2008-10-17';
  if (typeof version !== 'string' || !VERSIONS.includes(version)) throw new PolicyProblem('The policy must contain a valid version string');
  if (top.Statement === undefined) throw new PolicyProblem('Syntax errors in policy. Missing required field Statement');
  const list = Array.isArray(top.Statement) ? (top.Statement as readonly unknown[]) : [top.Statement];
  if (list.length === 0) throw new PolicyProblem('Syntax errors in policy. Statement must not be empty');
  const statements = list.map((statement) => readStatement(recordOf(statement), kind));
  const sids = statements.flatMap(({ sid }) => (sid ? [sid] : []));
  if (new Set(sids).size !== sids.length) throw new PolicyProblem('Statement IDs (SID) in a single policy must be unique.');
  return { version, statements };
}

function readStatement(raw: Readonly<Record<string, unknown>>, kind: PolicyKind): PolicyStatement {
  refuseUnknown(raw, STATEMENT_KEYS);
  const { Sid: sid, Effect: effect } = raw;
  if (sid !== undefined && typeof sid !== 'string') throw new PolicyProblem('Syntax errors in policy. Sid must be text');
  // Resource policies of SNS, SQS and S3 take any text as Sid; IAM itself is strict.
  if (kind !== 'resource' && sid !== undefined && !SID.test(sid)) {
    throw new PolicyProblem(
      'Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*',
    );
  }
  if (effect === undefined) throw new PolicyProblem('Missing required field Effect');
  if (effect !== 'Allow' && effect !== 'Deny') throw new PolicyProblem(`Invalid effect: ${JSON.stringify(effect)}`);
  return {
    sid,
    effect,
    ...readPrincipals(raw, kind),
    ...readActions(raw),
    ...readResources(raw, kind),
    conditions: readConditions(raw.Condition),
  };
}

function readPrincipals(raw: Readonly<Record<string, unknown>>, kind: PolicyKind): Pick<PolicyStatement, 'principals' | 'notPrincipals'> {
  const { Principal: principal, NotPrincipal: notPrincipal } = raw;
  if (kind === 'identity') {
    if (principal !== undefined || notPrincipal !== undefined) throw new PolicyProblem('Policy document should not specify a principal.');
    return { principals: [], notPrincipals: [] };
  }
  exactlyOne(raw, 'Principal', 'NotPrincipal');
  const read = (value: unknown): readonly PolicyPrincipal[] => {
    const { principals, problem } = principalsOf(value);
    if (problem !== undefined) throw new PolicyProblem(problem);
    return principals;
  };
  return {
    principals: principal === undefined ? [] : read(principal),
    notPrincipals: notPrincipal === undefined ? [] : read(notPrincipal),
  };
}

function readActions(raw: Readonly<Record<string, unknown>>): Pick<PolicyStatement, 'actions' | 'notActions'> {
  exactlyOne(raw, 'Action', 'NotAction');
  const lists = { actions: textList(raw.Action, 'Action'), notActions: textList(raw.NotAction, 'NotAction') };
  for (const action of [...lists.actions, ...lists.notActions]) {
    if (action !== '*' && !ACTION.test(action)) {
      throw new PolicyProblem(`Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc. (${action})`);
    }
  }
  return lists;
}

function readResources(raw: Readonly<Record<string, unknown>>, kind: PolicyKind): Pick<PolicyStatement, 'resources' | 'notResources'> {
  if (kind === 'trust') {
    for (const field of ['Resource', 'NotResource']) if (raw[field] !== undefined) throw new PolicyProblem(`Has prohibited field ${field}`);
    return { resources: ['*'], notResources: [] };
  }
  exactlyOne(raw, 'Resource', 'NotResource');
  const lists = { resources: textList(raw.Resource, 'Resource'), notResources: textList(raw.NotResource, 'NotResource') };
  for (const resource of [...lists.resources, ...lists.notResources]) {
    if (resource !== '*' && !ARN_PATTERN.test(resource)) throw new PolicyProblem(`Resource ${resource} must be in ARN format or "*".`);
  }
  return lists;
}

function readConditions(raw: unknown): readonly PolicyCondition[] {
  if (raw === undefined) return [];
  return Object.entries(recordOf(raw)).flatMap(([operator, keys]) =>
    Object.entries(recordOf(keys)).map(([key, values]) => {
      const condition: PolicyCondition = { operator, key, values: conditionValues(values) };
      const problem = conditionProblem(condition);
      if (problem !== undefined) throw new PolicyProblem(problem);
      return condition;
    }),
  );
}

function conditionValues(raw: unknown): readonly string[] {
  const list = Array.isArray(raw) ? (raw as readonly unknown[]) : [raw];
  return list.map((value) => {
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
    throw new PolicyProblem('Syntax errors in policy. Condition values must be text, numbers or booleans');
  });
}

function exactlyOne(raw: Readonly<Record<string, unknown>>, field: string, negated: string): void {
  if (raw[field] === undefined && raw[negated] === undefined) throw new PolicyProblem(`Missing required field ${field}`);
  if (raw[field] !== undefined && raw[negated] !== undefined)
    throw new PolicyProblem(`Syntax errors in policy. ${field} and ${negated} exclude each other`);
}

function textList(raw: unknown, field: string): readonly string[] {
  if (raw === undefined) return [];
  const list = Array.isArray(raw) ? (raw as readonly unknown[]) : [raw];
  if (list.length === 0) throw new PolicyProblem(`Syntax errors in policy. ${field} must not be empty`);
  return list.map((value) => {
    if (typeof value !== 'string') throw new PolicyProblem(`Syntax errors in policy. ${field} must be text or a list of texts`);
    return value;
  });
}

function recordOf(raw: unknown): Readonly<Record<string, unknown>> {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) throw new PolicyProblem('Syntax errors in policy.');
  return raw as Readonly<Record<string, unknown>>;
}

function refuseUnknown(raw: Readonly<Record<string, unknown>>, known: readonly string[]): void {
  const unknown = Object.keys(raw).find((key) => !known.includes(key));
  if (unknown !== undefined) throw new PolicyProblem(`Syntax errors in policy. Unknown field ${unknown}`);
}
