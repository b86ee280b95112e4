import type { Policies, PolicyResource, ResourceValidationArgs } from '@pulumi/policy';

import { judgeStack, type AuditRule, type AuditSeverity } from '../contracts/audit/audit-rule';
import type { AuditFacts, AuditedResource } from '../contracts/audit/audited-stack';
import { isOneOf } from '../contracts/audit/resource-values';

/** Rules that hold a stack against what fleet.yaml says of its target: a pack is not told. */
const needFleet = ['tags-as-configured', 'customer-key', 'function-tracing', 'policy-foreign-account', 'alarm-missing'];

/** Critical and high ones keep a deployment back, the others are told. */
const ENFORCED: Readonly<Record<AuditSeverity, 'mandatory' | 'advisory'>> = {
  critical: 'mandatory',
  high: 'mandatory',
  medium: 'advisory',
  low: 'advisory',
};

/** The rules of the audit as policies, each under its name; those that need to know the fleet are left out. `now` gives ISO 8601. */
export function policiesOf(rules: readonly AuditRule[], now: () => string): Policies {
  const facts = (): AuditFacts => ({ now: now(), accounts: null, tags: null, expectations: null });
  return rules.filter(({ id }) => !needFleet.includes(id)).map((rule) => policyOf(rule, facts));
}

function policyOf(rule: AuditRule, facts: () => AuditFacts): Policies[number] {
  const { id: name, demands: description, severity, advice: remediationSteps } = rule;
  const policy = { name, description, severity, remediationSteps, enforcementLevel: ENFORCED[severity] };
  if (rule.scope === 'stack') {
    return {
      ...policy,
      validateStack: ({ resources }, report) => {
        const stack = { resources: resources.map(auditedOf), facts: facts() };
        for (const { resource, found } of judgeStack(rule, stack).violations) report(found, resource?.urn);
      },
    };
  }
  return {
    ...policy,
    validateResource: (args, report) => {
      if (!isOneOf(args, rule.types)) return;
      rule.check(auditedOf(args), facts())?.forEach((found) => report(found));
    },
  };
}

/** Properties go along as they are: a proxy that says so where a value is not known yet, as in a preview. */
function auditedOf({ type, name, urn, props, opts }: ResourceValidationArgs | PolicyResource): AuditedResource {
  return { type, name, urn, properties: props as AuditedResource['properties'], protect: opts.protect };
}
