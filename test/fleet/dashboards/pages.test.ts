import fc from 'fast-check';

import { axisScale } from '../../../fleet/dashboards/axis-scale';
import { lineChartSvg, type LineChart } from '../../../fleet/dashboards/chart-svg';
import { readDashboardBody } from '../../../fleet/dashboards/dashboard-body';
import { linkTarget } from '../../../fleet/dashboards/dashboard-links';
import { markup, trusted } from '../../../fleet/dashboards/html';
import { markdownHtml } from '../../../fleet/dashboards/markdown-html';
import { metricWidgetHtml } from '../../../fleet/dashboards/metric-widget-html';
import type { SeriesAnswer } from '../../../fleet/dashboards/metric-source';
import { markText, numberText } from '../../../fleet/dashboards/number-text';

const places = { account: '', pages: [], runbooks: new Set(['heartbeat']) };
const free = { min: null, max: null, label: null };
const asOf = new Date('2026-11-24T12:00:00Z');
const chart = (values: readonly number[], more: Partial<LineChart> = {}): LineChart => ({
  lines: [{ label: 'x', axis: 'left', color: 'var(--s1)', dash: 'solid', points: values.map((value, index) => [asOf.getTime() - index * 300_000, value]) }],
  stacked: false,
  annotations: [],
  axes: { left: free, right: free },
  from: asOf.getTime() - 3 * 3_600_000,
  until: asOf.getTime(),
  ...more,
}); // prettier-ignore
const threshold = (value: number) => ({ label: 'limit', value, until: null, axis: 'left' as const, fill: null });

describe('text on pages', () => {
  test('is escaped in content and attributes, whatever it holds', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const { text: shown } = markup`<p title="${text}">${text}</p>`;
        expect(shown.replace(/^<p title="|<\/p>$/g, '').replace('">', '')).not.toMatch(/[<>"']/);
      }),
    );
    expect(markup`${'<b>'}${trusted('<i>')}${1}${null}`.text).toBe('&lt;b&gt;<i>1');
  });

  test('Markdown: HTML is text, links lead where pages are, others become text, no scripts and no pictures', () => {
    const text =
      '# Title\n<script>x</script> [a](#dashboards:name=a) [gone](other.md) [x](javascript:alert(1)) ![p](https://e.com/p.png)\n\n| h |\n|---|\n| &#60;b&#62; |\n\n[button:primary:Go](https://example.com)';
    const link = (href: string) =>
      href.startsWith('#') ? ({ kind: 'page', path: 'a.html' } as const) : href.startsWith('https') ? ({ kind: 'outside', url: href } as const) : ({ kind: 'none', why: 'gone' } as const); // prettier-ignore
    const { text: html } = markdownHtml(text, { link, root: '../', deeper: 1 });
    expect(html).toContain('<h2>Title</h2>');
    expect(html).toContain('&lt;script&gt;');
    expect(html).toContain('<a href="../a.html">a</a>');
    expect(html).toContain('<span title="gone">gone</span>');
    expect(html).toContain('<td>&lt;b&gt;</td>');
    expect(html).toContain('<a href="https://example.com" rel="noopener noreferrer">Go</a>');
    expect(html).toContain('<th scope="col">h</th>');
    expect(html).not.toMatch(/<script|<img|href="javascript/);
  });

  test('Markdown: a runbook that is named as code leads to its page, where it has one, and to none within a link', () => {
    const link = (href: string) => linkTarget(href, places);
    const text = '`docs/runbooks/heartbeat.md` `docs/runbooks/gone.md` `heartbeat` [see `docs/runbooks/heartbeat.md`](https://example.com)';
    const { text: html } = markdownHtml(text, { link, root: '../', deeper: 0 });
    expect(html).toContain('<a href="../runbooks/heartbeat.html"><code>docs/runbooks/heartbeat.md</code></a>');
    expect(html).toContain(' <code>docs/runbooks/gone.md</code> <code>heartbeat</code> ');
    expect(html).toContain('rel="noopener noreferrer">see <code>docs/runbooks/heartbeat.md</code></a>');
  });

  test.each([[0, '0'], [0.00125, '0.00125'], [0.0000012, '1.20e-6'], [99.97, '99.97'], [2998.44, '2998.4'], [12_345, '12.35k'], [-4_000_000, '-4M']])('%p is %s', (value, text) => {
    expect(numberText(value)).toBe(text);
  }); // prettier-ignore

  test('marks of an axis are as exact as they are apart', () => {
    expect([99.94, 99.96, 99.98].map((value) => markText(value, 0.02))).toEqual(['99.94', '99.96', '99.98']);
    expect(markText(500, 100)).toBe('500');
  });
});

