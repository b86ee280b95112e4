import { init, type EChartsCoreOption } from 'echarts';

import { visibleLines } from '../visible-text';

import type { Axis, HorizontalLine } from './dashboard-body';
import { trusted, type Html } from './html';
import { axisScale } from './axis-scale';
import { markText, numberText } from './number-text';

/** A line as it is drawn. */
export interface ChartLine {
  readonly label: string;
  readonly axis: 'left' | 'right';
  readonly color: string;
  readonly dash: LineDash;
  /** Milliseconds and values; null where a period has no data. */
  readonly points: readonly (readonly [number, number | null])[];
}

/** How a line is broken, so that colour alone does not tell it from others. */
export type LineDash = 'solid' | 'dashed' | 'dotted';

/** What a chart shows. */
export interface LineChart {
  readonly lines: readonly ChartLine[];
  readonly stacked: boolean;
  readonly annotations: readonly HorizontalLine[];
  readonly axes: Readonly<Record<'left' | 'right', Axis>>;
  readonly from: number;
  readonly until: number;
}

/** Pixels that a chart is drawn for. */
export interface ChartSize {
  readonly width: number;
  readonly height: number;
}

const COLORS = 10;
const DASHES: readonly LineDash[] = ['solid', 'dashed', 'dotted'];
/** Text follows the page's colours, in light and in dark. */
const TEXT = 'var(--muted)';
const GRID = 'var(--line)';
const ALERT = 'var(--alert)';
const FONT = 12;

/** Colour of the n-th line, as the stylesheet has it. */
export function paletteColor(index: number): string {
  return `var(--s${(index % COLORS) + 1})`;
}

/** How the n-th line is broken. */
export function paletteDash(index: number): LineDash {
  return DASHES[index % DASHES.length] ?? 'solid';
}

/** Lines over time as SVG, without script and without styles of its own. */
export function lineChartSvg(chart: LineChart, size: ChartSize): Html {
  const sides = (['left', 'right'] as const).filter((side) => side === 'left' || chart.lines.some(({ axis }) => axis === 'right'));
  return drawn(
    {
      animation: false,
      grid: { left: 4, right: 10, top: 14, bottom: 4, containLabel: true },
      xAxis: {
        type: 'time',
        min: chart.from,
        max: chart.until,
        splitNumber: size.width < 450 ? 3 : 6,
        axisLabel: { color: TEXT, fontSize: FONT, hideOverlap: true, formatter: timeText },
        axisLine: { lineStyle: { color: GRID } },
        axisTick: { lineStyle: { color: GRID } },
      },
      yAxis: sides.map((side) => valueAxis(side, chart)),
      series: chart.lines.map((line, index) => lineSeries(line, { chart, isFirst: index === 0 })),
    },
    size,
  );
}

/** Bars with their values, as SVG. */
export function barChartSvg(
  bars: readonly { readonly label: string; readonly color: string; readonly value: number }[],
  size: ChartSize,
): Html {
  return drawn(
    {
      animation: false,
      // Without a screen the width of a text is a guess: some fonts have wider digits.
      grid: { left: 20, right: 48, top: 4, bottom: 4, containLabel: true },
      xAxis: {
        type: 'value',
        axisLabel: { color: TEXT, fontSize: FONT, formatter: numberText, hideOverlap: true },
        splitLine: { lineStyle: { color: GRID } },
      },
      yAxis: {
        type: 'category',
        inverse: true,
        data: bars.map(({ label }) => label),
        axisLabel: { color: TEXT, fontSize: FONT, width: size.width * 0.35, overflow: 'truncate' },
        axisLine: { lineStyle: { color: GRID } },
      },
      series: [
        {
          type: 'bar',
          silent: true,
          barMaxWidth: 18,
          data: bars.map(({ value, color }) => ({ value, itemStyle: { color } })),
          label: {
            show: true,
            position: 'right',
            color: TEXT,
            fontSize: FONT,
            textBorderWidth: 0,
            formatter: ({ value }: { value: number }) => numberText(value),
          },
        },
      ],
    },
    size,
  );
}

