/**
 * CloudWatch's published structure of a dashboard body, with its limits. Only what the service refuses is refused: it takes properties that
 * it does not know.
 */

/** One thing wrong with a body, as PutDashboard words it. */
export interface DashboardProblem {
  readonly dataPath: string;
  readonly message: string;
}

/** CloudWatch: most widgets of a dashboard. */
export const MAX_WIDGETS = 500;
/** CloudWatch: most metrics (expressions included) of one widget. */
export const MAX_METRICS_PER_WIDGET = 500;
/** CloudWatch: most metrics over all widgets of a dashboard; expressions do not count. */
export const MAX_METRICS = 2500;
const MAX_VARIABLES = 25;
const MAX_WIDGET_ALARMS = 100;
const MAX_DIMENSIONS = 30;
const GRID_COLUMNS = 24;
const MAX_HEIGHT = 1000;
const COLOR = /^#[0-9a-fA-F]{6}$/;

type Json = Readonly<Record<string, unknown>>;
type Note = (dataPath: string, message: string) => void;

/** Everything wrong with a dashboard body; empty when PutDashboard would take it. */
export function checkDashboardBody(text: string): readonly DashboardProblem[] {
  const problems: DashboardProblem[] = [];
  const note: Note = (dataPath, message) => problems.push({ dataPath, message });
  const body = parseJson(text);
  if (!isObject(body)) return [{ dataPath: '', message: 'The field DashboardBody must be a valid JSON object' }];

  checkTimes(body, { path: '', note });
  checkEnum(body, 'periodOverride', { values: ['auto', 'inherit'], path: '', note });
  if (Array.isArray(body.variables) && body.variables.length > MAX_VARIABLES)
    note('/variables', `Should have no more than ${MAX_VARIABLES} items`);
  const { widgets } = body;
  if (!Array.isArray(widgets)) {
    note(widgets === undefined ? '' : '/widgets', widgets === undefined ? "Should have required property 'widgets'" : 'Should be array');
    return problems;
  }
  if (widgets.length > MAX_WIDGETS) note('/widgets', `Should have no more than ${MAX_WIDGETS} items`);
  widgets.forEach((widget: unknown, index) => checkWidget(widget, { path: `/widgets/${index}`, note }));

  const metrics = countDashboardMetrics(text);
  if (metrics > MAX_METRICS) note('/widgets', `Dashboard has ${metrics} metrics, more than the ${MAX_METRICS} allowed`);
  return problems;
}

/** The refusal as PutDashboard answers it, for a body with problems. */
export function describeDashboardProblems(problems: readonly DashboardProblem[]): string {
  const count = problems.length === 1 ? 'is 1 validation error' : `are ${problems.length} validation errors`;
  return `The dashboard body is invalid, there ${count}:\n${JSON.stringify(problems, null, 2)}`;
}

/** Metrics over all widgets, as CloudWatch counts them: hidden ones too, expressions not. 0 for a body that cannot be read. */
export function countDashboardMetrics(text: string): number {
  const body = parseJson(text);
  const widgets = isObject(body) && Array.isArray(body.widgets) ? (body.widgets as readonly unknown[]) : [];
  return widgets.flatMap((widget) => metricsOf(widget)).filter((entry) => Array.isArray(entry) && typeof entry[0] === 'string').length;
}

interface Place {
  readonly path: string;
  readonly note: Note;
}

function metricsOf(widget: unknown): readonly unknown[] {
  if (!isObject(widget) || !isObject(widget.properties) || !Array.isArray(widget.properties.metrics)) return [];
  return widget.properties.metrics;
}

const WIDGET_CHECKS: Readonly<Record<string, (properties: Json, place: Place) => void>> = {
  metric: checkMetricWidget,
  text: (properties, place) => {
    requireText(properties, 'markdown', place);
    checkEnum(properties, 'background', { values: ['transparent', 'solid'], ...place });
  },
  log: (properties, place) => {
    requireText(properties, 'query', place);
    requireText(properties, 'region', place);
    checkEnum(properties, 'view', { values: ['table', 'timeSeries', 'bar', 'pie'], ...place });
  },
  alarm: (properties, place) => {
    const { alarms } = properties;
    if (!Array.isArray(alarms)) return place.note(place.path, "Should have required property 'alarms'");
    if (alarms.length > MAX_WIDGET_ALARMS) place.note(`${place.path}/alarms`, `Should have no more than ${MAX_WIDGET_ALARMS} items`);
    checkAlarmArns(alarms, { ...place, path: `${place.path}/alarms` });
    checkEnum(properties, 'sortBy', { values: ['default', 'stateUpdatedTimestamp', 'timestamp'], ...place });
    const states: unknown = properties.states ?? [];
    if (!Array.isArray(states) || !states.every((state) => ['ALARM', 'INSUFFICIENT_DATA', 'OK'].includes(String(state)))) {
      place.note(`${place.path}/states`, 'Should be an array of ALARM, INSUFFICIENT_DATA, OK');
    }
  },
  explorer: (properties, place) => {
    for (const key of ['metrics', 'labels'])
      if (!Array.isArray(properties[key])) place.note(place.path, `Should have required property '${key}'`);
  },
  custom: (properties, place) => {
    requireText(properties, 'endpoint', place);
  },
  chart: (properties, place) => {
    if (!isObject(properties.data)) place.note(place.path, "Should have required property 'data'");
  },
};

