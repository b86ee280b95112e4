import type { RenderContext } from '../../resource-type';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const LENGTH = 17;

/** IAM's unique id of an entity: a prefix for its kind and 17 upper-case characters, another one for every entity that ever had the name. */
export function iamUniqueId(prefix: 'AROA' | 'ANPA', context: RenderContext): string {
  const digits = context.random('unique-id', LENGTH * 2);
  let id: string = prefix;
  for (let at = 0; at < LENGTH; at += 1) id += ALPHABET[Number.parseInt(digits.slice(at * 2, at * 2 + 2), 16) % ALPHABET.length] ?? 'A';
  return id;
}
