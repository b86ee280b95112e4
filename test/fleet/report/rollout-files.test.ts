import * as fc from 'fast-check';

import type { TargetId } from '../../../contracts/target';
import { noChanges } from '../../../fleet/ports';
import { rolloutCsv } from '../../../fleet/report/rollout-csv';
import { rolloutHtml } from '../../../fleet/report/rollout-html';
import { rolloutJunit } from '../../../fleet/report/rollout-junit';
import type { ReportedTarget, RolloutReport } from '../../../fleet/report/rollout-report';
import { outcomes, type Outcome } from '../../../fleet/rollout/state';

const EVIL = '<img src=x onerror=alert(1)> "&\' \u001b[2J\u0000\ufffe\ud800';

const target = (name: string, outcome: Outcome | null, more: Partial<ReportedTarget> = {}): ReportedTarget => ({
  id: `regional/${name}` as TargetId,
  ...{ layer: 'regional', account: '200000000001', accountName: 'shop', region: 'eu-west-1', wave: 'canary' },
  state: outcome === null ? 'pending' : 'done',
  outcome,
  attempts: 1,
  startedAt: '2026-11-03T10:00:00.000Z',
  endedAt: outcome === null ? null : '2026-11-03T10:00:01.500Z',
  changes: { ...noChanges, update: 2 },
  error: outcome === 'failed' ? { code: 'aws/Boom', message: 'it broke', resource: 'urn:x' } : null,
  cause: null,
  ...more,
});

function reportWith(targets: readonly ReportedTarget[], more: Partial<RolloutReport> = {}): RolloutReport {
  const byOutcome = Object.fromEntries(outcomes.map((one) => [one, targets.filter(({ outcome }) => outcome === one).length]));
  const counts = { total: targets.length, ...byOutcome } as RolloutReport['counts'];
  return {
    version: 1,
    ...{ rollout: '20261103T100000.000-abcd', purpose: 'rollout', release: 'r1', plan: 'p1', outcome: 'failed', kept: [] },
    ...{ startedAt: '2026-11-03T10:00:00.000Z', endedAt: '2026-11-03T10:00:03.000Z', waiting: null, until: null },
    ...{ driven: false, next: ['read the runbook', 'then fleet rollout'], counts },
    waves: [
      { name: 'canary', verdict: 'fail', startedAt: '2026-11-03T10:00:00.000Z', endedAt: '2026-11-03T10:00:02.000Z', bakeUntil: null, reason: EVIL, red: [], counts },
    ],
    targets,
    ...more,
  }; // prettier-ignore
}

const every = [...outcomes, null].map((outcome, index) => target(String(index), outcome));
const evil = [target('evil', 'failed', { accountName: EVIL, error: { code: 'aws/Boom', message: EVIL, resource: EVIL } })];

const cause = {
  code: 'fleet/gate-failed',
  message: 'taken back with wave canary: 1 red alarm',
  wave: 'canary',
  own: false,
  alarms: [],
} as const;
const boom = { code: 'aws/Boom', message: 'it broke', resource: 'urn:x' };

/** As planned: what went well, what went back with others, what failed by itself, and whose alarm was red. */
const gateFailed = [
  target('fine', 'succeeded'),
  target('well', 'rolled_back', { cause }),
  target('ill', 'rolled_back', {
    cause: {
      ...cause,
      own: true,
      message: 'its alarm orders-errors was red',
      alarms: [{ alarm: 'orders-errors', since: null, cleared: false }],
    },
  }),
  target('broken', 'rolled_back', { error: boom, cause: { ...cause, own: true } }),
];

describe('JUnit', () => {
  test('has a suite a wave and a case a target, with what each outcome means to a pipeline', () => {
    const still = target('still', 'unchanged', { wave: null, startedAt: null, endedAt: null });
    const lines = rolloutJunit(reportWith([...every, still])).split('\n');
    expect(lines[1]).toBe(
      '<testsuites name="rollout 20261103T100000.000-abcd" tests="10" failures="3" errors="1" skipped="3" time="3.000">',
    );
    expect(lines[2]).toBe('  <testsuite name="canary" tests="9" failures="3" errors="1" skipped="3" time="2.000" timestamp="2026-11-03T10:00:00.000Z">'); // prettier-ignore
    expect(lines).toContain('    <testcase name="regional/0" classname="regional" time="1.500"/>');
    expect(lines).toContain('    <testcase name="regional/2" classname="regional" time="1.500"><failure type="failed" message="aws/Boom: it broke">urn:x</failure></testcase>'); // prettier-ignore
    expect(lines).toContain('    <testcase name="regional/6" classname="regional" time="1.500"><failure type="rolled_back" message="rolled back"></failure></testcase>'); // prettier-ignore
    expect(lines).toContain('    <testcase name="regional/5" classname="regional" time="1.500"><error type="blocked" message="blocked"></error></testcase>'); // prettier-ignore
    expect(lines).toContain('    <testcase name="regional/8" classname="regional" time="0.000"><skipped message="not ended"/></testcase>');
    expect(lines).toContain('  <testsuite name="unchanged" tests="1" failures="0" errors="0" skipped="0" time="0.000">');
  });

  test('has the cause of a rollback where a failure has its error, and the guilty first in each suite', () => {
    const names = rolloutJunit(reportWith(gateFailed))
      .split('\n')
      .filter((line) => line.includes('<testcase'))
      .map((line) => /name="([^"]+)".*?(?:message="([^"]*)")?(?:>|\/>)/.exec(line.replace(/type="[^"]*" /, ''))?.slice(1));
    expect(names.map((one) => one?.[0])).toEqual(['regional/ill', 'regional/broken', 'regional/well', 'regional/fine']);
    const page = rolloutJunit(reportWith(gateFailed));
    expect(page).toContain('<failure type="rolled_back" message="fleet/gate-failed: its alarm orders-errors was red"></failure>');
    expect(page).toContain('<failure type="rolled_back" message="aws/Boom: it broke; taken back with wave canary: 1 red alarm">urn:x</failure>'); // prettier-ignore
    expect(page).toContain('<failure type="rolled_back" message="fleet/gate-failed: taken back with wave canary: 1 red alarm"></failure>');
  });

  test('holds only what XML may hold, whatever comes from outside', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (message) => {
        const xml = rolloutJunit(reportWith([target('a', 'failed', { error: { code: 'aws/Boom', message: message + EVIL, resource: message } })])); // prettier-ignore
        expect(xml).not.toMatch(/[^\n\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u);
        expect(xml.split('<')).toHaveLength(1 + 1 + 2 * 2 + 4);
      }),
    );
  });
});

