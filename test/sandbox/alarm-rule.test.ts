import * as fc from 'fast-check';

import {
  alarmNames,
  evaluateAlarmRule,
  MAX_RULE_CHILDREN,
  MAX_RULE_ELEMENTS,
  MAX_RULE_LENGTH,
  parseAlarmRule,
  printAlarmRule,
  type AlarmRule,
  type AlarmState,
} from '../../sandbox/alarm-rule';

const STATES = ['OK', 'ALARM', 'INSUFFICIENT_DATA'] as const;

const alarm = (name: string): AlarmRule => ({ kind: 'state', state: 'ALARM', alarm: name });

function parsed(text: string): AlarmRule {
  const result = parseAlarmRule(text);
  if ('problem' in result) throw new Error(`${result.problem} at ${result.at}`);
  return result.rule;
}

const { rule: anyRule } = fc.letrec<{ rule: AlarmRule }>((tie) => ({
  rule: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.record({ kind: fc.constant('state' as const), state: fc.constantFrom(...STATES), alarm: fc.string({ minLength: 1, maxLength: 8 }) }),
    fc.record({ kind: fc.constant('constant' as const), value: fc.boolean() }),
    fc.record({ kind: fc.constant('not' as const), rule: tie('rule') }),
    fc.record({ kind: fc.constantFrom('and' as const, 'or' as const), left: tie('rule'), right: tie('rule') }),
  ),
}));

describe('reading an alarm rule', () => {
  test.each<[string, AlarmRule]>([
    ['ALARM(a)', alarm('a')],
    ['ALARM("with space (and more)")', alarm('with space (and more)')],
    [' ALARM (\n"a" ) ', alarm('a')],
    ['OK("a")', { kind: 'state', state: 'OK', alarm: 'a' }],
    ['INSUFFICIENT_DATA(a)', { kind: 'state', state: 'INSUFFICIENT_DATA', alarm: 'a' }],
    ['ALARM(arn:aws:cloudwatch:eu-west-1:111122223333:alarm:a)', alarm('arn:aws:cloudwatch:eu-west-1:111122223333:alarm:a')],
    ['TRUE', { kind: 'constant', value: true }],
    ['false', { kind: 'constant', value: false }],
    ['NOT NOT TRUE', { kind: 'not', rule: { kind: 'not', rule: { kind: 'constant', value: true } } }],
    ['ALARM(a) OR ALARM(b) AND ALARM(c)', { kind: 'or', left: alarm('a'), right: { kind: 'and', left: alarm('b'), right: alarm('c') } }],
    ['(ALARM(a) OR ALARM(b)) AND ALARM(c)', { kind: 'and', left: { kind: 'or', left: alarm('a'), right: alarm('b') }, right: alarm('c') }],
    ['NOT ALARM(a) AND ALARM(b)', { kind: 'and', left: { kind: 'not', rule: alarm('a') }, right: alarm('b') }],
    ['ALARM(a) OR ALARM(b) OR ALARM(c)', { kind: 'or', left: { kind: 'or', left: alarm('a'), right: alarm('b') }, right: alarm('c') }],
  ])('%s', (text, rule) => {
    expect(parsed(text)).toEqual(rule);
  });

  test.each([
    ['', /expected/],
    ['   ', /expected/],
    ['ALARM', /in parentheses/],
    ['ALARM()', /alarm name/],
    ['ALARM("")', /empty/],
    ['ALARM(a', /alarm name/],
    ['ALARM(a b)', /alarm name/],
    ['(ALARM(a)', /not closed/],
    ['ALARM(a))', /end of the rule/],
    ['ALARM(a) ALARM(b)', /AND, OR/],
    ['ALARM(a) AND', /expected ALARM/],
    ['AND ALARM(a)', /expected ALARM/],
    ['alarm(a)', /"alarm" is none of/],
    ['ALARM(a) && ALARM(b)', /"&" is none of/],
    ['BROKEN(a)', /"BROKEN" is none of/],
  ])('refuses %j', (text, problem) => {
    expect(parseAlarmRule(text)).toMatchObject({ problem: expect.stringMatching(problem) as string });
  });

  test('a problem says where it is', () => {
    expect(parseAlarmRule('ALARM(a) XOR ALARM(b)')).toMatchObject({ at: 9 });
  });
});

