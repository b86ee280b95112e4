import * as z from 'zod';

import type { Place, Properties, Refusal, WorldView } from '../../resource-type';

import { parseArn } from './arn';
import { findTopic } from './locate-arn';
import { readTexts } from './property-readers';
import { refusal } from './refusal';

const MAX_ACTIONS = 5;

const SHARED = [
  /^arn:aws:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}$/,
  /^arn:aws:lambda:[a-z0-9-]+:\d{12}:function:[\w-]{1,64}(:[\w$-]+)?$/,
  /^arn:aws:ssm:[a-z0-9-]+:\d{12}:opsitem:[1-4](#CATEGORY=\w+)?$/,
  /^arn:aws:ssm-incidents::\d{12}:response-?plan\/[\w-]+$/,
  /^arn:aws:aiops:[a-z0-9-]+:\d{12}:investigation-group:[\w-]+$/,
];
const METRIC_ONLY = [
  /^arn:aws:automate:[a-z0-9-]+:ec2:(stop|terminate|reboot|recover)$/,
  /^arn:aws:swf:[a-z0-9-]+:\d{12}:action\/actions\/AWS_EC2\.InstanceId\.(Stop|Terminate|Reboot|Recover)\/1\.0$/,
  /^arn:aws:autoscaling:[a-z0-9-]+:\d{12}:scalingPolicy:[\w-]+:.+$/,
];

/** ARNs that a metric alarm can act on, at most five a state. */
export const metricAlarmActionsShape = actionsShape([...SHARED, ...METRIC_ONLY]);

/** ARNs that a composite alarm can act on: neither EC2 nor scaling policies. */
export const compositeAlarmActionsShape = actionsShape(SHARED);

function actionsShape(patterns: readonly RegExp[]) {
  const action = z
    .string()
    .refine((text) => patterns.some((pattern) => pattern.test(text)), { error: (issue) => `Invalid arn syntax: ${String(issue.input)}` });
  return z
    .array(action)
    .max(MAX_ACTIONS, { error: (issue) => `${(issue.input as readonly unknown[]).length} actions are more than ${MAX_ACTIONS}` });
}

const STATES = ['alarmActions', 'okActions', 'insufficientDataActions'] as const;

/**
 * What CloudWatch refuses of an alarm's actions: those of another region. A topic that does not exist is refused too, where the action is
 * new: CloudWatch itself would take it and notify nobody.
 */
export function refuseActions(
  alarm: Properties,
  options: { readonly prior: Properties | undefined; readonly place: Place; readonly world: WorldView },
): Refusal | undefined {
  const { prior, place, world } = options;
  const before = new Set(STATES.flatMap((state) => readTexts(prior, state)));
  for (const action of new Set(STATES.flatMap((state) => readTexts(alarm, state)))) {
    const region = parseArn(action)?.region;
    if (region !== '' && region !== place.region)
      return refusal('ValidationError', `Invalid region ${region ?? ''} specified. Only ${place.region} is supported.`);
    if (action.startsWith('arn:aws:sns:') && !before.has(action) && !findTopic(world, action, place)) {
      return refusal('ValidationError', `The alarm action ${action} names a topic that does not exist`);
    }
  }
  return undefined;
}
