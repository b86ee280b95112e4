import * as z from 'zod';

import type { Properties, Refusal, RenderContext, WorldView } from '../resource-type';

import { arnOf } from './common/arn';
import { physicalName } from './common/auto-name';
import { findKey } from './common/kms-lookup';
import { defineType, type TypedRequest } from './common/resource-definition';
import { refusal } from './common/refusal';
import { arnShape, oneOf, textOf, wholeNumber } from './common/shapes';
import { tagsShape } from './common/tags-shape';

const TYPE = 'aws:dynamodb/table:Table';
const INVALID = 'One or more parameter values were invalid: ';

const resourceName = textOf({ pattern: /^[a-zA-Z0-9_.-]{3,}$/, max: 255, what: 'at least 3 of letters, digits and _ . -' });
const attributeName = z.string().min(1).max(255);
const capacity = wholeNumber({ min: 1, max: 1_000_000_000 });
const projection = {
  projectionType: oneOf(['ALL', 'INCLUDE', 'KEYS_ONLY']),
  nonKeyAttributes: z.array(attributeName).min(1).max(20).optional(),
};
const onDemand = z
  .strictObject({
    maxReadRequestUnits: wholeNumber({ min: -1, max: 1_000_000_000 }),
    maxWriteRequestUnits: wholeNumber({ min: -1, max: 1_000_000_000 }),
  })
  .partial();

const globalIndexShape = z.strictObject({
  name: resourceName,
  hashKey: attributeName,
  rangeKey: attributeName.optional(),
  readCapacity: capacity.optional(),
  writeCapacity: capacity.optional(),
  onDemandThroughput: onDemand.optional(),
  ...projection,
});

const shape = z
  .strictObject({
    name: resourceName.optional(),
    attributes: z.array(z.strictObject({ name: attributeName, type: oneOf(['S', 'N', 'B']) })).min(1),
    billingMode: oneOf(['PROVISIONED', 'PAY_PER_REQUEST']).default('PROVISIONED'),
    deletionProtectionEnabled: z.boolean().default(false),
    globalSecondaryIndexes: z.array(globalIndexShape).max(20).optional(),
    hashKey: attributeName,
    localSecondaryIndexes: z
      .array(z.strictObject({ name: resourceName, rangeKey: attributeName, ...projection }))
      .max(5)
      .optional(),
    onDemandThroughput: onDemand.optional(),
    pointInTimeRecovery: z
      .strictObject({ enabled: z.boolean(), recoveryPeriodInDays: wholeNumber({ min: 1, max: 35 }).optional() })
      .default({ enabled: false }),
    rangeKey: attributeName.optional(),
    readCapacity: capacity.optional(),
    serverSideEncryption: z.strictObject({ enabled: z.boolean(), kmsKeyArn: arnShape(['kms']).optional() }).optional(),
    streamEnabled: z.boolean().default(false),
    streamViewType: oneOf(['KEYS_ONLY', 'NEW_IMAGE', 'OLD_IMAGE', 'NEW_AND_OLD_IMAGES']).optional(),
    tableClass: oneOf(['STANDARD', 'STANDARD_INFREQUENT_ACCESS']).default('STANDARD'),
    tags: tagsShape.optional(),
    ttl: z.strictObject({ enabled: z.boolean().default(false), attributeName: attributeName.optional() }).optional(),
    writeCapacity: capacity.optional(),
  })
  .superRefine((table, context) => {
    for (const message of [...keyProblems(table), ...capacityProblems(table), ...optionProblems(table)])
      context.addIssue({ code: 'custom', message });
  });

type TableInputs = z.output<typeof shape>;

/** A DynamoDB table. Replicas, restores and imports are not simulated. */
export const table = defineType({
  type: TYPE,
  inputs: shape,
  invalid: 'ValidationException',
  replaceOn: ['name', 'hashKey', 'rangeKey', 'localSecondaryIndexes'],
  taggable: true,
  scope: 'region',
  onTaken: { refuse: 'ResourceInUseException' },
  seconds: { create: 12, update: 10, delete: 12 },
  key: physicalName,
  render: (inputs, context) => ({ id: context.key, computed: outputsOf(inputs, context) }),
  refuse: (request, world) => (request.op === 'delete' ? refuseDelete(request, world) : refuseKey(request, world)),
});

function outputsOf(inputs: TableInputs, context: RenderContext & { readonly key: string }): Properties {
  const arn = arnOf('dynamodb', `table/${context.key}`, context.place);
  const prior = context.prior?.outputs;
  // A stream's label is the time at which it was turned on: another one after each time.
  const label = inputs.streamEnabled ? (prior?.streamEnabled === true ? String(prior.streamLabel) : streamLabel(context)) : '';
  return {
    name: context.key,
    arn,
    readCapacity: inputs.readCapacity ?? 0,
    writeCapacity: inputs.writeCapacity ?? 0,
    streamLabel: label,
    streamArn: label === '' ? '' : `${arn}/stream/${label}`,
  };
}

