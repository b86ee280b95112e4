import { CompositeAlarm } from '@pulumi/aws/cloudwatch/compositeAlarm';
import { MetricAlarm } from '@pulumi/aws/cloudwatch/metricAlarm';
import * as pulumi from '@pulumi/pulumi';

import type { RegionalNames } from '../contracts/names';
import { metricDimensions } from '../contracts/telemetry';
import { anyInAlarm, runbookPath } from '../layer-kit/alarm-rule';
import type { AlarmDefinition, Severity } from './alarm-definitions';

/** What a target's alarms are made of. */
export interface TargetAlarmsArgs {
  readonly names: RegionalNames;
  readonly definitions: readonly AlarmDefinition[];
  readonly versionOnTrial: pulumi.Output<string>;
  /** Topics of the same region: CloudWatch cannot notify another one. */
  readonly topics: Readonly<Record<Severity, pulumi.Output<string>>>;
}

/** The alarms of one target. Children only change state; one composite a severity notifies, once for many causes. */
export class TargetAlarms extends pulumi.ComponentResource {
  /** Names of the composites by severity. */
  readonly composites: Readonly<Record<Severity, pulumi.Output<string>>>;
  /** Names of the metric alarms, in the order of their definitions. */
  readonly children: readonly pulumi.Output<string>[];

  constructor(name: string, args: TargetAlarmsArgs, options: pulumi.ComponentResourceOptions) {
    super('fleet:regional:TargetAlarms', name, {}, options);
    const alarms = args.definitions.map((definition) => ({ severity: definition.severity, alarm: this.#child(definition, args) }));
    const composite = (severity: Severity) =>
      this.#composite(severity, args, alarms.filter((child) => child.severity === severity).map(({ alarm }) => alarm.name)); // prettier-ignore
    this.composites = { critical: composite('critical'), warning: composite('warning') };
    this.children = alarms.map(({ alarm }) => alarm.name);
    this.registerOutputs({});
  }

  #child(definition: AlarmDefinition, args: TargetAlarmsArgs): MetricAlarm {
    return new MetricAlarm(
      definition.kind,
      {
        name: args.names.alarm(definition.kind),
        alarmDescription: definition.description,
        namespace: definition.namespace,
        metricName: definition.metric,
        dimensions: {
          ...definition.dimensions,
          ...(definition.ofVersionOnTrial ? { [metricDimensions.version]: args.versionOnTrial } : {}),
        },
        statistic: definition.statistic,
        comparisonOperator: definition.comparison,
        threshold: definition.threshold,
        period: definition.periodSeconds,
        evaluationPeriods: definition.windows,
        datapointsToAlarm: definition.windows,
        treatMissingData: definition.missingData,
        ...(definition.warmUpMinutes === null ? {} : { warmUpConfiguration: { warmUpPeriodDurationInMinutes: definition.warmUpMinutes } }),
      },
      { parent: this },
    );
  }

  #composite(severity: Severity, args: TargetAlarmsArgs, children: readonly pulumi.Output<string>[]): pulumi.Output<string> {
    const composite = new CompositeAlarm(
      severity,
      {
        alarmName: args.names.alarm(severity),
        alarmDescription: `${DESCRIPTIONS[severity]}; the alarm that is red says why. Runbook: ${runbookPath(severity)}`,
        alarmRule: pulumi.all([...children]).apply(anyInAlarm),
        alarmActions: [args.topics[severity]],
        okActions: [args.topics[severity]],
      },
      { parent: this },
    );
    return composite.alarmName;
  }
}

const DESCRIPTIONS: Readonly<Record<Severity, string>> = {
  critical: 'orders of this target are failing, waiting or lost',
  warning: 'this target works, and will not for long if nobody looks',
};
