import * as z from 'zod';

import { arnOf } from './common/arn';
import { physicalName } from './common/auto-name';
import { monitoringTokens } from './common/monitoring-tokens';
import { defineType } from './common/resource-definition';
import { refusal } from './common/refusal';
import { textOf } from './common/shapes';
import { tagsShape } from './common/tags-shape';
import { uuidOf } from './common/uuid';

const inputs = z.strictObject({
  name: textOf({ pattern: /^[a-zA-Z0-9_.-]+$/, max: 255, what: 'letters, digits, _ . -' }).optional(),
  tags: tagsShape.optional(),
});

/**
 * Where source accounts attach: one an account and region. That links must go before their sink is not simulated, since a type cannot
 * see the accounts that link to it.
 */
export const oamSink = defineType({
  type: monitoringTokens.sink,
  inputs,
  invalid: 'InvalidParameterException',
  replaceOn: ['name'],
  taggable: true,
  scope: 'region',
  onTaken: { refuse: 'ConflictException' },
  seconds: { create: 2, update: 1, delete: 2 },
  key: (sink, context) => physicalName({ name: sink.name }, context),
  render: (_sink, context) => {
    const sinkId = uuidOf(context, 'sink');
    const arn = arnOf('oam', `sink/${sinkId}`, context.place);
    return { id: arn, computed: { name: context.key, arn, sinkId } };
  },
  refuse: ({ op, place }, world) => {
    if (op !== 'create' || world.list(monitoringTokens.sink, place).length === 0) return undefined;
    return refusal(
      'ServiceQuotaExceededException',
      `Account ${place.account} has a sink in ${place.region} already: each account can contain one sink per Region`,
    );
  },
});
