/** What expressions of a workflow may name, as GitHub gives it. */
export type Contexts = Readonly<Record<string, unknown>>;

type Value = string | boolean;

/** The value of an expression of a workflow, as far as this repository's use them: names, texts, `==`, `!=`, `&&`, `||`, parentheses, `always()`. */
export function evaluate(expression: string, contexts: Contexts): Value {
  const tokens = [...expression.matchAll(/\s*('(?:[^']|'')*'|==|!=|&&|\|\||\(|\)|[\w.-]+(?:\(\))?)\s*/gy)].map(([, token = '']) => token);
  if (tokens.join('') !== expression.replaceAll(/\s+(?=(?:[^']*'[^']*')*[^']*$)/g, '')) throw new Error(`not understood: ${expression}`);
  let next = 0;
  const primary = (): Value => {
    const token = tokens[next++] ?? '';
    if (token === '(') {
      const inner = or();
      next += 1;
      return inner;
    }
    if (token.startsWith("'")) return token.slice(1, -1).replaceAll("''", "'");
    if (token === 'always()') return true;
    return named(token, contexts);
  };
  const equality = (): Value => {
    const left = primary();
    const operator = tokens[next];
    if (operator !== '==' && operator !== '!=') return left;
    next += 1;
    const same = String(left).toLowerCase() === String(primary()).toLowerCase();
    return operator === '==' ? same : !same;
  };
  const and = (): Value => {
    let left = equality();
    while (tokens[next] === '&&') {
      next += 1;
      const right = equality();
      left = isTrue(left) ? right : left;
    }
    return left;
  };
  const or = (): Value => {
    let left = and();
    while (tokens[next] === '||') {
      next += 1;
      const right = and();
      left = isTrue(left) ? left : right;
    }
    return left;
  };
  return or();
}

/** Whether a condition holds. */
export function isTrue(value: Value): boolean {
  return value !== '' && value !== false;
}

/** A text with the values of the expressions in it. */
export function filledIn(text: string, contexts: Contexts): string {
  return text.replaceAll(/\$\{\{(.*?)\}\}/g, (_whole, expression: string) => String(evaluate(expression.trim(), contexts)));
}

/** What is not there is an empty text. */
function named(path: string, contexts: Contexts): Value {
  let value: unknown = contexts;
  for (const part of path.split('.')) value = (value as Readonly<Record<string, unknown>> | undefined)?.[part];
  return typeof value === 'boolean' ? value : typeof value === 'string' ? value : '';
}
