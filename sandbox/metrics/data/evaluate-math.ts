import { combine, mathFunctions, type Grid, type MathValue } from './math-functions';
import type { BinaryOperator, MathNode } from './math-syntax';
import { NotEvaluated, type TimeSeries } from './time-series';

/** What an expression stands among. */
export interface MathScope {
  /** Value of another query by id; undefined where there is none. Throws {@link NotEvaluated} where that has none. */
  readonly named: (id: string) => MathValue | undefined;
  /** Every metric of the question whose id contains a text, for `METRICS`. */
  readonly metrics: (part: string) => readonly TimeSeries[];
  /** `SEARCH`: its text, statistic and period. */
  readonly search: (text: string, stat: string, period: number | undefined) => readonly TimeSeries[];
  readonly grid: Grid;
}

const OPERATIONS: Readonly<Record<BinaryOperator, (left: number, right: number) => number>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
  '^': (left, right) => left ** right,
  '<': (left, right) => Number(left < right),
  '<=': (left, right) => Number(left <= right),
  '>': (left, right) => Number(left > right),
  '>=': (left, right) => Number(left >= right),
  '==': (left, right) => Number(left === right),
  '!=': (left, right) => Number(left !== right),
  AND: (left, right) => Number(left !== 0 && right !== 0),
  OR: (left, right) => Number(left !== 0 || right !== 0),
};

/** Value of an expression. Pure. Throws {@link NotEvaluated} for what the sandbox does not evaluate. */
export function evaluateMath(node: MathNode, scope: MathScope): MathValue {
  switch (node.kind) {
    case 'number':
      return node;
    case 'text':
      return { kind: 'word', word: node.value };
    case 'name':
      return scope.named(node.name) ?? { kind: 'word', word: node.name };
    case 'negative':
      return combine({ kind: 'number', value: 0 }, evaluateMath(node.of, scope), (zero, value) => zero - value);
    case 'binary':
      return combine(evaluateKnown(node.left, scope), evaluateKnown(node.right, scope), OPERATIONS[node.operator]);
    case 'list':
      return { kind: 'list', series: node.items.flatMap((item) => seriesIn(evaluateKnown(item, scope))) };
    case 'call':
      return call(node, scope);
    default:
      throw new Error(`unknown node ${JSON.stringify(node satisfies never)}`);
  }
}

/** An operand: a name that is no query's is a mistake there, not a keyword. */
function evaluateKnown(node: MathNode, scope: MathScope): MathValue {
  const value = evaluateMath(node, scope);
  if (value.kind === 'word') throw new NotEvaluated(`no query of this widget has the id ${value.word}`);
  return value;
}

function seriesIn(value: MathValue): readonly TimeSeries[] {
  if (value.kind === 'list') return value.series;
  if (value.kind === 'series') return [value.series];
  throw new NotEvaluated('has a number in a list of time series');
}

function call({ name, parameters }: Extract<MathNode, { kind: 'call' }>, scope: MathScope): MathValue {
  const values = () => parameters.map((parameter) => evaluateMath(parameter, scope));
  if (name === 'METRICS') {
    const [part] = values();
    return { kind: 'list', series: scope.metrics(part?.kind === 'word' ? part.word : '') };
  }
  if (name === 'SEARCH') {
    const [text, stat, period] = values();
    if (text?.kind !== 'word' || stat?.kind !== 'word') throw new NotEvaluated('SEARCH needs a text and a statistic');
    return { kind: 'list', series: scope.search(text.word, stat.word, period?.kind === 'number' ? period.value : undefined) };
  }
  const known = Object.hasOwn(mathFunctions, name) ? mathFunctions[name] : undefined;
  if (!known) throw new NotEvaluated(`the sandbox has no function ${name}`);
  return known(values(), scope.grid);
}