/** Looks like AWS's timestamp; rendering has no clock, so it is a stable one of no real time. */
function streamLabel(context: RenderContext): string {
  const digit = (at: number, base: number) => Number.parseInt(context.random(`stream-${at}`, 4), 16) % base;
  const two = (value: number) => String(value).padStart(2, '0');
  return `2026-${two(1 + digit(0, 12))}-${two(1 + digit(1, 28))}T${two(digit(2, 24))}:${two(digit(3, 60))}:${two(digit(4, 60))}.${String(digit(5, 1000)).padStart(3, '0')}`;
}

function keyProblems({
  attributes,
  hashKey,
  rangeKey,
  globalSecondaryIndexes = [],
  localSecondaryIndexes = [],
}: TableInputs): readonly string[] {
  const defined = attributes.map(({ name }) => name);
  const problems: string[] = [];
  if (new Set(defined).size !== defined.length) problems.push(`${INVALID}Duplicate AttributeName in AttributeDefinitions`);
  const keys = [hashKey, ...(rangeKey === undefined ? [] : [rangeKey])];
  const indexKeys = [
    ...globalSecondaryIndexes.flatMap((index) => [index.hashKey, index.rangeKey]),
    ...localSecondaryIndexes.map((index) => index.rangeKey),
  ];
  const used = new Set([...keys, ...indexKeys].filter((key) => key !== undefined));
  const undefinedKeys = [...used].filter((key) => !defined.includes(key));
  const listed = (names: Iterable<string>) => `[${[...names].join(', ')}]`;
  if (undefinedKeys.length > 0) {
    problems.push(
      `${INVALID}Some index key attributes are not defined in AttributeDefinitions. Keys: ${listed(undefinedKeys)}, AttributeDefinitions: ${listed(defined)}`,
    );
  } else if (defined.some((name) => !used.has(name))) {
    problems.push(
      indexKeys.length === 0
        ? `${INVALID}Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions`
        : `${INVALID}Some AttributeDefinitions are not used. AttributeDefinitions: ${listed(defined)}, keys used: ${listed(used)}`,
    );
  }
  if (hashKey === rangeKey) problems.push('Both the Hash Key and the Range Key element in the KeySchema have the same name');
  if (localSecondaryIndexes.length > 0 && rangeKey === undefined)
    problems.push(`${INVALID}Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex`);
  const indexNames = [...globalSecondaryIndexes, ...localSecondaryIndexes].map(({ name }) => name);
  if (new Set(indexNames).size !== indexNames.length) problems.push(`${INVALID}Duplicate index name`);
  return problems;
}

function capacityProblems({
  billingMode,
  readCapacity,
  writeCapacity,
  globalSecondaryIndexes = [],
  onDemandThroughput,
}: TableInputs): readonly string[] {
  const places = [
    { at: '', readCapacity, writeCapacity, onDemandThroughput },
    ...globalSecondaryIndexes.map((index) => ({ ...index, at: ` for index: ${index.name}` })),
  ];
  return places.flatMap((place) => {
    const given = place.readCapacity !== undefined || place.writeCapacity !== undefined;
    if (billingMode === 'PAY_PER_REQUEST') {
      return given
        ? [`${INVALID}Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST${place.at}`]
        : [];
    }
    if (place.onDemandThroughput !== undefined)
      return [`${INVALID}OnDemandThroughput cannot be specified when BillingMode is PROVISIONED${place.at}`];
    if (place.readCapacity !== undefined && place.writeCapacity !== undefined) return [];
    return [`${INVALID}ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED${place.at}`];
  });
}

function optionProblems(table: TableInputs): readonly string[] {
  const problems: string[] = [];
  if (table.ttl?.enabled === true && table.ttl.attributeName === undefined)
    problems.push('ttl.attributeName must be given where ttl is enabled');
  if (table.streamEnabled !== (table.streamViewType !== undefined))
    problems.push(`${INVALID}streamViewType must be given if, and only if, streamEnabled is true`);
  if (table.serverSideEncryption?.enabled === false && table.serverSideEncryption.kmsKeyArn !== undefined) {
    problems.push(`${INVALID}KMSMasterKeyId cannot be specified where encryption with KMS is off`);
  }
  for (const index of [...(table.globalSecondaryIndexes ?? []), ...(table.localSecondaryIndexes ?? [])]) {
    if ((index.projectionType === 'INCLUDE') !== (index.nonKeyAttributes !== undefined)) {
      problems.push(`${INVALID}NonKeyAttributes of index ${index.name} must be given if, and only if, ProjectionType is INCLUDE`);
    }
  }
  return problems;
}

function refuseDelete({ inputs, key, place }: TypedRequest<TableInputs>, world: WorldView): Refusal | undefined {
  // What stands decides, not what the caller remembers.
  const existing = world.find(TYPE, key, place);
  const isProtected = existing ? existing.outputs.deletionProtectionEnabled === true : inputs.deletionProtectionEnabled;
  return isProtected
    ? refusal(
        'ValidationException',
        'Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.',
      )
    : undefined;
}

function refuseKey({ inputs, place }: TypedRequest<TableInputs>, world: WorldView): Refusal | undefined {
  const arn = inputs.serverSideEncryption?.kmsKeyArn;
  if (arn === undefined || findKey(world, arn, place).kind !== 'missing') return undefined;
  return refusal('ValidationException', `${INVALID}KMS validation error: Key '${arn}' does not exist`);
}
