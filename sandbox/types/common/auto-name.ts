import type { RenderContext } from '../../resource-type';

/** What a program may say about a name. */
export interface NameInputs {
  readonly name?: string | undefined;
  readonly namePrefix?: string | undefined;
}

/**
 * The physical name: as given, else the prefix with a random end. The real provider starts an unprefixed name with the resource's logical
 * name, which a type cannot see here.
 */
export function physicalName(inputs: NameInputs, context: RenderContext): string {
  return inputs.name ?? `${inputs.namePrefix ?? 'auto-'}${context.random('name', 7)}`;
}