test('CSV has a line a target, on which nothing is a formula or a line end', () => {
  const lines = rolloutCsv(reportWith([...every, target('=1', 'failed', { accountName: '=cmd()', error: { code: 'aws/Boom', message: 'a\nb, c', resource: null } })])); // prettier-ignore
  expect(lines).toHaveLength(11);
  expect(lines).toContain('20261103T100000.000-abcd,regional/2,regional,200000000001,shop,eu-west-1,canary,done,failed,1,2026-11-03T10:00:00.000Z,2026-11-03T10:00:01.500Z,0,2,0,0,0,aws/Boom,it broke,urn:x'); // prettier-ignore
  const evilLine = lines.find((line) => line.includes('regional/=1'));
  expect(evilLine).toContain(",'=cmd(),");
  expect(evilLine).toContain(',aws/Boom,"a b, c",');
});

test('CSV has the cause of a rollback in the columns of an error, and the guilty first', () => {
  const [, ill, broken, well] = rolloutCsv(reportWith(gateFailed)).map((line) => line.split(',').slice(-3).join(','));
  expect(ill).toBe('fleet/gate-failed,its alarm orders-errors was red,');
  expect(broken).toBe('aws/Boom,it broke; taken back with wave canary: 1 red alarm,urn:x');
  expect(well).toBe('fleet/gate-failed,taken back with wave canary: 1 red alarm,');
});

describe('the page', () => {
  const page = rolloutHtml(reportWith([...every, ...evil]));

  test('has what the report has, targets with something wrong first', () => {
    expect(page).toContain('<p class="total">failed</p>');
    expect(page).toContain('<li>1 succeeded, 1 unchanged, 2 failed, 1 skipped, 1 cancelled, 1 blocked, 1 rolled back, 1 rollback failed of 10 targets</li>'); // prettier-ignore
    expect(page.indexOf('regional/2<')).toBeLessThan(page.indexOf('regional/0<'));
    expect(page).toContain('<td class="text">aws/Boom: it broke at urn:x</td>');
  });

  test('counts how the targets of each wave ended, and has the cause of a rollback', () => {
    const back = rolloutHtml(reportWith(gateFailed));
    expect(back).toContain('<th scope="col">OK</th><th scope="col">Failed</th><th scope="col">Rolled back</th><th scope="col">Cancelled</th><th scope="col">Verdict</th>'); // prettier-ignore
    expect(back).toContain('<tr><td>canary</td><td>4</td><td>1</td><td>0</td><td>3</td><td>0</td><td>fail</td>');
    expect(back.indexOf('regional/ill<')).toBeLessThan(back.indexOf('regional/well<'));
    expect(back).toContain('<td class="text">fleet/gate-failed: its alarm orders-errors was red</td>');
    expect(page).toContain('<th scope="col">Skipped</th><th scope="col">Blocked</th>');
  });

  test('says that nobody drives what has not ended', () => {
    const stopped = rolloutHtml(reportWith([target('a', null, { state: 'running' })], { outcome: null, endedAt: null }));
    expect(stopped).toContain('<p class="total">stopped, nobody drives it</p>');
    expect(stopped).toContain('<td>not ended</td>');
  });

  test('says what a rollout waits for', () => {
    const waiting = { for: 'person', wave: 'rest', reason: 'wave rest needs approval', action: 'fleet approve 1 --wave rest' } as const;
    const open = rolloutHtml(reportWith([target('a', null)], { outcome: null, endedAt: null, waiting, next: [waiting.action] }));
    expect(open).toContain('<p class="total">waiting: wave rest needs approval</p>');
    expect(open).toContain('<li>next: fleet approve 1 --wave rest</li>');
    expect(open).toContain('ended not yet</li>');
  });

  test('shows text from outside as text, runs nothing and asks nobody', () => {
    expect(page).toContain('&lt;img src=x onerror=alert(1)&gt; &quot;&amp;&#39;');
    expect(page).not.toMatch(/<img|<script|<link|https?:|src="|@import|url\(|\u0000|\u001b/);
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
    for (const name of ['html', 'head', 'body', 'main', 'section', 'table', 'thead', 'tbody', 'tr', 'td', 'th', 'ul', 'li', 'div'])
      expect([name, page.split(`</${name}>`).length]).toEqual([name, page.split(new RegExp(`<${name}[ >]`)).length]);
  });
});
