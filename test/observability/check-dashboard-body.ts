/**
 * CloudWatch's structure of a dashboard body and its limits, read anew and stricter than the service: a property that is not in the published
 * structure, an overlap or an unknown id is a problem here. Sources: CloudWatch-Dashboard-Body-Structure and cloudwatch_limits in AWS's user guide.
 */
export function dashboardProblems(text: string): readonly string[] {
  const problems: string[] = [];
  const body = JSON.parse(text) as Json;
  const widgets = body.widgets as readonly Json[];
  only(body, ['widgets', 'variables'], { path: 'body', problems });
  if (text.length > 1_000_000) problems.push(`the body has ${text.length} characters`);
  if (widgets.length > 500) problems.push(`${widgets.length} widgets`);
  const metrics = widgets.map((widget) => rowsOf(widget).length);
  if (Math.max(0, ...metrics) > 500) problems.push(`${Math.max(...metrics)} metrics in a widget`);
  const total = metrics.reduce((sum, count) => sum + count, 0);
  if (total > 2500) problems.push(`${total} metrics`);
  widgets.forEach((widget, index) => checkWidget(widget, { path: `widgets/${index}`, problems }));
  problems.push(...overlaps(widgets));
  const variables = (body.variables ?? []) as readonly Json[];
  if (variables.length > 25) problems.push(`${variables.length} variables`);
  variables.forEach((variable, index) => checkVariable(variable, { path: `variables/${index}`, problems }));
  for (const { pattern } of variables) if (!text.replaceAll(`"pattern":"${String(pattern)}"`, '').includes(String(pattern))) problems.push(`variable ${String(pattern)} stands nowhere`); // prettier-ignore
  return problems;
}

type Json = Readonly<Record<string, unknown>>;

interface Noted {
  readonly path: string;
  readonly problems: string[];
}

const REGION = /^[a-z]{2}(-[a-z]+)+-\d$/;
const TEXT = ['markdown', 'background'];
const LOG = ['title', 'region', 'query', 'view', 'accountId', 'stacked'];
const METRIC = ['title', 'region', 'view', 'stat', 'period', 'metrics', 'annotations', 'yAxis', 'stacked', 'accountId', 'legend', 'liveData', 'setPeriodToTimeRange', 'sparkline', 'start', 'table']; // prettier-ignore

function checkWidget(widget: Json, noted: Noted): void {
  only(widget, ['type', 'x', 'y', 'width', 'height', 'properties'], noted);
  const { path, problems } = noted;
  const note = (what: string) => problems.push(`${path}: ${what}`);
  const [x, y, width, height] = [widget.x, widget.y, widget.width, widget.height].map(Number);
  if (![x, y, width, height].every(Number.isInteger)) return void note('its place is not of whole numbers');
  if ((x ?? -1) < 0 || (y ?? -1) < 0 || (width ?? 0) < 1 || (height ?? 0) < 1 || (height ?? 0) > 1000 || (x ?? 0) + (width ?? 0) > 24) note('its place is not on the grid'); // prettier-ignore
  const properties = widget.properties as Json;
  const inner = { path: `${path}/properties`, problems };
  switch (widget.type) {
    case 'text':
      only(properties, TEXT, inner);
      if (typeof properties.markdown !== 'string' || properties.markdown === '') note('a text without markdown');
      return;
    case 'alarm': {
      only(properties, ['title', 'alarms', 'sortBy', 'states'], inner);
      const alarms = properties.alarms as readonly unknown[];
      if (alarms.length === 0 || alarms.length > 100) note(`${alarms.length} alarms`);
      for (const arn of alarms)
        if (!/^arn:aws:cloudwatch:[a-z0-9-]+:\d{12}:alarm:.+$/.test(String(arn))) note(`${String(arn)} is no alarm`);
      return;
    }
    case 'log':
      only(properties, LOG, inner);
      if (!REGION.test(String(properties.region))) note('no region');
      if (!textOf(properties.query).startsWith("SOURCE '")) note('a query without a source');
      return;
    case 'metric':
      return checkMetric(properties, inner);
    default:
      note(`type ${String(widget.type)}`);
  }
}

