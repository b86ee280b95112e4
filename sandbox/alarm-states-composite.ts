import { alarmNames, evaluateAlarmRule, parseAlarmRule, type AlarmState } from './alarm-rule';
import { stateAt, type AlarmTime, type StateChange } from './alarm-states';

/** A composite looks at its children anew each minute, and whenever one of them changes. */
const FIRST_LOOK_SECONDS = 60;

/**
 * States of a composite alarm from those of the alarms that its rule refers to, by name or ARN as written there. It is INSUFFICIENT_DATA only
 * right after it was made (AWS.md A1).
 */
export function compositeStates(
  rule: string,
  statesOf: (reference: string) => readonly StateChange[] | undefined,
  time: AlarmTime,
): readonly StateChange[] {
  const parsed = parseAlarmRule(rule);
  if ('problem' in parsed) throw new Error(`alarm rule ${rule} cannot be read: ${parsed.problem}`);
  const children = alarmNames(parsed.rule).flatMap((reference) => {
    const changes = statesOf(reference);
    return changes ? [{ reference, changes }] : [];
  });
  const first = (Math.floor(time.from / FIRST_LOOK_SECONDS) + 1) * FIRST_LOOK_SECONDS;
  const instants = new Set([first, ...children.flatMap(({ changes }) => changes.map(({ at }) => at))]);
  const states: StateChange[] = [{ at: time.from, state: 'INSUFFICIENT_DATA' }];
  for (const at of [...instants].sort((left, right) => left - right)) {
    if (at < first || at > time.now) continue;
    const known = new Map<string, AlarmState>(children.map(({ reference, changes }) => [reference, stateAt(changes, at)]));
    const state = evaluateAlarmRule(parsed.rule, known) ? 'ALARM' : 'OK';
    if (state !== states.at(-1)?.state) states.push({ at, state });
  }
  return states;
}
