import { counted } from '../../contracts/counted';
import { barChartSvg, gaugeSvg, lineChartSvg, paletteColor, paletteDash, type ChartLine, type ChartSize, type LineDash } from './chart-svg';
import type { HorizontalLine, MetricWidget } from './dashboard-body';
import type { DrawingOptions } from './drawing-options';
import { markup, trusted, type Html } from './html';
import { limitPassed } from './limit-marks';
import type { SeriesAnswer, ShownSeries } from './metric-source';
import { durationText, numberText } from './number-text';
import { readRunbookText, runbookLink } from './runbook-text';

/** A series with how it is drawn. */
interface Drawn {
  readonly series: ShownSeries;
  readonly axis: 'left' | 'right';
  readonly color: string;
  readonly dash: LineDash;
  readonly region: string;
}

/** Charts are drawn twice, and the stylesheet shows the one that fits: text in a scaled one would be too small, or too large. */
const WIDE: ChartSize = { width: 600, height: 240 };
const NARROW: ChartSize = { width: 340, height: 210 };
const FULL_WIDTH: ChartSize = { width: 1200, height: 280 };
/** Columns from which on a widget is alone in its row. */
const FULL_COLUMNS = 18;
/** Rows of a table that are shown without asking for more. */
const OPEN_ROWS = 8;

/** A metric widget's inside: what is not well in it, its chart or figures, a table of the same, and what was not evaluated. */
export function metricWidgetHtml(widget: MetricWidget, answers: ReadonlyMap<string, SeriesAnswer>, options: DrawingOptions): Html {
  const drawn = drawnOf(widget, answers);
  const unknown = widget.rows.flatMap(({ query }) => {
    const answer = query.visible ? answers.get(query.id) : undefined;
    if (answer?.kind !== 'not evaluated') return [];
    const what = query.of.kind === 'expression' ? query.of.expression : `${query.of.namespace} ${query.of.metric} (${query.of.stat})`;
    return [
      markup`<li>
        <strong>not evaluated</strong>: ${query.label === null ? '' : `${query.label}, `}<code>${what}</code>: ${answer.reason}
      </li>`,
    ];
  });
  const known = drawn.filter(({ series }) => series.points.length > 0);
  const silent = drawn.filter(({ series }) => series.points.length === 0).map(({ series }) => series.label);
  const told =
    unknown.length === 0
      ? null
      : markup`<ul class="unknown">
          ${unknown}
        </ul>`;
  if (known.length === 0)
    return markup`${drawn.length === 0 && unknown.length > 0 ? null : noData(widget)}${thresholds(widget, options)}${told}`;
  return markup`${marksHtml(widget, known, options)}${viewHtml(widget, known, options.asOf)}${silentHtml(silent, widget)}${thresholds(widget, options)}${told}`;
}

/** Lines that are on the unwell side of a limit now, in words, each with what to do about it. */
function marksHtml({ lines }: MetricWidget, drawn: readonly Drawn[], { asOf, places }: DrawingOptions): Html | null {
  const marks = drawn.flatMap(({ series, region, axis }) => {
    const ofAxis = lines.filter((line) => line.axis === axis);
    const passed = limitPassed(series, ofAxis, asOf);
    if (passed === null) return [];
    const { says, runbook } = readRunbookText(passed.label);
    return [
      markup`<li>
        <span class="state state-alarm">▲ ${says || 'past the line'}</span>: ${series.label}, ${region}: ${numberText(latest(series))}
        ${runbookLink(runbook, places)}
      </li>`,
    ];
  });
  return marks.length === 0
    ? null
    : markup`<ul class="marks">
        ${marks}
      </ul>`;
}

function noData({ seconds }: MetricWidget): Html {
  return markup`<p class="empty">No data in the last ${durationText(seconds)}.</p>`;
}

/** Lines without data, named: what is not in a chart is not zero. */
function silentHtml(labels: readonly string[], { seconds }: MetricWidget): Html | null {
  if (labels.length === 0) return null;
  const named = labels.slice(0, OPEN_ROWS).join(', ');
  const more = labels.length > OPEN_ROWS ? ` and ${labels.length - OPEN_ROWS} more` : '';
  return markup`<p class="empty thresholds">No data in the last ${durationText(seconds)}: ${named}${more}</p>`;
}

function viewHtml(widget: MetricWidget, drawn: readonly Drawn[], asOf: Date): Html {
  switch (widget.view) {
    case 'timeSeries':
      return markup`${lineFigure(widget, drawn, asOf)}${seriesTable(widget, drawn)}`;
    case 'singleValue':
      return markup`<dl class="values">
        ${drawn.map(
          ({ series }) =>
            markup`<div>
              <dt>${series.label}</dt>
              <dd>${numberText(latest(series))}</dd>
            </div>`,
        )}
      </dl>`;
    case 'gauge':
      return markup`${drawn.map((one) => gaugeFigure(widget, one))}`;
    case 'bar':
    case 'pie':
      return markup`${barFigure(widget, drawn)}${seriesTable(widget, drawn)}`;
    case 'table':
      return seriesTable(widget, drawn, true);
    default:
      throw new Error(`unknown view ${JSON.stringify(widget.view satisfies never)}`);
  }
}

function drawnOf(widget: MetricWidget, answers: ReadonlyMap<string, SeriesAnswer>): readonly Drawn[] {
  const all = widget.rows.flatMap((row) => {
    const answer = row.query.visible ? answers.get(row.query.id) : undefined;
    return answer?.kind === 'series'
      ? answer.series.map((series) => ({ series, axis: row.axis, own: row.color, region: row.region ?? widget.region }))
      : [];
  });
  return all.map(({ series, axis, own, region }, index) => ({
    series,
    axis,
    region,
    color: own ?? paletteColor(index),
    dash: paletteDash(index),
  }));
}

