import { alarmNames, parseAlarmRule } from '../../alarm-rule';
import type { Place, Refusal, WorldResource, WorldView } from '../../resource-type';

import { parseArn } from './arn';
import { monitoringTokens } from './monitoring-tokens';
import { readText } from './property-readers';
import { refusal } from './refusal';

/** The alarm that a rule's name or ARN stands for, in one account and region; undefined where it is of another. */
export function alarmNameAt(reference: string, place: Place): string | undefined {
  if (!reference.startsWith('arn:')) return reference;
  const arn = parseArn(reference);
  const here =
    arn?.service === 'cloudwatch' && arn.region === place.region && arn.account === place.account && arn.resource.startsWith('alarm:');
  return here ? arn.resource.slice('alarm:'.length) : undefined;
}

/** The composites of a place whose rule refers to an alarm. */
export function compositesOn(alarm: string, place: Place, world: WorldView): readonly WorldResource[] {
  return world.list(monitoringTokens.compositeAlarm, place).filter((composite) => {
    const parsed = parseAlarmRule(readText(composite.inputs, 'alarmRule') ?? '');
    return 'rule' in parsed && alarmNames(parsed.rule).some((reference) => alarmNameAt(reference, place) === alarm);
  });
}

/** An alarm that a composite depends on, its own cycle included, cannot be deleted. */
export function refuseAlarmDelete(alarm: string, place: Place, world: WorldView): Refusal | undefined {
  if (compositesOn(alarm, place, world).length === 0) return undefined;
  return refusal('ValidationError', `Cannot delete ${alarm} as there are composite alarm(s) depending on it.`);
}
