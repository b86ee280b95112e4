import * as z from 'zod';

import type { Refusal } from '../resource-type';

import { arnOf } from './common/arn';
import { defaultKeyPolicy, refuseKeyPolicy } from './common/key-policy-rules';
import { monitoringTokens } from './common/monitoring-tokens';
import { defineType } from './common/resource-definition';
import { refusal } from './common/refusal';
import { oneOf, policyTextShape, wholeNumber } from './common/shapes';
import { tagsShape } from './common/tags-shape';
import { uuidOf } from './common/uuid';

const SYMMETRIC = 'SYMMETRIC_DEFAULT';
const DEFAULT_ROTATION_DAYS = 365;

const keySpecs = [
  SYMMETRIC,
  'RSA_2048',
  'RSA_3072',
  'RSA_4096',
  'HMAC_224',
  'HMAC_256',
  'HMAC_384',
  'HMAC_512',
  'ECC_NIST_P256',
  'ECC_NIST_P384',
  'ECC_NIST_P521',
  'ECC_SECG_P256K1',
  'ECC_NIST_EDWARDS25519',
  'ML_DSA_44',
  'ML_DSA_65',
  'ML_DSA_87',
] as const;

const inputs = z.strictObject({
  bypassPolicyLockoutSafetyCheck: z.boolean().default(false),
  customerMasterKeySpec: oneOf(keySpecs).default(SYMMETRIC),
  deletionWindowInDays: wholeNumber({ min: 7, max: 30 }).optional(),
  description: z.string().max(8192).default(''),
  enableKeyRotation: z.boolean().default(false),
  isEnabled: z.boolean().default(true),
  keyUsage: oneOf(['ENCRYPT_DECRYPT', 'SIGN_VERIFY', 'GENERATE_VERIFY_MAC']).default('ENCRYPT_DECRYPT'),
  multiRegion: z.boolean().default(false),
  policy: policyTextShape.optional(),
  rotationPeriodInDays: wholeNumber({ min: 90, max: 2560 }).optional(),
  tags: tagsShape.optional(),
});

/** A customer-managed KMS key. Custom and external key stores are not simulated. */
export const kmsKey = defineType({
  type: monitoringTokens.key,
  inputs,
  invalid: 'ValidationException',
  replaceOn: ['customerMasterKeySpec', 'keyUsage', 'multiRegion'],
  taggable: true,
  scope: 'region',
  // Ids are random: they are never taken.
  onTaken: { refuse: 'AlreadyExistsException' },
  // The provider waits until policy, tags and rotation read back the same several times in a row.
  seconds: { create: 15, update: 10, delete: 2 },
  key: ({ multiRegion }, context) => (multiRegion ? `mrk-${context.random('key', 32)}` : uuidOf(context, 'key')),
  render: (key, { key: keyId, place }) => ({
    id: keyId,
    computed: {
      keyId,
      arn: arnOf('kms', `key/${keyId}`, place),
      policy: key.policy ?? defaultKeyPolicy(place),
      ...(key.enableKeyRotation && { rotationPeriodInDays: key.rotationPeriodInDays ?? DEFAULT_ROTATION_DAYS }),
    },
  }),
  refuse: ({ op, inputs: key, key: keyId, place }) => {
    if (op === 'delete') return undefined;
    const policy = key.policy ?? defaultKeyPolicy(place);
    return (
      refuseUsage(key) ??
      refuseRotation(key) ??
      refuseKeyPolicy(policy, { arn: arnOf('kms', `key/${keyId}`, place), place, bypassLockoutCheck: key.bypassPolicyLockoutSafetyCheck })
    );
  },
});

function refuseRotation(key: z.output<typeof inputs>): Refusal | undefined {
  if (key.rotationPeriodInDays !== undefined && !key.enableKeyRotation)
    return refusal('ValidationException', 'rotationPeriodInDays needs enableKeyRotation');
  if (!key.enableKeyRotation) return undefined;
  if (key.customerMasterKeySpec !== SYMMETRIC)
    return refusal('UnsupportedOperationException', 'Key rotation is supported for symmetric encryption keys only');
  return key.isEnabled ? undefined : refusal('DisabledException', 'Key rotation cannot be enabled: the key is disabled');
}

/** Which uses a key spec has, from the KMS reference's table of key specs. */
function refuseUsage({ customerMasterKeySpec: spec, keyUsage: usage }: z.output<typeof inputs>): Refusal | undefined {
  const fits = {
    ENCRYPT_DECRYPT: spec === SYMMETRIC || spec.startsWith('RSA_'),
    SIGN_VERIFY: /^(RSA|ECC|ML_DSA)_/.test(spec),
    GENERATE_VERIFY_MAC: spec.startsWith('HMAC_'),
  }[usage];
  return fits ? undefined : refusal('ValidationException', `The specified KeyUsage ${usage} is not supported for KeySpec ${spec}`);
}
