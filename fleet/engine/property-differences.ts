import { isDeepStrictEqual } from 'node:util';

import { isSecret } from '../../sandbox/recording-monitor';
import { MASK, maskSecrets } from '../../sandbox/secrets';
import type { PropertyDifference } from '../ports';

type Properties = Readonly<Record<string, unknown>>;

/**
 * Where properties differ, each difference as deep as it is, in the order of their keys. Texts of JSON are compared as what they say: how they
 * are written is no difference. Secrets are masked on both sides.
 */
export function propertyDifferences(deployed: Properties, found: Properties): readonly PropertyDifference[] {
  return keysOf(deployed, found).flatMap((key) => within(own(deployed, key), own(found, key), stepInto('', key)));
}

/** Path of a key below another one, as Pulumi writes paths: `tags.Team`, `tags["aws:x"]`. */
function stepInto(path: string, key: string | number): string {
  if (typeof key === 'number') return `${path}[${key}]`;
  if (!/^[A-Za-z_$][\w$-]*$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === '' ? key : `${path}.${key}`;
}

function within(deployed: unknown, found: unknown, path: string): readonly PropertyDifference[] {
  if (isDeepStrictEqual(deployed ?? null, found ?? null)) return [];
  const [one, other] = [opened(deployed), opened(found)];
  if (Array.isArray(one) && Array.isArray(other)) {
    const longest = Math.max(one.length, other.length);
    return Array.from({ length: longest }).flatMap((_, index) => within(one[index], other[index], stepInto(path, index)));
  }
  if (isObject(one) && isObject(other)) {
    return keysOf(one, other).flatMap((key) => within(own(one, key), own(other, key), stepInto(path, key)));
  }
  // Beside a secret, what took its place may be one.
  const secret = isSecret(deployed) || isSecret(found);
  return [{ path, deployed: shown(deployed, secret), found: shown(found, secret) }];
}

/** What is in a text of JSON; anything else as it is. */
function opened(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}

function shown(value: unknown, secret: boolean): unknown {
  if (value === undefined || value === null) return null;
  return secret ? MASK : maskSecrets(value);
}

function isObject(value: unknown): value is Properties {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isSecret(value);
}

function keysOf(one: Properties, other: Properties): readonly string[] {
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].sort();
}

function own(properties: Properties, key: string): unknown {
  return Object.hasOwn(properties, key) ? properties[key] : undefined;
}