describe('the scale of a chart', () => {
  test('begins at nothing where values differ by less than can be written', () => {
    expect(axisScale('left', chart([999_999_999.9911994, 999_999_999.9920001]))).toMatchObject({ min: 0 });
  });

  test('of the smallest number there is has marks, too', () => {
    expect(axisScale('left', chart([5e-324]))).toEqual({ min: 0, max: 1e-300, interval: 1e-300 });
  });

  test('shows every value and every threshold, at even marks', () => {
    const value = fc.double({ min: 0, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(fc.array(value, { minLength: 1 }), fc.option(value, { nil: null }), (values, limit) => {
        const { min, max, interval } = axisScale('left', chart(values, { annotations: limit === null ? [] : [threshold(limit)] }));
        const shown = [...values, ...(limit === null ? [] : [limit])];
        expect(min).toBeLessThanOrEqual(Math.min(...shown));
        expect(max).toBeGreaterThanOrEqual(Math.max(...shown));
        expect((max - min) / interval).toBeLessThanOrEqual(8);
      }),
    );
  });

  test.each<readonly [string, LineChart, object]>([
    ['begins at zero', chart([3, 1]), { min: 0, max: 4, interval: 1 }],
    ['looks closely at what lies high', chart([100], { annotations: [threshold(99.9)] }), { min: 99.85, max: 100.05, interval: 0.05 }],
    ['keeps to what the body asks', chart([3], { axes: { left: { min: 1, max: 9, label: null }, right: free } }), { min: 1, max: 9 }],
    ['of nothing', chart([]), { min: 0, max: 1 }],
    ['of zero alone', chart([0, 0]), { min: 0 }],
  ])('%s', (_, given, expected) => {
    expect(axisScale('left', given)).toMatchObject(expected);
  });
});

describe('a chart', () => {
  test('has no style, script or reference of its own, and a threshold of 0.001 stands above zero', () => {
    const { text } = lineChartSvg(chart([0, 0, 0], { annotations: [threshold(0.001)] }), { width: 600, height: 240 });
    expect(text).not.toMatch(/style|<script|href|on\w+=/);
    const [, at] = /<path d="M[\d.]+ ([\d.]+)L[^"]*"[^>]*stroke="var\(--alert\)"/.exec(text) ?? [];
    expect(Number(at)).toBeLessThan(120);
  });
});

