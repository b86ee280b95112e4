import * as z from 'zod';

import { arnOf } from './common/arn';
import { refuseKeyPolicy } from './common/key-policy-rules';
import { findKey, keyNotFound } from './common/kms-lookup';
import { locateArn } from './common/locate-arn';
import { monitoringTokens } from './common/monitoring-tokens';
import { defineType } from './common/resource-definition';
import { policyTextShape } from './common/shapes';

const inputs = z.strictObject({
  bypassPolicyLockoutSafetyCheck: z.boolean().default(false),
  keyId: z.string().min(1).max(2048),
  policy: policyTextShape,
});

/** A key policy kept apart from its key. Deleting it gives the key its default policy back. */
export const kmsKeyPolicy = defineType({
  type: monitoringTokens.keyPolicy,
  inputs,
  invalid: 'ValidationException',
  replaceOn: ['keyId'],
  taggable: false,
  scope: 'region',
  onTaken: 'overwrite',
  seconds: { create: 10, update: 10, delete: 5 },
  key: ({ keyId }, { place }) => locateArn(keyId, place)?.resource.replace(/^key\//, '') ?? keyId,
  render: ({ keyId }) => ({ id: keyId, computed: {} }),
  refuse: ({ op, inputs: { keyId, policy, bypassPolicyLockoutSafetyCheck }, key, place }, world) => {
    if (op === 'delete') return undefined;
    // PutKeyPolicy takes ids and key ARNs only.
    if (keyId.includes('alias/') || findKey(world, keyId, place).kind !== 'customer') return keyNotFound(keyId, place);
    return refuseKeyPolicy(policy, { arn: arnOf('kms', `key/${key}`, place), place, bypassLockoutCheck: bypassPolicyLockoutSafetyCheck });
  },
});
