import type { AlarmState } from '../../sandbox/alarm-rule';
import { compositeStates } from '../../sandbox/alarm-states-composite';

const changes = (...states: readonly (readonly [number, AlarmState])[]) => states.map(([at, state]) => ({ at, state }));

describe('compositeStates', () => {
  const children = new Map([
    ['a', changes([0, 'INSUFFICIENT_DATA'], [300, 'OK'], [600, 'ALARM'], [1200, 'OK'])],
    ['b', changes([0, 'INSUFFICIENT_DATA'], [300, 'ALARM'], [900, 'OK'])],
  ]);
  const of = (rule: string, now = 3000) => compositeStates(rule, (name) => children.get(name), { madeAt: 10, from: 10, now });

  test('is in ALARM while one child is, and shows since when', () => {
    expect(of('ALARM("a") OR ALARM("b")')).toEqual(changes([10, 'INSUFFICIENT_DATA'], [60, 'OK'], [300, 'ALARM'], [1200, 'OK']));
    expect(of('ALARM("a") AND ALARM("b")')).toEqual(changes([10, 'INSUFFICIENT_DATA'], [60, 'OK'], [600, 'ALARM'], [900, 'OK']));
  });

  test('has no data only right after it was made: silent children read as OK', () => {
    expect(of('ALARM("a")', 59)).toEqual(changes([10, 'INSUFFICIENT_DATA']));
    expect(of('ALARM("a")', 60)).toEqual(changes([10, 'INSUFFICIENT_DATA'], [60, 'OK']));
  });

  test('a child that does not exist is in no state', () => {
    expect(of('NOT OK("gone") AND NOT ALARM("gone")').at(-1)?.state).toBe('ALARM');
  });

  test('sees nothing that comes later than now', () => {
    expect(of('ALARM("a")', 599).at(-1)?.state).toBe('OK');
    expect(of('ALARM("a")', 600).at(-1)?.state).toBe('ALARM');
  });
});
