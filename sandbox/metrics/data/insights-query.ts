import { NotEvaluated } from './time-series';

/** The key that stands for the account in queries over several. */
export const ACCOUNT_KEY = 'AWS.AccountId';

/** Aggregates of Metrics Insights. */
export type InsightsFunction = 'AVG' | 'COUNT' | 'MAX' | 'MIN' | 'SUM';

/** A Metrics Insights query, read. Keys are names of dimensions, or {@link ACCOUNT_KEY}. */
export interface InsightsQuery {
  readonly aggregate: InsightsFunction;
  readonly metric: string;
  readonly namespace: string;
  /** Series have exactly these dimensions; null: whatever dimensions. */
  readonly schema: readonly string[] | null;
  /** All of these hold. */
  readonly where: readonly { readonly key: string; readonly is: boolean; readonly value: string }[];
  readonly groupBy: readonly string[];
  readonly orderBy: { readonly aggregate: InsightsFunction; readonly descending: boolean } | null;
  readonly limit: number;
}

/** CloudWatch: most time series that one query gives. */
export const MAX_INSIGHTS_SERIES = 500;

const FUNCTIONS: readonly InsightsFunction[] = ['AVG', 'COUNT', 'MAX', 'MIN', 'SUM'];
const TOKEN = /\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|([\w.]+)|(!=|[=(),]))/y;

interface Token {
  readonly kind: 'text' | 'quoted' | 'word' | 'sign' | 'end';
  readonly text: string;
}

/** True for an expression that is a query, not metric math. */
export function isInsightsQuery(expression: string): boolean {
  return /^\s*SELECT\b/i.test(expression);
}

/** Reads a query. Throws {@link NotEvaluated} for what is none, or what the sandbox does not evaluate (OR, parentheses). */
export function parseInsightsQuery(text: string): InsightsQuery {
  return new QueryReader(tokensOf(text)).read();
}

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  const pattern = new RegExp(TOKEN);
  const end = text.trimEnd().length;
  while (pattern.lastIndex < end) {
    const at = pattern.lastIndex;
    const match = pattern.exec(text);
    if (!match) throw new NotEvaluated(`cannot be read at ${JSON.stringify(text.slice(at, at + 20).trim())}`);
    const [, single, double, word, sign] = match;
    if (single !== undefined) tokens.push({ kind: 'text', text: single });
    else if (double !== undefined) tokens.push({ kind: 'quoted', text: double });
    else if (word !== undefined) tokens.push({ kind: 'word', text: word });
    else tokens.push({ kind: 'sign', text: sign ?? '' });
  }
  return tokens;
}

/** Reads the clauses of a query one after the other. */
class QueryReader {
  readonly #tokens: readonly Token[];
  #next = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  read(): InsightsQuery {
    this.#expect('SELECT');
    const aggregate = this.#function();
    this.#expect('(');
    const metric = this.#name();
    this.#expect(')');
    this.#expect('FROM');
    const { namespace, schema } = this.#source();
    const where = this.#accepts('WHERE') ? this.#conditions() : [];
    const groupBy = this.#acceptsBoth('GROUP', 'BY') ? this.#names() : [];
    const orderBy = this.#acceptsBoth('ORDER', 'BY') ? this.#order() : null;
    const limit = this.#accepts('LIMIT') ? Number(this.#take().text) : MAX_INSIGHTS_SERIES;
    const rest = this.#take();
    if (rest.kind !== 'end') throw new NotEvaluated(`the sandbox does not evaluate ${JSON.stringify(rest.text)} in a query`);
    if (!Number.isInteger(limit) || limit < 1) throw new NotEvaluated('LIMIT needs a whole number');
    return { aggregate, metric, namespace, schema, where, groupBy, orderBy, limit: Math.min(limit, MAX_INSIGHTS_SERIES) };
  }

  #source(): Pick<InsightsQuery, 'namespace' | 'schema'> {
    if (!this.#accepts('SCHEMA')) return { namespace: this.#name(), schema: null };
    this.#expect('(');
    const [namespace = '', ...schema] = this.#names();
    this.#expect(')');
    return { namespace, schema };
  }

  #conditions(): InsightsQuery['where'] {
    const all = [this.#condition()];
    while (this.#accepts('AND')) all.push(this.#condition());
    return all;
  }

  #condition(): InsightsQuery['where'][number] {
    const key = this.#name();
    const sign = this.#take();
    if (sign.text !== '=' && sign.text !== '!=')
      throw new NotEvaluated(`the sandbox does not evaluate ${JSON.stringify(sign.text)} in WHERE`);
    const value = this.#take();
    if (value.kind !== 'text') throw new NotEvaluated(`${key} is compared with no text in single quotes`);
    return { key, is: sign.text === '=', value: value.text };
  }

  #order(): NonNullable<InsightsQuery['orderBy']> {
    const aggregate = this.#function();
    this.#expect('(');
    this.#expect(')');
    if (this.#accepts('DESC')) return { aggregate, descending: true };
    this.#accepts('ASC');
    return { aggregate, descending: false };
  }

  #names(): readonly string[] {
    const names = [this.#name()];
    while (this.#accepts(',')) names.push(this.#name());
    return names;
  }

  #name(): string {
    const token = this.#take();
    if (token.kind !== 'word' && token.kind !== 'quoted')
      throw new NotEvaluated(`has ${JSON.stringify(token.text)} where a name is needed`);
    return token.text;
  }

  #function(): InsightsFunction {
    const { text } = this.#take();
    const found = FUNCTIONS.find((name) => name === text.toUpperCase());
    if (!found) throw new NotEvaluated(`the sandbox has no function ${text} in queries`);
    return found;
  }

  #accepts(word: string): boolean {
    const token = this.#tokens[this.#next];
    if (token === undefined || token.kind === 'text' || token.kind === 'quoted' || token.text.toUpperCase() !== word) return false;
    this.#next += 1;
    return true;
  }

  #acceptsBoth(first: string, second: string): boolean {
    if (!this.#accepts(first)) return false;
    this.#expect(second);
    return true;
  }

  #expect(word: string): void {
    if (!this.#accepts(word)) throw new NotEvaluated(`a query needs ${word} there`);
  }

  #take(): Token {
    const token = this.#tokens[this.#next] ?? { kind: 'end', text: '' };
    this.#next += 1;
    return token;
  }
}
