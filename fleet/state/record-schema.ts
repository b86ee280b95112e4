import * as z from 'zod';

const text = z.string();
const nullableText = text.nullable();
/** Something with members, whatever they are. */
const members = z.custom<object>((value) => typeof value === 'object' && value !== null && !Array.isArray(value), 'is no object');

/** A target by its form alone: its region may be one that a later fleet knows. */
export const targetText = text.regex(/^[^/]+(\/[^/]+){2,3}$/);

/** What `desired` is made of. */
export const partsShape = z.object({ program: text, lambdas: members, config: text, provider: text });

/** A target's configuration, as far as the fleet itself reads it: the rest is its program's, which has a schema of its own. */
export const configShape = z.object({
  target: targetText,
  account: members,
  region: text,
  upstream: z.array(z.object({ target: targetText })),
});

const deploymentShape = z.object({
  release: text,
  desired: text,
  fingerprint: text,
  parts: partsShape,
  upstream: members,
  config: configShape,
  live: nullableText,
});

/** What a record must say to be one. Every verb reads those of a whole fleet: this looks only where the fleet itself does. */
export const recordShape = z.object({
  target: targetText,
  createdAt: text,
  good: deploymentShape.nullable(),
  current: deploymentShape.nullable(),
  dirty: z.boolean(),
  traffic: z.enum(['settled', 'shifting']),
  outputs: nullableText,
  health: z.object({ composites: z.array(text), children: z.array(text) }).nullable(),
  seconds: z.number().nullable(),
  versionsLeft: z.object({ through: text, kept: z.array(text) }).nullish(),
});
