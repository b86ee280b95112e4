import { planRollback } from '../../../fleet/plan/plan-rollback';
import type { PlanWarning, RolloutPlan } from '../../../fleet/plan/rollout-plan';
import { planJson, planText } from '../../../fleet/report/plan-text';
import { noSecrets, planOf, recordsAfter, releaseOf, smallFleet } from '../plan/plan-fixture';

const EVIL = 'pay\u001b[2Jroll\nrollout succeeded\u009b31m\u202e';
const escapes = /[^\P{Cc}\n]|[\u202a-\u202e]/u;

const evil = smallFleet({
  organization: ({ accounts }) => accounts.filter(({ id }) => id === '200000000001').forEach((account) => (account.name = EVIL)),
});
const plan = planOf(evil);
const warning = (message: string): PlanWarning => ({ code: 'x', message, at: null, targets: 0, example: null });

/** The cells of a wave's row by heading. */
function rowOf(text: string, wave: string): Readonly<Record<string, string>> {
  const lines = text.split('\n');
  const head = lines.find((line) => line.startsWith('WAVE')) ?? '';
  const row = lines.find((line) => line.startsWith(`${wave} `)) ?? '';
  const starts = [...head.matchAll(/(?<=^| {2})\S+(?: \S+)*/g)].map((match) => ({ name: match[0], at: match.index }));
  return Object.fromEntries(starts.map(({ name, at }, index) => [name, row.slice(at, starts[index + 1]?.at).trim()]));
}

describe('the text of a plan', () => {
  test('says what changes, in which waves, under which limits and why, and who is left out', () => {
    const text = planText(plan);

    expect(text).toMatch(/^plan [0-9a-f]{12} of fleet orders, release .*: 12 of 12 targets change\n/);
    expect(rowOf(text, 'canary')).toMatchObject({ TARGETS: '1', LIMITS: 'at most 1 at once, at most 0 may fail (strict)', WHY: 'new' });
    expect(text).toMatch(/^in all at most 1 may fail$/m);
    expect(text).toMatch(/^100000000002 +all +is the shared-services account$/m);
  });

  test('says how each wave is kept safe', () => {
    const careful = smallFleet({
      accounts: 20,
      fleet: (initial) =>
        initial
          .replace('bake: 2s\n    failureTolerance: 0', 'bake: 1h\n    minOrders: 100\n    countSynthetic: true')
          .replace('percent: 10\n    bake: 2s', 'percent: 10\n    bake: 12h')
          .replace(
            '- name: rest',
            '- name: rest\n    approval: required\n    bake: 2h\n    minOrders: 0\n    mode: soft\n    failureTolerance: 3',
          )
          .replace('rollback: wave', 'traffic: { canaryPercent: 10, watch: 15m, in: [canary] }')
          .concat('windows: { timezone: Europe/Paris, allow: ["fri-mon 08:00-16:00", "tue 22:00-24:00"] }\n'),
    });
    const first = planOf(careful);
    const text = planText(
      planOf({ ...careful, records: recordsAfter(first), release: releaseOf({ lambda: '2', program: { foundation: '2' } }) }),
    );
    const cells = (wave: string) => {
      const { LIMITS, STARTS, TRAFFIC, GATE, 'IF IT FAILS': rollback } = rowOf(text, wave);
      return [LIMITS, STARTS, TRAFFIC, GATE, rollback];
    };

    expect(cells('foundation/eu-west-1')).toEqual(['at most 1 at once, at most 0 may fail (strict)', 'in a window', 'all', 'alarms of 20 targets, no bake', 'it is rolled back']); // prettier-ignore
    expect(cells('canary')).toEqual(['at most 1 at once, at most 0 may fail (strict)', 'in a window', '10 % for 15m', 'alarms of 1 target, bake 1h, at least 100 orders (synthetic ones count)', 'it is rolled back']); // prettier-ignore
    expect(cells('early')).toEqual(['at most 1 at once, at most 0 may fail (strict)', 'in a window', 'all', 'alarms of 4 targets, bake 12h, at least 4 orders', 'it is rolled back']); // prettier-ignore
    expect(cells('rest/eu-west-1')).toEqual(['at most 15 at once, at most 3 may fail (soft)', 'when approved, in a window', 'all', 'alarms of 15 targets, bake 2h, no orders asked for', 'it is rolled back']); // prettier-ignore
    expect(cells('rest/us-east-1')[1]).toBe('when approved, in a window');
    expect(cells('observability')).toEqual(['at most 2 at once, at most 2 may fail (soft)', 'at once', 'all', 'none', 'nothing is rolled back']); // prettier-ignore
    expect(text).toContain('targets start mon 08:00-16:00, fri-sun 08:00-16:00, tue 22:00-24:00 (Europe/Paris)');
  });

  test.each([
    ['target', 'its red targets are rolled back'],
    ['wave', 'it is rolled back'],
    ['rollout', 'all waves so far are rolled back'],
  ])('says what a failed gate leads to with rollback: %s', (scope, expected) => {
    const { config, inventory } = smallFleet({ fleet: (text) => text.replace('rollback: wave', `rollback: ${scope}`) });

    expect(rowOf(planText(planOf({ config, inventory })), 'canary')['IF IT FAILS']).toBe(expected);
    expect(rowOf(planText(plan), 'foundation/eu-west-1')).toMatchObject({
      GATE: 'none: nothing deployed stands on it',
      'IF IT FAILS': 'nothing is rolled back',
    });
    expect(rowOf(planText(plan), 'canary').GATE).toBe('alarms of 1 target, bake 2s, at least 1 order');
  });

  test('says what it warns of', () => {
    expect(planText({ ...plan, warnings: [warning('careful'), warning(EVIL)] })).toMatch(/\n\nwarnings:\n {2}careful\n {2}pay\\x1b/);
    expect(planText({ ...plan, warnings: [] })).not.toContain('warnings');
  });

  test('of a rollback says what it goes back to', () => {
    const goods = recordsAfter(plan);
    const next = planOf({ ...evil, records: goods, release: releaseOf({ lambda: 'order-2' }) });
    const changed = new Set(next.waves.flatMap((wave) => wave.targets));
    const back = planRollback({
      rollout: { id: 'r1', plan: next },
      goods,
      changed,
      records: recordsAfter(next),
      inventory: '',
      configuration: '',
      secrets: noSecrets,
      later: [],
      departed: () => null,
    });

    expect(planText(back)).toMatch(/^plan [0-9a-f]{12} of fleet orders, back to before rollout r1: 8 of 10 targets change\n/);
    expect(rowOf(planText(back), 'rollback/canary')).toMatchObject({ STARTS: 'at once', GATE: 'none', WHY: 'rollback' });
  });

  test('names changed settings without a control character of what they quote', () => {
    const records = recordsAfter(plan);
    const tagged = smallFleet({
      organization: ({ accounts }) => accounts.filter(({ id }) => id === '200000000001').forEach((account) => (account.tags.Team = 'x')),
    });
    const text = planText(planOf({ ...tagged, records }));

    expect(text).toContain('config changes:');
    expect(text).not.toMatch(escapes);
  });

  test('without a change is one sentence, the exclusions and the warnings', () => {
    const text = planText(planOf({ ...evil, records: recordsAfter(plan) }));

    expect(text).toMatch(/: 0 of 12 targets change\n\nEXCLUDED/);
    expect(text).not.toContain('WAVE');
  });
});

