import { kpiReport } from '../../../fleet/kpi/kpi-report';
import { kpiCsv } from '../../../fleet/report/kpi-csv';
import { kpiText } from '../../../fleet/report/kpi-text';
import { rolledOut, type RolloutOf } from '../kpi/kpi-fixture';

function reportOf(...rollouts: readonly RolloutOf[]) {
  const question = { fleet: 'orders', period: { from: '2026-11-01', to: '2026-11-10' }, asOf: '2026-11-10T12:00:00.000Z', isThere: () => true }; // prettier-ignore
  return kpiReport(rollouts.map(rolledOut), question);
}

const eventful = () =>
  reportOf(
    { at: '2026-11-02T10:00' },
    { at: '2026-11-03T10:00', targets: { a: 'rolled_back', b: 'cancelled' }, release: 'r2', seconds: 130 },
    { at: '2026-11-04T10:00', targets: { a: 'succeeded' }, release: 'r3' },
    { at: '2026-11-05T10:00', targets: { a: 'succeeded' }, takesBack: '2026-11-04T10:00', release: 'r1' },
    { at: '2026-11-06T10:00', targets: { a: 'unchanged' }, release: 'r1' },
    { at: '2026-11-07T10:00', targets: { a: 'succeeded', b: 'failed' }, release: 'r4' },
    { at: '2026-11-10T10:00', targets: { a: null }, release: 'r5' },
  );
const linesOf = (text: string) => text.split('\n').map((line) => line.trimEnd());

test('figures for people, with what they are of, their goals and what is left out', () => {
  expect(linesOf(kpiText(eventful()))).toEqual([
    'orders, 2026-11-01 to 2026-11-10 (10 days, UTC): 6 rollouts ended, 4 changed something, 1 took another one back, 1 deployed nothing',
    '',
    'FIGURE                VALUE                                            GOAL                  OF',
    'change failure rate   75.0 %                                                                 3 of 4 changes',
    '  by target           60.0 %                                                                 3 of 5 target changes',
    'time to recovery      mean 1 min 30 s, median 1 min 30 s, worst 2 min  under 15 min: MISSED  2 incidents recovered; 1 open',
    'deployment frequency  0.20 a day, 1.4 a week                           daily: MISSED         2 of 4 changes succeeded, on 2 of 10 days; longest gap 6 days',
    'lead time             median 1 min, p90 1 min                                                2 releases, each from the start of its first rollout',
    '',
    'failed changes:',
    '  2026-11-03T10:00 rolled back at 2026-11-03T10:02:11.000Z',
    '  2026-11-04T10:00 succeeded at 2026-11-04T10:01:01.000Z, taken back by 2026-11-05T10:00',
    '  2026-11-07T10:00 failed at 2026-11-07T10:01:01.000Z',
    '',
    'targets whose changes failed:',
    '  a 2 of 4 (50.0 %)',
    '  b 1 of 1 (100.0 %)',
    '',
    'STILL OPEN, in no time to recovery:',
    '  2026-11-07T10:00 for 3 d 1 h, since 2026-11-07T10:00:10.000Z (a target failed): b',
    '',
    'not ended, in no figure:',
    '  2026-11-10T10:00 since 2026-11-10T10:00:00.000Z',
  ]);
});

test('without a rollout there is no data, and neither 0 nor 100 %', () => {
  const text = kpiText(reportOf());
  expect(text.match(/no data/g)).toHaveLength(5);
  expect(text).not.toMatch(/%/);
  expect(text).not.toMatch(/: (met|MISSED)/);
});

test('long lists are cut, and say so', () => {
  const many = Array.from({ length: 12 }, (_, index) => ({ at: `2026-11-03T10:${index + 10}`, targets: { a: 'rolled_back' } }) as const);
  expect(kpiText(reportOf(...many))).toContain('  and 2 more: `fleet report --kpi --json` has all');
});

test('CSV has a line for each figure, and for each incident, release and target; no value where there is no data', () => {
  const lines = kpiCsv(eventful());
  expect(lines[0]).toBe('figure,measure,of,value,unit,samples,from,to');
  expect(lines).toContain('change_failure_rate,rate,,0.75,ratio,4,2026-11-01,2026-11-10');
  expect(lines).toContain('time_to_recovery,recovered,2026-11-03T10:00,120,seconds,2,2026-11-01,2026-11-10');
  expect(lines).toContain('time_to_recovery,open_for,2026-11-07T10:00,266390,seconds,2,2026-11-01,2026-11-10');
  expect(lines).toContain('lead_time,release,r3,60,seconds,2,2026-11-01,2026-11-10');
  expect(lines).toContain('target_change_failure_rate,rate,a,0.5,ratio,4,2026-11-01,2026-11-10');
  expect(kpiCsv(reportOf())).toContain('change_failure_rate,rate,,,ratio,0,2026-11-01,2026-11-10');
});