/** One value between two limits, as SVG. */
export function gaugeSvg(
  { value, min, max }: { readonly value: number; readonly min: number; readonly max: number },
  size: ChartSize,
): Html {
  return drawn(
    {
      animation: false,
      series: [
        {
          type: 'gauge',
          silent: true,
          min,
          max,
          startAngle: 200,
          endAngle: -20,
          radius: '95%',
          center: ['50%', '62%'],
          splitNumber: 4,
          progress: { show: true, width: 14, itemStyle: { color: paletteColor(0) } },
          axisLine: { lineStyle: { width: 14, color: [[1, GRID]] } },
          axisTick: { show: false },
          splitLine: { show: false },
          axisLabel: { color: TEXT, fontSize: FONT, distance: 20, formatter: numberText },
          pointer: { show: false },
          detail: { color: 'var(--text)', fontSize: 26, offsetCenter: [0, '0%'], formatter: numberText },
          data: [{ value }],
        },
      ],
    },
    size,
  );
}

function valueAxis(side: 'left' | 'right', chart: LineChart) {
  const { min, max, interval } = axisScale(side, chart);
  const { label } = chart.axes[side];
  return {
    type: 'value',
    position: side,
    min,
    max,
    interval,
    ...(label !== null && { name: label, nameTextStyle: { color: TEXT, fontSize: FONT, align: side } }),
    axisLabel: { color: TEXT, fontSize: FONT, formatter: (value: number) => markText(value, interval) },
    splitLine: { show: side === 'left', lineStyle: { color: GRID } },
  };
}

function lineSeries(line: ChartLine, { chart, isFirst }: { readonly chart: LineChart; readonly isFirst: boolean }) {
  const lonely = line.points.some(([, value], index) => value !== null && isGap(line, index - 1) && isGap(line, index + 1));
  return {
    type: 'line',
    name: line.label,
    silent: true,
    yAxisIndex: line.axis === 'right' ? 1 : 0,
    ...(chart.stacked && { stack: 'all', areaStyle: { opacity: 0.35, color: line.color } }),
    lineStyle: { color: line.color, width: 2, type: line.dash },
    itemStyle: { color: line.color },
    // A point between two gaps is no line.
    showSymbol: lonely,
    symbol: 'circle',
    symbolSize: 5,
    data: line.points,
    ...(isFirst && {
      markLine: {
        silent: true,
        // The library would draw a threshold of 0.001 at 0.
        precision: 12,
        symbol: 'none',
        lineStyle: { color: ALERT, type: 'dashed', width: 1.5 },
        label: { position: 'insideStartTop', color: ALERT, fontSize: FONT, textBorderWidth: 0, width: 240, overflow: 'truncate' },
        data: chart.annotations
          .filter(({ until }) => until === null)
          .map(({ value, label }) => ({ yAxis: value, label: { formatter: label } })),
      },
      markArea: {
        silent: true,
        itemStyle: { color: ALERT, opacity: 0.12 },
        data: chart.annotations.filter(({ until }) => until !== null).map(({ value, until }) => [{ yAxis: value }, { yAxis: until }]),
      },
    }),
  };
}

function isGap({ points }: ChartLine, index: number): boolean {
  return (points[index]?.[1] ?? null) === null;
}

/** `08:30`, and the day at midnight. In UTC, as the page says. */
function timeText(at: number): string {
  const iso = new Date(at).toISOString();
  return iso.slice(11, 16) === '00:00' ? iso.slice(5, 10) : iso.slice(11, 16);
}

function drawn(option: EChartsCoreOption, { width, height }: ChartSize): Html {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    chart.setOption(option);
    return trusted(visibleLines(withoutStyles(chart.renderToSVGString())));
  } finally {
    // An open chart keeps the process alive.
    chart.dispose();
  }
}

/** The library's own SVG without what a strict content policy refuses: style attributes and elements. What scripts would use goes too. */
function withoutStyles(svg: string): string {
  return (
    svg
      .replace(/<style[^>]*>[\s\S]*?<\/style>/g, '')
      .replace(/ style="([^"]*)"/g, (_, style: string) => {
        const size = /(\d+(?:\.\d+)?)px/.exec(style)?.[1];
        return `${size === undefined ? '' : ` font-size="${size}"`}${style.includes('bold') ? ' font-weight="bold"' : ''}`;
      })
      .replace(/ (?:ecmeta_\w+|class|pointer-events|xmlns:xlink|version|baseProfile)="[^"]*"/g, '')
      // A tenth of a pixel is enough.
      .replace(/ d="[^"]*"/g, (path) => path.replace(/(\d+\.\d)\d+/g, '$1'))
      .replace(/>\s*\n\s*</g, '><')
  );
}
