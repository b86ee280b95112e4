import * as z from 'zod';

import { findSink } from './common/locate-arn';
import { monitoringTokens } from './common/monitoring-tokens';
import { parsePolicy } from './common/policy-document';
import { defineType } from './common/resource-definition';
import { refusal } from './common/refusal';
import { arnShape, policyTextShape } from './common/shapes';

const ACTIONS = new Set(['oam:createlink', 'oam:updatelink', 'oam:*', '*']);

const inputs = z.strictObject({ policy: policyTextShape, sinkIdentifier: arnShape(['oam']) });

/** Who may link to a sink, and with which types of data. OAM has no call that removes it: it goes with the sink. */
export const oamSinkPolicy = defineType({
  type: monitoringTokens.sinkPolicy,
  inputs,
  invalid: 'InvalidParameterException',
  replaceOn: ['sinkIdentifier'],
  taggable: false,
  scope: 'region',
  onTaken: 'overwrite',
  seconds: { create: 1, update: 1, delete: 1 },
  key: ({ sinkIdentifier }) => sinkIdentifier,
  render: ({ sinkIdentifier }) => ({
    id: sinkIdentifier,
    computed: { arn: sinkIdentifier, sinkId: sinkIdentifier.split('/').at(-1) ?? '' },
  }),
  refuse: ({ op, inputs: { sinkIdentifier, policy }, place }, world) => {
    if (op === 'delete') return undefined;
    const sink = findSink(world, sinkIdentifier, place);
    if (sink?.account !== place.account || sink.region !== place.region)
      return refusal('ResourceNotFoundException', `Sink ${sinkIdentifier} does not exist`);
    const parsed = parsePolicy(policy, 'resource');
    if (!parsed.ok) return refusal('InvalidParameterException', `Invalid policy: ${parsed.problem}`);
    const foreign = parsed.document.statements.flatMap(({ actions }) => actions).find((action) => !ACTIONS.has(action.toLowerCase()));
    return foreign === undefined
      ? undefined
      : refusal('InvalidParameterException', `Invalid policy: ${foreign} is no action of a sink policy`);
  },
});
