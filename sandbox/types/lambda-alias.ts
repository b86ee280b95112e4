import * as z from 'zod';

import type { Place, Refusal, WorldResource } from '../resource-type';

import { arnOf } from './common/arn';
import { physicalName } from './common/auto-name';
import { computeTokens } from './common/compute-tokens';
import { findFunction, findVersion, functionArn, functionNamePattern, parseFunctionName } from './common/function-reference';
import { LATEST } from './common/lambda-versions';
import { defineType, type TypedRequest } from './common/resource-definition';
import { refusal } from './common/refusal';
import { mapOf, textOf } from './common/shapes';

const shape = z.strictObject({
  name: textOf({ pattern: /^(?![0-9]+$)[a-zA-Z0-9-_]+$/, max: 128, what: 'letters, digits, - and _, not digits alone' }).optional(),
  description: z.string().max(256, { error: 'description has more than 256 characters' }).default(''),
  functionName: textOf({ pattern: functionNamePattern, max: 170, what: 'a function name or ARN' }),
  functionVersion: textOf({ pattern: /^(\$LATEST|[0-9]+)$/, max: 1024, what: '$LATEST or a version number' }),
  routingConfig: z
    .strictObject({
      additionalVersionWeights: mapOf(
        (version) => (/^[0-9]+$/.test(version) ? undefined : `${JSON.stringify(version)} is not a version number`),
        z.number().refine((weight) => weight >= 0 && weight <= 1, {
          error: (issue) => `weight ${JSON.stringify(issue.input)} must be from 0.0 to 1.0`,
        }),
      )
        .refine((weights) => Object.keys(weights).length <= 1, {
          error: 'Number of items in AdditionalVersionWeights cannot be greater than 1',
        })
        .optional(),
    })
    .optional(),
});

type AliasInputs = z.output<typeof shape>;

/** An alias of a function: a name for one version, or for two with weights. */
export const lambdaAlias = defineType({
  type: computeTokens.alias,
  inputs: shape,
  invalid: 'InvalidParameterValueException',
  replaceOn: ['name', 'functionName'],
  taggable: false,
  scope: 'region',
  onTaken: { refuse: 'ResourceConflictException' },
  seconds: { create: 1, update: 1, delete: 1 },
  key: (inputs, context) => `${nameOf(inputs, context.place)}:${physicalName(inputs, context)}`,
  render: (_inputs, { key, place }) => {
    const arn = arnOf('lambda', `function:${key}`, place);
    return {
      id: arn,
      computed: {
        arn,
        name: key.slice(key.indexOf(':') + 1),
        invokeArn: `arn:aws:apigateway:${place.region}:lambda:path/2015-03-31/functions/${arn}/invocations`,
      },
    };
  },
  refuse: (request, world) => {
    if (request.op === 'delete') return undefined;
    const { inputs, place } = request;
    const found = findFunction(nameOf(inputs, place), place, world);
    return found ? refuseVersions(request, found.resource) : notFound(inputs, place);
  },
});

function refuseVersions({ inputs, place }: TypedRequest<AliasInputs>, target: WorldResource): Refusal | undefined {
  const { functionVersion, routingConfig } = inputs;
  const main = findVersion(target, functionVersion);
  if (!main && functionVersion !== LATEST) return notFound(inputs, place, functionVersion);
  const other = Object.keys(routingConfig?.additionalVersionWeights ?? {})[0];
  if (other === undefined) return undefined;
  if (!main) return refusal('InvalidParameterValueException', '$LATEST is not supported for an alias pointing to more than 1 version');
  if (other === functionVersion) {
    return refusal(
      'InvalidParameterValueException',
      `Invalid function version ${other}. Function version ${other} is already included in routing configuration.`,
    );
  }
  const second = findVersion(target, other);
  if (!second) return notFound(inputs, place, other);
  // Requests of one alias must look the same whichever version takes them: Lambda's guide lists both conditions.
  if (main.role !== second.role)
    return refusal(
      'InvalidParameterValueException',
      `Function versions ${functionVersion} and ${other} must have the same execution role.`,
    );
  if (main.deadLetterTarget !== second.deadLetterTarget) {
    return refusal(
      'InvalidParameterValueException',
      `Function versions ${functionVersion} and ${other} must have the same dead-letter queue configuration, or none.`,
    );
  }
  return undefined;
}

function nameOf(inputs: AliasInputs, place: Place): string {
  return parseFunctionName(inputs.functionName, place)?.name ?? inputs.functionName;
}

function notFound(inputs: AliasInputs, place: Place, qualifier?: string): Refusal {
  return refusal('ResourceNotFoundException', `Function not found: ${functionArn({ name: nameOf(inputs, place), qualifier }, place)}`);
}
