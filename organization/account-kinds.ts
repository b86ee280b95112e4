import type { PolicyDocument } from '../layer-kit/policy-document';
import type { FleetAccounts } from './role-policies-input';

/** What an account is for. One may be shared and monitoring; neither is ever a workload account (fleet/discovery/select-targets.ts). */
export type AccountKind = 'shared' | 'workload' | 'monitoring';

/** A policy, and the kinds of account that have it; null: all. */
export interface KindPolicy {
  readonly policy: PolicyDocument;
  readonly kinds: readonly AccountKind[] | null;
}

/** Name of the template's condition that an account is of one of these kinds. */
export function kindCondition(kinds: readonly AccountKind[]): string {
  return `Is${kinds.map((kind) => kind.charAt(0).toUpperCase() + kind.slice(1)).join('Or')}`;
}

/**
 * The template's conditions for sets of kinds, by name. A workload account is any that is not told otherwise: those that join later get the
 * roles by themselves.
 */
export function kindConditions(sets: readonly (readonly AccountKind[])[], accounts: FleetAccounts): Readonly<Record<string, object>> {
  const is = (account: string): object => ({ 'Fn::Equals': [{ Ref: 'AWS::AccountId' }, account] });
  const of: Readonly<Record<AccountKind, object>> = {
    shared: is(accounts.shared),
    monitoring: is(accounts.monitoring),
    workload: { 'Fn::Not': [{ 'Fn::Or': [is(accounts.shared), is(accounts.monitoring)] }] },
  };
  return Object.fromEntries(sets.map((kinds) => [kindCondition(kinds), anyOf(kinds.map((kind) => of[kind]))]));
}

/** CloudFormation's `Fn::Or` takes two conditions at least. */
function anyOf(all: readonly object[]): object {
  const [only] = all;
  return all.length === 1 && only !== undefined ? only : { 'Fn::Or': all };
}