function checkWidget(widget: unknown, place: Place): void {
  const { path, note } = place;
  if (!isObject(widget)) return note(path, 'Should be object');
  checkInteger(widget, 'x', { min: 0, max: GRID_COLUMNS - 1, ...place });
  checkInteger(widget, 'y', { min: 0, max: Number.MAX_SAFE_INTEGER, ...place });
  checkInteger(widget, 'width', { min: 1, max: GRID_COLUMNS, ...place });
  checkInteger(widget, 'height', { min: 1, max: MAX_HEIGHT, ...place });
  const check = typeof widget.type === 'string' && Object.hasOwn(WIDGET_CHECKS, widget.type) ? WIDGET_CHECKS[widget.type] : undefined;
  if (!check)
    return note(
      `${path}/type`,
      widget.type === undefined
        ? "Should have required property 'type'"
        : `Should be equal to one of the allowed values: ${Object.keys(WIDGET_CHECKS).join(', ')}`,
    );
  if (!isObject(widget.properties)) return note(path, "Should have required property 'properties'");
  check(widget.properties, { path: `${path}/properties`, note });
}

function checkMetricWidget(properties: Json, place: Place): void {
  const { path, note } = place;
  const { metrics } = properties;
  const annotations = isObject(properties.annotations) ? properties.annotations : undefined;
  const alarms = annotations?.alarms;
  if (metrics === undefined && alarms === undefined) {
    note(path, "Should have required property 'metrics'");
    note(path, 'The metric widget should have specified a region and a data source or an alarm annotation');
    note(path, "Should have required property 'annotations'");
  } else if (metrics !== undefined && typeof properties.region !== 'string') {
    note(path, "Should have required property 'region'");
  }
  if (alarms !== undefined) {
    if (!Array.isArray(alarms) || alarms.length !== 1) note(`${path}/annotations/alarms`, 'Should be an array of one alarm ARN');
    else checkAlarmArns(alarms, { note, path: `${path}/annotations/alarms` });
  }
  checkAnnotations(annotations, { note, path: `${path}/annotations` });
  checkEnum(properties, 'view', { values: ['timeSeries', 'singleValue', 'gauge', 'bar', 'pie', 'table'], ...place });
  if (properties.stacked !== undefined && typeof properties.stacked !== 'boolean') note(`${path}/stacked`, 'Should be boolean');
  if (properties.title !== undefined && typeof properties.title !== 'string') note(`${path}/title`, 'Should be string');
  if (isObject(properties.legend))
    checkEnum(properties.legend, 'position', { values: ['bottom', 'right', 'hidden'], note, path: `${path}/legend` });
  checkPeriod(properties, place);
  checkTimes(properties, place);
  checkAxes(properties, place);
  if (metrics === undefined) return;
  if (!Array.isArray(metrics)) return note(`${path}/metrics`, 'Should be array');
  if (metrics.length > MAX_METRICS_PER_WIDGET) note(`${path}/metrics`, `Should have no more than ${MAX_METRICS_PER_WIDGET} items`);
  metrics.forEach((metric: unknown, index) => checkMetric(metric, { note, path: `${path}/metrics/${index}` }, index === 0));
}

const METRIC_FORM = 'Field "metrics" has to be an array of array of strings, with an optional metricRenderer object as last element';

function checkMetric(metric: unknown, place: Place, first: boolean): void {
  const { path, note } = place;
  if (!Array.isArray(metric)) {
    note(path, 'Should be array');
    return note(path, METRIC_FORM);
  }
  const parts = metric as readonly unknown[];
  const last = parts.at(-1);
  const renderer = isObject(last) ? last : undefined;
  const texts = renderer ? parts.slice(0, -1) : parts;
  if (parts.length === 0 || !texts.every((part) => typeof part === 'string')) return note(path, METRIC_FORM);
  if (renderer) checkRenderer(renderer, { note, path: `${path}/${parts.length - 1}` });
  if (texts.length === 0) {
    if (typeof renderer?.expression !== 'string') note(path, 'Should name a metric or hold an expression');
    return;
  }
  if (renderer?.expression !== undefined) note(path, 'Should name a metric or hold an expression, not both');
  // "..." and "." stand for the same places of the metric before; with "..." the number of parts is free.
  if (first && texts.some((text) => text === '...' || text === '.')) note(path, 'The first metric has none before it to repeat');
  if (texts.includes('...')) return;
  if (texts.length < 2 || texts.length % 2 !== 0)
    note(path, 'Should hold a namespace, a metric name and pairs of dimension name and value');
  if (texts.length > 2 + 2 * MAX_DIMENSIONS) note(path, `Should have no more than ${MAX_DIMENSIONS} dimensions`);
}

