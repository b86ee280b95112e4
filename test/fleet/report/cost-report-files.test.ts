import type { CostReport, CostRow } from '../../../fleet/cost/cost-report';
import { costCsv } from '../../../fleet/report/cost-csv';
import { costHtml } from '../../../fleet/report/cost-html';
import { costTagsText } from '../../../fleet/report/cost-tags-text';
import { costText } from '../../../fleet/report/cost-text';
import { paidFor } from '../../../fleet/report/paid-calls';

const compared = { amount: '-1.50', exact: '-1.5', previous: '2.00', change: '-3.50', changePercent: '-175.0' };
const row = (of: Partial<CostRow>): CostRow => ({ ...compared, key: '', name: null, sharePercent: null, orders: null, perThousandOrders: null, ...of }); // prettier-ignore

function reportWith(rows: readonly CostRow[], of: Partial<CostReport> = {}): CostReport {
  return {
    version: 1,
    currency: 'USD',
    period: { from: '2026-11-01', to: '2026-11-02', days: 2 },
    previous: { from: '2026-10-30', to: '2026-10-31' },
    total: compared,
    types: [],
    tables: [{ by: 'team', rows }],
    untagged: { amount: '0.00', ofUsagePercent: null },
    orders: null,
    ordersNotRead: 0,
    perThousandOrders: null,
    notCompared: [],
    data: { newestFinalDay: null, ageDays: null, estimatedDays: [], missingDays: [] },
    ...of,
  };
}

const calls = paidFor(3, { simulated: false });

describe('CSV', () => {
  const cellsOf = (key: string) => costCsv(reportWith([row({ key })])).split('\r\n')[2];

  test('has a heading, the total, a line for each row, and CRLF after each', () => {
    const lines = costCsv(reportWith([row({ key: 'commerce' })])).split('\r\n');
    expect(lines).toHaveLength(4);
    expect(lines[0]).toBe('by,key,name,from,to,currency,amount,exact,share_percent,previous,change,change_percent,orders,per_1000_orders');
    expect(lines[1]).toBe('total,,,2026-11-01,2026-11-02,USD,-1.50,-1.5,,2.00,-3.50,-175.0,,');
    expect(lines[3]).toBe('');
  });

  test.each(['=cmd()', '+1', '-1', '@x', ' =1', '-2+3', '\uff1dcmd()', '\uff20x'])(
    'makes no formula of %j, and leaves amounts below zero numbers',
    (key) => {
      expect(cellsOf(key)).toContain(`team,'${key},,`);
      expect(cellsOf(key)).toContain(',-1.50,-1.5,');
    },
  );

  test.each([
    ['a tab', '\t=1', `'\\x09=1`],
    ['a carriage return', '\r=1', `' =1`],
    ['another direction', 'a\u202e=1', 'a\\u202e=1'],
    ['a character that is not seen', '\u200b=1', '\\u200b=1'],
    ['an escape sequence', '\u001b[31mred', '\\x1b[31mred'],
  ])('shows %s', (_name, key, shown) => {
    expect(cellsOf(key)).toContain(`team,${shown},,`);
  });

  test('quotes commas and quotes, and has a line a row', () => {
    expect(cellsOf('a,"b"')).toContain('team,"a,""b""",,');
    expect(costCsv(reportWith([row({ key: 'a\r\nb' })]))).toContain('team,a b,,');
    expect(cellsOf('"=1')).toContain('team,"""=1",,');
  });
});

describe('the page', () => {
  const page = costHtml(reportWith([row({ key: '<img src=x onerror=alert(1)>', sharePercent: '12.5' }), row({ key: '"&\'' })]), {
    fleet: 'orders',
    writtenAt: new Date('2026-11-29T00:00:00Z'),
  });

  test('shows text from outside as text', () => {
    expect(page).toContain('<td>&lt;img src=x onerror=alert(1)&gt;</td>');
    expect(page).toContain('<td>&quot;&amp;&#39;</td>');
    expect(page).not.toContain('<img');
  });

  test('asks nobody for anything, and runs nothing', () => {
    expect(page).not.toMatch(/<script|<link|https?:|src="|@import|url\(/);
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
    expect(page).toContain('prefers-color-scheme: dark');
  });

  test('ends every element that it begins', () => {
    for (const name of [
      'html',
      'head',
      'body',
      'main',
      'section',
      'table',
      'thead',
      'tbody',
      'tr',
      'td',
      'th',
      'ul',
      'li',
      'meter',
      'div',
    ]) {
      expect([name, page.split(`</${name}>`).length]).toEqual([name, page.split(new RegExp(`<${name}[ >]`)).length]);
    }
  });
});

describe('the text', () => {
  test('never shows an unknown as zero: orders, days, final data', () => {
    expect(costText(reportWith([]), calls)).toContain('1,000 orders: not asked for');
    expect(costText(reportWith([], { ordersNotRead: 2 }), calls)).toContain('1,000 orders: NOT KNOWN, the orders of 2 targets');
    expect(costText(reportWith([], { orders: 0 }), calls)).toContain('1,000 orders: none were taken');
    expect(costText(reportWith([]), calls)).toContain('data: no day is final');
    const missingDays = ['2026-10-30', '2026-10-31', '2026-11-01', '2026-11-02'];
    const data = { newestFinalDay: null, ageDays: null, estimatedDays: [], missingDays };
    expect(costText(reportWith([], { data }), calls)).toContain('MISSING: nothing is known of 4 days (2026-10-30, 2026-10-31, 2026-11-01, ...)'); // prettier-ignore
  });

  test('names what has no tag, and what was paid for it', () => {
    const text = costText(reportWith([row({ key: '' })]), calls);
    expect(text).toMatch(/\(no tag\) +-1\.50 +2\.00 +-3\.50 \(-175\.0 %\)/);
    expect(text).toContain('3 calls of Cost Explorer for $0.03');
    expect(costText(reportWith([]), paidFor(0, { simulated: false }))).toContain('no call of Cost Explorer: all days were kept');
  });

  test('cannot be steered by a tag', () => {
    expect(costText(reportWith([row({ key: '\u001b[2Jx' })]), calls)).not.toContain('\u001b');
  });
});

test('what became of each tag is told with its reason', () => {
  const text = costTagsText([
    { key: 'Team', state: 'active', reason: null },
    { key: 'CostCenter', state: 'refused', reason: 'Code: why' },
    { key: 'Environment', state: 'not-seen', reason: null },
  ]);
  expect(text).toMatch(/^1 of 3 cost allocation tags are active/);
  expect(text).toMatch(/CostCenter +REFUSED +Code: why/);
  expect(text).toMatch(/Environment +NOT SEEN +billing has not met it yet/);
});
