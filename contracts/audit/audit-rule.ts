import type { AuditedResource, AuditedStack, AuditFacts } from './audited-stack';
import { isOneOf } from './resource-values';

/** How bad a violation is. `critical`: orders or data are exposed or lost, or nobody is told. `low`: money or tidiness. */
export type AuditSeverity = 'critical' | 'high' | 'medium' | 'low';

/** Worst first. */
export const auditSeverities: readonly AuditSeverity[] = ['critical', 'high', 'medium', 'low'];

/** One thing that is not as it should be. */
export interface Violation {
  /** Null: of the stack as a whole, as of something that is not there. */
  readonly resource: AuditedResource | null;
  /** One line that names the wrong value. */
  readonly found: string;
}

/** What a rule says of a stack. */
export interface RuleVerdict {
  /** Number of things that it applied to, and that would have passed without the violations. */
  readonly looked: number;
  readonly violations: readonly Violation[];
}

/** A rule in words. */
export interface RuleText {
  /** Kebab case; does not change. */
  readonly id: string;
  readonly severity: AuditSeverity;
  /** What must hold, in one line. */
  readonly demands: string;
  /** What to do about a violation. */
  readonly advice: string;
}

/** Looks at one resource: what is wrong with it, nothing where all is well, or null where the rule does not apply to it. */
export type ResourceCheck = (resource: AuditedResource, facts: AuditFacts) => readonly string[] | null;

/** One rule of the audit: pure, so that a policy pack can ask it before anything is deployed. */
export type AuditRule = RuleText &
  (
    | { readonly scope: 'resource'; readonly types: readonly string[]; readonly check: ResourceCheck }
    | { readonly scope: 'stack'; readonly check: (stack: AuditedStack) => RuleVerdict }
  );

/** A rule that looks at resources one by one. */
export function resourceRule(rule: RuleText & { readonly types: readonly string[]; readonly check: ResourceCheck }): AuditRule {
  return { ...rule, scope: 'resource' };
}

/** A rule about how the resources of a stack stand together. */
export function stackRule(rule: RuleText & { readonly check: (stack: AuditedStack) => RuleVerdict }): AuditRule {
  return { ...rule, scope: 'stack' };
}

/** What a rule says of a stack, whatever its scope. */
export function judgeStack(rule: AuditRule, stack: AuditedStack): RuleVerdict {
  if (rule.scope === 'stack') return rule.check(stack);
  const { types, check } = rule;
  return verdictOf(
    stack.resources.filter((resource) => isOneOf(resource, types)),
    (resource) => check(resource, stack.facts),
  );
}

/** Asks each of some resources; those that say null are not counted. */
export function verdictOf(
  resources: readonly AuditedResource[],
  check: (resource: AuditedResource) => readonly string[] | null,
): RuleVerdict {
  const answers = resources.flatMap((resource) => {
    const problems = check(resource);
    return problems === null ? [] : [{ resource, problems }];
  });
  return {
    looked: answers.length,
    violations: answers.flatMap(({ resource, problems }) => problems.map((found) => ({ resource, found }))),
  };
}
