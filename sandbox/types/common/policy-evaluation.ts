import { conditionHolds, type ConditionContext } from './policy-condition';
import type { PolicyDocument, PolicyStatement } from './policy-document';
import { coversCaller, type Caller } from './policy-principal';
import { matchesWildcard } from './wildcard';

/** What is asked of policies. */
export interface AccessRequest {
  /** As `sqs:SendMessage`. */
  readonly action: string;
  /** ARN of what it is done to. */
  readonly resource: string;
  /** Who asks; needed for resource and trust policies, whose statements name principals. */
  readonly caller?: Caller;
  readonly context?: ConditionContext;
}

/** IAM's decision over documents of one kind: some statement allows and none denies. Of policy variables, those in resources are substituted. */
export function allows(documents: readonly PolicyDocument[], request: AccessRequest): boolean {
  const applying = applyingStatements(documents, request);
  return applying.some(({ effect }) => effect === 'Allow') && !applying.some(({ effect }) => effect === 'Deny');
}

/** The statements that say something about a request. */
export function applyingStatements(documents: readonly PolicyDocument[], request: AccessRequest): readonly PolicyStatement[] {
  return documents.flatMap(({ statements }) => statements).filter((statement) => applies(statement, request));
}

/** Does a role's trust policy let a service assume the role. */
export function trusts(document: PolicyDocument, service: string, context: ConditionContext): boolean {
  return allows([document], { action: 'sts:AssumeRole', resource: '*', caller: { kind: 'service', service }, context });
}

function applies(statement: PolicyStatement, { action, resource, caller, context = {} }: AccessRequest): boolean {
  const written = (pattern: string) => substituted(pattern, context);
  return (
    coversPrincipal(statement, caller) &&
    covers(action.toLowerCase(), { listed: statement.actions.map(lower), excepted: statement.notActions.map(lower) }) &&
    covers(resource, { listed: statement.resources.flatMap(written), excepted: statement.notResources.flatMap(written) }) &&
    statement.conditions.every((condition) => conditionHolds(condition, context))
  );
}

function coversPrincipal({ principals, notPrincipals }: PolicyStatement, caller: Caller | undefined): boolean {
  if (principals.length === 0 && notPrincipals.length === 0) return true;
  if (caller === undefined) return false;
  const named = (list: PolicyStatement['principals']) => list.some((principal) => coversCaller(principal, caller));
  return notPrincipals.length > 0 ? !named(notPrincipals) : named(principals);
}

function covers(text: string, patterns: { readonly listed: readonly string[]; readonly excepted: readonly string[] }): boolean {
  const named = (list: readonly string[]) => list.some((pattern) => matchesWildcard(pattern, text));
  return patterns.excepted.length > 0 ? !named(patterns.excepted) : named(patterns.listed);
}

/** A pattern with the values of the request in it; of one whose variable the request has not, nothing is left: it matches no resource. */
function substituted(pattern: string, context: ConditionContext): readonly string[] {
  const names = [...pattern.matchAll(/\$\{(aws:[A-Za-z]+)\}/g)].map(([, name]) => name ?? '');
  const values = names.map((name) => context[name]);
  if (values.some((value) => typeof value !== 'string')) return [];
  return [names.reduce((text, name, index) => text.replace(`\${${name}}`, () => String(values[index])), pattern)];
}

function lower(text: string): string {
  return text.toLowerCase();
}
