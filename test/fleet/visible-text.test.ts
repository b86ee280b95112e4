import fc from 'fast-check';

import { escapeHtml, markup } from '../../fleet/dashboards/html';
import { markdownHtml } from '../../fleet/dashboards/markdown-html';
import { visibleLine, visibleLines, visibleText } from '../../fleet/visible-text';

const marks = ['\u202a', '\u202b', '\u202c', '\u202d', '\u202e', '\u2066', '\u2067', '\u2068', '\u2069', '\u200e', '\u200f', '\u061c'];
const unseen = [...marks, '\u0000', '\u0007', '\u001b', '\u007f', '\u009b', '\u00ad', '\u200b', '\u2060', '\ufeff', '\u{e0061}', '\ud800', '\uffff']; // prettier-ignore

const toPage = (text: string, why = '') => markdownHtml(text, { link: () => ({ kind: 'none', why }), root: '', deeper: 0 }).text;

describe.each(unseen)('%j', (character) => {
  const text = `a${character}b`;

  test('is seen in text, on pages and in Markdown on pages', () => {
    for (const shown of [
      visibleText(text),
      visibleLines(text),
      visibleLine(text),
      escapeHtml(text),
      markup`<td title="${text}">${text}</td>`.text,
      toPage(text),
      toPage('[x](y)', text),
    ]) {
      expect(shown).not.toContain(character);
      expect(shown).toMatch(/a\\(x[0-9a-f]{2}|u[0-9a-f]{4}|u\{[0-9a-f]{5}\})b|a\ufffdb/);
    }
  });
});

test.each(['Größe', '東京', '😀', 'naïve — “quoted”', 'שלום', 'مرحبا'])('%s stays as it is', (text) => {
  expect([visibleText(text), visibleLines(text), escapeHtml(text)]).toEqual([text, text, text.replaceAll('"', '&quot;')]);
});

test.each(['a&#x202e;b', 'a&#8238;b', 'a&rlm;b', '`a\u202eb`', '```\na\u202eb\n```'])(
  'Markdown writes it as %j, and it is seen',
  (text) => {
    expect(toPage(text)).toMatch(/a\\u20[0-9a-f]{2}b/);
  },
);

test('lines and tabs of a page only space its words', () => {
  expect([visibleLines('a\n\tb\r\n'), visibleText('a\nb'), visibleLine('a \n b')]).toEqual(['a\n\tb\n', 'a\\x0ab', 'a b']);
});

test('a text of one line has no end of a line, whatever it is made of', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(visibleLine(text)).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
      expect(visibleText(visibleLine(text))).toBe(visibleLine(text));
    }),
  );
});