describe('limits of an alarm rule', () => {
  const children = (count: number) => Array.from({ length: count }, (_, index) => `ALARM(a${index})`).join(' OR ');

  test('takes 100 children and refuses 101', () => {
    expect(alarmNames(parsed(children(MAX_RULE_CHILDREN)))).toHaveLength(100);
    expect(parseAlarmRule(children(MAX_RULE_CHILDREN + 1))).toMatchObject({ problem: expect.stringContaining('101 children') as string });
  });

  test('counts a child that is named twice once', () => {
    expect(alarmNames(parsed('ALARM(b) AND (OK(a) OR ALARM(b))'))).toEqual(['b', 'a']);
  });

  test('takes 500 elements and refuses 501', () => {
    const elements = (count: number) => Array.from({ length: count }, () => 'TRUE').join(' OR ');
    expect(parseAlarmRule(elements(MAX_RULE_ELEMENTS))).toHaveProperty('rule');
    expect(parseAlarmRule(elements(MAX_RULE_ELEMENTS + 1))).toMatchObject({ problem: expect.stringContaining('501 elements') as string });
  });

  test('refuses parentheses nested past the limit instead of running out of stack', () => {
    expect(parseAlarmRule(`${'('.repeat(5000)}TRUE${')'.repeat(5000)}`)).toHaveProperty('problem');
  });

  test('takes 10,240 characters and refuses one more', () => {
    const padded = (length: number) => 'TRUE'.padEnd(length);
    expect(parseAlarmRule(padded(MAX_RULE_LENGTH))).toHaveProperty('rule');
    expect(parseAlarmRule(padded(MAX_RULE_LENGTH + 1))).toHaveProperty('problem');
  });
});

test('what is printed reads back as the same rule', () => {
  fc.assert(
    fc.property(anyRule, (rule) => {
      const text = printAlarmRule(rule);
      fc.pre(text.length <= MAX_RULE_LENGTH && (text.match(/\(|TRUE|FALSE/g) ?? []).length < MAX_RULE_CHILDREN);
      expect(parsed(text)).toEqual(rule);
    }),
  );
});

test.each([
  'ALARM("a") OR ALARM("b") OR ALARM("c")',
  'ALARM("a") OR ALARM("b") AND NOT ALARM("c")',
  '(ALARM("a") OR ALARM("b")) AND NOT (ALARM("c") OR OK("d"))',
  'ALARM("a") AND (ALARM("b") AND ALARM("c"))',
  'ALARM("with \\" and \\\\")',
])('%s is printed as it was written: no parenthesis more than needed', (text) => {
  expect(printAlarmRule(parsed(text))).toBe(text);
});

test('a rule holds exactly where its truth table says so', () => {
  // Independent of the tree: the rule's text becomes JavaScript's own boolean expression.
  const small = fc.letrec<{ rule: AlarmRule }>((tie) => ({
    rule: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.record({ kind: fc.constant('state' as const), state: fc.constantFrom(...STATES), alarm: fc.constantFrom('a', 'b', 'c') }),
      fc.record({ kind: fc.constant('constant' as const), value: fc.boolean() }),
      fc.record({ kind: fc.constant('not' as const), rule: tie('rule') }),
      fc.record({ kind: fc.constantFrom('and' as const, 'or' as const), left: tie('rule'), right: tie('rule') }),
    ),
  })).rule;
  const states = fc.record({ a: fc.constantFrom(...STATES), b: fc.constantFrom(...STATES), c: fc.constantFrom(...STATES) });
  fc.assert(
    fc.property(small, states, (rule, current) => {
      const known = new Map<string, AlarmState>(Object.entries(current));
      expect(evaluateAlarmRule(rule, known)).toBe(naive(printAlarmRule(rule), known));
    }),
  );
});

/** Reduces the text from the inside out, by the rules of precedence, until one word is left. */
function naive(text: string, states: ReadonlyMap<string, AlarmState>): boolean {
  let rest = text.replace(/(OK|ALARM|INSUFFICIENT_DATA)\("([abc])"\)/g, (_all, state: string, name: string) =>
    states.get(name) === state ? 'TRUE' : 'FALSE',
  );
  const step = (pattern: RegExp, value: (match: string) => boolean): boolean => {
    const match = pattern.exec(rest);
    if (match) rest = rest.replace(pattern, value(match[0]) ? 'TRUE' : 'FALSE');
    return match !== null;
  };
  const WORD = '(?:TRUE|FALSE)';
  while (
    step(new RegExp(String.raw`\(${WORD}\)`), (match) => match.includes('TRUE')) ||
    step(new RegExp(`NOT ${WORD}`), (match) => match.includes('FALSE')) ||
    step(new RegExp(`${WORD} AND ${WORD}`), (match) => !match.includes('FALSE')) ||
    // OR only where no AND and no parenthesis waits beside it.
    step(new RegExp(String.raw`(?<!AND )(?<!NOT )${WORD} OR ${WORD}(?! AND)`), (match) => match.includes('TRUE'))
  );
  if (rest !== 'TRUE' && rest !== 'FALSE') throw new Error(`the naive evaluator is stuck at ${rest}`);
  return rest === 'TRUE';
}

test('an alarm nobody knows is in no state', () => {
  const none = new Map<string, AlarmState>();
  expect(STATES.some((state) => evaluateAlarmRule({ kind: 'state', state, alarm: 'gone' }, none))).toBe(false);
});
