import { CompositeAlarm } from '@pulumi/aws/cloudwatch/compositeAlarm';
import { MetricAlarm } from '@pulumi/aws/cloudwatch/metricAlarm';
import * as pulumi from '@pulumi/pulumi';

import { runbookPath } from '../layer-kit/alarm-rule';
import type { FleetAlarmDefinition, FleetComposite } from './fleet-alarm-definitions';

/** What the alarms over a region are made of. */
export interface FleetAlarmsArgs {
  /** Name of an alarm by its kind. */
  readonly alarmName: (kind: string) => string;
  readonly definitions: readonly FleetAlarmDefinition[];
  readonly composites: readonly FleetComposite[];
  /** Topic by severity; empty while the foundation is missing: the alarms then change state and tell nobody. */
  readonly actions: Readonly<Record<FleetComposite['severity'], pulumi.Output<string[]>>>;
}

/** Alarms over the shared metrics of all accounts of one region, and the composites that notify on-call. */
export class FleetAlarms extends pulumi.ComponentResource {
  /** Names of every alarm, composites last. */
  readonly names: readonly pulumi.Output<string>[];

  constructor(name: string, args: FleetAlarmsArgs, options: pulumi.ComponentResourceOptions) {
    super('fleet:observability:FleetAlarms', name, {}, options);
    const children = args.definitions.map((definition) => this.#child(definition, args));
    const composites = args.composites.map((composite) => this.#composite(composite, children, args));
    this.names = [...children.map((child) => child.name), ...composites.map((composite) => composite.alarmName)];
    this.registerOutputs({});
  }

  #child(definition: FleetAlarmDefinition, args: FleetAlarmsArgs): MetricAlarm {
    return new MetricAlarm(
      definition.kind,
      {
        name: args.alarmName(definition.kind),
        alarmDescription: definition.description,
        metricQueries: [{ id: 'fleet', expression: definition.query, period: definition.periodSeconds, returnData: true }],
        comparisonOperator: 'GreaterThanThreshold',
        threshold: definition.threshold,
        evaluationPeriods: definition.windows,
        datapointsToAlarm: definition.breaching,
        // No orders at night is no failure here; a silent target is found by the heartbeat in its own account (AWS.md A7).
        treatMissingData: 'notBreaching',
      },
      { parent: this },
    );
  }

  #composite(composite: FleetComposite, children: readonly MetricAlarm[], args: FleetAlarmsArgs): CompositeAlarm {
    return new CompositeAlarm(
      composite.severity,
      {
        alarmName: args.alarmName(composite.severity),
        alarmDescription: `${composite.description}. Runbook: ${runbookPath(`fleet-${composite.severity}`)}`,
        alarmRule: compositeRule(composite.anyOf, args.alarmName),
        alarmActions: args.actions[composite.severity],
        okActions: args.actions[composite.severity],
      },
      // The rule holds names, not outputs: CloudWatch wants the children there first.
      { parent: this, dependsOn: [...children] },
    );
  }
}

/** Rule that holds while all alarms of any group are red. */
export function compositeRule(anyOf: readonly (readonly string[])[], alarmName: (kind: string) => string): string {
  const groups = anyOf.map((kinds) => kinds.map((kind) => `ALARM("${alarmName(kind)}")`).join(' AND '));
  return groups.map((group) => (group.includes(' AND ') ? `(${group})` : group)).join(' OR ');
}
