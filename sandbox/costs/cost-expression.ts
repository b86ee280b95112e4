import type { Expression } from '@aws-sdk/client-cost-explorer';

import { AwsError } from '../aws-error';

import type { LedgerRow } from './ledger';

/** What an expression looks at. */
export interface RowFacts {
  readonly row: LedgerRow;
  /** Only active cost allocation tags are known to Cost Explorer. */
  readonly isActive: (key: string) => boolean;
}

/** Whether a row fits a filter. Throws where AWS refuses the filter, or what it asks for is not simulated. */
export function matchesExpression(expression: Expression, facts: RowFacts): boolean {
  const kinds = Object.entries(expression).filter(([, value]) => value !== undefined);
  if (kinds.length !== 1) throw refused(`an expression has exactly one of And, Or, Not, Dimensions, Tags; this one has ${kinds.length}`);
  const { And, Or, Not, Dimensions, Tags } = expression;
  if (And) return severalOf('And', And).every((part) => matchesExpression(part, facts));
  if (Or) return severalOf('Or', Or).some((part) => matchesExpression(part, facts));
  if (Not) return !matchesExpression(Not, facts);
  if (Dimensions) {
    const { Key = '', Values = [], MatchOptions = [] } = Dimensions;
    if (MatchOptions.some((option) => option !== 'EQUALS' && option !== 'CASE_SENSITIVE'))
      throw refused(`MatchOptions ${MatchOptions.join()} of a dimension are refused`);
    return Values.includes(dimensionOf(facts.row, Key));
  }
  if (Tags) {
    const { Key = '', Values = [], MatchOptions = [] } = Tags;
    const value = facts.isActive(Key) ? facts.row.tags[Key] : undefined;
    return MatchOptions.includes('ABSENT') ? value === undefined : value !== undefined && Values.includes(value);
  }
  throw refused(`${kinds[0]?.[0]} is not simulated`);
}

/** What a row has of a dimension. */
export function dimensionOf(row: LedgerRow, key: string): string {
  switch (key) {
    case 'LINKED_ACCOUNT':
      return row.account;
    case 'REGION':
      return row.region ?? 'NoRegion';
    case 'SERVICE':
      return row.service;
    case 'RECORD_TYPE':
      return row.type;
    default:
      throw refused(`dimension ${key} is not simulated`);
  }
}

function severalOf(name: string, parts: readonly Expression[]): readonly Expression[] {
  if (parts.length < 2) throw refused(`${name} needs two expressions or more`);
  return parts;
}

function refused(message: string): AwsError {
  return new AwsError('ValidationException', message);
}
