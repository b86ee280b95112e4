import { targetIdSchema } from '../../../contracts/target';
import { noneRefused } from '../../../fleet/dead-letters/judge-letter';
import { letterCounts, redriveReport, type TargetRedrive } from '../../../fleet/dead-letters/letter-report';
import { countsText, lettersText, redriveText } from '../../../fleet/report/dead-letters-text';

const [first, second, third] = ['111111111111', '222222222222', '333333333333'].map((account) => targetIdSchema.parse(`regional/${account}/eu-west-1`)); // prettier-ignore
if (!first || !second || !third) throw new Error('three targets');
const trouble = { code: 'aws/AccessDenied', message: 'you may not' };
const span = { oldest: '2026-03-01T08:00:00.000Z', newest: '2026-03-02T08:00:00.000Z' };

test('counts are told by target and class; what could not be read is never shown as none', () => {
  const counts = letterCounts([
    { id: first, state: 'read', classes: [{ class: 'malformed', letters: 1, redriven: 0, ...span }, { class: 'transient', letters: 5, redriven: 2, ...span }] }, // prettier-ignore
    { id: second, state: 'read', classes: [] },
    { id: third, state: 'not read', error: trouble },
  ]);

  expect(counts.counts).toEqual({ targets: 3, notRead: 1, letters: 6, redriven: 2 });
  expect(countsText(counts).split('\n')).toEqual([
    '6 dead letters at 1 of 3 targets, 2 of them redriven, 1 target not read',
    '',
    expect.stringMatching(/^TARGET +CLASS +LETTERS +REDRIVEN +OLDEST +NEWEST +WHY$/),
    expect.stringMatching(/^regional\/1{12}\/eu-west-1 +malformed +1 +0 +2026-03-01T08:00:00Z +2026-03-02T08:00:00Z$/),
    expect.stringMatching(/^regional\/1{12}\/eu-west-1 +transient +5 +2 /),
    expect.stringMatching(/^regional\/3{12}\/eu-west-1 +NOT READ +you may not$/),
  ]);
});

test('single letters are told with what may be shown of their cause', () => {
  const text = lettersText({
    version: 1,
    target: first,
    letters: [
      { id: 'a', class: 'transient', cause: 'retries ran out', archivedAt: span.oldest, redrivenAt: span.newest, begunAt: null },
      { id: 'b', class: 'unknown', cause: null, archivedAt: span.newest, redrivenAt: null, begunAt: null },
      { id: 'c', class: 'unknown', cause: 'c', archivedAt: span.newest, redrivenAt: null, begunAt: span.newest },
    ],
  });

  expect(text.split('\n')).toEqual([
    `3 dead letters at ${first}`,
    '',
    expect.stringMatching(/^ID +CLASS +ARCHIVED +REDRIVEN +CAUSE$/),
    expect.stringMatching(/^a +transient +2026-03-01T08:00:00Z +2026-03-02T08:00:00Z +retries ran out$/),
    expect.stringMatching(/^b +unknown +2026-03-02T08:00:00Z +see the archive$/),
    expect.stringMatching(/^c +unknown +2026-03-02T08:00:00Z +begun 2026-03-02T08:00:00Z +c$/),
  ]);
});

describe('a redrive', () => {
  const one = (change: Partial<TargetRedrive>): TargetRedrive => ({
    id: first,
    state: 'redriven',
    letters: 1,
    begunBefore: 0,
    messages: 1,
    left: 0,
    remaining: 0,
    refused: noneRefused,
    error: null,
    alarms: null,
    ...change,
  });
  const targets = [
    one({ letters: 3, begunBefore: 1, messages: 4, remaining: 1, refused: { ...noneRefused, marked: 2, spent: 1 } }),
    one({
      id: second,
      state: 'failed',
      letters: 0,
      messages: 1,
      left: 7,
      remaining: 9,
      error: trouble,
      refused: { ...noneRefused, marked: 1 },
    }),
    one({ id: third, state: 'nothing to send', letters: 0, messages: 0 }),
  ];

  test('is told with what was passed over, and what failed where', () => {
    const report = redriveReport({ class: 'transient', dryRun: false, perSecond: 5, limit: 1000 }, targets);

    expect(report.counts).toEqual({
      targets: 3,
      letters: 3,
      begunBefore: 1,
      messages: 5,
      left: 7,
      remaining: 10,
      refused: { ...noneRefused, marked: 3, spent: 1 },
    });
    expect(redriveText(report).split('\n')).toEqual([
      '3 letters of class transient sent again (5 orders), 10 left',
      '1 of them had been begun by a run that was cut off: their orders may come twice',
      '3 passed over: sent again already',
      '1 passed over: sent again 3 times, which is the most: see to their cause',
      'next: fleet dlq redrive --class transient sends the other 9, at most 1000 orders a run (--limit)',
      '',
      expect.stringMatching(/^TARGET +STATE +LETTERS +ORDERS +LEFT +WHY$/),
      expect.stringMatching(/^regional\/1{12}\/eu-west-1 +redriven +3 +4 +1$/),
      expect.stringMatching(/^regional\/2{12}\/eu-west-1 +failed +0 +1 +9 +you may not$/),
    ]);
  });

  test('that is not done yet says what it would do', () => {
    const text = redriveText(
      redriveReport({ class: 'unknown', dryRun: true, perSecond: 5, limit: 1000 }, [one({ state: 'dry run', messages: 0 })]),
    );

    expect(text.split('\n')[0]).toBe(
      '1 letter of class unknown would be sent again, at most 5 orders a second at each target; 0 would be left',
    );
  });
});