describe('a widget', () => {
  const body = (properties: object) => readDashboardBody(JSON.stringify({ widgets: [{ type: 'metric', x: 0, y: 0, width: 12, height: 6, properties }] })).widgets[0]; // prettier-ignore
  const shown = (view: string, answers: Readonly<Record<string, SeriesAnswer>>) => {
    const widget = body({
      title: 'T',
      region: 'eu-west-1',
      view,
      metrics: [['N', 'M', { id: 'a', label: 'A' }], [{ expression: 'B(x)', id: 'b' }]],
      annotations: { horizontal: [{ label: 'limit', value: 5 }] },
    });
    if (widget?.kind !== 'metric') throw new Error('no metric widget');
    return metricWidgetHtml(widget, new Map(Object.entries(answers)), { asOf, places }).text;
  };
  const series = (...values: readonly number[]): SeriesAnswer => ({
    kind: 'series',
    series: [{ label: 'A', period: 300, points: values.map((value, index) => ({ at: asOf.getTime() - (values.length - index) * 300_000, value })) }],
  }); // prettier-ignore
  const unknown: SeriesAnswer = { kind: 'not evaluated', reason: 'no <function> B' };

  test.each(['timeSeries', 'singleValue', 'gauge', 'bar', 'pie', 'table'])(
    '%s shows its latest value, and what was not evaluated',
    (view) => {
      const text = shown(view, { a: series(1, 42), b: unknown });
      expect(text).toContain('42');
      expect(text).toContain('<strong>not evaluated</strong>: <code>B(x)</code>: no &lt;function&gt; B');
    },
  );

  test('never shows what was not evaluated as empty or zero', () => {
    const text = shown('timeSeries', { a: unknown, b: unknown });
    expect(text).toContain('not evaluated');
    expect(text).not.toMatch(/No data|<svg/);
  });

  test('says where there is no data, and names a line without any', () => {
    expect(shown('timeSeries', { a: series(), b: series() })).toContain('No data in the last 3 hours.');
    expect(shown('timeSeries', { a: series(), b: series(1) })).toContain('No data in the last 3 hours: A');
  });

  test('names whose latest value is on the shaded side of a line, with the runbook of the line', () => {
    const widget = body({
      ...{ title: 'T', region: 'eu-west-1', view: 'bar', metrics: [[{ expression: 'SELECT', id: 'a' }]] },
      annotations: { horizontal: [{ label: 'silent: docs/runbooks/heartbeat.md', value: 1, fill: 'below' }, { label: 'busy: gone.md', value: 8, fill: 'above' }, { label: 'objective', value: 5 }] },
    }); // prettier-ignore
    if (widget?.kind !== 'metric') throw new Error('no metric widget');
    const all = (...values: readonly number[]): SeriesAnswer => ({
      kind: 'series',
      series: values.map((value, index) => ({ label: `A${index}`, period: 300, points: [{ at: asOf.getTime() - 300_000, value }] })),
    });
    const drawn = (answer: SeriesAnswer) => metricWidgetHtml(widget, new Map([['a', answer]]), { asOf, places }).text;
    const marks = (answer: SeriesAnswer) => /<ul class="marks">[\s\S]*?<\/ul>/.exec(drawn(answer))?.[0].replaceAll(/\s+/g, ' ');

    expect(marks(all(0, 3, 9))).toBe(
      '<ul class="marks"> <li> <span class="state state-alarm">▲ silent</span>: A0, eu-west-1: 0 <a href="runbooks/heartbeat.html">Runbook</a> </li> <li> <span class="state state-alarm">▲ busy</span>: A2, eu-west-1: 9 Runbook: gone.md </li> </ul>',
    );
    expect(marks(all(1, 8, 6))).toBeUndefined();
    expect(drawn(all(3)).replaceAll(/\s+/g, ' ')).toContain(
      'silent: below 1 <a href="runbooks/heartbeat.html">Runbook</a>; busy: above 8 Runbook: gone.md; objective at 5',
    );
  });

  test('that cannot be read is said so, and the others are drawn', () => {
    const { widgets } = readDashboardBody(
      JSON.stringify({ widgets: [{ type: 'explorer', properties: { title: 'E' } }, 7, { type: 'metric', properties: { region: 'nowhere', metrics: [] } }, { type: 'alarm', properties: { alarms: ['no arn'] } }, { type: 'text', properties: { markdown: 'hello' } }] }),
    ); // prettier-ignore
    expect(widgets.map(({ kind }) => kind).sort()).toEqual(['text', 'unknown', 'unknown', 'unknown', 'unknown']);
  });
});
