import fc from 'fast-check';

import type { AlarmState } from '../../../fleet/gates/health-reader';
import { parseStateChange, redTimes, type StateChange } from '../../../fleet/gates/red-times';

/** Minutes after ten. */
const at = (minute: number) => new Date(Date.UTC(2026, 10, 24, 10, minute));
const since = at(0);
const minuteOf = (instant: string | null) => (instant === null ? null : (Date.parse(instant) - at(0).getTime()) / 60_000);

/** `5 OK>ALARM` */
function change(text: string): StateChange {
  const [minute = '', states = ''] = text.split(' ');
  const [from, to] = states.split('>') as [AlarmState, AlarmState];
  return { at: at(Number(minute)), from, to };
}

describe('redTimes', () => {
  test.each<[string, readonly string[], AlarmState, number, readonly (readonly [number, number | null])[]]>([
    // Changes since ten, the present state and the minute it began, and the red times.
    ['green all the time', [], 'OK', -60, []],
    ['red since before', [], 'ALARM', -60, [[-60, null]]],
    ['turned red', ['5 OK>ALARM'], 'ALARM', 5, [[5, null]]],
    ['fired and cleared', ['5 OK>ALARM', '9 ALARM>OK'], 'OK', 9, [[5, 9]]],
    ['was red before, and cleared', ['9 ALARM>OK'], 'OK', 9, [[0, 9]]],
    ['fired, and then had no data', ['5 OK>ALARM', '9 ALARM>INSUFFICIENT_DATA'], 'INSUFFICIENT_DATA', 9, [[5, 9]]],
    ['had no data for a while', ['5 OK>INSUFFICIENT_DATA', '9 INSUFFICIENT_DATA>OK'], 'OK', 9, []],
    ['flapped', ['1 OK>ALARM', '2 ALARM>OK', '3 OK>ALARM', '4 ALARM>OK'], 'OK', 4, [[1, 2], [3, 4]]],
    ['flapped, and is red', ['1 OK>ALARM', '2 ALARM>OK', '3 OK>ALARM'], 'ALARM', 3, [[1, 2], [3, null]]],
    ['is red, and the history does not know yet', ['1 OK>ALARM', '2 ALARM>OK'], 'ALARM', 3, [[1, 2], [3, null]]],
    ['cleared after its state was read', ['5 OK>ALARM', '9 ALARM>OK'], 'ALARM', 5, [[5, 9]]],
    ['turned red after its state was read', ['5 OK>ALARM'], 'OK', -60, [[5, null]]],
    ['the turn to red is lost', ['2 INSUFFICIENT_DATA>OK', '5 ALARM>OK'], 'OK', 5, [[2, 5]]],
    ['the turn to green is lost', ['2 OK>ALARM', '5 OK>ALARM', '6 ALARM>OK'], 'OK', 6, [[2, 6]]],
    ['told in any order', ['9 ALARM>OK', '5 OK>ALARM'], 'OK', 9, [[5, 9]]],
  ])('%s', (_name, changes, state, minute, expected) => {
    const red = redTimes(changes.map(change), { since, present: { state, since: at(minute) } });

    expect(red.map(({ from, until }) => [minuteOf(from), minuteOf(until)])).toEqual(expected);
  }); // prettier-ignore

  test('give a red time wherever any change or the present state is red', () => {
    const state = fc.constantFrom<AlarmState>('OK', 'ALARM', 'INSUFFICIENT_DATA');
    const changes = fc.array(fc.record({ at: fc.integer({ min: 1, max: 50 }).map(at), from: state, to: state }), { maxLength: 5 });
    fc.assert(
      fc.property(changes, state, (made, present) => {
        const red = redTimes(made, { since, present: { state: present, since: at(51) } });
        const told = present === 'ALARM' || made.some(({ from, to }) => from === 'ALARM' || to === 'ALARM');
        expect(red.length > 0).toBe(told);
        expect(red.filter(({ until }) => until === null).length).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('parseStateChange', () => {
  const written = (oldState: unknown, newState: unknown) => JSON.stringify({ version: '1.0', oldState, newState });

  test('reads what CloudWatch writes', () => {
    const text = written(
      { stateValue: 'OK', stateReason: 'Threshold Crossed' },
      { stateValue: 'ALARM', stateReason: 'Threshold Crossed', stateReasonData: { version: '1.0', period: 60 } },
    );

    expect(parseStateChange(at(1), text)).toEqual({ at: at(1), from: 'OK', to: 'ALARM' });
  });

  test.each([
    ['no JSON', 'Alarm updated from OK to ALARM'],
    ['an empty text', ''],
    ['null', 'null'],
    ['no old state', JSON.stringify({ newState: { stateValue: 'ALARM' } })],
    ['a state that is not known', written({ stateValue: 'OK' }, { stateValue: 'RED' })],
    ['a state of another type', written({ stateValue: 'OK' }, { stateValue: 1 })],
  ])('takes %s for nothing it understands', (_name, text) => {
    expect(parseStateChange(at(1), text)).toBeUndefined();
  });
});
