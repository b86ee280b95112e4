import * as z from 'zod';

import type { Finding } from './finding';

/** Keys every taggable resource carries. `ManagedBy` and `CreatedAt` are set by the fleet itself. */
export const requiredTagKeys = ['Environment', 'Application', 'Team', 'CostCenter', 'ManagedBy', 'CreatedAt'] as const;

/**
 * Says whose a resource is that has no name of the fleet's choosing (keys, links, sinks): policies know the fleet's own by it, since everybody's
 * are managed by Pulumi. Its value is the fleet's name.
 */
export const FLEET_TAG = 'Fleet';

/** Keys the standard knows but does not demand. */
export const optionalTagKeys = ['Repository', 'Version', 'Compliance', FLEET_TAG] as const;

/** Set by the fleet; a configuration that sets one of these is refused. */
export const reservedTagKeys = ['ManagedBy', 'CreatedAt', 'Version', FLEET_TAG] as const;

/** Environments of the order system's requirements; alias names and policies depend on them. */
export const environments = ['dev', 'staging', 'prod'] as const;

/** AWS: at most 50 tags a resource. */
export const MAX_TAGS = 50;

/** Value of the `ManagedBy` tag. */
export const MANAGED_BY = 'Pulumi';

// The characters that every AWS service accepts (AWS.md G3); lengths are AWS's.
const tagText = /^[\p{L}\p{N} +\-=._:/@]*$/u;

const tagKey = z
  .string()
  .min(1)
  .max(128, { error: 'tag key must be at most 128 characters' })
  .regex(tagText, {
    error: (issue) =>
      `tag key ${JSON.stringify(issue.input)} has characters AWS refuses; allowed are letters, digits, space and + - = . _ : / @`,
  })
  .refine((key) => !/^aws:/i.test(key), {
    error: (issue) => `tag key ${JSON.stringify(issue.input)} is AWS's own: none may start with aws:`,
  });

const tagValue = z
  .string({ error: 'tag value must be text: quote numbers and true/false' })
  .max(256, { error: 'tag value must be at most 256 characters' })
  .regex(tagText, {
    error: (issue) =>
      `tag value ${JSON.stringify(issue.input)} has characters AWS refuses; allowed are letters, digits, space and + - = . _ : / @`,
  });

/** Any set of tags that AWS accepts: keys that differ only by case are refused, since some services fold it. */
export const tagsSchema = z.record(tagKey, tagValue).superRefine((tags, context) => {
  const keys = Object.keys(tags);
  if (keys.length > MAX_TAGS) context.addIssue({ code: 'custom', message: `${keys.length} tags are more than the ${MAX_TAGS} AWS allows` });
  const seen = new Map<string, string>();
  for (const key of keys) {
    const twin = seen.get(key.toLowerCase());
    if (twin !== undefined) context.addIssue({ code: 'custom', path: [key], message: `tag keys ${twin} and ${key} differ only by case` });
    seen.set(key.toLowerCase(), key);
  }
});

/** Tags by key. */
export type Tags = Readonly<Record<string, string>>;

/** The standard as data: exported by foundation, checked when planning, turned into the organisation's tag policy. */
export const tagStandard = {
  required: [...requiredTagKeys],
  optional: [...optionalTagKeys],
  allowedValues: { Environment: [...environments], ManagedBy: [MANAGED_BY] },
} as const;

/** What is wrong with a target's configured tags (before the fleet adds its own); empty when nothing is. */
export function tagFindings(tags: Tags): readonly Finding[] {
  const refused = (code: string, key: string, message: string): Finding => ({ level: 'refused', code, message, keys: [['tags', key]] });
  const reserved = (key: string) => reservedTagKeys.some((one) => one === key);
  const findings: Finding[] = [];
  for (const key of requiredTagKeys) {
    if (!reserved(key) && !tags[key]) findings.push(refused('tag-missing', key, `required tag ${key} is missing`));
  }
  const keys = Object.keys(tags);
  for (const key of keys) {
    if (reserved(key)) findings.push(refused('tag-reserved', key, `tag ${key} is set by the fleet itself; remove it`));
  }
  const environment = tags.Environment;
  if (environment && !environments.some((known) => known === environment)) {
    findings.push(
      refused('tag-value', 'Environment', `tag Environment is ${JSON.stringify(environment)}; allowed are ${environments.join(', ')}`),
    );
  }
  // Each part of fleet.yaml was checked by itself: only together can two keys differ by case, or be too many.
  const seen = new Map<string, string>();
  for (const key of keys) {
    const twin = seen.get(key.toLowerCase());
    if (twin !== undefined) findings.push({ ...refused('tag-twice', key, `tag keys ${twin} and ${key} differ only by case`), keys: [['tags', key], ['tags', twin]] }); // prettier-ignore
    seen.set(key.toLowerCase(), key);
  }
  const own = keys.filter((key) => !reserved(key));
  const most = MAX_TAGS - reservedTagKeys.length;
  if (own.length > most) {
    const message = `${own.length} tags are more than ${most}: AWS allows ${MAX_TAGS}, and the fleet adds ${reservedTagKeys.join(', ')}`;
    findings.push({ level: 'refused', code: 'tags-too-many', message, keys: own.map((key) => ['tags', key]) });
  }
  return findings;
}

/** {@link tagFindings} as messages. */
export function tagProblems(tags: Tags): readonly string[] {
  return tagFindings(tags).map(({ message }) => message);
}

/** The complete tags of a target's resources. `createdAt` is the target's first creation and never changes on a re-run. */
export function resourceTags(tags: Tags, createdAt: string): Tags {
  return { ...tags, ManagedBy: MANAGED_BY, CreatedAt: createdAt };
}
