/** State of a CloudWatch alarm. */
export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

/** A composite alarm's rule as a tree. `alarm` is a name or an ARN, as written. */
export type AlarmRule =
  | { readonly kind: 'state'; readonly state: AlarmState; readonly alarm: string }
  | { readonly kind: 'constant'; readonly value: boolean }
  | { readonly kind: 'not'; readonly rule: AlarmRule }
  | { readonly kind: 'and' | 'or'; readonly left: AlarmRule; readonly right: AlarmRule };

/** What reading a rule gives; `at` counts characters from 0. */
export type ParsedAlarmRule = { readonly rule: AlarmRule } | { readonly problem: string; readonly at: number };

/** CloudWatch: most child alarms a rule may name. */
export const MAX_RULE_CHILDREN = 100;
/** CloudWatch: most elements (children, TRUE and FALSE, grouping parentheses) in a rule. */
export const MAX_RULE_ELEMENTS = 500;
/** CloudWatch: longest rule, in characters. */
export const MAX_RULE_LENGTH = 10_240;

type Word = AlarmState | 'AND' | 'OR' | 'NOT' | 'TRUE' | 'FALSE';
type Token =
  | { readonly kind: 'word'; readonly word: Word; readonly at: number }
  | { readonly kind: 'open' | 'close' | 'end'; readonly at: number }
  | { readonly kind: 'name'; readonly name: string; readonly at: number };

const WORDS: ReadonlySet<string> = new Set<Word>(['OK', 'ALARM', 'INSUFFICIENT_DATA', 'AND', 'OR', 'NOT', 'TRUE', 'FALSE']);

class RuleProblem extends Error {
  readonly at: number;

  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

/** Reads a composite alarm's rule; NOT binds tighter than AND, AND tighter than OR. Checks the grammar and CloudWatch's size limits. */
export function parseAlarmRule(text: string): ParsedAlarmRule {
  try {
    if (text.length > MAX_RULE_LENGTH)
      throw new RuleProblem(`alarm rule has ${text.length} characters; at most ${MAX_RULE_LENGTH} are allowed`, 0);
    const tokens = tokenize(text);
    // Before the descent, so that its depth is bounded too.
    const elements = tokens.filter((token) => isElement(token)).length;
    if (elements > MAX_RULE_ELEMENTS)
      throw new RuleProblem(`alarm rule has ${elements} elements; at most ${MAX_RULE_ELEMENTS} are allowed`, 0);
    const rule = new RuleReader(tokens).read();
    const children = alarmNames(rule).length;
    if (children > MAX_RULE_CHILDREN)
      throw new RuleProblem(`alarm rule has ${children} children; at most ${MAX_RULE_CHILDREN} are allowed`, 0);
    return { rule };
  } catch (error) {
    if (error instanceof RuleProblem) return { problem: error.message, at: error.at };
    throw error;
  }
}

/** The alarms a rule refers to, once each, in the order they appear. */
export function alarmNames(rule: AlarmRule): readonly string[] {
  const names = new Set<string>();
  const visit = (node: AlarmRule): void => {
    switch (node.kind) {
      case 'state':
        names.add(node.alarm);
        break;
      case 'constant':
        break;
      case 'not':
        visit(node.rule);
        break;
      case 'and':
      case 'or':
        visit(node.left);
        visit(node.right);
        break;
    }
  };
  visit(rule);
  return [...names];
}

/** Whether the rule holds, that is, whether the composite is in ALARM. An alarm without a known state is in none of the three. */
export function evaluateAlarmRule(rule: AlarmRule, states: ReadonlyMap<string, AlarmState>): boolean {
  switch (rule.kind) {
    case 'state':
      return states.get(rule.alarm) === rule.state;
    case 'constant':
      return rule.value;
    case 'not':
      return !evaluateAlarmRule(rule.rule, states);
    case 'and':
      return evaluateAlarmRule(rule.left, states) && evaluateAlarmRule(rule.right, states);
    case 'or':
      return evaluateAlarmRule(rule.left, states) || evaluateAlarmRule(rule.right, states);
  }
}

/** A rule as text that {@link parseAlarmRule} reads back to the same tree, with no more parentheses than that needs. */
export function printAlarmRule(rule: AlarmRule): string {
  switch (rule.kind) {
    case 'state':
      return `${rule.state}("${rule.alarm.replace(/["\\]/g, '\\$&')}")`;
    case 'constant':
      return rule.value ? 'TRUE' : 'FALSE';
    case 'not':
      return `NOT ${printInside(rule.rule, 3)}`;
    case 'and':
      return `${printInside(rule.left, 2)} AND ${printInside(rule.right, 3)}`;
    case 'or':
      return `${printInside(rule.left, 1)} OR ${printInside(rule.right, 2)}`;
  }
}

/** How tightly a node binds: 1 OR, 2 AND, 3 the rest. Operators group to the left, so a right operand must bind one tighter. */
function printInside(rule: AlarmRule, binding: number): string {
  const own = rule.kind === 'or' ? 1 : rule.kind === 'and' ? 2 : 3;
  return own < binding ? `(${printAlarmRule(rule)})` : printAlarmRule(rule);
}

function isElement(token: Token): boolean {
  if (token.kind === 'name' || token.kind === 'open') return true;
  return token.kind === 'word' && (token.word === 'TRUE' || token.word === 'FALSE');
}

function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  // A name stands only inside the parentheses of a state function; everywhere else a run of characters is a word.
  const readName = (): void => {
    const match = /^\s*(?:"((?:[^"\\]|\\.)*)"|([^\s()",]+))\s*\)/s.exec(text.slice(at));
    if (!match) throw new RuleProblem('expected an alarm name, in double quotes where it has spaces, and a closing parenthesis', at);
    const name = match[1] === undefined ? (match[2] ?? '') : match[1].replace(/\\(.)/gs, '$1');
    if (name === '') throw new RuleProblem('alarm name is empty', at);
    tokens.push({ kind: 'name', name, at });
    at += match[0].length;
  };
  while (at < text.length) {
    const space = /^\s+/.exec(text.slice(at));
    if (space) {
      at += space[0].length;
      continue;
    }
    const character = text[at];
    if (character === '(' || character === ')') {
      tokens.push({ kind: character === '(' ? 'open' : 'close', at });
      at += 1;
      continue;
    }
    const run = /^\w+/.exec(text.slice(at))?.[0] ?? '';
    const word = /^(true|false)$/i.test(run) ? run.toUpperCase() : run;
    if (!WORDS.has(word))
      throw new RuleProblem(
        `${JSON.stringify(run === '' ? character : run)} is none of ALARM, OK, INSUFFICIENT_DATA, AND, OR, NOT, TRUE, FALSE`,
        at,
      );
    tokens.push({ kind: 'word', word: word as Word, at });
    at += run.length;
    if (isState(word)) {
      const open = /^\s*\(/.exec(text.slice(at));
      if (!open) throw new RuleProblem(`${word} must be followed by an alarm name in parentheses`, at);
      at += open[0].length;
      readName();
    }
  }
  return [...tokens, { kind: 'end', at }];
}

