import { NotEvaluated, type TimeSeries } from './time-series';

/** A value of metric math: a number, a time series or a list of them; texts and keywords stand only as parameters. */
export type MathValue =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'series'; readonly series: TimeSeries }
  | { readonly kind: 'list'; readonly series: readonly TimeSeries[] }
  | { readonly kind: 'word'; readonly word: string };

/** Starts of all periods that the question is about, for functions that fill gaps. */
export type Grid = (period: number) => readonly number[];

type MathFunction = (parameters: readonly MathValue[], grid: Grid) => MathValue;

/** Functions of metric math that the sandbox evaluates, by name, as CloudWatch documents them. */
export const mathFunctions: Readonly<Record<string, MathFunction>> = {
  SUM: aggregate((values) => values.reduce((sum, value) => sum + value, 0)),
  AVG: aggregate((values) => values.reduce((sum, value) => sum + value, 0) / values.length),
  MIN: aggregate((values) => Math.min(...values)),
  MAX: aggregate((values) => Math.max(...values)),
  ABS: each(Math.abs),
  CEIL: each(Math.ceil),
  FLOOR: each(Math.floor),
  LOG: each(Math.log),
  LOG10: each(Math.log10),
  FILL: fill,
  IF: choose,
  PERIOD: ([of]) => ({ kind: 'number', value: seriesOf(of, 'PERIOD').period }),
  DATAPOINT_COUNT: ([of]) => ({ kind: 'number', value: seriesOf(of, 'DATAPOINT_COUNT').values.size }),
  RUNNING_SUM: ([of]) => mapSeries(of, 'RUNNING_SUM', (series) => running(series)),
  DIFF: ([of]) => mapSeries(of, 'DIFF', (series) => differences(series, (change) => change)),
  RATE: ([of]) => mapSeries(of, 'RATE', (series) => differences(series, (change, seconds) => change / seconds)),
  FIRST: ([of]) => ({ kind: 'series', series: listed(of, 'FIRST')[0] ?? missing('FIRST of an empty list') }),
  LAST: ([of]) => ({ kind: 'series', series: listed(of, 'LAST').at(-1) ?? missing('LAST of an empty list') }),
  REMOVE_EMPTY: ([of]) => ({ kind: 'list', series: listed(of, 'REMOVE_EMPTY').filter(({ values }) => values.size > 0) }),
  SLICE: ([of, from, until]) => ({
    kind: 'list',
    series: listed(of, 'SLICE').slice(numberOf(from, 'SLICE'), until === undefined ? undefined : numberOf(until, 'SLICE')),
  }),
  SORT: sort,
  TIME_SERIES: ([of], grid) => {
    const value = numberOf(of, 'TIME_SERIES');
    // The parameter has no period of its own: that of the graph's finest usual one.
    const period = 60;
    return { kind: 'series', series: { label: '', period, values: new Map(grid(period).map((at) => [at, value])) } };
  },
};

/** The time series of a value; a number is none. Throws {@link NotEvaluated}. */
export function listed(value: MathValue | undefined, where: string): readonly TimeSeries[] {
  if (value?.kind === 'list') return value.series;
  return [seriesOf(value, where)];
}

/** Applies a function of two numbers to two values, at the instants where both have one. */
export function combine(left: MathValue, right: MathValue, apply: (one: number, other: number) => number): MathValue {
  if (left.kind === 'word' || right.kind === 'word') throw new NotEvaluated('has a text where a number is needed');
  if (left.kind === 'number' && right.kind === 'number') return { kind: 'number', value: finite(apply(left.value, right.value)) };
  if (left.kind === 'list' && right.kind === 'list') throw new NotEvaluated('combines two lists of time series');
  if (left.kind === 'list')
    return { kind: 'list', series: left.series.map((series) => oneOf(combine({ kind: 'series', series }, right, apply))) };
  if (right.kind === 'list')
    return { kind: 'list', series: right.series.map((series) => oneOf(combine(left, { kind: 'series', series }, apply))) };
  if (left.kind === 'series') {
    const other = right.kind === 'series' ? (at: number) => right.series.values.get(at) : () => right.value;
    return { kind: 'series', series: mapValues(left.series, (value, at) => withBoth(value, other(at), apply)) };
  }
  if (right.kind === 'series') return { kind: 'series', series: mapValues(right.series, (value) => withBoth(left.value, value, apply)) };
  throw new Error('two numbers were combined before');
}

function withBoth(one: number, other: number | undefined, apply: (one: number, other: number) => number): number | undefined {
  return other === undefined ? undefined : apply(one, other);
}

/** A list becomes one series over all of it; one series becomes a number. */
function aggregate(of: (values: readonly number[]) => number): MathFunction {
  return (parameters) => {
    const [only] = parameters;
    if (parameters.length === 1 && only?.kind === 'series') {
      const values = [...only.series.values.values()];
      return { kind: 'number', value: values.length === 0 ? missing('aggregates a time series without data') : of(values) };
    }
    const series = parameters.flatMap((parameter) => listed(parameter, 'an aggregate'));
    const instants = [...new Set(series.flatMap(({ values }) => [...values.keys()]))].sort((left, right) => left - right);
    const values = instants.map((at) => [at, of(series.flatMap((one) => one.values.get(at) ?? []))] as const);
    return { kind: 'series', series: { label: '', period: Math.max(60, ...series.map(({ period }) => period)), values: new Map(values) } };
  };
}

