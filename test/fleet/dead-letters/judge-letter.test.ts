import { REDRIVES_ATTRIBUTE } from '../../../contracts/dead-letter';
import type { LetterContent, LetterState } from '../../../fleet/dead-letters/dead-letters';
import { judgeLetter, judgeMark, noneRefused, refuseOneMore } from '../../../fleet/dead-letters/judge-letter';

const letter = (change: Partial<Extract<LetterContent, { readonly kind: 'letter' }>['letter']> = {}): LetterContent => ({
  kind: 'letter',
  letter: { version: 1, messageId: 'm', class: 'transient', cause: '', payloads: ['a', 'b'], messageAttributes: {}, archivedAt: '', ...change }, // prettier-ignore
});
const redriven = (times: string) => letter({ messageAttributes: { [REDRIVES_ATTRIBUTE]: { stringValue: times } } });

describe('a letter', () => {
  test.each<[string, LetterState, unknown]>([
    ['without a mark must be opened', { kind: 'unmarked' }, undefined],
    ['that may have been sent must be opened', { kind: 'begun', at: 'x', redrives: 1 }, undefined],
    ['with a mark is not sent', { kind: 'redriven', at: 'x', redrives: 1 }, { kind: 'refuse', why: 'marked' }],
    ['that is gone is not sent', { kind: 'gone' }, { kind: 'refuse', why: 'gone' }],
  ])('%s', (_name, state, verdict) => {
    expect(judgeMark(state)).toEqual(verdict);
  });

  test.each<[string, LetterContent, boolean, unknown]>([
    ['of a customer', letter(), false, { kind: 'send', payloads: ['a', 'b'], redrives: 1, begun: false }],
    ['that came back once', redriven('1'), false, { kind: 'refuse', why: 'again' }],
    ['that came back once', redriven('1'), true, { kind: 'send', payloads: ['a', 'b'], redrives: 2, begun: false }],
    ['that came back twice', redriven('2'), true, { kind: 'send', payloads: ['a', 'b'], redrives: 3, begun: false }],
    ['that came back three times', redriven('3'), true, { kind: 'refuse', why: 'spent' }],
    ['that came back three times', redriven('3'), false, { kind: 'refuse', why: 'spent' }],
    ['whose number cannot be read', redriven('many'), true, { kind: 'refuse', why: 'spent' }],
    ['that turns out malformed', letter({ class: 'malformed' }), true, { kind: 'refuse', why: 'unreadable' }],
    ['with no order in it', letter({ payloads: [] }), true, { kind: 'refuse', why: 'unreadable' }],
    [
      'with as many orders as a batch has',
      letter({ payloads: Array<string>(10).fill('a') }),
      false,
      { kind: 'send', payloads: Array<string>(10).fill('a'), redrives: 1, begun: false },
    ],
    ['with thousands of orders', letter({ payloads: Array<string>(5000).fill('a') }), true, { kind: 'refuse', why: 'oversized' }],
    ['that is no letter', { kind: 'unreadable' }, true, { kind: 'refuse', why: 'unreadable' }],
    ['that is gone', { kind: 'gone' }, true, { kind: 'refuse', why: 'gone' }],
  ])('%s is judged', (_name, content, again, verdict) => {
    expect(judgeLetter(content, { again, begun: false })).toEqual(verdict);
  });

  test('that was begun is sent once more, under the number it had: it may never have been sent', () => {
    expect(judgeLetter(letter(), { again: false, begun: true })).toEqual({ kind: 'send', payloads: ['a', 'b'], redrives: 1, begun: true });
  });
});

test('refusals are counted by reason', () => {
  expect(refuseOneMore(refuseOneMore(noneRefused, 'spent'), 'spent')).toEqual({ ...noneRefused, spent: 2 });
});
