import * as z from 'zod';

import { alarmNames, parseAlarmRule } from '../alarm-rule';
import type { Place, Refusal, WorldView } from '../resource-type';

import { compositeAlarmActionsShape, refuseActions } from './common/alarm-actions';
import { alarmNameAt, compositesOn, refuseAlarmDelete } from './common/alarm-dependants';
import { arnOf } from './common/arn';
import { monitoringTokens } from './common/monitoring-tokens';
import { defineType } from './common/resource-definition';
import { refusal } from './common/refusal';
import { wholeNumber } from './common/shapes';
import { tagsShape } from './common/tags-shape';

/** CloudWatch: most composites that may depend on one alarm. */
const MAX_PARENTS = 150;

const rule = z
  .string()
  .min(1)
  .check((payload) => {
    const parsed = parseAlarmRule(payload.value);
    if ('problem' in parsed)
      payload.issues.push({
        code: 'custom',
        input: payload.value,
        message: `Error in AlarmRule at character ${parsed.at}: ${parsed.problem}`,
      });
  });

const inputs = z.strictObject({
  actionsEnabled: z.boolean().default(true),
  actionsSuppressor: z
    .strictObject({
      alarm: z.string().min(1).max(1600),
      extensionPeriod: wholeNumber({ min: 0, max: 86_400 }),
      waitPeriod: wholeNumber({ min: 0, max: 86_400 }),
    })
    .optional(),
  alarmActions: compositeAlarmActionsShape.optional(),
  alarmDescription: z.string().max(1024).optional(),
  alarmName: z.string().min(1).max(255),
  alarmRule: rule,
  insufficientDataActions: compositeAlarmActionsShape.optional(),
  okActions: compositeAlarmActionsShape.optional(),
  tags: tagsShape.optional(),
});

/**
 * A CloudWatch alarm on other alarms of its own account and region. As on AWS, an update may close a cycle of composites; what such a
 * cycle, or any rule, depends on cannot be deleted.
 */
export const cloudwatchCompositeAlarm = defineType({
  type: monitoringTokens.compositeAlarm,
  inputs,
  invalid: 'ValidationError',
  replaceOn: ['alarmName'],
  taggable: true,
  scope: 'region',
  onTaken: 'overwrite',
  seconds: { create: 1, update: 1, delete: 1 },
  key: ({ alarmName }) => alarmName,
  render: (_alarm, { key: name, place }) => ({ id: name, computed: { arn: arnOf('cloudwatch', `alarm:${name}`, place) } }),
  refuse: ({ op, inputs: alarm, prior, key: name, place }, world) => {
    if (op === 'delete') return refuseAlarmDelete(name, place, world);
    if (world.find(monitoringTokens.metricAlarm, name, place))
      return refusal('ValidationError', `A metric alarm with the name ${name} already exists`);
    const parsed = parseAlarmRule(alarm.alarmRule);
    const children = 'rule' in parsed ? alarmNames(parsed.rule) : [];
    return (
      refuseChildren(children, place, world) ??
      refuseParents(children, { name, place, world }) ??
      refuseSuppressor(alarm.actionsSuppressor?.alarm, place, world) ??
      refuseActions(alarm, { prior: prior?.inputs, place, world })
    );
  },
});

function exists(reference: string, place: Place, world: WorldView): boolean {
  const name = alarmNameAt(reference, place);
  return (
    name !== undefined &&
    [monitoringTokens.metricAlarm, monitoringTokens.compositeAlarm].some((type) => world.find(type, name, place) !== undefined)
  );
}

function refuseChildren(children: readonly string[], place: Place, world: WorldView): Refusal | undefined {
  const missing = children.filter((child) => !exists(child, place, world));
  if (missing.length === 0) return undefined;
  return refusal('ValidationError', `Could not save the composite alarm as alarms [${missing.join(', ')}] in the alarm rule do not exist`);
}

function refuseParents(
  children: readonly string[],
  composite: { readonly name: string; readonly place: Place; readonly world: WorldView },
): Refusal | undefined {
  const { name, place, world } = composite;
  const crowded = children.find(
    (child) => compositesOn(alarmNameAt(child, place) ?? child, place, world).filter(({ key }) => key !== name).length >= MAX_PARENTS,
  );
  return crowded === undefined
    ? undefined
    : refusal('LimitExceeded', `The alarm ${crowded} is in the rules of ${MAX_PARENTS} composite alarms already`);
}

function refuseSuppressor(suppressor: string | undefined, place: Place, world: WorldView): Refusal | undefined {
  if (suppressor === undefined || exists(suppressor, place, world)) return undefined;
  return refusal('ValidationError', `Could not save the composite alarm as the actions suppressor ${suppressor} does not exist`);
}
