import type { Member } from '../contracts/observability';
import { orderMetrics } from '../contracts/telemetry';
import { chunk, dashboardBody, escapeMarkdown, type Widget } from '../layer-kit/dashboard';
import { fleetQuery } from './fleet-queries';
import { objectives } from './service-objectives';

/** One observability stack as the overview knows it. */
export interface RegionPart {
  readonly region: string;
  readonly part: number;
  /** Null: the stack is missing or has no outputs. */
  readonly members: readonly Member[] | null;
  readonly dashboard: string;
}

/** What the overview shows. */
export interface OverviewInput {
  readonly fleet: string;
  readonly namespace: string;
  readonly orderFunction: string;
  readonly parts: readonly RegionPart[];
}

/** Missing targets listed by name; the counts above are complete whatever this is. */
const MISSING_SHOWN = 200;
const ROWS = 100;

/** Body of the fleet-wide overview: success by region against the objective, and who is missing. */
export function overviewBody(input: OverviewInput): string {
  const regions = [...new Set(input.parts.map(({ region }) => region))];
  const missing = input.parts.flatMap(({ members }) => (members ?? []).filter((member) => !member.present));
  return dashboardBody([
    text(headline(input, missing.length), 3),
    text(regionTable(input.parts), 6),
    ...regions.flatMap((region) => ratios.map((shown) => ratioWidget(region, shown, input))),
    ...chunk(missing.slice(0, MISSING_SHOWN), ROWS).map((members) => text(missingTable(members), 6)),
  ]);
}

function headline(input: OverviewInput, missing: number): string {
  const members = input.parts.reduce((sum, part) => sum + (part.members?.length ?? 0), 0);
  const silent = input.parts.filter((part) => part.members === null).length;
  const success = 100 * (1 - objectives.failureBudget);
  return [
    `# ${input.fleet}: the whole fleet`,
    `${members} targets, ${missing} missing${silent === 0 ? '' : `; ${silent} region views did not report`}.`,
    `Objectives: at least ${success} % of orders succeed, at most ${100 * objectives.slowBudget} % are slow.`,
  ].join('\n');
}

function regionTable(parts: readonly RegionPart[]): string {
  const rows = parts.map((part) => {
    const counts =
      part.members === null ? '**not reported** | ' : `${part.members.length} | ${part.members.filter((member) => !member.present).length}`;
    return `| ${part.region}${part.part === 1 ? '' : ` part ${part.part}`} | ${counts} | [${part.dashboard}](#dashboards:name=${part.dashboard}) |`;
  });
  return ['| region | targets | missing | dashboard |', '|---|---|---|---|', ...rows].join('\n');
}

function missingTable(members: readonly Member[]): string {
  const rows = members.map((member) => `| ${member.region} | ${member.account} | ${escapeMarkdown(member.name)} |`);
  return ['| missing in | account | name |', '|---|---|---|', ...rows].join('\n');
}

interface Ratio {
  readonly title: string;
  readonly id: string;
  readonly metric: string;
  /** Metric math over `id`. */
  readonly expression: string;
  readonly objective: number;
}

const ratios: readonly Ratio[] = [
  {
    title: 'successful orders (%)',
    id: 'failed',
    metric: orderMetrics.failed,
    expression: '100 * (1 - failed)',
    objective: 100 * (1 - objectives.failureBudget),
  },
  { title: 'slow orders (%)', id: 'slow', metric: orderMetrics.slow, expression: '100 * slow', objective: 100 * objectives.slowBudget },
];

function ratioWidget(region: string, shown: Ratio, input: OverviewInput): Widget {
  const query = fleetQuery({
    namespace: input.namespace,
    functionName: input.orderFunction,
    metric: shown.metric,
    statistic: 'AVG',
    perAccount: false,
  });
  return {
    type: 'metric',
    width: 12,
    height: 5,
    properties: {
      title: `${region}: ${shown.title}`,
      region,
      view: 'timeSeries',
      stat: 'Average',
      period: 300,
      metrics: [
        [{ expression: query, id: shown.id, visible: false }],
        [{ expression: shown.expression, id: `${shown.id}Percent`, label: shown.title }],
      ],
      annotations: { horizontal: [{ label: 'objective', value: shown.objective }] },
    },
  };
}

function text(markdown: string, height: number): Widget {
  return { type: 'text', width: 24, height, properties: { markdown } };
}
