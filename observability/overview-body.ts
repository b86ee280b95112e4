import { counted } from '../contracts/counted';
import type { Region } from '../contracts/ids';
import type { Member } from '../contracts/observability';
import { runbookPath } from '../layer-kit/alarm-rule';
import { dashboardBody, type Widget } from '../layer-kit/dashboard';
import { dashboardLink } from './dashboard-links';
import { matrixWidgets } from './health-matrix';
import { objectiveWidgets, worstWidgets } from './region-widgets';
import { objectives } from './service-objectives';

/** One observability stack as the overview knows it. */
export interface RegionPart {
  readonly region: Region;
  readonly part: number;
  /** Null: the stack is missing or has no outputs. */
  readonly members: readonly Member[] | null;
  readonly dashboard: string;
}

/** What the overview shows. */
export interface OverviewInput {
  readonly fleet: string;
  /** Line of links to the other dashboards. */
  readonly navigation: string;
  readonly namespace: string;
  readonly orderFunction: string;
  readonly deadLetterFunction: string;
  readonly parts: readonly RegionPart[];
}

/**
 * Body of the fleet-wide overview: the objectives by region and how fast their budget goes, the accounts that do worst, and every target of the
 * fleet, account by region. Alarm states of other accounts cannot be shown (AWS.md A10): what is live comes from metrics.
 */
export function overviewBody(input: OverviewInput): string {
  const { parts, ...names } = input;
  const regions = [...new Set(parts.map(({ region }) => region))];
  const members = parts.flatMap((part) => part.members ?? []);
  return dashboardBody([
    text(headline(input, members.filter(({ present }) => !present).length), 4),
    text(regionTable(parts), 6),
    ...regions.flatMap((region) => objectiveWidgets({ ...names, region })),
    text(runbooks(), 4),
    ...regions.flatMap((region) => worstWidgets({ ...names, region })),
    text('## Every target\n● has a stack, as of the last rollout · missing: no stack, or it failed before its first success. Which of these fail or are silent now: above, by region.', 2),
    ...matrixWidgets(members, regions),
  ]); // prettier-ignore
}

function runbooks(): string {
  const kinds = ['order-failures', 'fleet-order-failures', 'heartbeat', 'fleet-slow-orders', 'fleet-dead-letters'];
  return [
    '## Who does worst',
    'Accounts past a line are not well: above it they fail, are slow or have dead letters, below it they are silent. A target that never stored a synthetic order, or none for two weeks, is in no list: `fleet status --health` has every target.',
    `What to do: ${kinds.map((kind) => `\`${runbookPath(kind)}\``).join(' · ')}`,
  ].join('\n\n');
}

function headline(input: OverviewInput, missing: number): string {
  const members = input.parts.reduce((sum, part) => sum + (part.members?.length ?? 0), 0);
  const silent = input.parts.filter((part) => part.members === null).length;
  const success = 100 * (1 - objectives.failureBudget);
  return [
    input.navigation,
    `# ${input.fleet}: the whole fleet`,
    `${counted(members, 'target')}, ${missing} missing${silent === 0 ? '' : `; ${counted(silent, 'region view')} did not report`}.`,
    `Objectives: at least ${success} % of orders succeed, at most ${100 * objectives.slowBudget} % are slow.`,
  ].join('\n\n');
}

function regionTable(parts: readonly RegionPart[]): string {
  const rows = parts.map((part) => {
    const counts =
      part.members === null ? '**not reported** | ' : `${part.members.length} | ${part.members.filter((member) => !member.present).length}`;
    return `| ${part.region}${part.part === 1 ? '' : ` part ${part.part}`} | ${counts} | ${dashboardLink(part.dashboard)} |`;
  });
  return ['| region | targets | missing | dashboard |', '|---|---|---|---|', ...rows].join('\n');
}

function text(markdown: string, height: number): Widget {
  return { type: 'text', width: 24, height, properties: { markdown } };
}
