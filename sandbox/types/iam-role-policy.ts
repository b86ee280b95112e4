import * as z from 'zod';

import { physicalName } from './common/auto-name';
import { computeTokens } from './common/compute-tokens';
import { iamName } from './common/iam-shapes';
import { parsePolicy, policySize } from './common/policy-document';
import { defineType } from './common/resource-definition';
import { refusal } from './common/refusal';
import { policiesOf } from './common/role-permissions';
import { conflict, policyTextShape } from './common/shapes';

/** Total of a role's inline policies, white space not counted. */
const INLINE_POLICIES_SIZE = 10_240;

const shape = z
  .strictObject({
    name: iamName(128).optional(),
    namePrefix: iamName(102).optional(),
    policy: policyTextShape,
    role: iamName(64),
  })
  .check(conflict(['name', 'namePrefix']));

/** An inline policy of a role. Putting it again replaces it. */
export const rolePolicy = defineType({
  type: computeTokens.rolePolicy,
  inputs: shape,
  invalid: 'ValidationError',
  replaceOn: ['name', 'namePrefix', 'role'],
  taggable: false,
  scope: 'account',
  onTaken: 'overwrite',
  seconds: { create: 1, update: 1, delete: 1 },
  key: (inputs, context) => `${inputs.role}:${physicalName(inputs, context)}`,
  render: ({ role }, { key }) => ({ id: key, computed: { name: key.slice(role.length + 1) } }),
  refuse: ({ op, inputs, key, place }, world) => {
    if (op === 'delete') return undefined;
    const role = world.find(computeTokens.role, inputs.role, place);
    if (!role) return refusal('NoSuchEntity', `The role with name ${inputs.role} cannot be found.`);
    const parsed = parsePolicy(inputs.policy, 'identity');
    if (!parsed.ok) return refusal('MalformedPolicyDocument', parsed.problem);
    const others = policiesOf(role, world).inline.filter((policy) => policy.key !== key);
    const size = others.reduce((sum, { outputs }) => sum + policySize(String(outputs.policy)), policySize(inputs.policy));
    return size > INLINE_POLICIES_SIZE
      ? refusal('LimitExceeded', `Maximum policy size of ${INLINE_POLICIES_SIZE} bytes exceeded for role ${inputs.role}`)
      : undefined;
  },
});
