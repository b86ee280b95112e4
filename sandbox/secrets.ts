import { createHmac, randomBytes } from 'node:crypto';

import { SECRET, SIGNATURE, isSecret, mapSecrets } from './recording-monitor';

/** What is shown in place of a secret. */
export const MASK = '[secret]';

/** Shorter texts are found where they stand alone only: `1` as a secret must not hide every ARN with a 1 in it. */
const MIN_EMBEDDED_LENGTH = 6;

/** Makes the digest that stands for a secret wherever the sandbox writes. Keyed: what anybody can compute would tell a value that can be guessed. */
export type SecretDigest = (this: void, text: string) => string;

type Plain = Readonly<Record<string, unknown>>;

/** Secrets of one resource: found in what the program sent, and kept out of all that is stored or shown. */
export interface Secrets {
  /** Inputs as AWS sees them. */
  readonly revealed: Plain;
  /** A copy in which every secret, wherever it reappears, stands as its digest: still comparable, no longer readable. */
  conceal(this: void, value: Plain): Plain;
  /** A stored copy with the digests of these very secrets turned back; others stay. */
  restore(this: void, value: Plain): Plain;
  /** A copy for the program, in which what holds a secret is marked as one again. */
  mark(this: void, outputs: Plain, alsoSecret: readonly string[]): Plain;
  /** A message with every secret replaced by {@link MASK}. */
  redact(this: void, text: string): string;
  /** A name or id with every secret replaced by a digest: names that differ stay different. */
  hide(this: void, name: string): string;
}

/** Takes the secrets out of inputs as the program sent them. */
export function takeSecrets(inputs: Plain, digest: SecretDigest = keyedDigest()): Secrets {
  const found = new Set<string | number>();
  const byDigest = new Map<string, unknown>();
  const revealed = mapSecrets(inputs, (secret) => {
    collectLeaves(secret, found);
    // A secret may stand inside another.
    return revealAll(secret);
  }) as Plain;
  const embedded = [...found]
    .filter((secret) => typeof secret === 'string')
    .filter((secret) => secret.length >= MIN_EMBEDDED_LENGTH)
    .sort(longestFirst);
  const holds = (value: unknown): boolean => {
    if (typeof value === 'number') return found.has(value);
    if (typeof value === 'string') return found.has(value) || embedded.some((secret) => value.includes(secret));
    if (typeof value === 'object' && value !== null) return Object.values(value).some(holds);
    return false;
  };
  const concealed = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(concealed);
    if (typeof value === 'object' && value !== null) return mapValues(value, concealed);
    if (!holds(value)) return value;
    const stored = digest(JSON.stringify(value));
    byDigest.set(stored, value);
    return { [SIGNATURE]: SECRET, digest: stored };
  };
  const restored = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(restored);
    if (typeof value !== 'object' || value === null) return value;
    return isStored(value) ? (byDigest.get(value.digest) ?? value) : mapValues(value, restored);
  };
  return {
    revealed,
    conceal: (value) => (found.size === 0 ? value : (concealed(value) as Plain)),
    restore: (value) => {
      if (found.size === 0) return value;
      concealed(revealed); // Learns the digests of this run's secrets.
      return restored(value) as Plain;
    },
    mark: (outputs, alsoSecret) =>
      found.size === 0 && alsoSecret.length === 0
        ? outputs
        : Object.fromEntries(
            Object.entries(outputs).map(([key, value]) => [
              key,
              alsoSecret.includes(key) || holds(value) ? { [SIGNATURE]: SECRET, value } : value,
            ]),
          ),
    hide: (name) =>
      found.has(name) ? hidden(name, digest) : embedded.reduce((rest, secret) => rest.replaceAll(secret, hidden(secret, digest)), name),
    redact: (text) => [...found].sort(longestFirst).reduce<string>(redactOne, text),
  };
}

/** True where a value holds a secret as it is stored, at any depth. */
export function holdsStored(value: unknown): boolean {
  return typeof value === 'object' && value !== null && (isStored(value) || Object.values(value).some(holdsStored));
}

/** A copy with every secret, stored or fresh, replaced by {@link MASK}. */
export function maskSecrets(value: unknown): unknown {
  return mapSecrets(value, () => MASK);
}

/** Stack outputs for keeping: secrets as their digests. */
export function concealOutputs(outputs: Plain, digest: SecretDigest): Plain {
  return mapSecrets(outputs, (secret) => ({ [SIGNATURE]: SECRET, digest: digest(JSON.stringify(secret)) })) as Plain;
}

/**
 * Kept stack outputs for another stack's program. The value of a secret is not kept, so it gets a stand-in: a text that changes when, and
 * only when, the secret does.
 */
export function standInForSecrets(outputs: Plain): Plain {
  const replace = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(replace);
    if (typeof value !== 'object' || value === null) return value;
    return isStored(value) ? { [SIGNATURE]: SECRET, value: `[secret:${value.digest}]` } : mapValues(value, replace);
  };
  return replace(outputs) as Plain;
}

function hidden(secret: string, digest: SecretDigest): string {
  return `[secret:${digest(JSON.stringify(secret))}]`;
}

function longestFirst(left: string | number, right: string | number): number {
  return String(right).length - String(left).length;
}

function redactOne(text: string, secret: string | number): string {
  const plain = String(secret);
  // A message may quote a value as JSON does.
  const quoted = JSON.stringify(plain).slice(1, -1);
  if (plain.length >= MIN_EMBEDDED_LENGTH) return text.replaceAll(plain, MASK).replaceAll(quoted, MASK);
  return text
    .split(/([\p{L}\p{N}_.-]+)/u)
    .map((word) => (word === plain ? MASK : word))
    .join('');
}

function revealAll(value: unknown): unknown {
  return mapSecrets(value, revealAll);
}

function isStored(value: object): value is { readonly digest: string } {
  return isSecret(value) && 'digest' in value;
}

function mapValues(value: object, map: (item: unknown) => unknown): Plain {
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, map(item)]));
}

function collectLeaves(value: unknown, into: Set<string | number>): void {
  if (isSecret(value)) collectLeaves(value.value, into);
  else if (typeof value === 'number' || (typeof value === 'string' && value !== '')) into.add(value);
  else if (typeof value === 'object' && value !== null) Object.values(value).forEach((item) => collectLeaves(item, into));
}

const ownKey = randomBytes(32);

/** Digests under a key; without one, under that of this process: then no other process can compare them. */
export function keyedDigest(key: Uint8Array = ownKey): SecretDigest {
  return (text) => createHmac('sha256', key).update(text).digest('hex').slice(0, 24);
}
