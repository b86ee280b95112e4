import * as z from 'zod';

import type { Place, Refusal, WorldResource, WorldView } from '../resource-type';

import { arnOf } from './common/arn';
import { computeTokens } from './common/compute-tokens';
import { findFunction, functionArn, functionNamePattern, parseFunctionName, type FoundFunction } from './common/function-reference';
import { defineType, type TypedRequest } from './common/resource-definition';
import { refusal } from './common/refusal';
import { roleAllows } from './common/role-permissions';
import { arnShape, oneOf, textOf, wholeNumber } from './common/shapes';
import { tagsShape } from './common/tags-shape';
import { uuidOf } from './common/uuid';

/** What the poller does with the function's role, in the order in which Lambda tries it. */
const POLLER_CALLS = ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'] as const;

const jsonText = z.string().refine(isJson, { error: 'Invalid filter pattern definition.' });

const shape = z
  .strictObject({
    batchSize: wholeNumber({ min: 1, max: 10_000 }).default(10),
    enabled: z.boolean().default(true),
    // The other sources (streams, Kafka, brokers) are not simulated.
    eventSourceArn: arnShape(['sqs']),
    filterCriteria: z
      .strictObject({
        filters: z
          .array(z.strictObject({ pattern: jsonText.max(4096).optional() }))
          .max(5)
          .optional(),
      })
      .optional(),
    functionName: textOf({ pattern: functionNamePattern, max: 170, what: 'a function name or ARN' }),
    functionResponseTypes: z
      .array(oneOf(['ReportBatchItemFailures']))
      .max(1)
      .optional(),
    maximumBatchingWindowInSeconds: wholeNumber({ min: 0, max: 300 }).default(0),
    metricsConfig: z.strictObject({ metrics: z.array(oneOf(['EventCount'])).max(1) }).optional(),
    scalingConfig: z.strictObject({ maximumConcurrency: wholeNumber({ min: 2, max: 1000 }).optional() }).optional(),
    tags: tagsShape.optional(),
  })
  .superRefine(({ batchSize, maximumBatchingWindowInSeconds: window, eventSourceArn }, context) => {
    const wrong = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
    const fifo = eventSourceArn.endsWith('.fifo');
    if (fifo && batchSize > 10) wrong('batchSize', `Batch size ${batchSize} is more than the 10 that FIFO queues allow.`);
    if (fifo && window > 0) wrong('maximumBatchingWindowInSeconds', 'Batching window is not supported for FIFO queues.');
    if (!fifo && batchSize > 10 && window === 0) {
      wrong(
        'maximumBatchingWindowInSeconds',
        'Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10',
      );
    }
  });

type MappingInputs = z.output<typeof shape>;

/** A queue whose messages Lambda hands to a function. */
export const eventSourceMapping = defineType({
  type: computeTokens.eventSourceMapping,
  inputs: shape,
  invalid: 'InvalidParameterValueException',
  replaceOn: ['eventSourceArn'],
  taggable: true,
  scope: 'region',
  // A mapping is named by its id alone; a second one of the same queue and function is refused below.
  onTaken: { refuse: 'ResourceConflictException' },
  seconds: { create: 12, update: 8, delete: 10 },
  key: (_inputs, context) => uuidOf(context, 'mapping'),
  render: (inputs, { key, place }) => {
    const { name, qualifier } = referenceOf(inputs, place);
    const target = functionArn({ name, qualifier }, place);
    return {
      id: key,
      computed: {
        uuid: key,
        arn: arnOf('lambda', `event-source-mapping:${key}`, place),
        functionArn: target,
        functionName: inputs.functionName,
        state: inputs.enabled ? 'Enabled' : 'Disabled',
        stateTransitionReason: 'USER_INITIATED',
        lastProcessingResult: '',
      },
    };
  },
  refuse: (request, world) => {
    if (request.op === 'delete') return undefined;
    const { inputs, place } = request;
    const source = world.byArn(inputs.eventSourceArn);
    if (source?.account !== place.account || source.region !== place.region) {
      return refusal(
        'InvalidParameterValueException',
        'Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue. SQS Error Message: The specified queue does not exist for this wsdl version.',
      );
    }
    const found = findFunction(inputs.functionName, place, world);
    if (!found) return refusal('InvalidParameterValueException', 'Function does not exist');
    return refuseTwin(request, found, world) ?? refuseTimeouts(source, found.resource) ?? refusePermissions(request, found, world);
  },
});

function refuseTwin(
  { inputs, key, outputs, place }: TypedRequest<MappingInputs>,
  found: FoundFunction,
  world: WorldView,
): Refusal | undefined {
  const twin = world
    .list(computeTokens.eventSourceMapping, place)
    .find(
      (mapping) =>
        mapping.key !== key &&
        mapping.inputs.eventSourceArn === inputs.eventSourceArn &&
        mapping.outputs.functionArn === outputs.functionArn,
    );
  return (
    twin &&
    refusal(
      'ResourceConflictException',
      `An event source mapping with SQS arn (" ${inputs.eventSourceArn} ") and function (" ${found.reference.name} ") already exists. Please update or delete the existing mapping with UUID ${twin.key}`,
    )
  );
}

function refuseTimeouts(source: WorldResource, target: WorldResource): Refusal | undefined {
  const visibility = Number(source.outputs.visibilityTimeoutSeconds);
  const timeout = Number(target.outputs.timeout);
  return visibility < timeout
    ? refusal(
        'InvalidParameterValueException',
        `Queue visibility timeout: ${visibility} seconds is less than Function timeout: ${timeout} seconds`,
      )
    : undefined;
}

function refusePermissions({ inputs, place }: TypedRequest<MappingInputs>, found: FoundFunction, world: WorldView): Refusal | undefined {
  const role = String(found.resource.outputs.role);
  const denied = POLLER_CALLS.find((call) => !roleAllows(role, { action: `sqs:${call}`, resource: inputs.eventSourceArn, place }, world));
  return denied === undefined
    ? undefined
    : refusal('InvalidParameterValueException', `The function execution role does not have permissions to call ${denied} on SQS`);
}

function referenceOf(inputs: MappingInputs, place: Place): { readonly name: string; readonly qualifier: string | undefined } {
  return parseFunctionName(inputs.functionName, place) ?? { name: inputs.functionName, qualifier: undefined };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
