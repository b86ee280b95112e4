import type { PolicyStatement } from '../layer-kit/policy-document';
import type { Grant } from './deploy-permissions';
import type { Scope, ScopeName } from './resource-scopes';

/** One statement a scope, in the order of the scopes, with each action once; scopes without a grant are left out. */
export function grantsToStatements(
  grants: readonly Grant[],
  scopes: Readonly<Partial<Record<ScopeName, Scope>>>,
): readonly PolicyStatement[] {
  return Object.entries(scopes).flatMap(([name, { resources, condition }]) => {
    const actions = [...new Set(grants.filter(({ scope }) => scope === name).flatMap((grant) => grant.actions))].sort();
    if (actions.length === 0) return [];
    return [{ Sid: name, Effect: 'Allow' as const, Action: actions, Resource: resources, ...(condition ? { Condition: condition } : {}) }];
  });
}

/** The grants with those actions only that change nothing, judged by their verb. */
export function readsOf(grants: readonly Grant[]): readonly Grant[] {
  return grants.map(({ scope, actions }) => ({ scope, actions: actions.filter((action) => /:(BatchGet|Describe|Get|List)/.test(action)) }));
}
