import * as z from 'zod';

import { sha256Hex } from '../digest';
import { isFleetError } from '../errors';

import { stateDamaged } from './state-damaged';

const SEAL = /^,"checksum":"([0-9a-f]{64})"\}\n$/;
/** Characters of a seal: looked for at the end alone, since a fleet's records are megabytes. */
const SEAL_LENGTH = 80;

/** A text with its checksum in it. */
export interface Sealed {
  readonly body: string;
  readonly checksum: string;
}

/** Adds a last member to the text of a JSON object that has others: the SHA-256 of the text as it was. Every byte counts. */
export function seal(text: string): Sealed {
  const checksum = sha256Hex(text);
  return { body: `${text.slice(0, -1)},"checksum":"${checksum}"}\n`, checksum };
}

/** The text that was sealed; undefined where there is no seal or it does not fit. */
export function unseal(body: string): { readonly text: string; readonly checksum: string } | undefined {
  const checksum = SEAL.exec(body.slice(-SEAL_LENGTH))?.[1];
  if (checksum === undefined) return undefined;
  const text = `${body.slice(0, -SEAL_LENGTH)}}`;
  return sha256Hex(text) === checksum ? { text, checksum } : undefined;
}

/** One kind of what is kept: what its seal calls it, and how it is read. */
export interface ObjectKind<Content> {
  /** Never changes: it is sealed with every object of this kind. */
  readonly name: string;
  /** What to do where an object is not as it was written. @default it is restored */
  readonly wayOut?: string;
  /** Throws where a value is no content of this kind. */
  readonly read: (content: unknown) => Content;
}

/** An object where it is kept. */
export interface SealedObject {
  readonly key: string;
  readonly body: string;
}

const VERSION = 2;

interface Envelope {
  readonly version?: unknown;
  readonly kind?: unknown;
  readonly key?: unknown;
  readonly content?: unknown;
}

/**
 * A kind whose content is checked by a schema and handed on as it was written: members that the schema does not know are left to whoever
 * does, and nothing large is copied.
 */
export function checkedKind<Content>(name: string, schema: z.ZodType): ObjectKind<Content> {
  const read = (content: unknown): Content => {
    schema.parse(content);
    return content as Content;
  };
  return { name, read };
}

/** An object's body. Its own key and kind are sealed with it: in the place of another one it is found out. */
export function sealObject<Content>(
  { name }: ObjectKind<Content>,
  { key, content }: { readonly key: string; readonly content: Content },
): string {
  return seal(JSON.stringify({ version: VERSION, kind: name, key, content })).body;
}

/**
 * What {@link sealObject} was given. Throws `user/state-damaged`, naming the key, where a byte is not as it was written, where it is another
 * object than the one of this key, or its version is a later one. Version 1 had neither key nor kind in it: there the content alone tells.
 */
export function openObject<Content>(kind: ObjectKind<Content>, { key, body }: SealedObject): Content {
  const unsealed = unseal(body);
  const damaged = (what: string, cause?: unknown) => stateDamaged(key, what, { wayOut: kind.wayOut, cause });
  if (!unsealed) throw damaged(body.endsWith('"}\n') ? 'a byte in it is not as it was written' : 'its end is missing');
  const found = JSON.parse(unsealed.text) as Envelope;
  if (found.version !== 1 && found.version !== VERSION)
    throw stateDamaged(key, { is: `of version ${String(found.version)}, not ${VERSION}: use the fleet that wrote it` });
  if (found.version === VERSION && (found.key !== key || found.kind !== kind.name))
    throw damaged(`it is the ${String(found.kind)} that was kept as ${String(found.key)}`);
  try {
    return kind.read(found.content);
  } catch (error) {
    if (isFleetError(error)) throw error;
    throw damaged(`it is no ${kind.name}${error instanceof z.ZodError ? ` (${firstIssue(error)})` : ''}`, error);
  }
}

function firstIssue({ issues }: z.ZodError): string {
  const [issue] = issues;
  return issue === undefined ? 'unreadable' : [issue.path.join('.'), issue.message].filter((part) => part !== '').join(': ');
}
