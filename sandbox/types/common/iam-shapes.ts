import * as z from 'zod';

import { textOf } from './shapes';

const NAME = /^[\w+=,.@-]+$/;
const NAME_RULE = 'letters, digits and + = , . @ _ -';

/** Name of an IAM entity, up to a length. */
export function iamName(max: number) {
  return textOf({ pattern: NAME, max, what: NAME_RULE });
}

/** Path of an IAM entity: `/`, or slashes at both ends. */
export const iamPath = textOf({ pattern: /^(\/|\/[!-~]+\/)$/, max: 512, what: 'a path that begins and ends with /' }).default('/');

/** Description of an IAM entity. */
export const iamDescription = z.string().max(1000, { error: 'description has more than 1,000 characters' });

/** ARN of a managed policy: AWS's own or an account's. */
export const policyArnShape = textOf({
  pattern: /^arn:aws:iam::(aws|\d{12}):policy\/[!-~]+$/,
  max: 2048,
  what: 'the ARN of an IAM policy',
});