function checkRenderer(renderer: Json, place: Place): void {
  const { path, note } = place;
  for (const [key, pattern] of Object.entries({ color: COLOR, id: /^[a-z]\w*$/, accountId: /^(\d{12}|LOCAL)$/ })) {
    if (renderer[key] !== undefined && !isMatch(renderer[key], pattern)) note(`${path}/${key}`, `Should match pattern "${pattern.source}"`);
  }
  for (const key of ['label', 'region', 'stat', 'expression']) {
    if (renderer[key] !== undefined && typeof renderer[key] !== 'string') note(`${path}/${key}`, 'Should be string');
  }
  if (renderer.visible !== undefined && typeof renderer.visible !== 'boolean') note(`${path}/visible`, 'Should be boolean');
  checkEnum(renderer, 'yAxis', { values: ['left', 'right'], ...place });
  checkPeriod(renderer, place);
}

function checkAxes(properties: Json, place: Place): void {
  const { path, note } = place;
  const yAxis = isObject(properties.yAxis) ? properties.yAxis : {};
  for (const side of ['left', 'right']) {
    const axis = yAxis[side];
    if (axis === undefined) continue;
    if (!isObject(axis)) {
      note(`${path}/yAxis/${side}`, 'Should be object');
      continue;
    }
    for (const bound of ['min', 'max'])
      if (axis[bound] !== undefined && typeof axis[bound] !== 'number') note(`${path}/yAxis/${side}/${bound}`, 'Should be number');
  }
  const left = isObject(yAxis.left) ? yAxis.left : {};
  if (properties.view === 'gauge' && (typeof left.min !== 'number' || typeof left.max !== 'number'))
    note(`${path}/yAxis`, 'A gauge should have yAxis.left with min and max');
}

function checkAnnotations(annotations: Json | undefined, place: Place): void {
  const horizontal = annotations?.horizontal;
  if (horizontal === undefined) return;
  if (!Array.isArray(horizontal)) return place.note(`${place.path}/horizontal`, 'Should be array');
  horizontal.forEach((entry: unknown, index) => {
    const path = `${place.path}/horizontal/${index}`;
    // A pair of lines makes a band.
    for (const line of Array.isArray(entry) ? (entry as readonly unknown[]) : [entry]) {
      if (!isObject(line) || typeof line.value !== 'number') place.note(path, "Should have required property 'value'");
      else if (line.color !== undefined && !isMatch(line.color, COLOR))
        place.note(`${path}/color`, `Should match pattern "${COLOR.source}"`);
    }
  });
}

function checkAlarmArns(alarms: readonly unknown[], place: Place): void {
  alarms.forEach((alarm, index) => {
    if (typeof alarm !== 'string' || !/^arn:aws[\w-]*:cloudwatch:[a-z0-9-]+:\d{12}:alarm:.+$/.test(alarm))
      place.note(`${place.path}/${index}`, 'Should be the ARN of an alarm');
  });
}

function checkTimes(holder: Json, place: Place): void {
  if (holder.end !== undefined && holder.start === undefined)
    place.note(place.path, "Should have property 'start' when property 'end' is present");
  for (const key of ['start', 'end']) {
    const value = holder[key];
    if (value === undefined) continue;
    const relative = typeof value === 'string' && /^-P(?=.)(\d+[YMWD])*(T(\d+[HMS])+)?$/.test(value);
    const absolute = typeof value === 'string' && /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/.test(value);
    if (!relative && !absolute)
      place.note(`${place.path}/${key}`, 'Should be a time such as 2018-12-17T06:00:00.000Z or a range such as -PT3H');
  }
}

function checkPeriod(holder: Json, place: Place): void {
  const { period } = holder;
  if (period === undefined) return;
  const valid =
    typeof period === 'number' && Number.isInteger(period) && ([1, 5, 10, 20, 30].includes(period) || (period > 0 && period % 60 === 0));
  if (!valid) place.note(`${place.path}/period`, 'Should be 1, 5, 10, 20, 30 or a multiple of 60');
}

function checkInteger(holder: Json, key: string, limits: Place & { readonly min: number; readonly max: number }): void {
  const value = holder[key];
  if (value === undefined) return;
  if (typeof value !== 'number' || !Number.isInteger(value)) limits.note(`${limits.path}/${key}`, 'Should be integer');
  else if (value < limits.min) limits.note(`${limits.path}/${key}`, `Should be >= ${limits.min}`);
  else if (value > limits.max) limits.note(`${limits.path}/${key}`, `Should be <= ${limits.max}`);
}

function checkEnum(holder: Json, key: string, allowed: Place & { readonly values: readonly string[] }): void {
  const value = holder[key];
  if (value !== undefined && !allowed.values.some((known) => known === value))
    allowed.note(`${allowed.path}/${key}`, `Should be equal to one of the allowed values: ${allowed.values.join(', ')}`);
}

function requireText(holder: Json, key: string, place: Place): void {
  if (holder[key] === undefined) place.note(place.path, `Should have required property '${key}'`);
  else if (typeof holder[key] !== 'string') place.note(`${place.path}/${key}`, 'Should be string');
}

function isMatch(value: unknown, pattern: RegExp): boolean {
  return typeof value === 'string' && pattern.test(value);
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
