import { createHash } from 'node:crypto';

import { SECRET, SIGNATURE, isSecret, mapSecrets } from '../../../sandbox/recording-monitor';

/** What is shown in place of a secret. */
export const MASK = '[secret]';

/** Secrets of one resource: found in what the program sent, and kept out of all that is stored or shown. */
export interface Secrets {
  /** Inputs as AWS sees them. */
  readonly revealed: Readonly<Record<string, unknown>>;
  /** A copy in which every secret, wherever it reappears, stands as its digest: still comparable, no longer readable. */
  conceal(value: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>>;
  /** A copy for the program, in which what holds a secret is marked as one again. */
  mark(outputs: Readonly<Record<string, unknown>>, alsoSecret: readonly string[]): Readonly<Record<string, unknown>>;
}

/** Takes the secrets out of inputs as the program sent them. */
export function takeSecrets(inputs: Readonly<Record<string, unknown>>): Secrets {
  const found = new Set<string>();
  const revealed = mapSecrets(inputs, (secret) => {
    collectTexts(secret, found);
    return secret;
  }) as Record<string, unknown>;
  const holds = (value: unknown): boolean => {
    if (typeof value === 'string') return [...found].some((secret) => value.includes(secret));
    if (typeof value === 'object' && value !== null) return Object.values(value).some(holds);
    return false;
  };
  const concealed = (value: unknown): unknown => {
    if (typeof value === 'string') return holds(value) ? { [SIGNATURE]: SECRET, digest: digest(value) } : value;
    if (Array.isArray(value)) return value.map(concealed);
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, concealed(item)]));
    return value;
  };
  return {
    revealed,
    conceal: (value) => (found.size === 0 ? value : (concealed(value) as Record<string, unknown>)),
    mark: (outputs, alsoSecret) =>
      Object.fromEntries(
        Object.entries(outputs).map(([key, value]) => [
          key,
          alsoSecret.includes(key) || holds(value) ? { [SIGNATURE]: SECRET, value } : value,
        ]),
      ),
  };
}

/** A copy with every secret, stored or fresh, replaced by {@link MASK}. */
export function maskSecrets(value: unknown): unknown {
  return mapSecrets(value, () => MASK);
}

/** Stack outputs for keeping: secrets as their digests. */
export function concealOutputs(outputs: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return mapSecrets(outputs, (secret) => ({ [SIGNATURE]: SECRET, digest: digest(JSON.stringify(secret)) })) as Record<string, unknown>;
}

function collectTexts(value: unknown, into: Set<string>): void {
  if (isSecret(value)) collectTexts(value.value, into);
  else if (typeof value === 'string' && value !== '') into.add(value);
  else if (typeof value === 'object' && value !== null) Object.values(value).forEach((item) => collectTexts(item, into));
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 24);
}
