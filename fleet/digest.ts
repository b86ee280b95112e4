import { createHash } from 'node:crypto';

/**
 * A value as JSON with sorted keys, so that equal values give equal text. Keys with `undefined` are dropped. Throws a TypeError that names
 * the path of what JSON cannot carry: functions, symbols, bigints, NaN, infinities, `undefined` in a list, class instances and cycles.
 */
export function canonicalJson(value: unknown): string {
  return write(value, { path: '$', open: new Set() });
}

/** SHA-256 of bytes, or of text as UTF-8, as 64 lower-case hexadecimal digits. */
export function sha256Hex(text: string | Uint8Array): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Identity of plain data: SHA-256 of its {@link canonicalJson}. */
export function digestOf(value: unknown): string {
  return sha256Hex(canonicalJson(value));
}

interface Place {
  readonly path: string;
  /** The collections being written: meeting one again is a cycle. */
  readonly open: Set<object>;
}

function write(value: unknown, place: Place): string {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return JSON.stringify(value);
    case 'number':
      if (!Number.isFinite(value)) throw new TypeError(`${place.path} is ${value}, which JSON cannot carry`);
      return JSON.stringify(value);
    case 'object':
      return value === null ? 'null' : writeCollection(value, place);
    default:
      throw new TypeError(`${place.path} is ${typeof value}, which JSON cannot carry`);
  }
}

function writeCollection(value: object, place: Place): string {
  if (place.open.has(value)) throw new TypeError(`${place.path} contains itself, which JSON cannot carry`);
  place.open.add(value);
  const text = Array.isArray(value) ? writeList(value, place) : writeObject(value, place);
  place.open.delete(value);
  return text;
}

function writeList(list: readonly unknown[], { path, open }: Place): string {
  return `[${Array.from(list, (item, index) => write(item, { path: `${path}[${index}]`, open })).join(',')}]`;
}

function writeObject(value: object, { path, open }: Place): string {
  if (!isPlain(value)) throw new TypeError(`${path} is no plain object, so JSON would lose what it is`);
  const members: string[] = [];
  for (const key of Object.keys(value).sort()) {
    const member = (value as Readonly<Record<string, unknown>>)[key];
    if (member !== undefined) members.push(`${JSON.stringify(key)}:${write(member, { path: `${path}.${key}`, open })}`);
  }
  return `{${members.join(',')}}`;
}

/** Judged by shape, not by identity of `Object.prototype`: that differs between realms. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
