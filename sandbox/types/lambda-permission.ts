import * as z from 'zod';

import type { Place } from '../resource-type';

import { findFunction, functionArn, functionNamePattern, parseFunctionName, qualifierExists } from './common/function-reference';
import { defineType } from './common/resource-definition';
import { refusal } from './common/refusal';
import { accountShape, arnShape, conflict, oneOf, textOf } from './common/shapes';

const statementId = textOf({ pattern: /^[a-zA-Z0-9-_]+$/, max: 100, what: 'letters, digits, - and _' });

const shape = z
  .strictObject({
    action: textOf({ pattern: /^(lambda:[*]|lambda:[a-zA-Z]+|[*])$/, max: 128, what: 'an action of Lambda' }),
    eventSourceToken: textOf({ pattern: /^[a-zA-Z0-9._-]+$/, max: 256, what: 'letters, digits and . _ -' }).optional(),
    function: textOf({ pattern: functionNamePattern, max: 170, what: 'a function name or ARN' }),
    functionUrlAuthType: oneOf(['AWS_IAM', 'NONE']).optional(),
    principal: textOf({
      pattern: /^(\*|\d{12}|[a-z0-9.-]+\.amazonaws\.com|arn:aws:(iam|sts)::\d{12}:.+)$/,
      max: 256,
      what: 'a service as sns.amazonaws.com, an account id, the ARN of an IAM principal, or *',
    }),
    principalOrgId: textOf({ pattern: /^o-[a-z0-9]{10,32}$/, max: 34, what: 'an organisation id' }).optional(),
    qualifier: textOf({ pattern: /^(\$LATEST|[a-zA-Z0-9-_]+)$/, max: 128, what: '$LATEST, a version or an alias' }).optional(),
    sourceAccount: accountShape.optional(),
    sourceArn: arnShape().optional(),
    statementId: statementId.optional(),
    statementIdPrefix: statementId.optional(),
  })
  .check(conflict(['statementId', 'statementIdPrefix']))
  .superRefine(({ functionUrlAuthType, action }, context) => {
    if (functionUrlAuthType !== undefined && action !== 'lambda:InvokeFunctionUrl') {
      context.addIssue({
        code: 'custom',
        path: ['functionUrlAuthType'],
        message: 'FunctionUrlAuthType is only supported for lambda:InvokeFunctionUrl action',
      });
    }
  });

type PermissionInputs = z.output<typeof shape>;

/** One statement of a function's resource policy. Every change replaces it. */
export const lambdaPermission = defineType({
  type: 'aws:lambda/permission:Permission',
  inputs: shape,
  invalid: 'InvalidParameterValueException',
  replaceOn: [
    'action',
    'eventSourceToken',
    'function',
    'functionUrlAuthType',
    'principal',
    'principalOrgId',
    'qualifier',
    'sourceAccount',
    'sourceArn',
    'statementId',
    'statementIdPrefix',
  ],
  taggable: false,
  scope: 'region',
  onTaken: { refuse: 'ResourceConflictException' },
  seconds: { create: 1, update: 1, delete: 1 },
  key: (inputs, context) => {
    const id = inputs.statementId ?? `${inputs.statementIdPrefix ?? 'terraform-'}${context.random('statement', 12)}`;
    return `${nameOf(inputs, context.place)}:${inputs.qualifier ?? ''}:${id}`;
  },
  render: (_inputs, { key }) => {
    const id = key.slice(key.lastIndexOf(':') + 1);
    return { id, computed: { statementId: id } };
  },
  refuse: ({ op, inputs, place }, world) => {
    if (op === 'delete') return undefined;
    const name = nameOf(inputs, place);
    const found = findFunction(name, place, world);
    if (found && qualifierExists(found.resource, { qualifier: inputs.qualifier, place }, world)) return undefined;
    return refusal('ResourceNotFoundException', `Function not found: ${functionArn({ name, qualifier: inputs.qualifier }, place)}`);
  },
});

function nameOf(inputs: PermissionInputs, place: Place): string {
  return parseFunctionName(inputs.function, place)?.name ?? inputs.function;
}
