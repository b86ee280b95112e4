import type { Properties } from '../../resource-type';

/** A text among a resource's properties; undefined where it is absent or no text. */
export function readText(properties: Properties | undefined, key: string): string | undefined {
  const value = properties?.[key];
  return typeof value === 'string' ? value : undefined;
}

/** The texts of a list among a resource's properties; none where it is absent. */
export function readTexts(properties: Properties | undefined, key: string): readonly string[] {
  const value = properties?.[key];
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** JSON text to an object; undefined for any other text. */
export function readJsonObject(text: string): Properties | undefined {
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Properties) : undefined;
  } catch {
    return undefined;
  }
}
