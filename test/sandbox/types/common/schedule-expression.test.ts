import { scheduleExpressionProblem } from '../../../../sandbox/types/common/schedule-expression';

test.each([
  'rate(5 minutes)',
  'rate(1 minute)',
  'rate(12 hours)',
  'rate(1 day)',
  'cron(0 9 * * ? *)',
  'cron(0/15 8-17 ? * MON-FRI *)',
  'cron(0 0 L * ? *)',
  'cron(0 0 ? * 6#3 2030)',
  'cron(0,30 0 1,15W JAN,jul ? 2026-2030)',
  'cron(*/5 * * * ? *)',
  'at(2030-01-31T09:30:00)',
  'at(2028-02-29T00:00:00)',
])('%s is a schedule', (expression) => {
  expect(scheduleExpressionProblem(expression)).toBeUndefined();
});

test.each([
  '',
  'every 5 minutes',
  'rate(5)',
  'rate(0 minutes)',
  'rate(-1 minutes)',
  'rate(5 seconds)',
  'rate(1.5 hours)',
  'cron(0 9 * * *)',
  'cron(0 9 * * * *)',
  'cron(0 9 ? * ? *)',
  'cron(60 9 * * ? *)',
  'cron(0 24 * * ? *)',
  'cron(0 9 32 * ? *)',
  'cron(0 9 * 13 ? *)',
  'cron(0 9 ? * 0 *)',
  'cron(0 9 * * ? 1969)',
  'cron(5-1 9 * * ? *)',
  'cron(*/0 9 * * ? *)',
  'cron(1-2-3 9 * * ? *)',
  'at(2030-02-30T00:00:00)',
  'at(2030-01-31)',
  'at(2030-01-31T09:30:00Z)',
  'rate(5 minutes) ',
])('%j is none', (expression) => {
  expect(scheduleExpressionProblem(expression)).toEqual(expect.any(String));
});
