import { closest, distance } from 'fastest-levenshtein';
import * as z from 'zod';

/** The keys that a schema knows at a path, sorted; empty where any key is allowed or none is. */
export function knownKeys(schema: z.core.$ZodType, path: readonly PropertyKey[]): readonly string[] {
  let here = unwrap(schema);
  for (const step of path) here = here.flatMap((one) => childrenOf(one, step).flatMap(unwrap));
  const keys = here.flatMap((one) => (one instanceof z.core.$ZodObject ? Object.keys(one._zod.def.shape) : []));
  return [...new Set(keys)].sort();
}

/** `; did you mean x?` where one of the words is near, else the empty text. */
export function didYouMean(word: string, words: readonly string[]): string {
  const folded = words.find((candidate) => candidate.toLowerCase() === word.toLowerCase());
  if (folded !== undefined) return `; did you mean ${folded}?`;
  if (words.length === 0) return '';
  const nearest = closest(word, words);
  // Two edits also catch two letters in the wrong order; in a very short word they would fit anything.
  const edits = word.length < 4 ? 1 : Math.max(2, Math.floor(word.length / 3));
  return distance(word, nearest) <= edits ? `; did you mean ${nearest}?` : '';
}

/** The schemas behind wrappers, pipes and unions, as they see the input. */
function unwrap(schema: z.core.$ZodType): readonly z.core.$ZodType[] {
  if (schema instanceof z.core.$ZodUnion) return schema._zod.def.options.flatMap(unwrap);
  if (schema instanceof z.core.$ZodPipe) return unwrap(schema._zod.def.in);
  if (schema instanceof z.core.$ZodIntersection) return [...unwrap(schema._zod.def.left), ...unwrap(schema._zod.def.right)];
  if (
    schema instanceof z.core.$ZodOptional ||
    schema instanceof z.core.$ZodNullable ||
    schema instanceof z.core.$ZodDefault ||
    schema instanceof z.core.$ZodPrefault ||
    schema instanceof z.core.$ZodReadonly
  ) {
    return unwrap(schema._zod.def.innerType);
  }
  return [schema];
}

function childrenOf(schema: z.core.$ZodType, step: PropertyKey): readonly z.core.$ZodType[] {
  if (schema instanceof z.core.$ZodObject) {
    const child = schema._zod.def.shape[String(step)];
    return child ? [child] : [];
  }
  if (schema instanceof z.core.$ZodArray) return [schema._zod.def.element];
  if (schema instanceof z.core.$ZodRecord) return [schema._zod.def.valueType];
  return [];
}
