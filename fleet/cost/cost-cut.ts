import type { Expression, GroupDefinition } from '@aws-sdk/client-cost-explorer';

import type { Region } from '../../contracts/ids';

/** Tags that tell teams and cost centres, as the tagging standard names them. */
export const TEAM_TAG = 'Team';
export const COST_CENTRE_TAG = 'CostCenter';

/**
 * A way to cut a bill: always by account, and by one thing more, since Cost Explorer groups by two at most. `untagged` is the bill by record
 * type, of what lacks the tag of a team or of a cost centre.
 */
export const cutNames = ['type', 'region', 'team', 'cost-centre', 'service', 'untagged'] as const;

/** One of {@link cutNames}. */
export type CutName = (typeof cutNames)[number];

/** Which part of a bill is asked about. Values of a list are alternatives; empty lists ask for everything. */
export interface CostSlice {
  readonly regions: readonly Region[];
  readonly tags: readonly { readonly key: string; readonly value: string }[];
}

const second: Readonly<Record<CutName, GroupDefinition>> = {
  type: { Type: 'DIMENSION', Key: 'RECORD_TYPE' },
  region: { Type: 'DIMENSION', Key: 'REGION' },
  team: { Type: 'TAG', Key: TEAM_TAG },
  'cost-centre': { Type: 'TAG', Key: COST_CENTRE_TAG },
  service: { Type: 'DIMENSION', Key: 'SERVICE' },
  untagged: { Type: 'DIMENSION', Key: 'RECORD_TYPE' },
};

/** How Cost Explorer is asked for a cut. */
export function groupsOf(cut: CutName): GroupDefinition[] {
  return [{ Type: 'DIMENSION', Key: 'LINKED_ACCOUNT' }, second[cut]];
}

/** The value that a group of a cut stands for: Cost Explorer writes those of tags as `Team$commerce`. */
export function valueOf(cut: CutName, key: string): string {
  const { Type, Key } = second[cut];
  return Type === 'TAG' && key.startsWith(`${Key}$`) ? key.slice(`${Key}$`.length) : key;
}

/** What Cost Explorer is to leave out, for a cut of a part of the bill; undefined: nothing. */
export function filterOf(cut: CutName, { regions, tags }: CostSlice): Expression | undefined {
  const parts: Expression[] = [
    ...(regions.length > 0 ? [{ Dimensions: { Key: 'REGION' as const, Values: [...regions] } }] : []),
    ...(tags.length > 0 ? [anyOf(tags.map(({ key, value }) => ({ Tags: { Key: key, Values: [value] } })))] : []),
    ...(cut === 'untagged' ? [anyOf([TEAM_TAG, COST_CENTRE_TAG].map((Key) => ({ Tags: { Key, MatchOptions: ['ABSENT'] } })))] : []),
  ];
  // AWS refuses an `And` or `Or` of one.
  return parts.length > 1 ? { And: parts } : parts[0];
}

function anyOf(expressions: readonly Expression[]): Expression {
  const [first, ...others] = expressions;
  return first !== undefined && others.length === 0 ? first : { Or: [...expressions] };
}
