import * as z from 'zod';

import type { Place, Refusal, WorldView } from '../resource-type';

import { logGroupNameShape } from './cloudwatch-log-group';
import { computeTokens } from './common/compute-tokens';
import { readDataProtectionPolicy, type FindingsDestination } from './common/data-protection-rules';
import { monitoringTokens } from './common/monitoring-tokens';
import { defineType } from './common/resource-definition';
import { refusal } from './common/refusal';
import { policyTextShape } from './common/shapes';

const inputs = z.strictObject({ logGroupName: logGroupNameShape, policyDocument: policyTextShape });

/** What a log group masks. */
export const cloudwatchLogDataProtectionPolicy = defineType({
  type: monitoringTokens.logDataProtectionPolicy,
  inputs,
  invalid: 'InvalidParameterException',
  replaceOn: ['logGroupName'],
  taggable: false,
  scope: 'region',
  onTaken: 'overwrite',
  seconds: { create: 1, update: 1, delete: 1 },
  key: ({ logGroupName }) => logGroupName,
  render: ({ logGroupName }) => ({ id: logGroupName, computed: {} }),
  refuse: ({ op, inputs: { logGroupName, policyDocument }, place }, world) => {
    if (op === 'delete') return undefined;
    const group = world.find(monitoringTokens.logGroup, logGroupName, place);
    if (!group) return refusal('ResourceNotFoundException', 'The specified log group does not exist.');
    if (group.outputs.logGroupClass !== 'STANDARD')
      return refusal('InvalidParameterException', 'Data protection is supported for log groups of the STANDARD class only');
    const policy = readDataProtectionPolicy(policyDocument);
    if ('problem' in policy) return refusal('InvalidParameterException', policy.problem);
    return refuseDestination(policy.destination, place, world);
  },
});

/** Findings can go only where something is there to take them. */
function refuseDestination(destination: FindingsDestination, place: Place, world: WorldView): Refusal | undefined {
  const group = destination.CloudWatchLogs?.LogGroup;
  if (group !== undefined && !world.find(monitoringTokens.logGroup, group, place))
    return refusal('InvalidParameterException', `the findings destination log group ${group} does not exist`);
  const bucket = destination.S3?.Bucket;
  if (bucket !== undefined && !world.find(computeTokens.bucket, bucket, place))
    return refusal('InvalidParameterException', `the findings destination bucket ${bucket} does not exist`);
  return undefined;
}
