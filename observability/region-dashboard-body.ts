import { counted } from '../contracts/counted';
import { metricDimensions, orderMetrics } from '../contracts/telemetry';
import { runbookPath } from '../layer-kit/alarm-rule';
import { chunk, dashboardBody, dashboardLimits, type MetricRow, type Widget } from '../layer-kit/dashboard';
import { ROWS_PER_TABLE, isPresent, memberTable, type MemberView, type PresentMember } from './member-view';
import { objectives } from './service-objectives';

/** What a region's dashboard shows. */
export interface RegionDashboardInput {
  readonly fleet: string;
  /** Line of links to the other dashboards. */
  readonly navigation: string;
  readonly region: string;
  readonly namespace: string;
  readonly members: readonly MemberView[];
  /** ARNs of the alarms over this region, in the dashboard's own account. */
  readonly alarmArns: readonly string[];
  /** Kinds of these, each with a runbook. */
  readonly alarmKinds: readonly string[];
}

interface Graph {
  readonly title: string;
  readonly stat: string;
  readonly threshold?: number;
  readonly row: (member: PresentMember) => MetricRow;
}

/** Body of a region's dashboard: its alarms, one line an account in each graph, and every member with its state. */
export function regionDashboardBody(input: RegionDashboardInput): string {
  const present = input.members.filter(isPresent);
  const missing = input.members.length - present.length;
  return dashboardBody([
    text(`${input.navigation}\n\n# ${input.fleet} in ${input.region}\n${counted(input.members.length, 'target')}, ${missing} missing. One line an account; silence is a missing heartbeat in its own account.`, 3),
    ...alarmWidgets(input),
    ...(present.length === 0 ? [text('No target of this region has a stack yet.', 2)] : graphs(input.namespace).flatMap((graph) => graphWidgets(graph, present, input.region))),
    ...chunk(input.members, ROWS_PER_TABLE).map((rows) => text(memberTable(rows), 8)),
  ]); // prettier-ignore
}

function graphs(namespace: string): readonly Graph[] {
  const label = (member: PresentMember) => ({ accountId: member.account, label: member.name });
  const ofOrders = (metric: string) => (member: PresentMember): MetricRow => [namespace, metric, metricDimensions.functionName, member.functionName, label(member)]; // prettier-ignore
  return [
    { title: 'Share of orders that failed', stat: 'Average', threshold: objectives.failureBudget, row: ofOrders(orderMetrics.failed) },
    { title: 'Share of orders that were slow', stat: 'Average', threshold: objectives.slowBudget, row: ofOrders(orderMetrics.slow) },
    { title: 'Orders', stat: 'SampleCount', row: ofOrders(orderMetrics.failed) },
    {
      title: 'Age of the oldest order waiting (s)',
      stat: 'Maximum',
      row: (member) => ['AWS/SQS', 'ApproximateAgeOfOldestMessage', 'QueueName', member.queueName, label(member)],
    },
  ];
}

function graphWidgets(graph: Graph, members: readonly PresentMember[], region: string): readonly Widget[] {
  return chunk(members, dashboardLimits.metricsPerWidget).map((shown) => ({
    type: 'metric',
    width: 12,
    height: 8,
    properties: {
      title: graph.title,
      region,
      view: 'timeSeries',
      stat: graph.stat,
      period: 300,
      metrics: shown.map(graph.row),
      ...(graph.threshold === undefined ? {} : { annotations: { horizontal: [{ label: 'objective', value: graph.threshold }] } }),
      yAxis: { left: { min: 0 } },
    },
  }));
}

function alarmWidgets({ alarmArns, alarmKinds }: RegionDashboardInput): readonly Widget[] {
  if (alarmArns.length === 0) return [];
  const runbooks = alarmKinds.map((kind) => `\`${runbookPath(`fleet-${kind}`)}\``).join(' · ');
  return [
    { type: 'alarm', width: 24, height: 3, properties: { title: 'Alarms over all accounts of this region', alarms: alarmArns } },
    text(`What to do: ${runbooks}`, 2),
  ];
}

function text(markdown: string, height: number): Widget {
  return { type: 'text', width: 24, height, properties: { markdown } };
}
