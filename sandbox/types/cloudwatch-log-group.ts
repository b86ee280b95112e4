import * as z from 'zod';

import type { Place, Refusal, WorldView } from '../resource-type';

import { arnOf } from './common/arn';
import { physicalName } from './common/auto-name';
import { findKey, keyAllows } from './common/kms-lookup';
import { monitoringTokens } from './common/monitoring-tokens';
import { defineType } from './common/resource-definition';
import { refusal } from './common/refusal';
import { arnShape, conflict, oneOf, textOf } from './common/shapes';
import { tagsShape } from './common/tags-shape';

/** Days that CloudWatch Logs can keep events; 0 is for ever. */
const retentions = [0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];
const DELIVERY_RETENTION = 2;

/** Name of a log group. */
export const logGroupNameShape = textOf({
  pattern: /^(?!aws\/)[.\-_/#A-Za-z0-9]+$/,
  max: 512,
  what: 'letters, digits, _ - / . # and not starting with aws/',
});

const inputs = z
  .strictObject({
    deletionProtectionEnabled: z.boolean().default(false),
    kmsKeyId: arnShape(['kms']).optional(),
    logGroupClass: oneOf(['STANDARD', 'INFREQUENT_ACCESS', 'DELIVERY']).default('STANDARD'),
    name: logGroupNameShape.optional(),
    namePrefix: logGroupNameShape.optional(),
    retentionInDays: z
      .number()
      .refine((days) => retentions.includes(days), { error: (issue) => `${String(issue.input)} is not one of ${retentions.join(', ')}` })
      .default(0),
    tags: tagsShape.optional(),
  })
  .check(conflict(['name', 'namePrefix']));

/** A CloudWatch Logs group. `skipDestroy` is not simulated: retain the resource instead. */
export const cloudwatchLogGroup = defineType({
  type: monitoringTokens.logGroup,
  inputs,
  invalid: 'InvalidParameterException',
  replaceOn: ['name', 'namePrefix', 'logGroupClass'],
  taggable: true,
  scope: 'region',
  onTaken: { refuse: 'ResourceAlreadyExistsException' },
  seconds: { create: 2, update: 1, delete: 1 },
  key: physicalName,
  render: ({ logGroupClass, retentionInDays }, { key: name, place }) => ({
    id: name,
    computed: {
      name,
      arn: arnOf('logs', `log-group:${name}`, place),
      retentionInDays: logGroupClass === 'DELIVERY' ? DELIVERY_RETENTION : retentionInDays,
    },
  }),
  refuse: ({ op, inputs: { kmsKeyId, deletionProtectionEnabled }, key: name, place }, world) => {
    if (op !== 'delete')
      return kmsKeyId === undefined ? undefined : refuseKey(kmsKeyId, { arn: arnOf('logs', `log-group:${name}`, place), place, world });
    return deletionProtectionEnabled
      ? refusal('ValidationException', `The log group ${name} has deletion protection: disable it first`)
      : undefined;
  },
});

/** The key must be symmetric, enabled, of the same region, and let the logs service of that region use it for this very log group. */
function refuseKey(
  reference: string,
  group: { readonly arn: string; readonly place: Place; readonly world: WorldView },
): Refusal | undefined {
  const { arn, place, world } = group;
  const found = findKey(world, reference, place);
  const usable =
    found.kind === 'customer' &&
    found.key.region === place.region &&
    found.key.outputs.customerMasterKeySpec === 'SYMMETRIC_DEFAULT' &&
    found.key.outputs.isEnabled === true &&
    keyAllows(world, found.key, {
      action: 'kms:GenerateDataKey',
      caller: { kind: 'service', service: `logs.${place.region}.amazonaws.com` },
      context: {
        'kms:EncryptionContext:aws:logs:arn': arn,
        'aws:SourceArn': arn,
        'aws:SourceAccount': place.account,
        'aws:SourceOrgID': place.organizationId,
      },
    });
  return usable
    ? undefined
    : refusal('InvalidParameterException', `The specified KMS key does not exist or is not allowed to be used with Arn '${arn}'`);
}
