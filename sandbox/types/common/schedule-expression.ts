interface CronField {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly names?: readonly string[];
  /** Characters beyond `*`, `,`, `-` and `/` that the field knows. */
  readonly special?: RegExp;
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

const FIELDS: readonly CronField[] = [
  { name: 'minutes', min: 0, max: 59 },
  { name: 'hours', min: 0, max: 23 },
  { name: 'day of month', min: 1, max: 31, special: /^(\?|L|LW|\d{1,2}W)$/ },
  { name: 'month', min: 1, max: 12, names: MONTHS },
  { name: 'day of week', min: 1, max: 7, names: WEEKDAYS, special: /^(\?|L|[1-7]L|([1-7]|SUN|MON|TUE|WED|THU|FRI|SAT)#[1-5])$/ },
  { name: 'year', min: 1970, max: 2199 },
];

/** What is wrong with an expression of EventBridge Scheduler, `rate(...)`, `cron(...)` or `at(...)`; undefined where nothing. */
export function scheduleExpressionProblem(expression: string): string | undefined {
  const [, kind, body = ''] = /^(rate|cron|at)\(([^()]*)\)$/.exec(expression) ?? [];
  switch (kind) {
    case 'rate':
      return rateProblem(body);
    case 'cron':
      return cronProblem(body);
    case 'at':
      return atProblem(body);
    default:
      return 'it must be rate(value unit), cron(fields) or at(yyyy-mm-ddThh:mm:ss)';
  }
}

function rateProblem(body: string): string | undefined {
  const [, value] = /^([1-9]\d*) (?:minutes?|hours?|days?)$/.exec(body) ?? [];
  return value === undefined ? `rate(${body}) must be a positive whole number and minutes, hours or days` : undefined;
}

function atProblem(body: string): string | undefined {
  const time = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/.test(body) ? new Date(`${body}Z`) : undefined;
  // A date such as 30 February is moved to March by the parser: it must come back as it was.
  const exists = time !== undefined && !Number.isNaN(time.getTime()) && time.toISOString().startsWith(body);
  return exists ? undefined : `at(${body}) must be a time such as 2030-01-31T09:30:00`;
}

function cronProblem(body: string): string | undefined {
  const parts = body.trim().split(/\s+/);
  if (parts.length !== FIELDS.length) return `cron(${body}) must have 6 fields: minutes, hours, day of month, month, day of week, year`;
  for (const [index, field] of FIELDS.entries()) {
    const part = parts[index] ?? '';
    if (!part.split(',').every((item) => cronItemFits(item, field))) return `cron(${body}) has ${part} as ${field.name}`;
  }
  const unspecified = [parts[2], parts[4]].filter((part) => part === '?').length;
  return unspecified === 1 ? undefined : `cron(${body}) must have ? as exactly one of day of month and day of week`;
}

function cronItemFits(item: string, field: CronField): boolean {
  if (item === '*' || field.special?.test(item)) return true;
  const [range = '', step, ...rest] = item.split('/');
  if (rest.length > 0 || (step !== undefined && !(/^\d+$/.test(step) && Number(step) >= 1))) return false;
  if (range === '*') return true;
  const ends = range.split('-').map((end) => cronValue(end, field));
  const [from, to] = ends;
  if (from === undefined || ends.length > 2 || ends.includes(undefined)) return false;
  return to === undefined || from <= to;
}

function cronValue(text: string, field: CronField): number | undefined {
  const named = field.names?.indexOf(text.toUpperCase()) ?? -1;
  if (named >= 0) return field.min + named;
  const value = /^\d{1,4}$/.test(text) ? Number(text) : undefined;
  return value !== undefined && value >= field.min && value <= field.max ? value : undefined;
}
