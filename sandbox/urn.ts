/** Reads Pulumi's resource names: `urn:pulumi:<stack>::<project>::<parent type>$<type>::<name>`. */

/** The resource's own type; empty where the text is no URN. */
export function typeOfUrn(urn: string): string {
  return urn.split('::')[2]?.split('$').at(-1) ?? '';
}

/** The resource's name, which may hold `::` itself. */
export function nameOfUrn(urn: string): string {
  return urn.split('::').slice(3).join('::');
}

/** URN in a reference to a provider, `<urn>::<id>`. */
export function urnOfProvider(reference: string): string {
  return reference.split('::').slice(0, 4).join('::');
}
