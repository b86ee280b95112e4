import * as z from 'zod';

import { mapOf } from './shapes';

const MAX_TAGS = 50;
const characters = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

function tagKeyProblem(key: string): string | undefined {
  const shown = JSON.stringify(key);
  if (key.length < 1 || key.length > 128) return `tag key ${shown} must have 1 to 128 characters`;
  if (!characters.test(key)) return `tag key ${shown} has characters outside letters, digits, space and _ . : / = + - @`;
  return /^aws:/i.test(key) ? `tag key ${shown} has the prefix aws:, which is reserved` : undefined;
}

const tagValue = z
  .string({ error: 'tag values must be text' })
  .max(256, { error: (issue) => `tag value ${JSON.stringify(issue.input)} has more than 256 characters` })
  .regex(characters, {
    error: (issue) => `tag value ${JSON.stringify(issue.input)} has characters outside letters, digits, space and _ . : / = + - @`,
  });

/** Tags as AWS services take them: at most 50, keys of 1-128 and values of 0-256 characters. */
export const tagsShape = mapOf(tagKeyProblem, tagValue).refine((tags) => Object.keys(tags).length <= MAX_TAGS, {
  error: (issue) => `${Object.keys(issue.input as object).length} tags are more than ${MAX_TAGS}`,
});

/** IAM's tags: as {@link tagsShape}, with keys that ignore case. */
export const iamTagsShape = tagsShape.refine(
  (tags) => new Set(Object.keys(tags).map((key) => key.toLowerCase())).size === Object.keys(tags).length,
  {
    error: 'Duplicate tag keys found. Please note that Tag keys are case insensitive.',
  },
);
