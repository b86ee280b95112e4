import { hash } from 'node:crypto';

/**
 * A value as JSON with sorted keys, so that equal values give equal text. Keys with `undefined` are dropped. Throws a TypeError that names
 * the path of what JSON cannot carry: functions, symbols, bigints, NaN, infinities, `undefined` in a list, class instances and cycles.
 */
export function canonicalJson(value: unknown): string {
  return write(value, { steps: [], open: [] });
}

/** SHA-256 of bytes, or of text as UTF-8, as 64 lower-case hexadecimal digits. */
export function sha256Hex(text: string | Uint8Array): string {
  return hash('sha256', text, 'hex');
}

/** Identity of plain data: SHA-256 of its {@link canonicalJson}. */
export function digestOf(value: unknown): string {
  return sha256Hex(canonicalJson(value));
}

/** What is being written, outermost first: the steps that lead to it, and the collections that hold it. Meeting one of those again is a cycle. */
interface Place {
  readonly steps: (string | number)[];
  readonly open: object[];
}

function write(value: unknown, place: Place): string {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return JSON.stringify(value);
    case 'number':
      if (!Number.isFinite(value)) throw unwritable(place, `is ${value}, which JSON cannot carry`);
      return JSON.stringify(value);
    case 'object':
      return value === null ? 'null' : writeCollection(value, place);
    default:
      throw unwritable(place, `is ${typeof value}, which JSON cannot carry`);
  }
}

function writeCollection(value: object, place: Place): string {
  // As few as it is deep: a list is quicker than a set.
  if (place.open.includes(value)) throw unwritable(place, 'contains itself, which JSON cannot carry');
  place.open.push(value);
  const text = Array.isArray(value) ? writeList(value, place) : writeObject(value, place);
  place.open.pop();
  return text;
}

function writeList(list: readonly unknown[], place: Place): string {
  let text = '';
  for (let index = 0; index < list.length; index += 1) text += `${index === 0 ? '' : ','}${writeAt(index, list[index], place)}`;
  return `[${text}]`;
}

function writeObject(value: object, place: Place): string {
  if (!isPlain(value)) throw unwritable(place, 'is no plain object, so JSON would lose what it is');
  let text = '';
  for (const key of Object.keys(value).sort()) {
    const member = (value as Readonly<Record<string, unknown>>)[key];
    if (member !== undefined) text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${writeAt(key, member, place)}`;
  }
  return `{${text}}`;
}

function writeAt(step: string | number, value: unknown, place: Place): string {
  place.steps.push(step);
  const text = write(value, place);
  place.steps.pop();
  return text;
}

function unwritable({ steps }: Place, problem: string): TypeError {
  return new TypeError(`$${steps.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('')} ${problem}`);
}

/** Judged by shape, not by identity of `Object.prototype`: that differs between realms. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
