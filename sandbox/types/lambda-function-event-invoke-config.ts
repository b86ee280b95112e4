import * as z from 'zod';

import type { Place } from '../resource-type';

import { refuseDestination } from './common/destination';
import { findFunction, functionArn, functionNamePattern, parseFunctionName, qualifierExists } from './common/function-reference';
import { LATEST } from './common/lambda-versions';
import { defineType } from './common/resource-definition';
import { refusal } from './common/refusal';
import { arnShape, textOf, wholeNumber } from './common/shapes';

const destination = z.strictObject({ destination: arnShape(['sqs', 'sns', 'lambda', 'events', 's3']) }).optional();

const shape = z.strictObject({
  functionName: textOf({ pattern: functionNamePattern, max: 170, what: 'a function name or ARN' }),
  qualifier: textOf({ pattern: /^(\$LATEST|[a-zA-Z0-9-_]+)$/, max: 128, what: '$LATEST, a version or an alias' }).optional(),
  destinationConfig: z.strictObject({ onFailure: destination, onSuccess: destination }).optional(),
  maximumEventAgeInSeconds: wholeNumber({ min: 60, max: 21_600 }).optional(),
  maximumRetryAttempts: wholeNumber({ min: 0, max: 2 }).default(2),
});

type ConfigInputs = z.output<typeof shape>;

/** How a function, version or alias treats asynchronous invocations. Putting it again replaces it. */
export const functionEventInvokeConfig = defineType({
  type: 'aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig',
  inputs: shape,
  invalid: 'InvalidParameterValueException',
  replaceOn: ['functionName', 'qualifier'],
  taggable: false,
  scope: 'region',
  onTaken: 'overwrite',
  seconds: { create: 1, update: 1, delete: 1 },
  key: (inputs, { place }) => `${nameOf(inputs, place)}:${inputs.qualifier ?? LATEST}`,
  render: (inputs) => ({
    id: inputs.qualifier === undefined ? inputs.functionName : `${inputs.functionName}:${inputs.qualifier}`,
    computed: {},
  }),
  refuse: ({ op, inputs, place }, world) => {
    if (op === 'delete') return undefined;
    const name = nameOf(inputs, place);
    const found = findFunction(name, place, world);
    if (!found || !qualifierExists(found.resource, { qualifier: inputs.qualifier, place }, world)) {
      return refusal(
        'ResourceNotFoundException',
        `The function ${functionArn({ name, qualifier: inputs.qualifier ?? LATEST }, place)} doesn't exist.`,
      );
    }
    const { onFailure, onSuccess } = inputs.destinationConfig ?? {};
    const request = { roleArn: String(found.resource.outputs.role), place };
    return [onFailure, onSuccess].flatMap((end) => (end && refuseDestination(end.destination, request, world)) ?? [])[0];
  },
});

function nameOf(inputs: ConfigInputs, place: Place): string {
  return parseFunctionName(inputs.functionName, place)?.name ?? inputs.functionName;
}
