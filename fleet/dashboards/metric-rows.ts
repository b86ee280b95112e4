import { accountIdSchema, type Region } from '../../contracts/ids';
import type { MetricQuery } from '../../contracts/metric-query';

/** A row of a metric widget, read: a query, and how its lines are drawn. */
export interface ReadRow {
  readonly query: MetricQuery;
  /** Null: the widget's. */
  readonly region: string | null;
  readonly axis: 'left' | 'right';
  /** As `#1f77b4`; null: the next one of the palette. */
  readonly color: string | null;
}

/** What rows that say nothing themselves take from their widget. */
export interface RowDefaults {
  readonly region: Region;
  readonly stat: string;
  /** Seconds. */
  readonly period: number;
}

type Options = Readonly<Record<string, unknown>>;

/** Rows of `metrics` as CloudWatch reads them: `.` repeats what stands there in the row above, `...` the rest of it up to what follows. */
export function readMetricRows(rows: readonly unknown[], defaults: RowDefaults): readonly ReadRow[] {
  let above: readonly string[] = [];
  return rows.flatMap((row, index): readonly ReadRow[] => {
    if (!Array.isArray(row)) return [];
    const parts = row as readonly unknown[];
    const last = parts.at(-1);
    const options: Options = typeof last === 'object' && last !== null ? (last as Options) : {};
    const texts = parts.filter((part) => typeof part === 'string');
    const common = {
      region: text(options.region),
      axis: options.yAxis === 'right' ? ('right' as const) : ('left' as const),
      color: /^#[0-9a-fA-F]{6}$/.test(text(options.color) ?? '') ? text(options.color) : null,
    };
    const shared = {
      id: text(options.id) ?? `row${index}`,
      label: text(options.label),
      visible: options.visible !== false,
      period: typeof options.period === 'number' && options.period > 0 ? options.period : defaults.period,
    };
    const expression = text(options.expression);
    if (texts.length === 0) {
      if (expression === null) return [];
      return [{ ...common, query: { ...shared, of: { kind: 'expression', expression } } }];
    }
    const [namespace = '', metric = '', ...pairs] = (above = repeated(texts, above));
    const account = accountIdSchema.safeParse(options.accountId);
    return [
      {
        ...common,
        query: {
          ...shared,
          of: {
            kind: 'metric',
            account: account.success ? account.data : null,
            namespace,
            metric,
            dimensions: Object.fromEntries(
              Array.from({ length: Math.floor(pairs.length / 2) }, (_, pair) => [pairs[2 * pair] ?? '', pairs[2 * pair + 1] ?? '']),
            ),
            stat: text(options.stat) ?? defaults.stat,
          },
        },
      },
    ];
  });
}

function repeated(texts: readonly string[], above: readonly string[]): readonly string[] {
  const gap = texts.indexOf('...');
  if (gap < 0) return texts.map((part, at) => (part === '.' ? (above[at] ?? '') : part));
  const after = texts.slice(gap + 1);
  const until = above.length - after.length;
  return [
    ...texts.slice(0, gap).map((part, at) => (part === '.' ? (above[at] ?? '') : part)),
    ...above.slice(gap, until),
    ...after.map((part, at) => (part === '.' ? (above[until + at] ?? '') : part)),
  ];
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
