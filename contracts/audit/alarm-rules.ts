import { resourceRule, stackRule, type AuditRule, type Violation } from './audit-rule';
import type { AuditedResource } from './audited-stack';
import { blockOf, physicalName, textOf, textsOf } from './resource-values';

const METRIC = 'aws:cloudwatch/metricAlarm:MetricAlarm';
const COMPOSITE = 'aws:cloudwatch/compositeAlarm:CompositeAlarm';

/** Alarms: without them nobody is told, and no gate can hold a rollout. */
export const alarmRules: readonly AuditRule[] = [
  stackRule({
    id: 'alarm-missing',
    severity: 'critical',
    demands: 'every alarm that the layer promises is there',
    advice: '`fleet repair`; where its release lacks the alarm, release one that has it',
    check: ({ resources, facts }) => {
      const { names = [], required = [] } = facts.expectations?.alarms ?? {};
      const expected = [...new Set([...required, ...names])];
      const there = new Set(resources.filter(({ type }) => type === METRIC || type === COMPOSITE).map(physicalName));
      const missing = expected.filter((name) => !there.has(name));
      return {
        looked: expected.length,
        violations: missing.map((name): Violation => ({ resource: null, found: `alarm ${name} is not there` })),
      };
    },
  }),
  resourceRule({
    id: 'alarm-silenced',
    severity: 'critical',
    demands: 'composite alarms notify somebody',
    advice: 'enable its actions (`aws cloudwatch enable-alarm-actions`), or `fleet repair`',
    types: [COMPOSITE],
    check: ({ properties }) => [
      ...(properties.actionsEnabled === false ? ['actionsEnabled is false'] : []),
      ...(textsOf(properties, 'alarmActions').length === 0 ? ['alarmActions is empty'] : []),
      ...(Object.keys(blockOf(properties, 'actionsSuppressor')).length === 0 ? [] : ['an actionsSuppressor keeps it quiet']),
    ],
  }),
  stackRule({
    id: 'alarm-unheard',
    severity: 'high',
    demands: 'every metric alarm is heard: a composite names it, or it notifies by itself',
    advice: '`fleet repair`; a new alarm belongs into the composite of its severity',
    check: ({ resources }) => {
      const alarms = resources.filter(({ type }) => type === METRIC);
      const rules = resources.filter(({ type }) => type === COMPOSITE).map(({ properties }) => textOf(properties, 'alarmRule') ?? '');
      const unheard = alarms.filter((alarm) => !isNamed(alarm, rules) && !notifies(alarm));
      return {
        looked: alarms.length,
        violations: unheard.map((resource) => ({ resource, found: 'no composite names it, and it notifies nobody' })),
      };
    },
  }),
];

function isNamed(alarm: AuditedResource, rules: readonly string[]): boolean {
  const { arn } = alarm.properties;
  const names = [physicalName(alarm), ...(typeof arn === 'string' ? [arn] : [])];
  return rules.some((rule) => names.some((name) => rule.includes(`"${name}"`) || rule.includes(`(${name})`)));
}

function notifies({ properties }: AuditedResource): boolean {
  return properties.actionsEnabled !== false && textsOf(properties, 'alarmActions').length > 0;
}