function each(of: (value: number) => number): MathFunction {
  return ([parameter]) =>
    parameter?.kind === 'number'
      ? { kind: 'number', value: finite(of(parameter.value)) }
      : mapSeries(parameter, 'a function of each value', (series) => mapValues(series, of));
}

function fill([of, by]: readonly MathValue[], grid: Grid): MathValue {
  const fillWith = (series: TimeSeries): TimeSeries => {
    if (by?.kind === 'series') return filled(series, { grid, gap: (at) => by.series.values.get(at) });
    if (by?.kind === 'word' && by.word.toUpperCase() === 'REPEAT') {
      let last: number | undefined;
      return filled(series, { grid, gap: () => last, seen: (value) => (last = value) });
    }
    const value = numberOf(by, 'FILL');
    return filled(series, { grid, gap: () => value });
  };
  return mapSeries(of, 'FILL', fillWith);
}

interface Filling {
  readonly grid: Grid;
  readonly gap: (at: number) => number | undefined;
  readonly seen?: (value: number) => void;
}

function filled(series: TimeSeries, { grid, gap, seen }: Filling): TimeSeries {
  const values = new Map<number, number>();
  for (const at of grid(series.period)) {
    const known = series.values.get(at);
    if (known !== undefined) seen?.(known);
    const value = known ?? gap(at);
    if (value !== undefined) values.set(at, value);
  }
  return { ...series, values };
}

function choose([condition, then, otherwise]: readonly MathValue[]): MathValue {
  if (!condition || !then) throw new NotEvaluated('IF lacks a parameter');
  if (condition.kind === 'number') return (condition.value !== 0 ? then : otherwise) ?? missing('IF gives nothing');
  const at = (value: MathValue | undefined, instant: number): number | undefined => {
    if (value === undefined) return undefined;
    return value.kind === 'number' ? value.value : seriesOf(value, 'IF').values.get(instant);
  };
  return { kind: 'series', series: mapValues(seriesOf(condition, 'IF'), (holds, instant) => at(holds !== 0 ? then : otherwise, instant)) };
}

function sort([of, by, order, most]: readonly MathValue[]): MathValue {
  const [measure, direction] = [by, order].map((value) => (value?.kind === 'word' ? value.word.toUpperCase() : ''));
  const total = (series: TimeSeries): number => {
    const values = [...series.values.values()];
    if (values.length === 0) return -Infinity;
    const sum = values.reduce((all, value) => all + value, 0);
    if (measure === 'AVG') return sum / values.length;
    if (measure === 'SUM') return sum;
    if (measure === 'MIN') return Math.min(...values);
    if (measure === 'MAX') return Math.max(...values);
    throw new NotEvaluated(`SORT by ${measure ?? ''}`);
  };
  const sign = direction === 'DESC' ? -1 : 1;
  const sorted = [...listed(of, 'SORT')].sort((left, right) => sign * (total(left) - total(right)));
  return { kind: 'list', series: most === undefined ? sorted : sorted.slice(0, numberOf(most, 'SORT')) };
}

function running(series: TimeSeries): TimeSeries {
  let sum = 0;
  return mapValues(series, (value) => (sum += value));
}

function differences(series: TimeSeries, of: (change: number, seconds: number) => number): TimeSeries {
  let before: readonly [number, number] | undefined;
  return mapValues(series, (value, at) => {
    const last = before;
    before = [at, value];
    return last === undefined ? undefined : of(value - last[1], at - last[0]);
  });
}

/** Another series by instant; a value that is no number drops out, as a division by zero does. */
function mapValues(series: TimeSeries, of: (value: number, at: number) => number | undefined): TimeSeries {
  const values = new Map<number, number>();
  for (const [at, value] of series.values) {
    const next = of(value, at);
    if (next !== undefined && Number.isFinite(next)) values.set(at, next);
  }
  return { ...series, values };
}

function mapSeries(value: MathValue | undefined, where: string, of: (series: TimeSeries) => TimeSeries): MathValue {
  if (value?.kind === 'list') return { kind: 'list', series: value.series.map(of) };
  return { kind: 'series', series: of(seriesOf(value, where)) };
}

function seriesOf(value: MathValue | undefined, where: string): TimeSeries {
  if (value?.kind !== 'series') throw new NotEvaluated(`${where} needs a time series, not ${value?.kind ?? 'nothing'}`);
  return value.series;
}

function numberOf(value: MathValue | undefined, where: string): number {
  if (value?.kind !== 'number') throw new NotEvaluated(`${where} needs a number, not ${value?.kind ?? 'nothing'}`);
  return value.value;
}

function oneOf(value: MathValue): TimeSeries {
  return seriesOf(value, 'a part of a list');
}

function finite(value: number): number {
  return Number.isFinite(value) ? value : missing('gives no number');
}

function missing(why: string): never {
  throw new NotEvaluated(why);
}
