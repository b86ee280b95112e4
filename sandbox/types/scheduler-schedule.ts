import * as z from 'zod';

import type { Refusal, WorldView } from '../resource-type';

import { arnOf, parseArn } from './common/arn';
import { physicalName } from './common/auto-name';
import { arnExists } from './common/destination';
import { findKey } from './common/kms-lookup';
import { defineType, type TypedRequest } from './common/resource-definition';
import { refusal } from './common/refusal';
import { assumable } from './common/role-permissions';
import { scheduleExpressionProblem } from './common/schedule-expression';
import { arnShape, conflict, oneOf, textOf, wholeNumber } from './common/shapes';

const MAX_INPUT_BYTES = 262_144;
const DEFAULT_GROUP = 'default';

const name = (max: number) => textOf({ pattern: /^[0-9a-zA-Z-_.]+$/, max, what: 'letters, digits and - _ .' });
const instant = z.iso.datetime({ error: (issue) => `${JSON.stringify(issue.input)} is not a UTC time such as 2030-01-01T01:00:00Z` });

const windowShape = z
  .strictObject({ mode: oneOf(['OFF', 'FLEXIBLE']), maximumWindowInMinutes: wholeNumber({ min: 1, max: 1440 }).optional() })
  .refine(({ mode, maximumWindowInMinutes }) => (mode === 'FLEXIBLE') === (maximumWindowInMinutes !== undefined), {
    error: 'maximumWindowInMinutes must be given if, and only if, the mode is FLEXIBLE',
  });

const targetShape = z.strictObject({
  arn: arnShape(),
  roleArn: arnShape(['iam']),
  deadLetterConfig: z.strictObject({ arn: arnShape(['sqs']) }).optional(),
  input: z
    .string()
    .min(1)
    .refine((text) => Buffer.byteLength(text) <= MAX_INPUT_BYTES, { error: `input has more than ${MAX_INPUT_BYTES} bytes` })
    .optional(),
  retryPolicy: z
    .strictObject({
      maximumEventAgeInSeconds: wholeNumber({ min: 60, max: 86_400 }).default(86_400),
      maximumRetryAttempts: wholeNumber({ min: 0, max: 185 }).default(185),
    })
    .default({ maximumEventAgeInSeconds: 86_400, maximumRetryAttempts: 185 }),
  sqsParameters: z.strictObject({ messageGroupId: z.string().min(1).max(128).optional() }).optional(),
});

const shape = z
  .strictObject({
    actionAfterCompletion: oneOf(['NONE', 'DELETE']).default('NONE'),
    description: z.string().max(512, { error: 'description has more than 512 characters' }).optional(),
    endDate: instant.optional(),
    flexibleTimeWindow: windowShape,
    groupName: name(64).default(DEFAULT_GROUP),
    kmsKeyArn: arnShape(['kms']).optional(),
    name: name(64).optional(),
    namePrefix: name(38).optional(),
    scheduleExpression: z.string().superRefine((expression, context) => {
      const problem = scheduleExpressionProblem(expression);
      if (problem !== undefined) context.addIssue({ code: 'custom', message: `Invalid Schedule Expression ${expression}: ${problem}` });
    }),
    scheduleExpressionTimezone: z
      .string()
      .refine(isTimezone, { error: (issue) => `Provided time zone ${JSON.stringify(issue.input)} is not supported` })
      .default('UTC'),
    startDate: instant.optional(),
    state: oneOf(['ENABLED', 'DISABLED']).default('ENABLED'),
    target: targetShape,
  })
  .check(conflict(['name', 'namePrefix']))
  .refine(({ startDate, endDate }) => startDate === undefined || endDate === undefined || startDate < endDate, {
    error: 'EndDate must come after StartDate',
  });

type ScheduleInputs = z.output<typeof shape>;

/** A schedule of EventBridge Scheduler. Schedules take no tags; only the group `default` is simulated. */
export const schedule = defineType({
  type: 'aws:scheduler/schedule:Schedule',
  inputs: shape,
  invalid: 'ValidationException',
  replaceOn: ['groupName', 'name', 'namePrefix'],
  taggable: false,
  scope: 'region',
  onTaken: { refuse: 'ConflictException' },
  seconds: { create: 2, update: 1, delete: 1 },
  key: (inputs, context) => `${inputs.groupName}/${physicalName(inputs, context)}`,
  render: (inputs, { key, place }) => ({
    id: key,
    computed: { name: key.slice(inputs.groupName.length + 1), arn: arnOf('scheduler', `schedule/${key}`, place) },
  }),
  refuse: (request, world) => (request.op === 'delete' ? undefined : refuseReferences(request, world)),
});

function refuseReferences({ inputs, place }: TypedRequest<ScheduleInputs>, world: WorldView): Refusal | undefined {
  const { groupName, target, kmsKeyArn } = inputs;
  if (groupName !== DEFAULT_GROUP) return refusal('ResourceNotFoundException', `Schedule group ${groupName} does not exist.`);
  const role = parseArn(target.roleArn);
  // The trust policy is asked on behalf of the group, not of the schedule.
  const request = { service: 'scheduler.amazonaws.com', sourceArn: arnOf('scheduler', `schedule-group/${groupName}`, place), place };
  if (role?.account !== place.account || !assumable(target.roleArn, request, world)) {
    return refusal('ValidationException', 'The execution role you provide must allow AWS EventBridge Scheduler to assume the role.');
  }
  // AWS itself finds a missing target or queue only when it first invokes it; here there is no later, so it is told at once.
  const missing = [target.arn, target.deadLetterConfig?.arn].find(
    (arn) => arn !== undefined && !isUniversalTarget(arn) && !arnExists(arn, place, world),
  );
  if (missing !== undefined) return refusal('ValidationException', `The target ${missing} does not exist.`);
  if (parseArn(target.arn)?.resource.endsWith('.fifo') && target.sqsParameters?.messageGroupId === undefined) {
    return refusal('ValidationException', 'MessageGroupId is required for FIFO queue targets.');
  }
  return kmsKeyArn !== undefined && findKey(world, kmsKeyArn, place).kind === 'missing'
    ? refusal('ValidationException', `KMS key ${kmsKeyArn} does not exist.`)
    : undefined;
}

/** `arn:aws:scheduler:::aws-sdk:...` stands for a call of any AWS API. */
function isUniversalTarget(arn: string): boolean {
  const parsed = parseArn(arn);
  return parsed?.service === 'scheduler' && parsed.resource.startsWith('aws-sdk:');
}

function isTimezone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
