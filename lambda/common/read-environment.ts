import type * as z from 'zod';

/** A function's environment by its schema, to be read once when the function starts. Throws one error that names every variable at fault. */
export function readEnvironment<Schema extends z.ZodType>(
  schema: Schema,
  environment: Readonly<Record<string, string | undefined>>,
): z.output<Schema> {
  const result = schema.safeParse(environment);
  if (result.success) return result.data;
  const faults = result.error.issues.map((issue) => {
    const name = issue.path.join('.');
    return environment[name] === undefined
      ? `${name} is not set`
      : `${name} is ${JSON.stringify(environment[name])}, which is refused: ${issue.message}`;
  });
  throw new Error(`environment of the function is wrong: ${faults.join('; ')}; correct it in the function's configuration`);
}