function lineFigure(widget: MetricWidget, drawn: readonly Drawn[], asOf: Date): Html {
  const { axes, lines: annotations, seconds, stacked, place } = widget;
  const until = asOf.getTime();
  const lines = drawn.map(({ series, axis, color, dash }): ChartLine => ({
    label: series.label,
    axis,
    color,
    dash,
    points: withGaps(series),
  }));
  const chart = { lines, stacked, annotations, axes, from: until - seconds * 1000, until };
  const wide = place.width >= FULL_COLUMNS ? FULL_WIDTH : WIDE;
  return figure(`Line chart of ${nameOf(widget)}, last ${durationText(seconds)}: ${spoken(drawn)}`, {
    wide: lineChartSvg(chart, wide),
    narrow: lineChartSvg(chart, NARROW),
  });
}

function barFigure(widget: MetricWidget, drawn: readonly Drawn[]): Html {
  const bars = drawn.map(({ series, color }) => ({ label: series.label, color, value: latest(series) }));
  const height = 40 + 26 * bars.length;
  return figure(`Bar chart of ${nameOf(widget)}: ${spoken(drawn)}`, {
    wide: barChartSvg(bars, { ...WIDE, height }),
    narrow: barChartSvg(bars, { ...NARROW, height }),
  });
}

function gaugeFigure(widget: MetricWidget, { series }: Drawn): Html {
  const { min, max } = widget.axes.left;
  const value = latest(series);
  const gauge = gaugeSvg({ value, min: min ?? 0, max: max ?? Math.max(1, value) }, { width: 300, height: 190 });
  return markup`<figure class="gauge">
    <div role="img" aria-label="Gauge: ${series.label} is ${numberText(value)}">${gauge}</div>
    <figcaption>${series.label}</figcaption>
  </figure>`;
}

function figure(label: string, { wide, narrow }: { readonly wide: Html; readonly narrow: Html }): Html {
  return markup`<div class="chart" role="img" aria-label="${label}">
    <div class="wide" aria-hidden="true">${wide}</div>
    <div class="narrow" aria-hidden="true">${narrow}</div>
  </div>`;
}

function nameOf({ title }: MetricWidget): string {
  return title === '' ? 'metrics' : title;
}

/** The chart in words, short: the table below it has every line. */
function spoken(drawn: readonly Drawn[]): string {
  const first = drawn.slice(0, 3).map(({ series }) => `${series.label} ${numberText(latest(series))}`);
  return `${counted(drawn.length, 'line')}, latest ${first.join(', ')}${drawn.length > 3 ? ', and more in the table' : ''}`;
}

function seriesTable(widget: MetricWidget, drawn: readonly Drawn[], isOpen = drawn.length <= OPEN_ROWS): Html {
  const rows = drawn.map(({ series, color, dash }) => {
    const values = series.points.map(({ value }) => value);
    const average = values.reduce((sum, value) => sum + value, 0) / values.length;
    const cells = [latest(series), Math.min(...values), Math.max(...values), average];
    return markup`<tr>
      <th scope="row">${swatch(color, dash)} ${series.label}</th>
      ${cells.map((value) => markup`<td>${numberText(value)}</td>`)}
    </tr>`;
  });
  const table = markup`<div class="scroll" role="region" aria-label="${nameOf(widget)}: figures" tabindex="0">
    <table class="data figures">
      <thead>
        <tr>
          <th scope="col">line</th>
          <th scope="col">latest</th>
          <th scope="col">least</th>
          <th scope="col">most</th>
          <th scope="col">average</th>
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;
  return isOpen
    ? table
    : markup`<details>
        <summary>${counted(drawn.length, 'line')} as a table</summary>
        ${table}
      </details>`;
}

function swatch(color: string, dash: LineDash): Html {
  const gaps = { solid: '', dashed: '6 3', dotted: '2 2' }[dash];
  return markup`<svg class="swatch" width="18" height="8" aria-hidden="true">
    <line x1="0" y1="4" x2="18" y2="4" stroke="${color}" stroke-width="3" stroke-dasharray="${gaps}"></line>
  </svg>`;
}

function thresholds({ lines }: MetricWidget, { places }: DrawingOptions): Html | null {
  if (lines.length === 0) return null;
  const told = lines.map((line, index) => {
    const { label, value, until } = line;
    const { says, runbook } = readRunbookText(label);
    const range = `${numberText(value)}${until === null ? '' : ` to ${numberText(until)}`}`;
    const link = runbookLink(runbook, places);
    return markup`${says || 'line'}${sideOf(line)} ${range}${link && markup` ${link}`}${index < lines.length - 1 ? ';' : ''}`;
  });
  return markup`<p class="thresholds">${trusted('<span aria-hidden="true">┄ </span>')}${told}</p>`;
}

function sideOf({ fill }: HorizontalLine): string {
  return fill === null ? ' at' : fill === 'above' ? ': above' : ': below';
}

function latest({ points }: ShownSeries): number {
  const last = points.at(-1);
  if (!last) throw new Error('a series without points has no latest value');
  return last.value;
}

/** A break wherever a period has no data: a line across it would claim some. */
function withGaps({ points, period }: ShownSeries): ChartLine['points'] {
  return points.flatMap(({ at, value }, index): (readonly [number, number | null])[] => {
    const before = points[index - 1];
    const isBroken = before !== undefined && at - before.at > period * 1500;
    return [...(isBroken ? [[before.at + period * 1000, null] as const] : []), [at, value] as const];
  });
}
