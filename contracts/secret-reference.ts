import * as z from 'zod';

/** A secret in fleet.yaml is a reference; it is resolved in the target's own process and hashed by reference. */
export const secretReferenceSchema = z.strictObject({
  env: z.string().regex(/^[A-Z_][A-Z0-9_]*$/, { error: 'env must name an environment variable in capitals' }),
});

/** Names of the variables that plain data refers to as secrets (`{ env: NAME }`), at any depth; each once, sorted. */
export function secretNames(value: unknown): readonly string[] {
  return [...new Set(referencesIn(value))].sort();
}

function* referencesIn(value: unknown): Generator<string> {
  if (typeof value !== 'object' || value === null) return;
  const reference = secretReferenceSchema.safeParse(value);
  if (reference.success) yield reference.data.env;
  else for (const member of Object.values(value)) yield* referencesIn(member);
}
