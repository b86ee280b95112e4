import type { AccountId } from '../../../contracts/ids';
import type { MetricQuery, MetricQuestion } from '../../../contracts/metric-query';
import { mergeDatapoints, statisticOf, type Datapoint, type Statistic } from '../datapoint';

import { evaluateMath, type MathScope } from './evaluate-math';
import { hasExactly, insightsGroups, insightsStatistics, locateSeries, refuseUnknownMetric, type LocatedSeries } from './insights-groups';
import { isInsightsQuery, parseInsightsQuery, type InsightsQuery } from './insights-query';
import type { MathValue } from './math-functions';
import { parseMath } from './math-syntax';
import { NotEvaluated, type QueryAnswer, type TimeSeries } from './time-series';
import type { OrganizationMetrics } from './organization-metrics';
import { parseSearch } from './search-expression';

const STATISTICS: readonly Statistic[] = ['Average', 'Maximum', 'Minimum', 'SampleCount', 'Sum'];

/** CloudWatch: how far back a search looks for metrics. */
const SEARCHED_SECONDS = 14 * 86_400;

/**
 * Answers a question as `GetMetricData` would, from simulated metrics at one simulated instant, `now`: whole periods only. Every visible query
 * has an answer, by id. What the sandbox does not simulate or evaluate is said to be so, never empty or zero.
 */
export function answerMetricQuestion(
  question: MetricQuestion,
  { metrics, now }: { readonly metrics: OrganizationMetrics; readonly now: number },
): ReadonlyMap<string, QueryAnswer> {
  const evaluation = new Evaluation(question, metrics, now);
  return new Map(question.queries.filter(({ visible }) => visible).map((query) => [query.id, evaluation.answer(query)]));
}

/** One question being answered: each query is evaluated once. */
class Evaluation {
  readonly #question: MetricQuestion;
  readonly #metrics: OrganizationMetrics;
  readonly #now: number;
  readonly #queries: ReadonlyMap<string, MetricQuery>;
  readonly #values = new Map<string, MathValue>();
  /** Ids that are being worked out: an expression may lead back to itself. */
  readonly #open = new Set<string>();

  constructor(question: MetricQuestion, metrics: OrganizationMetrics, now: number) {
    this.#question = question;
    this.#metrics = metrics;
    this.#now = now;
    this.#queries = new Map(question.queries.map((query) => [query.id, query]));
  }

