/**
 * What a reader does not see and what steers whatever shows a text, as Unicode has it: control characters, directions of writing, invisible
 * and ignorable characters, ends of lines and paragraphs, halves of characters, and what XML may not hold. The one list, for all outputs.
 */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\ufffe\uffff]/gu;

/** Text from outside on one line, with all that would not be seen as `\x1b`, `\u202e` or `\u{e0041}`. */
export function visibleText(text: string): string {
  return text.replace(UNSEEN, shown);
}

/** As {@link visibleText}, of a text that may have several lines: they become one. */
export function visibleLine(text: string): string {
  return visibleText(text.replace(/\s*[\n\r\u2028\u2029]\s*/g, ' '));
}

/** As {@link visibleText}, for where ends of lines and tabs do nothing but space words. */
export function visibleLines(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(UNSEEN, (character) => (/[\t\n]/.test(character) ? character : shown(character)));
}

function shown(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const digits = code.toString(16);
  if (code > 0xffff) return `\\u{${digits}}`;
  return code > 0xff ? `\\u${digits.padStart(4, '0')}` : `\\x${digits.padStart(2, '0')}`;
}
