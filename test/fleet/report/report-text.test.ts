import { noChanges } from '../../../fleet/ports';
import { reportText } from '../../../fleet/report/report-text';
import { reportOf, type RolloutReport } from '../../../fleet/report/rollout-report';
import { setupOf } from '../../../fleet/rollout/core-setup';
import { decide, initialState } from '../../../fleet/rollout/decide';
import { planOf, smallFleet } from '../plan/plan-fixture';

import { reportSchema } from './report-schema';

const EVIL = 'pay\u001b[2Jroll\nrollout succeeded\u009b31m\u202e';
const escapes = /[^\P{Cc}\n]|[\u202a-\u202e]/u;

const evil = smallFleet({
  organization: ({ accounts }) => accounts.filter(({ id }) => id === '200000000001').forEach((account) => (account.name = EVIL)),
});
const plan = planOf(evil);

/** The rollout of a plan whose regional targets all fail, while its gates pass. */
function failedRollout() {
  let state = initialState(setupOf(plan, new Map()));
  const at = '2026-01-01T00:00:00.000Z';
  const error = { code: 'aws/AccessDenied', message: `no ${EVIL}`, resource: 'urn:pulumi:x' };
  const answer = { verdict: 'pass' as const, reason: 'nothing is red', red: [], orders: null };
  let open = decide(state, { type: 'begun', at });
  while (open.state.outcome === null) {
    state = open.state;
    const command = open.commands.find(({ type }) => type === 'ask-gate' || type === 'run-target');
    const running = [...state.states].find(([, one]) => one.state === 'running')?.[0];
    if (command?.type === 'ask-gate') open = decide(state, { type: 'gate-answered', at, about: command.about, answer });
    else if (running !== undefined) {
      const failed = running.startsWith('regional/');
      open = decide(state, {
        type: 'target-ended',
        at,
        target: running,
        outcome: failed ? 'failed' : 'succeeded',
        engineRuns: 1,
        changes: noChanges,
        error: failed ? error : null,
      });
    } else break;
  }
  return reportSchema.parse(reportOf('20260101T000000.000-aaaa', plan, { state: open.state, at }));
}

describe('the text of a report', () => {
  const report = failedRollout();
  const text = reportText(report as unknown as RolloutReport);

  test('says the outcome, the counts, the waves and what went wrong', () => {
    expect(text).toMatch(
      /^rollout 20260101T000000\.000-aaaa failed in 0\.0 s: 4 succeeded, 1 failed, 7 cancelled of 12 targets\n\nWAVE +TARGETS +OK +FAILED +ROLLED BACK +CANCELLED +SECONDS +NOTE\n/,
    );
    expect(text).toMatch(/^canary +1 +0 +1 +0 +0 +0\.0 +1 of 1 target of canary failed, 0 may$/m);
    expect(text).toMatch(/^rest\/eu-west-1 +\d+ +0 +0 +0 +[1-9]/m);
    expect(text).toMatch(/what went wrong:\n {2}regional\/200000000001\/eu-west-1 \(.*\) failed: aws\/AccessDenied: .* at urn:pulumi:x/);
  });

  test('has no control character of an account name or an error, and no line of its making', () => {
    expect(text).not.toMatch(escapes);
    expect(text.split('\n')).not.toContainEqual(expect.stringMatching(/^rollout succeeded/));
    expect(text).toContain('pay\\x1b[2Jroll\\x0arollout succeeded\\x9b31m\\u202e');
  });

  test('ends with what to do next', () => {
    expect(text.split('\n\n').at(-1)).toBe(
      [
        "next: fleet preflight --account 200000000001 tells which role or permission is missing; fleet bootstrap brings the fleet's roles up to date",
        'next: then fleet rollout goes on with what is not done; what is done stays as it is',
        'next: or fleet rollback 20260101T000000.000-aaaa takes back what was done',
      ].join('\n'),
    );
  });

  test('names twenty of many failures, and how to get the others', () => {
    const [failed] = report.targets.filter((target) => target.outcome === 'failed');
    if (!failed) throw new Error('nothing failed');
    const many = { ...report, targets: Array.from({ length: 25 }, () => failed) } as unknown as RolloutReport;

    expect(reportText(many)).toMatch(/\n\nand 5 more: `fleet report --json` has all\n\nnext: /);
    expect(reportText(many).split('aws/AccessDenied')).toHaveLength(21);
  });
});
