import * as z from 'zod';

import { roleLengthProblems, roleNameSchema } from './ids';
import { deployRoleArn } from './names';
import { roleTrust, trustCharacters, TRUST_POLICY_CHARACTERS } from './role-trust';

/** Roles of IAM Identity Center stand here, those of every person: a wildcard must say of which permission set. */
const IDENTITY_CENTER = 'aws-reserved/';

/** A role of the control account by path and name, or with a `*` at its end all roles below a path that begin so. */
export const controlRoleSchema = z.string().superRefine((role, context) => {
  for (const message of controlRoleProblems(role)) context.addIssue({ code: 'custom', message });
});

function controlRoleProblems(role: string): readonly string[] {
  const shown = JSON.stringify(role);
  if (!role.includes('*')) return roleNameSchema.safeParse(role).error?.issues.map(({ message }) => message) ?? [];
  const start = role.slice(0, -1);
  if (!/^([\w+=,.@-]+\/)+[\w+=,.@-]*\*$/.test(role))
    return [
      `role ${shown} may have one *, at its end and below a path, such as ci/*: without a path, whoever may make a role could take part`,
    ];
  if (start.startsWith(IDENTITY_CENTER) && !/\/AWSReservedSSO_./.test(start))
    return [
      `role ${shown} is every person of IAM Identity Center: name the permission set, such as ${IDENTITY_CENTER}sso.amazonaws.com/eu-west-1/AWSReservedSSO_Fleet_*`,
    ];
  return roleLengthProblems(start);
}

/** The roles that run a fleet. */
export interface ControlRoles {
  readonly roles: readonly string[];
  readonly operators: readonly string[];
}

/** One thing that is wrong with them, and which of the lists it is about. */
export interface ControlProblem {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** As long as AWS's longest ids: what is too large for AWS is told before anybody has asked it for its ids. */
const LONGEST = { root: 'arn:aws:iam::000000000000:root', organizationId: `o-${'0'.repeat(32)}` } as const;

/** Bytes that S3 takes of a bucket's policy, less what the state's has beside roles, which it lists up to three times. */
const BUCKET_LIST_BYTES = Math.floor((20_480 - 4096) / 3);

/** What AWS would refuse, or understand otherwise, of the roles that run a fleet. Pure. */
export function controlProblems({ roles, operators }: ControlRoles): readonly ControlProblem[] {
  const both = [...new Set([...roles, ...operators])];
  const size = trustCharacters(roleTrust({ ...LONGEST, roles: both.map(arnOf) }));
  const bytes = JSON.stringify(both.map(arnOf)).length;
  const shorten = 'name fewer, give them shorter names, or put them under a path of their own and name that, such as fleet-control/*';
  const problems: ControlProblem[] = [];
  if (size > TRUST_POLICY_CHARACTERS)
    problems.push({
      path: [],
      message: `the trust policy of the fleet's roles would have ${size} characters with these ${both.length} roles, IAM takes ${TRUST_POLICY_CHARACTERS}: ${shorten}`,
    });
  if (bytes > BUCKET_LIST_BYTES)
    problems.push({
      path: [],
      message: `the ARNs of these ${both.length} roles take ${bytes} bytes, and the policy of the state bucket has room for ${BUCKET_LIST_BYTES}: ${shorten}`,
    });
  for (const [index, operator] of operators.entries()) {
    // What only operators may not do is denied to them by name: a wildcard would deny it to a role that may, or let one of them do it.
    const role = roles.find((one) => one !== operator && overlap(one, operator));
    if (role !== undefined)
      problems.push({
        path: ['operators', index],
        message: `operator ${operator} and control role ${role} may be one role: name them apart`,
      });
  }
  return problems;
}

/** Whether a role of this name, its path unknown, may be one of those that a list names. */
export function mayBeNamed(roles: readonly string[], name: string): boolean {
  return roles.some((role) => {
    const last = role.split('/').at(-1) ?? '';
    return last.endsWith('*') ? name.startsWith(last.slice(0, -1)) : name === last;
  });
}

const arnOf = (role: string) => deployRoleArn('000000000000', role);

function overlap(one: string, other: string): boolean {
  const [a, b] = [one.replace(/\*$/, ''), other.replace(/\*$/, '')];
  return (one.endsWith('*') && b.startsWith(a)) || (other.endsWith('*') && a.startsWith(b));
}
