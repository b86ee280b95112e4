import * as z from 'zod';

import type { Refusal, WorldView } from '../resource-type';

import { globalArnOf } from './common/arn';
import { physicalName } from './common/auto-name';
import { computeTokens } from './common/compute-tokens';
import { iamUniqueId } from './common/iam-ids';
import { iamDescription, iamName, iamPath, policyArnShape } from './common/iam-shapes';
import { parsePolicy, policySize } from './common/policy-document';
import { defineType, type TypedRequest } from './common/resource-definition';
import { refusal } from './common/refusal';
import { managedPolicy, policiesOf } from './common/role-permissions';
import { conflict, policyTextShape, wholeNumber } from './common/shapes';
import { iamTagsShape } from './common/tags-shape';

const TRUST_POLICY_SIZE = 2048;
/** Total of a role's inline policies. */
const INLINE_POLICIES_SIZE = 10_240;

const shape = z
  .strictObject({
    assumeRolePolicy: policyTextShape,
    description: iamDescription.optional(),
    forceDetachPolicies: z.boolean().default(false),
    inlinePolicies: z.array(z.strictObject({ name: iamName(128), policy: policyTextShape })).optional(),
    managedPolicyArns: z.array(policyArnShape).max(10).optional(),
    maxSessionDuration: wholeNumber({ min: 3600, max: 43_200 }).default(3600),
    name: iamName(64).optional(),
    namePrefix: iamName(38).optional(),
    path: iamPath,
    permissionsBoundary: policyArnShape.optional(),
    tags: iamTagsShape.optional(),
  })
  .check(conflict(['name', 'namePrefix']));

type RoleInputs = z.output<typeof shape>;

/** An IAM role. Names are unique in the account, whatever the path and the case. */
export const role = defineType({
  type: computeTokens.role,
  inputs: shape,
  invalid: 'ValidationError',
  replaceOn: ['name', 'namePrefix', 'path'],
  taggable: true,
  scope: 'account',
  onTaken: { refuse: 'EntityAlreadyExists' },
  // Lambda refuses a role for some seconds after it was made; the provider waits for it inside this figure.
  seconds: { create: 8, update: 1, delete: 1 },
  key: physicalName,
  render: (inputs, context) => ({
    id: context.key,
    computed: {
      name: context.key,
      arn: globalArnOf('iam', `role${inputs.path}${context.key}`, context.place),
      uniqueId: context.prior?.outputs.uniqueId ?? iamUniqueId('AROA', context),
      managedPolicyArns: inputs.managedPolicyArns ?? [],
      inlinePolicies: inputs.inlinePolicies ?? [],
    },
  }),
  refuse: (request, world) => {
    switch (request.op) {
      case 'create':
        return refuseTwin(request, world) ?? refusePolicies(request, world);
      case 'update':
        return refusePolicies(request, world);
      case 'delete':
        return refuseDelete(request, world);
      default:
        throw new Error(`unknown operation ${request.op satisfies never as string}`);
    }
  },
});

function refuseTwin({ key, place }: TypedRequest<RoleInputs>, world: WorldView): Refusal | undefined {
  const twin = world.list(computeTokens.role, place).some((other) => other.key !== key && other.key.toLowerCase() === key.toLowerCase());
  return twin ? refusal('EntityAlreadyExists', `Role with name ${key} already exists.`) : undefined;
}

function refusePolicies({ inputs, key }: TypedRequest<RoleInputs>, world: WorldView): Refusal | undefined {
  const trust = parsePolicy(inputs.assumeRolePolicy, 'trust');
  if (!trust.ok) return refusal('MalformedPolicyDocument', trust.problem);
  if (trust.document.statements.some(({ actions }) => actions.some((action) => !/^sts:/i.test(action)))) {
    return refusal('MalformedPolicyDocument', 'AssumeRole policy may only specify STS AssumeRole actions.');
  }
  if (policySize(inputs.assumeRolePolicy) > TRUST_POLICY_SIZE)
    return refusal('LimitExceeded', `Cannot exceed quota for ACLSizePerRole: ${TRUST_POLICY_SIZE}`);
  const inline = inputs.inlinePolicies ?? [];
  for (const { policy } of inline) {
    const parsed = parsePolicy(policy, 'identity');
    if (!parsed.ok) return refusal('MalformedPolicyDocument', parsed.problem);
  }
  if (inline.reduce((sum, { policy }) => sum + policySize(policy), 0) > INLINE_POLICIES_SIZE) {
    return refusal('LimitExceeded', `Maximum policy size of ${INLINE_POLICIES_SIZE} bytes exceeded for role ${key}`);
  }
  const missing = inputs.managedPolicyArns?.find((arn) => managedPolicy(arn, world) === undefined);
  return missing === undefined ? undefined : refusal('NoSuchEntity', `Policy ${missing} does not exist or is not attachable.`);
}

function refuseDelete({ inputs, key, place }: TypedRequest<RoleInputs>, world: WorldView): Refusal | undefined {
  const existing = world.find(computeTokens.role, key, place);
  if (!existing || inputs.forceDetachPolicies) return undefined;
  const { inline, attached } = policiesOf(existing, world);
  if (attached.length > 0) return refusal('DeleteConflict', 'Cannot delete entity, must detach all policies first.');
  return inline.length > 0 ? refusal('DeleteConflict', 'Cannot delete entity, must delete policies first.') : undefined;
}
