import { parseFilter, parseTarget, type FilterFlags } from '../../../fleet/commands/filters';
import { everything } from '../../../fleet/plan/target-filter';

test('no flag filters nothing', () => {
  expect(parseFilter({}, new Set())).toEqual(everything);
});

test('each flag may be given several times, and a tag may hold an equals sign', () => {
  const failed = new Set(['regional/200000000001/eu-west-1']);
  const flags = {
    layer: ['regional', 'foundation'],
    account: ['200000000001'],
    unit: ['Workloads/**'],
    region: ['eu-west-1'],
    tag: ['Team=commerce', 'Query=a=b', 'Empty='],
    only: 'failed',
  };

  expect(parseFilter(flags, failed)).toEqual({
    layers: ['regional', 'foundation'],
    accounts: ['200000000001'],
    units: ['Workloads/**'],
    regions: ['eu-west-1'],
    tags: [
      { key: 'Team', value: 'commerce' },
      { key: 'Query', value: 'a=b' },
      { key: 'Empty', value: '' },
    ],
    only: 'failed',
    failed,
  });
});

test.each<[FilterFlags, string]>([
  [{ layer: ['regionl'] }, '--layer regionl is no layer; did you mean regional?; layers are foundation, regional, observability'],
  [{ layer: ['__proto__'] }, '--layer __proto__ is no layer'],
  [{ account: ['123'] }, '--account: account id "123" is not 12 digits'],
  [{ region: ['eu-west-9x'] }, '--region: region "eu-west-9x"'],
  [{ tag: ['Team'] }, '--tag Team is not <key>=<value>'],
  [{ tag: ['=value'] }, '--tag =value is not <key>=<value>'],
  [{ only: 'new' }, '--only new is not "failed" or "changed"'],
])('%j is refused: %s', (flags, message) => {
  expect(() => parseFilter(flags, new Set())).toThrow(
    expect.objectContaining({ source: 'user', message: expect.stringContaining(message) as string }),
  );
});

test('a target is named by its id', () => {
  expect(parseTarget('observability/100000000003/eu-west-1/2')).toMatchObject({ layer: 'observability', account: '100000000003', part: 2 });
});

test.each([
  ['regional', 'target "regional" is not <layer>/<account>/<region>'],
  ['regional/2/eu-west-1', 'account id "2" is not 12 digits'],
  ['regionl/200000000001/eu-west-1', 'regionl is no layer; did you mean regional?'],
  ['regional/200000000001/../x', 'is not <layer>/<account>/<region>'],
])('target %s is refused: %s', (text, message) => {
  expect(() => parseTarget(text)).toThrow(expect.objectContaining({ source: 'user', message: expect.stringContaining(message) as string }));
});
