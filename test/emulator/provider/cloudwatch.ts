import {
  DeleteAlarmsCommand,
  DeleteDashboardsCommand,
  DescribeAlarmsCommand,
  GetDashboardCommand,
  ListTagsForResourceCommand,
  PutCompositeAlarmCommand,
  PutDashboardCommand,
  PutMetricAlarmCommand,
  TagResourceCommand,
  UntagResourceCommand,
  type AlarmType,
  type Dimension,
  type MetricDataQuery,
  type PutCompositeAlarmCommandInput,
  type PutMetricAlarmCommandInput,
} from '@aws-sdk/client-cloudwatch';

import type { Properties } from '../../../sandbox/resource-type';

import type { AwsCall, AwsType, Standing, Wanted } from './aws-type';
import { retag, tagList, tagMap, tagsOf } from './tags';
import { fromAws, known, orGone, pick, textOf, toAws } from './wording';

const SHARED = ['actionsEnabled', 'alarmActions', 'alarmDescription', 'insufficientDataActions'];
const METRIC = [
  ...SHARED,
  ...['comparisonOperator', 'datapointsToAlarm', 'evaluationPeriods', 'extendedStatistic', 'metricName', 'namespace', 'period'],
  ...['statistic', 'threshold', 'thresholdMetricId', 'treatMissingData', 'unit', 'warmUpConfiguration'],
];

export const metricAlarm = alarmType('aws:cloudwatch/metricAlarm:MetricAlarm', {
  kind: 'MetricAlarm',
  put: ({ inputs }, { clients: { cloudwatch } }) => {
    const { name, okActions, dimensions, metricQueries } = inputs;
    return cloudwatch.send(
      new PutMetricAlarmCommand({
        ...toAws<PutMetricAlarmCommandInput>(pick(inputs, METRIC)),
        AlarmName: String(name),
        OKActions: okActions as string[] | undefined,
        ...(dimensions !== undefined && { Dimensions: dimensionList(dimensions) }),
        ...(metricQueries !== undefined && { Metrics: toAws<MetricDataQuery[]>(metricQueries) }),
        Tags: tagList(tagsOf(inputs)),
      }),
    );
  },
  read: (told) => ({
    ...pick(fromAws(told) as Properties, METRIC),
    name: told.AlarmName,
    ...(filled(told.Dimensions) && { dimensions: dimensionMap(told.Dimensions as readonly Dimension[]) }),
    ...(filled(told.Metrics) && { metricQueries: (fromAws(told.Metrics) as Properties[]).map(known) }),
  }),
});

export const compositeAlarm = alarmType('aws:cloudwatch/compositeAlarm:CompositeAlarm', {
  kind: 'CompositeAlarm',
  put: ({ inputs }, { clients: { cloudwatch } }) =>
    cloudwatch.send(
      new PutCompositeAlarmCommand({
        ...toAws<PutCompositeAlarmCommandInput>(pick(inputs, [...SHARED, 'alarmName', 'alarmRule'])),
        OKActions: inputs.okActions as string[] | undefined,
        Tags: tagList(tagsOf(inputs)),
      }),
    ),
  read: (told) => pick(fromAws(told) as Properties, [...SHARED, 'alarmName', 'alarmRule']),
});

export const dashboard: AwsType = {
  type: 'aws:cloudwatch/dashboard:Dashboard',
  async create({ inputs }, { clients: { cloudwatch } }) {
    const DashboardName = textOf(inputs, 'dashboardName');
    await cloudwatch.send(new PutDashboardCommand({ DashboardName, DashboardBody: textOf(inputs, 'dashboardBody') }));
    return DashboardName;
  },
  async update(standing, call) {
    await this.create(standing, call);
  },
  async read({ id: DashboardName }, { clients: { cloudwatch } }) {
    const answer = await orGone(cloudwatch.send(new GetDashboardCommand({ DashboardName })));
    if (!answer?.DashboardBody) return undefined;
    return { dashboardName: DashboardName, dashboardBody: answer.DashboardBody, dashboardArn: answer.DashboardArn };
  },
  async delete({ id }, { clients: { cloudwatch } }) {
    await orGone(cloudwatch.send(new DeleteDashboardsCommand({ DashboardNames: [id] })));
  },
};

/** Both kinds of alarms: their name is their id, and a put replaces all but the tags. */
function alarmType(
  type: string,
  api: {
    readonly kind: AlarmType;
    readonly put: (wanted: Wanted, call: AwsCall) => Promise<unknown>;
    readonly read: (told: Properties) => Properties;
  },
): AwsType {
  const find = async (id: string, { clients: { cloudwatch } }: AwsCall): Promise<Properties | undefined> => {
    const { MetricAlarms = [], CompositeAlarms = [] } = await cloudwatch.send(
      new DescribeAlarmsCommand({ AlarmNames: [id], AlarmTypes: [api.kind] }),
    );
    return [...MetricAlarms, ...CompositeAlarms][0] as Properties | undefined;
  };
  return {
    type,
    async create(wanted, call) {
      await api.put(wanted, call);
      return textOf(wanted.inputs, 'name' in wanted.inputs ? 'name' : 'alarmName');
    },
    async update(standing: Standing, call) {
      await api.put(standing, call);
      const ResourceARN = textOf(standing.outputs, 'arn');
      const { cloudwatch } = call.clients;
      await retag(standing, {
        remove: (TagKeys) => cloudwatch.send(new UntagResourceCommand({ ResourceARN, TagKeys })),
        set: (tags) => cloudwatch.send(new TagResourceCommand({ ResourceARN, Tags: tagList(tags) })),
      });
    },
    async read({ id }, call) {
      const told = await find(id, call);
      if (!told) return undefined;
      const arn = textOf(told, 'AlarmArn');
      const { Tags } = await call.clients.cloudwatch.send(new ListTagsForResourceCommand({ ResourceARN: arn }));
      const actions = Object.fromEntries(Object.entries(api.read(told)).filter(([, value]) => !Array.isArray(value) || value.length > 0));
      const { OKActions } = told;
      return { ...known(actions), ...(filled(OKActions) && { okActions: OKActions }), tags: tagMap(Tags), arn };
    },
    async delete({ id }, { clients: { cloudwatch } }) {
      await orGone(cloudwatch.send(new DeleteAlarmsCommand({ AlarmNames: [id] })));
    },
  };
}

function filled(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0;
}

function dimensionList(dimensions: unknown): Dimension[] {
  return Object.entries(dimensions as Readonly<Record<string, string>>).map(([Name, Value]) => ({ Name, Value }));
}

function dimensionMap(dimensions: readonly Dimension[]): Readonly<Record<string, string>> {
  return Object.fromEntries(dimensions.map(({ Name = '', Value = '' }) => [Name, Value]));
}
