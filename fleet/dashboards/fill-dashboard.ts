import { mapBounded } from '../discovery/bounded';
import { messageOf } from '../errors';
import { parseRegion } from './alarm-names';

import type { DashboardBody, MetricWidget, Widget } from './dashboard-body';
import type { DeployedDashboard } from './deployed-dashboards';
import type { AlarmAnswer, MetricSource, SeriesAnswer } from './metric-source';

/** A widget with what is known of its metrics or alarms. */
export type FilledWidget =
  | { readonly widget: MetricWidget; readonly answers: ReadonlyMap<string, SeriesAnswer> }
  | { readonly widget: Extract<Widget, { kind: 'alarm' }>; readonly alarms: ReadonlyMap<string, AlarmAnswer> }
  | { readonly widget: Exclude<Widget, { kind: 'metric' | 'alarm' }> };

/** A dashboard ready to be drawn. */
export interface FilledDashboard {
  readonly dashboard: DeployedDashboard;
  readonly body: DashboardBody;
  readonly widgets: readonly FilledWidget[];
  /** Widgets whose source could not be asked, with why. */
  readonly failures: readonly string[];
}

const AT_ONCE = 8;

/** Asks for all that the widgets of a dashboard show. What cannot be asked for is said in its widget, and told as a failure. */
export async function fillDashboard(
  dashboard: DeployedDashboard,
  { source, signal }: { readonly source: MetricSource; readonly signal: AbortSignal },
): Promise<FilledDashboard> {
  const { body, account } = dashboard;
  const failures: string[] = [];
  const failed = (error: unknown, title: string): { readonly kind: 'not evaluated'; readonly reason: string } => {
    signal.throwIfAborted();
    failures.push(`${dashboard.name}, ${title}: ${messageOf(error)}`);
    return { kind: 'not evaluated', reason: messageOf(error) };
  };
  const askMetrics = async (widget: MetricWidget): Promise<FilledWidget> => {
    const regions = [...new Set(widget.rows.map((row) => row.region ?? widget.region))];
    const answers = new Map<string, SeriesAnswer>();
    for (const text of regions) {
      const queries = widget.rows.filter((row) => (row.region ?? widget.region) === text).map(({ query }) => query);
      try {
        const region = parseRegion(text);
        for (const [id, answer] of await source.ask({ account, region, seconds: widget.seconds, queries }, { signal }))
          answers.set(id, answer);
      } catch (error) {
        const answer = failed(error, widget.title);
        for (const { id } of queries) answers.set(id, answer);
      }
    }
    return { widget, answers };
  };
  const askAlarms = async (widget: Extract<Widget, { kind: 'alarm' }>): Promise<FilledWidget> => {
    const names = widget.alarms;
    try {
      return { widget, alarms: await source.alarms(names, { signal }) };
    } catch (error) {
      const answer = failed(error, widget.title);
      return { widget, alarms: new Map(names.map(({ arn }) => [arn, answer])) };
    }
  };
  const widgets = await mapBounded(body.widgets, AT_ONCE, async (widget): Promise<FilledWidget> => {
    switch (widget.kind) {
      case 'metric':
        return askMetrics(widget);
      case 'alarm':
        return askAlarms(widget);
      case 'text':
      case 'log':
      case 'unknown':
        return { widget };
      default:
        throw new Error(`unknown widget ${JSON.stringify(widget satisfies never)}`);
    }
  });
  return { dashboard, body, widgets, failures };
}
