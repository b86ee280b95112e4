/** CloudWatch's limits of one dashboard. */
export const dashboardLimits = { widgets: 500, metricsPerWidget: 500, metrics: 2500 } as const;

const COLUMNS = 24;

interface Sized {
  /** Columns of the 24. */
  readonly width: number;
  readonly height: number;
}

/** One row of a metric widget: namespace, name, dimensions and render options, or an expression. */
export type MetricRow = readonly (string | Readonly<Record<string, string | number | boolean>>)[];

/** A threshold drawn over a graph. */
export interface Threshold {
  readonly label: string;
  readonly value: number;
  /** The side that is not well: CloudWatch shades it. @default neither */
  readonly fill?: 'above' | 'below';
}

/** A widget before it has a place. */
export type Widget =
  | (Sized & { readonly type: 'text'; readonly properties: { readonly markdown: string } })
  | (Sized & { readonly type: 'alarm'; readonly properties: { readonly title: string; readonly alarms: readonly string[] } })
  | (Sized & {
      readonly type: 'log';
      readonly properties: { readonly title: string; readonly region: string; readonly query: string; readonly view: 'table' };
    })
  | (Sized & {
      readonly type: 'metric';
      readonly properties: {
        readonly title: string;
        readonly region: string;
        readonly view: 'timeSeries' | 'singleValue' | 'bar';
        readonly stat: string;
        /** Seconds. */
        readonly period: number;
        /** How far back, as `-PT20M`. @default what the reader of the dashboard chooses */
        readonly start?: string;
        readonly metrics: readonly MetricRow[];
        readonly annotations?: { readonly horizontal: readonly Threshold[] };
        readonly yAxis?: { readonly left: { readonly min: number; readonly label?: string } };
      };
    });

/** A choice above a dashboard: what is chosen takes the place of a text wherever that stands in the widgets. */
export interface DashboardChoice {
  readonly id: string;
  readonly label: string;
  /** The text that stands in the widgets, and what is chosen at first. */
  readonly text: string;
  readonly values: readonly { readonly value: string; readonly label: string }[];
}

/**
 * Body of a dashboard: widgets laid out left to right, row by row, and choices above them. Throws where CloudWatch's limits would be
 * passed.
 */
export function dashboardBody(widgets: readonly Widget[], choices: readonly DashboardChoice[] = []): string {
  refuseOverLimits(widgets);
  let x = 0;
  let y = 0;
  let rowHeight = 0;
  const placed = widgets.map((widget) => {
    if (x + widget.width > COLUMNS) {
      x = 0;
      y += rowHeight;
      rowHeight = 0;
    }
    const place = { type: widget.type, x, y, width: widget.width, height: widget.height, properties: widget.properties };
    x += widget.width;
    rowHeight = Math.max(rowHeight, widget.height);
    return place;
  });
  return JSON.stringify(choices.length === 0 ? { widgets: placed } : { variables: choices.map(variableOf), widgets: placed });
}

/** A pattern variable; CloudWatch reads the pattern as a regular expression, so `text` is letters, digits and hyphens only. */
function variableOf({ id, label, text, values }: DashboardChoice) {
  return { type: 'pattern', pattern: text, inputType: 'select', id, label, defaultValue: text, visible: true, values };
}

function refuseOverLimits(widgets: readonly Widget[]): void {
  const counts = widgets.map((widget) => (widget.type === 'metric' ? widget.properties.metrics.length : 0));
  const total = counts.reduce((sum, count) => sum + count, 0);
  const largest = Math.max(0, ...counts);
  if (widgets.length > dashboardLimits.widgets)
    throw new Error(`${widgets.length} widgets are more than the ${dashboardLimits.widgets} of a dashboard`);
  if (largest > dashboardLimits.metricsPerWidget)
    throw new Error(`${largest} metrics are more than the ${dashboardLimits.metricsPerWidget} of a widget`);
  if (total > dashboardLimits.metrics) throw new Error(`${total} metrics are more than the ${dashboardLimits.metrics} of a dashboard`);
}

/** Text from outside, made harmless inside a Markdown table. */
export function escapeMarkdown(text: string): string {
  return text.replace(/[\r\n\t]+/g, ' ').replace(/[\\`*_{}[\]()#+!|<>&~]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Splits a list into runs of at most `size`. */
export function chunk<Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size));
}
