import { NotEvaluated } from './time-series';

/** A metric math expression as a tree. */
export type MathNode =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'text'; readonly value: string }
  /** A query's id, or a keyword of a function (`REPEAT`). */
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'list'; readonly items: readonly MathNode[] }
  | { readonly kind: 'call'; readonly name: string; readonly parameters: readonly MathNode[] }
  | { readonly kind: 'negative'; readonly of: MathNode }
  | { readonly kind: 'binary'; readonly operator: BinaryOperator; readonly left: MathNode; readonly right: MathNode };

/** Operators between two values. Comparisons and logic give 1 or 0. */
export type BinaryOperator = '+' | '-' | '*' | '/' | '^' | '<' | '<=' | '>' | '>=' | '==' | '!=' | 'AND' | 'OR';

/** Loosest first; `^` binds tightest and is read apart. */
const LEVELS: readonly (readonly BinaryOperator[])[] = [['OR'], ['AND'], ['==', '!='], ['<', '<=', '>', '>='], ['+', '-'], ['*', '/']];
const SPELLINGS: Readonly<Record<string, BinaryOperator>> = { '&&': 'AND', '||': 'OR' };
const TOKEN =
  /\s*(?:(\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)|([A-Za-z_]\w*)|"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|(&&|\|\||<=|>=|==|!=|[-+*/^<>()[\],]))/y;
/** Deeper than any expression of a dashboard, and far from the end of the stack. */
const MAX_DEPTH = 100;

type Token =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'name' | 'text' | 'sign'; readonly text: string }
  | { readonly kind: 'end' };

/** Reads an expression. Throws {@link NotEvaluated} where it is none. */
export function parseMath(text: string): MathNode {
  return new MathReader(tokensOf(text)).read();
}

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  const pattern = new RegExp(TOKEN);
  const end = text.trimEnd().length;
  while (pattern.lastIndex < end) {
    const at = pattern.lastIndex;
    const match = pattern.exec(text);
    if (!match) throw new NotEvaluated(`cannot be read at ${JSON.stringify(text.slice(at, at + 20).trim())}`);
    const [, number, name, double, single, sign] = match;
    const quoted = double ?? single;
    if (number !== undefined) tokens.push({ kind: 'number', value: Number(number) });
    else if (name !== undefined) tokens.push({ kind: 'name', text: name });
    else if (quoted !== undefined) tokens.push({ kind: 'text', text: quoted.replace(/\\(.)/gs, '$1') });
    else tokens.push({ kind: 'sign', text: sign ?? '' });
  }
  return [...tokens, { kind: 'end' }];
}

/** Recursive descent over the tokens of one expression. */
class MathReader {
  readonly #tokens: readonly Token[];
  #next = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  read(): MathNode {
    const node = this.#level(0);
    if (this.#peek().kind !== 'end') throw new NotEvaluated(`cannot be read from ${describe(this.#peek())} on`);
    return node;
  }

  #level(index: number): MathNode {
    const operators = LEVELS[index];
    if (!operators) return this.#unary();
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH * LEVELS.length) throw new NotEvaluated('is nested too deeply');
    let left = this.#level(index + 1);
    for (let operator = this.#takeOperator(operators); operator; operator = this.#takeOperator(operators))
      left = { kind: 'binary', operator, left, right: this.#level(index + 1) };
    this.#depth -= 1;
    return left;
  }

  #unary(): MathNode {
    if (this.#takeSign('-')) return { kind: 'negative', of: this.#unary() };
    const base = this.#primary();
    return this.#takeSign('^') ? { kind: 'binary', operator: '^', left: base, right: this.#unary() } : base;
  }

  #primary(): MathNode {
    const token = this.#take();
    switch (token.kind) {
      case 'number':
        return { kind: 'number', value: token.value };
      case 'text':
        return { kind: 'text', value: token.text };
      case 'name':
        if (this.#takeSign('(')) return { kind: 'call', name: token.text.toUpperCase(), parameters: this.#items(')') };
        return { kind: 'name', name: token.text };
      case 'sign':
        if (token.text === '[') return { kind: 'list', items: this.#items(']') };
        if (token.text === '(') {
          const inner = this.#level(0);
          this.#expect(')');
          return inner;
        }
        throw new NotEvaluated(`has an unexpected ${token.text}`);
      case 'end':
        throw new NotEvaluated('ends too early');
      default:
        throw new Error(`unknown token ${JSON.stringify(token satisfies never)}`);
    }
  }

  #items(close: ')' | ']'): readonly MathNode[] {
    if (this.#takeSign(close)) return [];
    const items = [this.#level(0)];
    while (this.#takeSign(',')) items.push(this.#level(0));
    this.#expect(close);
    return items;
  }

  #takeOperator(operators: readonly BinaryOperator[]): BinaryOperator | undefined {
    const token = this.#peek();
    if (token.kind !== 'sign' && token.kind !== 'name') return undefined;
    const text = SPELLINGS[token.text] ?? token.text.toUpperCase();
    const found = operators.find((operator) => operator === text);
    if (found) this.#next += 1;
    return found;
  }

  #takeSign(text: string): boolean {
    const token = this.#peek();
    if (token.kind !== 'sign' || token.text !== text) return false;
    this.#next += 1;
    return true;
  }

  #expect(text: string): void {
    if (!this.#takeSign(text)) throw new NotEvaluated(`lacks a ${text}`);
  }

  #peek(): Token {
    return this.#tokens[this.#next] ?? { kind: 'end' };
  }

  #take(): Token {
    const token = this.#peek();
    this.#next += 1;
    return token;
  }
}

function describe(token: Token): string {
  if (token.kind === 'number') return String(token.value);
  return token.kind === 'end' ? 'its end' : JSON.stringify(token.text);
}
