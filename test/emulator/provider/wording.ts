import { isDeepStrictEqual } from 'node:util';

import type { Properties } from '../../../sandbox/resource-type';

/** Properties as AWS's APIs name them: `memorySize` is `MemorySize`, at any depth. */
export function toAws<Input>(value: unknown): Input {
  return rename(value, (name) => name.charAt(0).toUpperCase() + name.slice(1)) as Input;
}

/** The other way round. */
export function fromAws(value: unknown): unknown {
  return rename(value, (name) => name.charAt(0).toLowerCase() + name.slice(1));
}

function rename(value: unknown, to: (name: string) => string): unknown {
  if (Array.isArray(value)) return value.map((item) => rename(item, to));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [to(name), rename(item, to)]));
}

/** A property that must be a text. */
export function textOf(properties: Properties, name: string): string {
  const value = properties[name];
  if (typeof value !== 'string') throw new Error(`${name} is ${JSON.stringify(value)}, not a text`);
  return value;
}

/** The named ones of some properties, as far as they are there. */
export function pick(properties: Properties, names: readonly string[]): Properties {
  return Object.fromEntries(names.filter((name) => properties[name] !== undefined).map((name) => [name, properties[name]]));
}

/** Properties without those that nothing is known of. */
export function known(properties: Properties): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined && value !== null));
}

/** Whether what is wanted differs from what stands in one of these. */
export function differs(standing: { readonly inputs: Properties; readonly outputs: Properties }, names: readonly string[]): boolean {
  return names.some((name) => !same(standing.inputs[name], standing.outputs[name]));
}

/** Whether two values say the same: documents are compared by what is in them. */
export function same(one: unknown, other: unknown): boolean {
  return isDeepStrictEqual(plain(one), plain(other));
}

function plain(value: unknown): unknown {
  if (typeof value === 'string' && /^[[{]/.test(value)) return parsed(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined && item !== null);
  return Object.fromEntries(entries.map(([name, item]) => [name, plain(item)]));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The answer, or undefined where AWS says that the thing is not there. */
export async function orGone<Answer>(asked: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (/NotFound|NoSuch|NonExistent|DoesNotExist/.test((error as Error).name)) return undefined;
    throw error;
  }
}
