import * as z from 'zod';

import { regionSchema, type Region } from '../../contracts/ids';

import { readAlarmArn } from './alarm-names';
import { readMetricRows, type ReadRow } from './metric-rows';
import type { AlarmName } from './metric-source';

/** Where a widget stands in the 24 columns. */
export interface WidgetPlace {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** How a metric widget shows its values. */
export type MetricView = 'timeSeries' | 'singleValue' | 'gauge' | 'bar' | 'pie' | 'table';

/** A line drawn over a graph, or a band between two values. */
export interface HorizontalLine {
  readonly label: string;
  readonly value: number;
  readonly until: number | null;
  readonly axis: 'left' | 'right';
  /** The side of it that is shaded, and so not well; null: neither, or between two. */
  readonly fill: 'above' | 'below' | null;
}

/** Limits and name of a vertical axis. */
export interface Axis {
  readonly min: number | null;
  readonly max: number | null;
  readonly label: string | null;
}

/** A metric widget, read. */
export interface MetricWidget {
  readonly kind: 'metric';
  readonly place: WidgetPlace;
  readonly title: string;
  readonly view: MetricView;
  readonly stacked: boolean;
  readonly region: Region;
  /** How far back, in seconds. */
  readonly seconds: number;
  readonly rows: readonly ReadRow[];
  readonly lines: readonly HorizontalLine[];
  readonly axes: Readonly<Record<'left' | 'right', Axis>>;
}

/** A widget, read; `unknown` is one that this version cannot draw. */
export type Widget =
  | MetricWidget
  | { readonly kind: 'text'; readonly place: WidgetPlace; readonly markdown: string }
  | { readonly kind: 'alarm'; readonly place: WidgetPlace; readonly title: string; readonly alarms: readonly AlarmName[] }
  | { readonly kind: 'log'; readonly place: WidgetPlace; readonly title: string; readonly query: string }
  | { readonly kind: 'unknown'; readonly place: WidgetPlace; readonly title: string; readonly reason: string };

/** A choice above a dashboard, and what its page shows. */
export interface Variable {
  readonly label: string;
  readonly shown: string;
  readonly values: number;
}

/** A dashboard's body, read. Widgets come top to bottom, left to right. */
export interface DashboardBody {
  readonly variables: readonly Variable[];
  readonly widgets: readonly Widget[];
}

/** CloudWatch: what a dashboard shows unless it says otherwise. */
const DEFAULT_SECONDS = 3 * 3600;
const DEFAULT_PERIOD = 300;

const lineSchema = z.object({
  label: z.string().default(''),
  value: z.number(),
  yAxis: z.enum(['left', 'right']).default('left'),
  fill: z.enum(['above', 'below']).nullable().catch(null).default(null),
});
const axisSchema = z.object({ min: z.number().optional(), max: z.number().optional(), label: z.string().optional() });
const metricSchema = z.object({
  title: z.string().default(''),
  view: z.enum(['timeSeries', 'singleValue', 'gauge', 'bar', 'pie', 'table']).default('timeSeries'),
  stacked: z.boolean().default(false),
  region: regionSchema,
  stat: z.string().default('Average'),
  period: z.number().positive().default(DEFAULT_PERIOD),
  start: z.string().optional(),
  setPeriodToTimeRange: z.boolean().default(false),
  metrics: z.array(z.unknown()),
  annotations: z.object({ horizontal: z.array(z.union([lineSchema, z.array(lineSchema).min(1)])).default([]) }).default({ horizontal: [] }),
  yAxis: z.object({ left: axisSchema.optional(), right: axisSchema.optional() }).default({}),
});
const alarmSchema = z.object({ title: z.string().default('Alarms'), alarms: z.array(z.string()) });
const annotationAlarmSchema = z.object({
  title: z.string().default('Alarm'),
  annotations: z.object({ alarms: z.array(z.string()).min(1) }),
});
const widgetSchema = z.object({
  type: z.string(),
  x: z.number().default(0),
  y: z.number().default(0),
  width: z.number().min(1).max(24).default(6),
  height: z.number().default(6),
  properties: z.record(z.string(), z.unknown()),
});
const variableSchema = z.object({
  pattern: z.string().optional(),
  id: z.string().default(''),
  label: z.string().optional(),
  defaultValue: z.string().optional(),
  values: z.array(z.unknown()).default([]),
});
const bodySchema = z.object({
  start: z.string().optional(),
  variables: z.array(variableSchema).default([]),
  widgets: z.array(z.unknown()),
});

/** Reads the body of a deployed dashboard. Throws where it is no body at all; a widget that cannot be read becomes an `unknown` one. */
export function readDashboardBody(text: string): DashboardBody {
  const body = bodySchema.parse(JSON.parse(text));
  const seconds = secondsOf(body.start) ?? DEFAULT_SECONDS;
  const widgets = body.widgets.map((widget, index) => readWidget(widget, { index, seconds }));
  return {
    variables: body.variables.map(({ id, label, defaultValue, values }) => ({
      label: label ?? id,
      shown: defaultValue ?? '',
      values: values.length,
    })),
    widgets: widgets.sort((one, other) => one.place.y - other.place.y || one.place.x - other.place.x),
  };
}

function readWidget(value: unknown, { index, seconds }: { readonly index: number; readonly seconds: number }): Widget {
  const widget = widgetSchema.safeParse(value);
  if (!widget.success) {
    const place = { x: 0, y: index, width: 24, height: 2 };
    return { kind: 'unknown', place, title: `Widget ${index + 1}`, reason: 'it is no widget' };
  }
  const { type, properties, ...place } = widget.data;
  const title = typeof properties.title === 'string' ? properties.title : '';
  const unknown = (reason: string): Widget => ({ kind: 'unknown', place, title, reason });
  const alarmWidget = (heading: string, arns: readonly string[]): Widget => {
    const alarms = arns.map((arn) => readAlarmArn(arn));
    const wrong = arns.find((_, at) => alarms[at] === null);
    if (wrong !== undefined) return unknown(`${wrong} is no ARN of an alarm`);
    return { kind: 'alarm', place, title: heading, alarms: alarms.flatMap((alarm) => alarm ?? []) };
  };
  switch (type) {
    case 'text':
      return { kind: 'text', place, markdown: typeof properties.markdown === 'string' ? properties.markdown : '' };
    case 'log':
      return { kind: 'log', place, title, query: typeof properties.query === 'string' ? properties.query : '' };
    case 'alarm': {
      const alarm = alarmSchema.safeParse(properties);
      return alarm.success ? alarmWidget(alarm.data.title, alarm.data.alarms) : unknown(reasonOf(alarm.error));
    }
    case 'metric': {
      const ofAlarm = annotationAlarmSchema.safeParse(properties);
      if (ofAlarm.success && properties.metrics === undefined) return alarmWidget(ofAlarm.data.title, ofAlarm.data.annotations.alarms);
      const metric = metricSchema.safeParse(properties);
      return metric.success ? readMetricWidget(metric.data, { place, seconds }) : unknown(reasonOf(metric.error));
    }
    default:
      return unknown(`widgets of type ${type} are not drawn`);
  }
}

function readMetricWidget(
  { start, metrics, annotations, yAxis, period, setPeriodToTimeRange, ...rest }: z.output<typeof metricSchema>,
  { place, seconds: usual }: { readonly place: WidgetPlace; readonly seconds: number },
): MetricWidget {
  const seconds = secondsOf(start) ?? usual;
  const { title, view, stacked, region, stat } = rest;
  const axis = (side: 'left' | 'right'): Axis => {
    const { min = null, max = null, label = null } = yAxis[side] ?? {};
    return { min, max, label };
  };
  return {
    kind: 'metric',
    place,
    title,
    view,
    stacked,
    region,
    seconds,
    rows: readMetricRows(metrics, { region, stat, period: setPeriodToTimeRange ? seconds : period }),
    lines: annotations.horizontal.map((entry): HorizontalLine => {
      const [first, second] = Array.isArray(entry) ? entry : [entry];
      if (!first) throw new Error('an annotation has at least one line');
      return {
        label: first.label || (second?.label ?? ''),
        value: first.value,
        until: second?.value ?? null,
        axis: first.yAxis,
        fill: first.fill,
      };
    }),
    axes: { left: axis('left'), right: axis('right') },
  };
}

/** Seconds of a relative start such as `-PT3H`, `-P7D`; undefined for anything else. */
function secondsOf(start: string | undefined): number | undefined {
  const match = /^-P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(start ?? '');
  if (!match) return undefined;
  const [weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = match.slice(1).map((part) => Number(part ?? 0));
  return weeks * 604_800 + days * 86_400 + hours * 3600 + minutes * 60 + seconds || undefined;
}

function reasonOf(error: z.ZodError): string {
  const [issue] = error.issues;
  return `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'is invalid'}`;
}
