import { NotEvaluated } from './time-series';

/** What `SEARCH` looks for, read. */
export interface SearchTerms {
  readonly namespace: string;
  /** Series have exactly these dimensions. */
  readonly schema: readonly string[];
  /** All of these hold: `MetricName`, `:aws.AccountId` or a dimension has one of the values. */
  readonly terms: readonly { readonly key: string; readonly anyOf: readonly string[] }[];
}

const SCHEMA = /^\s*\{\s*("[^"]*"|[^,{}]+?)\s*((?:,\s*(?:"[^"]*"|[^,{}]+?)\s*)*)\}/;
const TERM = /\s*(?:AND\b\s*)?([:\w.]+)\s*=\s*(?:"([^"]*)"|\(\s*("[^"]*"(?:\s+OR\s+"[^"]*")*)\s*\))/y;

/**
 * Reads the text of a `SEARCH`: a schema in braces and terms `key="value"` or `key=("a" OR "b")`, all of which hold. Throws
 * {@link NotEvaluated} for the rest of CloudWatch's syntax: words that match in part, NOT, OR between terms.
 */
export function parseSearch(text: string): SearchTerms {
  const schema = SCHEMA.exec(text);
  if (!schema) throw new NotEvaluated('the sandbox evaluates SEARCH with a schema in braces alone');
  const terms: { key: string; anyOf: readonly string[] }[] = [];
  const pattern = new RegExp(TERM);
  pattern.lastIndex = schema[0].length;
  const end = text.trimEnd().length;
  while (pattern.lastIndex < end) {
    const at = pattern.lastIndex;
    const match = pattern.exec(text);
    if (!match) throw new NotEvaluated(`the sandbox does not evaluate ${JSON.stringify(text.slice(at, at + 30).trim())} in SEARCH`);
    const [, key = '', one, several] = match;
    terms.push({ key, anyOf: one === undefined ? [...(several ?? '').matchAll(/"([^"]*)"/g)].map(([, value = '']) => value) : [one] });
  }
  const dimensions = (schema[2] ?? '')
    .split(',')
    .map(unquoted)
    .filter((name) => name !== '');
  return { namespace: unquoted(schema[1] ?? ''), schema: dimensions, terms };
}

function unquoted(text: string): string {
  return text.trim().replace(/^"(.*)"$/, '$1');
}
