import * as z from 'zod';

import { knownRegions } from './regions';

/** Twelve digits, kept as text: a number would lose leading zeros. */
export const accountIdSchema = z
  .string({
    error: (issue) =>
      typeof issue.input === 'number'
        ? 'account id must be quoted: unquoted, YAML reads it as a number; write it as "123456789012"'
        : 'account id must be text of 12 digits',
  })
  .regex(/^\d{12}$/, { error: (issue) => `account id ${JSON.stringify(issue.input)} is not 12 digits` })
  .brand<'AccountId'>();

/** An AWS account id. Made only by {@link accountIdSchema}. */
export type AccountId = z.infer<typeof accountIdSchema>;

/** A region this product knows; an unknown one is refused, since its opt-in status and partition would be guesses. */
export const regionSchema = z
  .string({ error: 'region must be text' })
  .refine((region) => knownRegions.has(region), {
    error: (issue) => `region ${JSON.stringify(issue.input)} is not an AWS region this fleet knows`,
  })
  .brand<'Region'>();

/** An AWS region code such as `eu-west-1`. Made only by {@link regionSchema}. */
export type Region = z.infer<typeof regionSchema>;

/** Organizations' own pattern for its ids. */
export const organizationIdSchema = z
  .string()
  .regex(/^o-[a-z0-9]{10,32}$/, { error: (issue) => `organisation id ${JSON.stringify(issue.input)} does not match o-[a-z0-9]{10,32}` });

/** With so many characters every name in `contracts/names.ts` is inside AWS's limits, in the region with the longest name: 63 of a bucket, 64 of a role. */
export const MAX_FLEET_NAME = 20;

/** The name every resource name starts with. */
export const fleetNameSchema = z
  .string()
  .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, {
    error: (issue) =>
      `fleet name ${JSON.stringify(issue.input)} must be lower case letters, digits and single hyphens, starting with a letter`,
  })
  .max(MAX_FLEET_NAME, {
    error: (issue) =>
      `fleet name ${JSON.stringify(issue.input)} must be at most ${MAX_FLEET_NAME} characters: with region and account behind it, AWS's longest names take no more`,
  });

/** IAM's limits of a role: its name, and its path with the slash at both ends. */
export const roleLimits = { name: 64, path: 512 } as const;

/** `fleet/deploy` to the path `/fleet/` and the name `deploy`. */
export function splitRoleName(role: string): { readonly path: string; readonly name: string } {
  const slash = role.lastIndexOf('/');
  return slash < 0 ? { path: '/', name: role } : { path: `/${role.slice(0, slash)}/`, name: role.slice(slash + 1) };
}

/** IAM role path and name below `role/`, as `fleet/deploy`. Never an ARN: ARNs are built from account id and this. */
export const roleNameSchema = z
  .string()
  .regex(/^([\w+=,.@-]+\/)*[\w+=,.@-]+$/, {
    error: (issue) => `role ${JSON.stringify(issue.input)} must be a role path and name such as fleet/deploy, not an ARN`,
  })
  .superRefine((role, context) => {
    for (const message of roleLengthProblems(role)) context.addIssue({ code: 'custom', message });
  });

/** What of a role's path and name is longer than IAM takes. */
export function roleLengthProblems(role: string): readonly string[] {
  const { path, name } = splitRoleName(role);
  const tooLong = (what: 'name' | 'path', text: string) =>
    text.length <= roleLimits[what]
      ? []
      : [`role ${JSON.stringify(role)} has a ${what} of ${text.length} characters, IAM takes ${roleLimits[what]}: shorten it`];
  return [...tooLong('name', name), ...tooLong('path', path)];
}
