import * as z from 'zod';

import { computeTokens } from './common/compute-tokens';
import { iamName, policyArnShape } from './common/iam-shapes';
import { defineType } from './common/resource-definition';
import { refusal } from './common/refusal';
import { managedPolicy, policiesOf } from './common/role-permissions';

const POLICIES_PER_ROLE = 10;

/** A managed policy attached to a role. Attaching it again changes nothing. */
export const rolePolicyAttachment = defineType({
  type: computeTokens.rolePolicyAttachment,
  inputs: z.strictObject({ policyArn: policyArnShape, role: iamName(64) }),
  invalid: 'ValidationError',
  replaceOn: ['policyArn', 'role'],
  taggable: false,
  scope: 'account',
  onTaken: 'overwrite',
  seconds: { create: 1, update: 1, delete: 1 },
  key: ({ role, policyArn }) => `${role}/${policyArn}`,
  render: (_inputs, { key }) => ({ id: key, computed: {} }),
  refuse: ({ op, inputs, place }, world) => {
    if (op === 'delete') return undefined;
    const role = world.find(computeTokens.role, inputs.role, place);
    if (!role) return refusal('NoSuchEntity', `The role with name ${inputs.role} cannot be found.`);
    if (managedPolicy(inputs.policyArn, world) === undefined) {
      return refusal('NoSuchEntity', `Policy ${inputs.policyArn} does not exist or is not attachable.`);
    }
    const attached = new Set([...policiesOf(role, world).attached, inputs.policyArn]);
    return attached.size > POLICIES_PER_ROLE
      ? refusal('LimitExceeded', `Cannot exceed quota for PoliciesPerRole: ${POLICIES_PER_ROLE}`)
      : undefined;
  },
});
