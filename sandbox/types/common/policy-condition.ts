import { matchesArn } from './arn';
import { matchesWildcard } from './wildcard';

/** One key under one operator of a statement's `Condition`. */
export interface PolicyCondition {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

/** What the request carries, by condition key. Keys ignore case. */
export type ConditionContext = Readonly<Record<string, string | readonly string[]>>;

type Compare = (wanted: string, given: string) => boolean;

const sameText: Compare = (wanted, given) => wanted === given;
const sameTextAnyCase: Compare = (wanted, given) => wanted.toLowerCase() === given.toLowerCase();
const number =
  (holds: (given: number, wanted: number) => boolean): Compare =>
  (wanted, given) =>
    holds(Number(given), Number(wanted));
const instant =
  (holds: (given: number, wanted: number) => boolean): Compare =>
  (wanted, given) =>
    holds(Date.parse(given), Date.parse(wanted));
// The sandbox has no callers with addresses and no binary keys: what asks for one is not met.
const never: Compare = () => false;

interface Operator {
  readonly compare: Compare;
  /** True where none of the values may match; such an operator also holds where the key is absent. */
  readonly negated: boolean;
}

const is = (compare: Compare): Operator => ({ compare, negated: false });
const not = (compare: Compare): Operator => ({ compare, negated: true });

const operators: Readonly<Record<string, Operator>> = {
  StringEquals: is(sameText),
  StringNotEquals: not(sameText),
  StringEqualsIgnoreCase: is(sameTextAnyCase),
  StringNotEqualsIgnoreCase: not(sameTextAnyCase),
  StringLike: is(matchesWildcard),
  StringNotLike: not(matchesWildcard),
  ArnEquals: is(matchesArn),
  ArnLike: is(matchesArn),
  ArnNotEquals: not(matchesArn),
  ArnNotLike: not(matchesArn),
  Bool: is(sameTextAnyCase),
  NumericEquals: is(number((given, wanted) => given === wanted)),
  NumericNotEquals: not(number((given, wanted) => given === wanted)),
  NumericLessThan: is(number((given, wanted) => given < wanted)),
  NumericLessThanEquals: is(number((given, wanted) => given <= wanted)),
  NumericGreaterThan: is(number((given, wanted) => given > wanted)),
  NumericGreaterThanEquals: is(number((given, wanted) => given >= wanted)),
  DateEquals: is(instant((given, wanted) => given === wanted)),
  DateNotEquals: not(instant((given, wanted) => given === wanted)),
  DateLessThan: is(instant((given, wanted) => given < wanted)),
  DateLessThanEquals: is(instant((given, wanted) => given <= wanted)),
  DateGreaterThan: is(instant((given, wanted) => given > wanted)),
  DateGreaterThanEquals: is(instant((given, wanted) => given >= wanted)),
  BinaryEquals: is(never),
  IpAddress: is(never),
  NotIpAddress: not(never),
};

const OPERATOR = /^(?:(ForAnyValue|ForAllValues):)?([A-Za-z]+?)(IfExists)?$/;

/** What AWS finds wrong with a condition; undefined where nothing. */
export function conditionProblem({ operator, key }: PolicyCondition): string | undefined {
  const name = OPERATOR.exec(operator)?.[2];
  if (name === undefined || (name !== 'Null' && operators[name] === undefined)) return `Invalid Condition type : ${operator}.`;
  return key.includes(':') ? undefined : `Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc. (${key})`;
}

/** Does a condition hold for what the request carries. */
export function conditionHolds(condition: PolicyCondition, context: ConditionContext): boolean {
  const [, quantifier, name = '', ifExists] = OPERATOR.exec(condition.operator) ?? [];
  const given = valuesOf(condition.key, context);
  if (name === 'Null') return condition.values.every((value) => (value.toLowerCase() === 'true') === (given === undefined));
  const operator = operators[name];
  if (!operator) return false;
  if (given === undefined) return ifExists !== undefined || (quantifier === undefined ? operator.negated : quantifier === 'ForAllValues');
  const matches = (value: string) => condition.values.some((wanted) => operator.compare(wanted, value)) !== operator.negated;
  return quantifier === 'ForAnyValue' ? given.some(matches) : given.every(matches);
}

function valuesOf(key: string, context: ConditionContext): readonly string[] | undefined {
  const wanted = key.toLowerCase();
  const found = Object.entries(context).find(([name]) => name.toLowerCase() === wanted)?.[1];
  if (typeof found === 'string') return [found];
  // IAM tells no difference between a key without values and one that is not there.
  return found?.length === 0 ? undefined : found;
}
