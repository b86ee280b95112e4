import { visibleLines } from '../visible-text';

const MARK = Symbol('html');

/** Text of a page that is safe to be put there: made by {@link markup} or {@link trusted} alone. */
export interface Html {
  readonly text: string;
  readonly [MARK]: true;
}

/** What may stand in a template: texts and numbers are escaped. */
export type HtmlValue = string | number | Html | readonly Html[] | null;

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** A template whose values are escaped, for content and quoted attributes alike; null gives nothing. */
export function markup(parts: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  return trusted(parts.map((part, index) => part + (index < values.length ? shown(values[index] ?? null) : '')).join(''));
}

/** Marks a text as safe: of a library that escapes, or without anything from outside. */
export function trusted(text: string): Html {
  return { text, [MARK]: true };
}

/** Text as it stands in a page. */
export function escapeHtml(text: string): string {
  return visibleLines(text).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

function shown(value: HtmlValue): string {
  if (value === null) return '';
  if (typeof value === 'string' || typeof value === 'number') return escapeHtml(String(value));
  return 'text' in value ? value.text : value.map(({ text }) => text).join('\n');
}