function isState(word: string): word is AlarmState {
  return word === 'OK' || word === 'ALARM' || word === 'INSUFFICIENT_DATA';
}

/** Recursive descent over the tokens of one rule. */
class RuleReader {
  readonly #tokens: readonly Token[];
  #next = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  read(): AlarmRule {
    const rule = this.#or();
    const rest = this.#take();
    if (rest.kind !== 'end') throw new RuleProblem('expected AND, OR or the end of the rule', rest.at);
    return rule;
  }

  #or(): AlarmRule {
    let left = this.#and();
    while (this.#takeWord('OR')) left = { kind: 'or', left, right: this.#and() };
    return left;
  }

  #and(): AlarmRule {
    let left = this.#not();
    while (this.#takeWord('AND')) left = { kind: 'and', left, right: this.#not() };
    return left;
  }

  #not(): AlarmRule {
    return this.#takeWord('NOT') ? { kind: 'not', rule: this.#not() } : this.#primary();
  }

  #primary(): AlarmRule {
    const token = this.#take();
    if (token.kind === 'open') {
      const rule = this.#or();
      const close = this.#take();
      if (close.kind !== 'close') throw new RuleProblem('a parenthesis is not closed', token.at);
      return rule;
    }
    if (token.kind === 'word') {
      if (isState(token.word)) {
        const name = this.#take();
        if (name.kind === 'name') return { kind: 'state', state: token.word, alarm: name.name };
      }
      if (token.word === 'TRUE' || token.word === 'FALSE') return { kind: 'constant', value: token.word === 'TRUE' };
    }
    throw new RuleProblem('expected ALARM, OK or INSUFFICIENT_DATA with an alarm name, TRUE, FALSE, NOT or a parenthesis', token.at);
  }

  #take(): Token {
    const token = this.#tokens[Math.min(this.#next, this.#tokens.length - 1)];
    if (!token) throw new RuleProblem('alarm rule is empty', 0);
    this.#next += 1;
    return token;
  }

  #takeWord(word: Word): boolean {
    const token = this.#tokens[this.#next];
    if (token?.kind !== 'word' || token.word !== word) return false;
    this.#next += 1;
    return true;
  }
}
