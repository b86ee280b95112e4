import type { Tags } from '../tags';

import type { AuditedResource } from './audited-stack';

type Properties = Readonly<Record<string, unknown>>;

/** True for a resource of one of these types. */
export function isOneOf({ type }: Pick<AuditedResource, 'type'>, types: readonly string[]): boolean {
  return types.includes(type);
}

/** A text property; undefined where there is none, and for the empty text, which AWS's provider gives for what is not set. */
export function textOf(properties: Properties, key: string): string | undefined {
  const value = properties[key];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A number; undefined where there is none. */
export function numberOf(properties: Properties, key: string): number | undefined {
  const value = properties[key];
  return typeof value === 'number' ? value : undefined;
}

/** A nested object; the empty one where there is none. The first of a list, since providers wrap single blocks in lists. */
export function blockOf(properties: Properties, key: string): Properties {
  const value: unknown = properties[key];
  const block: unknown = Array.isArray(value) ? value[0] : value;
  return typeof block === 'object' && block !== null ? (block as Properties) : {};
}

/** A list of objects; the empty one where there is none. */
export function blocksOf(properties: Properties, key: string): readonly Properties[] {
  const value = properties[key];
  return Array.isArray(value) ? value.filter((one): one is Properties => typeof one === 'object' && one !== null) : [];
}

/** A list of texts; the empty one where there is none. */
export function textsOf(properties: Properties, key: string): readonly string[] {
  const value = properties[key];
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];
}

/** A property that holds JSON, parsed; undefined where it is none. */
export function jsonOf(properties: Properties, key: string): Properties | undefined {
  const value = properties[key];
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Properties;
  if (typeof value !== 'string') return undefined;
  try {
    const parsed: unknown = JSON.parse(value);
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? (parsed as Properties) : undefined;
  } catch {
    return undefined;
  }
}

/** Tags of a resource: as given, with the provider's default tags among them, or else all that it carries. */
export function tagsOf({ properties }: AuditedResource): Tags {
  const own = properties.tags ?? properties.tagsAll;
  if (typeof own !== 'object' || own === null) return {};
  return Object.fromEntries(Object.entries(own).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

/** The physical name: what AWS calls it. */
export function physicalName({ properties, name }: AuditedResource): string {
  return textOf(properties, 'name') ?? textOf(properties, 'bucket') ?? textOf(properties, 'alarmName') ?? name;
}

/** A value for a message: short, quoted where it is text. */
export function shown(value: unknown): string {
  if (value === undefined || value === null || value === '') return 'not set';
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