function checkMetric(properties: Json, noted: Noted): void {
  only(properties, METRIC, noted);
  const note = (what: string) => noted.problems.push(`${noted.path}: ${what}`);
  if (!REGION.test(String(properties.region))) note('no region');
  if (!['timeSeries', 'singleValue', 'bar', 'pie', 'gauge', 'table'].includes(String(properties.view)))
    note(`view ${String(properties.view)}`);
  if (!/^(SampleCount|Average|Sum|Minimum|Maximum|p\d{1,2}(\.\d+)?)$/.test(String(properties.stat)))
    note(`stat ${String(properties.stat)}`);
  const period = Number(properties.period);
  if (period % 60 !== 0 || period < 60 || period > 2_592_000) note(`period ${period}`);
  checkGraph(properties, noted);
  const rows = properties.metrics as readonly (readonly unknown[])[];
  if (rows.length === 0) note('no metric');
  const options = rows.map((row) => (typeof row.at(-1) === 'object' ? (row.at(-1) as Json) : {}));
  const ids = options.flatMap(({ id }) => (id === undefined ? [] : [textOf(id)]));
  if (new Set(ids).size !== ids.length) note('an id twice');
  for (const id of ids) if (!/^[a-z][a-zA-Z0-9_]*$/.test(id)) note(`id ${id}`);
  rows.forEach((row, index) => checkRow(row, options[index] ?? {}));

  function checkRow(row: readonly unknown[], option: Json): void {
    only(option, ['accountId', 'color', 'expression', 'id', 'label', 'period', 'region', 'stat', 'visible', 'yAxis'], noted);
    if (option.accountId !== undefined && !/^\d{12}$/.test(textOf(option.accountId))) note(`account ${textOf(option.accountId)}`);
    if (option.expression !== undefined) {
      if (row.length !== 1) note('an expression with a metric');
      const expression = textOf(option.expression);
      const isQuery = /^SELECT |^SEARCH\(/.test(expression);
      const used = isQuery ? [] : expression.replaceAll(/'[^']*'/g, '').replaceAll(/[A-Z_]+\(/g, '(').match(/[a-z][a-zA-Z0-9_]*/g) ?? []; // prettier-ignore
      for (const id of used) if (!ids.includes(id)) note(`${expression} reads ${id}, which is not there`);
      return;
    }
    const parts = row.filter((part) => typeof part === 'string');
    if (parts.length < 2 || parts.length % 2 !== 0 || parts.includes('')) note(`row ${JSON.stringify(row)}`);
  }
}

/** Annotations, axes and legend of a graph. */
function checkGraph({ annotations, yAxis, legend }: Json, noted: Noted): void {
  const note = (what: string) => noted.problems.push(`${noted.path}: ${what}`);
  const { horizontal = [], vertical = [] } = (annotations ?? {}) as Readonly<Record<string, readonly unknown[]>>;
  only((annotations ?? {}) as Json, ['horizontal', 'vertical', 'alarms'], noted);
  // A band is a pair of lines.
  for (const line of horizontal.flat() as readonly Json[]) {
    only(line, ['label', 'value', 'color', 'fill', 'visible', 'yAxis'], noted);
    if (typeof line.value !== 'number') note('an annotation without a value');
  }
  for (const line of vertical.flat() as readonly Json[])
    if (Number.isNaN(Date.parse(textOf(line.value)))) note('an annotation without a time');
  for (const axis of Object.values((yAxis ?? {}) as Readonly<Record<string, Json>>))
    only(axis, ['label', 'min', 'max', 'showUnits'], noted);
  only((yAxis ?? {}) as Json, ['left', 'right'], noted);
  if (legend !== undefined && !['bottom', 'right', 'hidden'].includes(textOf((legend as Json).position))) note('a legend nowhere');
}

const VARIABLE = ['type', 'pattern', 'property', 'inputType', 'id', 'label', 'defaultValue', 'visible', 'search', 'populateFrom', 'values'];

function checkVariable(variable: Json, noted: Noted): void {
  only(variable, VARIABLE, noted);
  const note = (what: string) => noted.problems.push(`${noted.path}: ${what}`);
  if (!['property', 'pattern'].includes(textOf(variable.type))) note(`type ${textOf(variable.type)}`);
  if (!['input', 'select', 'radio'].includes(textOf(variable.inputType))) note(`inputType ${textOf(variable.inputType)}`);
  if (typeof variable[textOf(variable.type)] !== 'string') note('nothing that is replaced');
  if (!/^\w{1,32}$/.test(textOf(variable.id))) note(`id ${textOf(variable.id)}`);
}

function rowsOf(widget: Json): readonly unknown[] {
  return ((widget.properties as Json).metrics as readonly unknown[] | undefined) ?? [];
}

function overlaps(widgets: readonly Json[]): readonly string[] {
  const taken = new Map<string, number>();
  const found = new Set<string>();
  widgets.forEach(({ x, y, width, height }, index) => {
    for (let column = Number(x); column < Number(x) + Number(width); column += 1)
      for (let row = Number(y); row < Number(y) + Number(height); row += 1) {
        const other = taken.get(`${column} ${row}`);
        if (other !== undefined) found.add(`widgets ${other} and ${index} overlap`);
        taken.set(`${column} ${row}`, index);
      }
  });
  return [...found];
}

function only(value: Json, keys: readonly string[], { path, problems }: Noted): void {
  for (const key of Object.keys(value)) if (!keys.includes(key)) problems.push(`${path}: ${key} is not published`);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