describe('a plan as JSON', () => {
  test('counts what changes and says why', () => {
    const json = planJson(plan);

    expect(json).toMatchObject({
      version: 1,
      digest: plan.digest,
      counts: { total: 12, changed: 12, unchanged: 0 },
      irreversible: null,
      orphans: [],
    });
    expect(json.waves.flatMap((wave) => wave.targets.map((target) => target.id)).sort()).toEqual(
      plan.targets.map(({ target }) => target.id).sort(),
    );
    expect(json.waves.every((wave) => wave.targets.every((target) => target.reasons.length > 0))).toBe(true);
  });

  test('has how each wave is kept safe, and what was found to be irreversible', () => {
    const safe: RolloutPlan = { ...plan, rollback: 'rollout', windows: { timezone: 'UTC', allow: [] }, warnings: [warning('careful')] };
    const found = [{ target: 'regional/200000000001/eu-west-1', op: 'delete' }];

    expect(planJson(safe, { irreversible: found })).toMatchObject({
      irreversible: found,
      rollback: 'rollout',
      windows: { timezone: 'UTC' },
      warnings: [warning('careful')],
    });
    expect(planJson(safe, { irreversible: [] }).irreversible).toEqual([]);
    expect(
      planJson(safe).waves.map(({ name, gated, approval, minOrders, traffic }) => [name, gated, approval, minOrders, traffic]),
    ).toEqual([
      ['foundation/eu-west-1', true, false, 0, null],
      ['foundation/us-east-1', true, false, 0, null],
      ['canary', true, false, 1, null],
      ['rest/eu-west-1', true, false, 1, null],
      ['rest/us-east-1', true, false, 1, null],
      ['observability', false, false, 0, null],
    ]);
  });
});
