import * as z from 'zod';

import { arnOf } from './common/arn';
import { physicalName } from './common/auto-name';
import { findKey, keyNotFound } from './common/kms-lookup';
import { locateArn } from './common/locate-arn';
import { monitoringTokens } from './common/monitoring-tokens';
import { defineType } from './common/resource-definition';
import { refusal } from './common/refusal';
import { conflict, textOf } from './common/shapes';

const aliasName = textOf({ pattern: /^alias\/[a-zA-Z0-9/_-]+$/, max: 256, what: 'alias/ and letters, digits, / _ -' });

const inputs = z
  .strictObject({
    name: aliasName.optional(),
    namePrefix: aliasName.optional(),
    targetKeyId: z.string().min(1).max(2048),
  })
  .check(conflict(['name', 'namePrefix']));

/** A KMS key's alias. */
export const kmsAlias = defineType({
  type: monitoringTokens.keyAlias,
  inputs,
  invalid: 'ValidationException',
  replaceOn: ['name', 'namePrefix'],
  taggable: false,
  scope: 'region',
  onTaken: { refuse: 'AlreadyExistsException' },
  seconds: { create: 2, update: 1, delete: 1 },
  key: (alias, context) => physicalName({ name: alias.name, namePrefix: alias.namePrefix ?? 'alias/' }, context),
  render: ({ targetKeyId }, { key: name, place }) => {
    const keyId = locateArn(targetKeyId, place)?.resource.replace(/^key\//, '') ?? targetKeyId;
    return {
      id: name,
      computed: { name, arn: arnOf('kms', name, place), targetKeyId: keyId, targetKeyArn: arnOf('kms', `key/${keyId}`, place) },
    };
  },
  refuse: ({ op, inputs: { targetKeyId }, key: name, place }, world) => {
    if (op === 'delete') return undefined;
    if (name.startsWith('alias/aws/'))
      return refusal('InvalidAliasNameException', `Alias ${name} begins with alias/aws/, which is reserved for AWS managed keys`);
    if (targetKeyId.includes('alias/')) return refusal('ValidationException', 'Aliases must refer to keys. Not aliases');
    const target = findKey(world, targetKeyId, place);
    const here = target.kind === 'customer' && target.key.account === place.account && target.key.region === place.region;
    return here ? undefined : keyNotFound(targetKeyId, place);
  },
});
