import * as z from 'zod';

import { globalArnOf } from './common/arn';
import { physicalName } from './common/auto-name';
import { computeTokens } from './common/compute-tokens';
import { iamUniqueId } from './common/iam-ids';
import { iamDescription, iamName, iamPath } from './common/iam-shapes';
import { parsePolicy, policySize } from './common/policy-document';
import { defineType } from './common/resource-definition';
import { refusal } from './common/refusal';
import { conflict, policyTextShape } from './common/shapes';
import { iamTagsShape } from './common/tags-shape';

const POLICY_SIZE = 6144;

const shape = z
  .strictObject({
    description: iamDescription.optional(),
    name: iamName(128).optional(),
    namePrefix: iamName(102).optional(),
    path: iamPath,
    policy: policyTextShape,
    tags: iamTagsShape.optional(),
  })
  .check(conflict(['name', 'namePrefix']));

/** A customer-managed IAM policy. */
export const policy = defineType({
  type: computeTokens.policy,
  inputs: shape,
  invalid: 'ValidationError',
  replaceOn: ['description', 'name', 'namePrefix', 'path'],
  taggable: true,
  scope: 'account',
  onTaken: { refuse: 'EntityAlreadyExists' },
  seconds: { create: 1, update: 1, delete: 1 },
  key: physicalName,
  render: (inputs, context) => {
    const arn = globalArnOf('iam', `policy${inputs.path}${context.key}`, context.place);
    return {
      id: arn,
      computed: { name: context.key, arn, attachmentCount: 0, policyId: context.prior?.outputs.policyId ?? iamUniqueId('ANPA', context) },
    };
  },
  refuse: ({ op, inputs, outputs, place }, world) => {
    if (op === 'delete') {
      const attached = [
        ...world.list(computeTokens.rolePolicyAttachment, place).map((attachment) => attachment.inputs.policyArn),
        ...world.list(computeTokens.role, place).flatMap((role) => role.outputs.managedPolicyArns),
      ];
      return attached.includes(outputs.arn) ? refusal('DeleteConflict', 'Cannot delete a policy attached to entities.') : undefined;
    }
    const parsed = parsePolicy(inputs.policy, 'identity');
    if (!parsed.ok) return refusal('MalformedPolicyDocument', parsed.problem);
    return policySize(inputs.policy) > POLICY_SIZE
      ? refusal('LimitExceeded', `Cannot exceed quota for PolicySize: ${POLICY_SIZE}`)
      : undefined;
  },
});