  answer(query: MetricQuery): QueryAnswer {
    try {
      const value = this.#valueOf(query);
      return { kind: 'series', series: this.#labelled(value, query) };
    } catch (error) {
      if (error instanceof NotEvaluated) return { kind: 'not evaluated', reason: error.message };
      throw error;
    }
  }

  #labelled(value: MathValue, { id, label, of, period }: MetricQuery): readonly TimeSeries[] {
    const own = label ?? (of.kind === 'metric' ? of.metric : null);
    switch (value.kind) {
      case 'series':
        return [{ ...value.series, label: own ?? id }];
      case 'list':
        return value.series.map((series) => ({ ...series, label: [label, series.label].filter(Boolean).join(' ') || id }));
      case 'number':
        return [{ label: own ?? id, period, values: new Map(this.#grid(period).map((at) => [at, value.value])) }];
      case 'word':
        throw new NotEvaluated(`no query of this widget has the id ${value.word}`);
      default:
        throw new Error(`unknown value ${JSON.stringify(value satisfies never)}`);
    }
  }

  #valueOf(query: MetricQuery): MathValue {
    const known = this.#values.get(query.id);
    if (known) return known;
    if (this.#open.has(query.id)) throw new NotEvaluated(`${query.id} refers to itself`);
    this.#open.add(query.id);
    try {
      const value = query.of.kind === 'metric' ? this.#metric(query, query.of) : this.#expression(query, query.of.expression);
      this.#values.set(query.id, value);
      return value;
    } finally {
      this.#open.delete(query.id);
    }
  }

  #metric({ label, period }: MetricQuery, of: Extract<MetricQuery['of'], { kind: 'metric' }>): MathValue {
    const account = of.account ?? this.#question.account;
    if (!this.#visible().includes(account))
      throw new NotEvaluated(`account ${account} does not share its metrics of ${this.#question.region} with ${this.#question.account}`);
    refuseUnknownMetric(of);
    const id = { namespace: of.namespace, metric: of.metric, dimensions: of.dimensions };
    return { kind: 'series', series: this.#series({ account, id }, { stat: of.stat, period, label: label ?? of.metric }) };
  }

  #expression({ period }: MetricQuery, expression: string): MathValue {
    if (isInsightsQuery(expression)) return { kind: 'list', series: this.#insights(parseInsightsQuery(expression), period) };
    const scope: MathScope = {
      grid: (of) => this.#grid(of),
      named: (id) => {
        const query = this.#queries.get(id);
        return query && this.#single(this.#valueOf(query), query);
      },
      metrics: (part) =>
        this.#question.queries
          .filter(({ id, of }) => of.kind === 'metric' && id.includes(part))
          .flatMap((query) => {
            const value = this.#valueOf(query);
            return value.kind === 'series' ? [value.series] : [];
          }),
      search: (text, stat, own) => this.#search(text, { stat, period: own ?? period }),
    };
    return evaluateMath(parseMath(expression), scope);
  }

  /** A query without groups gives one series, and counts as one in expressions. */
  #single(value: MathValue, { of }: MetricQuery): MathValue {
    const isOne = of.kind === 'expression' && isInsightsQuery(of.expression) && parseInsightsQuery(of.expression).groupBy.length === 0;
    const [only] = value.kind === 'list' ? value.series : [];
    return isOne && only ? { kind: 'series', series: only } : value;
  }

  #insights(query: InsightsQuery, period: number): readonly TimeSeries[] {
    const groups = insightsGroups(query, this.#sight());
    const { orderBy } = query;
    const rank = (members: readonly LocatedSeries[]) =>
      orderBy ? (this.#whole(members, insightsStatistics[orderBy.aggregate], period) ?? -Infinity) : 0;
    const sign = orderBy?.descending ? -1 : 1;
    const sorted = [...groups]
      .map(([label, members]) => ({ label, members, rank: rank(members) }))
      .sort((one, other) => sign * (one.rank - other.rank) || (one.label < other.label ? -1 : 1));
    const statistic = insightsStatistics[query.aggregate];
    return sorted.slice(0, query.limit).map(({ label, members }) => ({
      label,
      period,
      values: this.#sampled(period, (from, until) => valueOf(this.#merged(members, { from, until }), statistic)),
    }));
  }

  #whole(members: readonly LocatedSeries[], statistic: Statistic, period: number): number | undefined {
    const starts = this.#grid(period);
    const [first] = starts;
    const last = starts.at(-1);
    if (first === undefined || last === undefined) return undefined;
    return valueOf(this.#merged(members, { from: first, until: last + period }), statistic);
  }

  #merged(members: readonly LocatedSeries[], { from, until }: { readonly from: number; readonly until: number }): Datapoint | undefined {
    const { region } = this.#question;
    return mergeDatapoints(members.flatMap(({ account, id }) => this.#metrics.at(account, region).view(id).datapoint(from, until) ?? []));
  }

  #search(text: string, { stat, period }: { readonly stat: string; readonly period: number }): readonly TimeSeries[] {
    const { namespace, schema, terms } = parseSearch(text);
    const metric = terms.find(({ key }) => key === 'MetricName')?.anyOf ?? [];
    if (metric.length === 0) throw new NotEvaluated('the sandbox evaluates SEARCH with a MetricName alone');
    const valueAt = ({ account, id }: LocatedSeries, key: string) => {
      if (key === 'MetricName') return id.metric;
      if (key === 'Namespace') return id.namespace;
      return key === ':aws.AccountId' ? account : id.dimensions[key];
    };
    return metric.flatMap((name) => {
      refuseUnknownMetric({ namespace, metric: name });
      return locateSeries({ namespace, metric: name }, this.#sight())
        .filter((one) => this.#isFound(one, period))
        .filter((one) => hasExactly(one.id, schema) && terms.every(({ key, anyOf }) => anyOf.includes(valueAt(one, key) ?? '')))
        .map((one) => this.#series(one, { stat, period, label: [one.account, name, ...Object.values(one.id.dimensions)].join(' ') }));
    });
  }

  /** A search finds what has reported, until two weeks after the last time; the present period is not over. */
  #isFound({ account, id }: LocatedSeries, period: number): boolean {
    const until = Math.floor(this.#now / period) * period;
    const view = this.#metrics.at(account, this.#question.region).view(id);
    return view.datapoint(this.#now - SEARCHED_SECONDS, until) !== undefined;
  }

  #sight() {
    return { metrics: this.#metrics, account: this.#question.account, region: this.#question.region };
  }

  #visible(): readonly AccountId[] {
    return this.#metrics.visibleFrom(this.#question.account, this.#question.region);
  }

  #series(
    { account, id }: LocatedSeries,
    { stat, period, label }: { readonly stat: string; readonly period: number; readonly label: string },
  ): TimeSeries {
    const place = this.#metrics.at(account, this.#question.region);
    const statistic = STATISTICS.find((known) => known === stat);
    const percent = /^p(\d{1,2}(?:\.\d+)?|100)$/.exec(stat)?.[1];
    if (statistic) {
      const view = place.view(id);
      return { label, period, values: this.#sampled(period, (from, until) => valueOf(view.datapoint(from, until), statistic)) };
    }
    if (percent === undefined) throw new NotEvaluated(`the sandbox has no statistic ${stat}`);
    return {
      label,
      period,
      values: this.#sampled(period, (from, until) => place.percentile(id, { percent: Number(percent), from, until })),
    };
  }

  #sampled(period: number, read: (from: number, until: number) => number | undefined): ReadonlyMap<number, number> {
    return new Map(
      this.#grid(period).flatMap((from) => {
        const value = read(from, from + period);
        return value === undefined ? [] : [[from, value] as const];
      }),
    );
  }

  /** Starts of the whole periods of the question; CloudWatch's begin at multiples of the period. */
  #grid(period: number): readonly number[] {
    const first = Math.ceil((this.#now - this.#question.seconds) / period);
    return Array.from({ length: Math.max(0, Math.floor(this.#now / period) - first) }, (_, index) => (first + index) * period);
  }
}

function valueOf(point: Datapoint | undefined, statistic: Statistic): number | undefined {
  return point && statisticOf(point, statistic);
}
