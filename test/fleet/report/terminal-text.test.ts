import fc from 'fast-check';

import { safeLine, safeText, textTable } from '../../../fleet/report/terminal-text';

// As the renderer would need it: what moves the cursor, sets colours or titles, ends a line, or turns the direction of writing.
const steering = /[\p{Cc}\p{Cf}\u200e\u200f\u061c\u2028\u2029\u202a-\u202e\u2066-\u2069\u{e0000}-\u{e007f}]/u;

test.each([
  ['plain text', 'workload-0001', 'workload-0001'],
  ['letters of any language', 'Größe 東京 😀', 'Größe 東京 😀'],
  ['a colour', '\u001b[31mred', '\\x1b[31mred'],
  ['a window title', '\u001b]0;owned\u0007', '\\x1b]0;owned\\x07'],
  ['an escape in one character', '\u009b31m', '\\x9b31m'],
  ['a carriage return', 'failed\rsucceeded', 'failed\\x0dsucceeded'],
  ['a line break', 'a\nb\u2028c', 'a\\x0ab\\u2028c'],
  ['the other direction', 'a\u202eb', 'a\\u202eb'],
  ['the mark of a direction', 'a\u061cb', 'a\\u061cb'],
  ['letters without width', 'a\u200bb\ufeffc', 'a\\u200bb\\ufeffc'],
  ['what nobody sees', 'a\u{e0041}b\u3164c', 'a\\u{e0041}b\\u3164c'],
  ['half a character', 'a\ud800b', 'a\\ud800b'],
  ['an address', 'arn:aws:sns::1', 'arn:aws:sns::1'],
])('%s is made safe', (_name, text, expected) => {
  expect(safeText(text)).toBe(expected);
});

test('no text steers a terminal, and what is safe already stays as it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const safe = safeText(text);
      expect(safe).not.toMatch(steering);
      expect(safeText(safe)).toBe(safe);
      expect(safeLine(text)).not.toMatch(steering);
    }),
    { numRuns: 500 },
  );
});

test('a message of several lines becomes one', () => {
  expect(safeLine('it failed:\n    at a\r\n  at b\n')).toBe('it failed: at a at b');
});

describe('a table', () => {
  test('has columns under headings, no borders, and nothing after the last word of a line', () => {
    expect(
      textTable(
        ['WAVE', 'TARGETS'],
        [
          ['canary', 1],
          ['rest/eu-west-1', 20],
        ],
      ),
    ).toBe(['WAVE            TARGETS', 'canary          1', 'rest/eu-west-1  20'].join('\n'));
  });

  test('keeps one line a row and no escape sequence, whatever a cell holds', () => {
    const text = textTable(['NAME'], [['a\nb'], ['\u001b[31mred']]);

    expect(text.split('\n')).toEqual(['NAME', 'a\\x0ab', '\\x1b[31mred']);
  });
});
