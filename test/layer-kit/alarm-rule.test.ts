import { MAX_COMPOSITE_CHILDREN, anyInAlarm } from '../../layer-kit/alarm-rule';
import { alarmNames, parseAlarmRule } from '../../sandbox/alarm-rule';

const names = (count: number) => Array.from({ length: count }, (_, index) => `orders-${index}`);

test("the rule names every child, in CloudWatch's own grammar", () => {
  const parsed = parseAlarmRule(anyInAlarm(names(MAX_COMPOSITE_CHILDREN)));

  if (!('rule' in parsed)) throw new Error(parsed.problem);
  expect(alarmNames(parsed.rule)).toEqual(names(MAX_COMPOSITE_CHILDREN));
});

test.each([0, MAX_COMPOSITE_CHILDREN + 1])('%i children are refused', (count) => {
  expect(() => anyInAlarm(names(count))).toThrow(/takes 1 to 100 children/);
});
