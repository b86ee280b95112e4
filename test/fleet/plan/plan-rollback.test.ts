import fc from 'fast-check';

import type { TargetId } from '../../../contracts/target';
import { planRollback, type RollbackInput } from '../../../fleet/plan/plan-rollback';
import type { LaterRollout } from '../../../fleet/plan/not-taken-back';
import { planDigest } from '../../../fleet/plan/rollout-plan';
import type { TargetRecord, TargetRecords } from '../../../fleet/plan/target-record';
import { problemsOf } from '../config/problems-of';

import { noSecrets, planOf, recordsAfter, releaseOf, smallFleet } from './plan-fixture';

const ID = '20260101T000000.000-aaaa';
const fleet = smallFleet();
const before = planOf(fleet);
/** As the rollout began: everything on the first release, version 7 serves, and 6 did before. */
const goods = new Map(
  [...recordsAfter(before)].map(([id, record]) => [id, { ...record, good: record.good && { ...record.good, live: '7', previous: '6' } }]),
);
const larger = smallFleet({ fleet: (text) => text.replace('memoryMb: 1024', 'memoryMb: 2048') });
const plan = planOf({
  ...larger,
  records: goods,
  release: releaseOf({ program: { foundation: 'foundation-2', observability: 'observability-2' } }),
});
const all = new Set(plan.targets.map(({ target }) => target.id));
/** After it: begun everywhere, promoted nowhere. */
const records: TargetRecords = new Map(
  [...recordsAfter(plan)].map(([id, record]) => [id, { ...record, good: goods.get(id)?.good ?? null }]),
);

const rollback = (options: Partial<RollbackInput> = {}) =>
  planRollback({
    rollout: { id: ID, plan },
    goods,
    changed: all,
    records,
    inventory: 'inventory now',
    configuration: 'configuration now',
    later: [],
    departed: () => null,
    secrets: noSecrets,
    ...options,
  });
const without = (map: TargetRecords, ...ids: readonly string[]): TargetRecords => new Map([...map].filter(([id]) => !ids.includes(id)));
const one = (map: TargetRecords, id: string): TargetRecord => {
  const found = map.get(id as TargetId);
  if (!found) throw new Error(`no record of ${id}`);
  return found;
};

const CANARY = 'regional/200000000001/eu-west-1' as TargetId;

describe('the plan of a rollback', () => {
  const back = rollback();

  test('takes the waves back in reverse order, and what is in each of them', () => {
    expect(plan.waves.map((wave) => wave.name)).toEqual([
      'foundation/eu-west-1',
      'foundation/us-east-1',
      'canary',
      'rest/eu-west-1',
      'rest/us-east-1',
      'observability',
    ]);
    expect(back.waves.map((wave) => wave.name)).toEqual([
      'rollback/observability',
      'rollback/rest/us-east-1',
      'rollback/rest/eu-west-1',
      'rollback/canary',
      'rollback/foundation/us-east-1',
      'rollback/foundation/eu-west-1',
    ]);
    expect(back.waves.map((wave) => wave.targets)).toEqual([...plan.waves].reverse().map((wave) => [...wave.targets].reverse()));
  });

  test('gives each target what was good when the rollout began', () => {
    const planned = back.targets.find(({ target }) => target.id === CANARY);
    const good = one(goods, CANARY).good;

    expect(planned).toMatchObject({
      purpose: 'rollback',
      release: before.release,
      config: good?.config,
      parts: good?.parts,
      desired: good?.desired,
      stableVersion: '7',
      previousVersion: '6',
      reasons: ['rollback'],
      wave: 'rollback/canary',
      dependencies: [],
    });
    expect(planned?.details).toEqual(['settings.memoryMb 2048 -> 1024']);
  });

  test.each([
    ['7', '6', { through: '6', kept: ['6'] }],
    ['7', null, { through: '7', kept: ['7'] }],
    [null, '6', { through: '8', kept: ['6', '8'] }],
  ])('names the versions that were not pruned since: %s and %s', (stableVersion, previousVersion, versionsLeft) => {
    const pruned = new Map([...records, [CANARY, { ...one(records, CANARY), versionsLeft }]]);
    const planned = rollback({ records: pruned }).targets.find(({ target }) => target.id === CANARY);

    expect(planned).toMatchObject({ stableVersion, previousVersion });
  });

  test('asks no gate and waits for nothing', () => {
    for (const wave of back.waves)
      expect(wave).toMatchObject({ gated: false, watches: [], bakeSeconds: 0, approval: false, minOrders: 0, traffic: null });
    expect(back).toMatchObject({ windows: null, rollsBack: ID, orphans: [], excluded: [], warnings: [] });
  });

  test('does not stop at a failure, and keeps the other limits', () => {
    const [canary, original] = [
      back.waves.find(({ name }) => name === 'rollback/canary'),
      plan.waves.find(({ name }) => name === 'canary'),
    ];

    expect(canary?.limits).toEqual({ ...original?.limits, failureTolerance: 1, mode: 'soft' });
    expect(canary?.targetTimeoutSeconds).toBe(original?.targetTimeoutSeconds);
    expect(back.limits).toEqual({ ...plan.limits, failureTolerance: 12, mode: 'soft' });
  });

  test('is of today: its inventory, its configuration, and a digest of its own', () => {
    expect(back).toMatchObject({
      fleet: 'orders',
      inventory: 'inventory now',
      configuration: 'configuration now',
      release: before.release,
    });
    expect(planDigest(back)).toBe(back.digest);
  });

  test('is named after the release that most of its targets go back to', () => {
    const [first = '', ...others] = [...all];
    const from = (release: string, ids: readonly string[]): TargetRecords =>
      new Map(
        [...goods].map(([id, record]) => [
          id,
          { ...record, good: record.good && ids.includes(id) ? { ...record.good, release } : record.good },
        ]),
      );

    expect(rollback({ goods: from('older', [first]) }).release).toBe(before.release);
    expect(rollback({ goods: from('older', others) }).release).toBe('older');
    expect(rollback({ goods: from('older', others) }).targets.find(({ target }) => target.id === first)?.release).toBe(before.release);
  });

  test('leaves alone what the rollout did not change', () => {
    const some = rollback({ changed: new Set([CANARY]) });

    expect(some.targets.map(({ target }) => target.id)).toEqual([CANARY]);
    expect(some.waves.map((wave) => wave.name)).toEqual(['rollback/canary']);
  });

  test('leaves out and names what had no earlier release', () => {
    const some = rollback({ goods: without(goods, CANARY) });

    expect(some.targets.map(({ target }) => target.id)).not.toContain(CANARY);
    expect(some.waves.map((wave) => wave.name)).not.toContain('rollback/canary');
    expect(some.excluded).toEqual([
      { account: '200000000001', region: 'eu-west-1', reason: `${CANARY} had no earlier release to go back to: it stays as it is` },
    ]);
  });

  test('has what stands on its earlier release again as unchanged', () => {
    const some = rollback({ records: new Map([...records, [CANARY, one(goods, CANARY)]]) });

    expect(some.targets.find(({ target }) => target.id === CANARY)).toMatchObject({ reasons: [], wave: null, details: [] });
    expect(some.waves.flatMap((wave) => wave.targets)).toHaveLength(11);
  });

  test.each<[string, Partial<TargetRecord>]>([
    ['is dirty', { dirty: true }],
    ['has a version on trial', { traffic: 'shifting' }],
    ['was promoted since', { good: one(records, CANARY).current }],
    ['was begun since', { current: one(records, CANARY).current }],
  ])('takes a target back that %s', (_name, change) => {
    const some = rollback({ records: new Map([...records, [CANARY, { ...one(goods, CANARY), ...change }]]) });

    expect(some.targets.find(({ target }) => target.id === CANARY)?.wave).toBe('rollback/canary');
  });
});

const since = (id: string, changed: readonly TargetId[], more: Partial<LaterRollout> = {}): LaterRollout => ({
  ...{ id, purpose: 'rollout', release: '8fbbf5e0d1c2ffff' },
  ...{ changed: new Set(changed), destroyed: new Set(more.purpose === 'destroy' ? changed : []) },
  ...more,
});
const OTHER = 'regional/200000000002/us-east-1' as TargetId;
const planOfRollback = (options: Partial<RollbackInput>) => {
  const back = rollback(options);
  return { back, planned: back.targets.find(({ target }) => target.id === CANARY) };
};

describe('a target is not made again, and the others are taken back, where it', () => {
  const destroyed = { good: null, current: null, outputs: null };
  const changed = (change: Partial<TargetRecord>) => new Map([...records, [CANARY, { ...one(records, CANARY), ...change }]]);

  test.each<[string, Partial<RollbackInput>, string]>([
    ['left', { departed: ({ account }) => (account === '200000000001' ? 'account 200000000001 left' : null) }, 'account 200000000001 left'],
    ['was destroyed', { records: changed(destroyed) }, 'it was destroyed since: fleet rollout deploys it again'],
    [
      'was destroyed but for its data',
      { records: changed({ good: null, outputs: null }) },
      'it was destroyed since: fleet rollout deploys it again',
    ],
    [
      'was destroyed by a rollout that is known',
      { records: changed(destroyed), later: [since('d1', [CANARY], { purpose: 'destroy' })] },
      'destroy d1 destroyed it since, fleet rollout deploys it again',
    ],
    [
      'was begun to be destroyed',
      { records: changed({ dirty: true }), later: [since('r1', [CANARY]), since('d1', [CANARY], { purpose: 'destroy' })] },
      'destroy d1 began to destroy it: fleet destroy ends that, fleet rollout deploys it again',
    ],
    [
      'was forgotten',
      { records: changed({ ...destroyed, forgotten: { at: '2026-02-01T00:00:00.000Z', by: 'ann@here', reason: 'closed' } }) },
      'it was forgotten at 2026-02-01T00:00:00.000Z by ann@here: closed',
    ],
  ])('%s', (_name, options, blocked) => {
    const { back, planned } = planOfRollback(options);

    expect(planned).toMatchObject({ blocked, reasons: [], details: [], wave: null });
    expect(back.waves.flatMap((wave) => wave.targets)).not.toContain(CANARY);
    const isThere = (id: string) => id !== CANARY && !(options.departed && id.includes('200000000001'));
    expect(back.waves.flatMap((wave) => wave.targets).sort()).toEqual([...all].filter(isThere).sort());
  });

  test('but is, where it was deployed again after that', () => {
    const later = [since('d1', [CANARY], { purpose: 'destroy' }), since('r2', [CANARY])];
    expect(planOfRollback({ later }).planned).toMatchObject({ reasons: ['rollback'], wave: 'rollback/canary' });
    expect(planOfRollback({ later }).planned?.blocked).toBeUndefined();
  });

  test('stands there already: nothing is to be done in an account that left either', () => {
    const { planned } = planOfRollback({ records: new Map([...records, [CANARY, one(goods, CANARY)]]), departed: () => null });
    expect(planned?.blocked).toBeUndefined();
  });

  test('all of them: it is refused, and one is named with the reason', () => {
    expect(problemsOf(() => rollback({ departed: () => 'it left' })).problems).toEqual([
      `nothing of rollout ${ID} can be rolled back: ${plan.targets[0]?.target.id ?? ''}: it left (and 11 more like it)`,
    ]);
  });
});

test('what later rollouts changed on the same targets goes with it, and each of them is named; repairs and others change nothing of that', () => {
  const later = [
    since('r1', [CANARY, OTHER]),
    since('r2', [OTHER], { purpose: 'rollback' }),
    since('r3', ['regional/200000000099/us-east-1' as TargetId]),
    since('r4', [OTHER], { purpose: 'repair' }),
  ];

  expect(rollback({ later }).warnings.map(({ code, message, targets, example }) => [code, message, targets, example])).toEqual([
    [
      'takes-back-later',
      'rollout r1 (release 8fbbf5e0d1c2) changed 2 of these since, and its release and settings there go as well',
      ...[2, CANARY],
    ],
    [
      'takes-back-later',
      'rollback r2 (release 8fbbf5e0d1c2) changed 1 of these since, and its release and settings there go as well',
      ...[1, OTHER],
    ],
  ]);
  expect(rollback({ later, changed: new Set([CANARY]) }).warnings.map(({ targets }) => targets)).toEqual([1]);
});

describe('a rollback is refused', () => {
  test.each<[string, Partial<RollbackInput>, string]>([
    ['where nothing was changed', { changed: new Set() }, 'it changed no target'],
    ['where nothing had an earlier release', { goods: new Map() }, 'none of the targets it changed had an earlier release to go back to'],
    ['where all is as it was', { records: goods }, 'every target it changed that had an earlier release stands on it again'],
  ])('%s', (_name, options, why) => {
    expect(problemsOf(() => rollback(options))).toEqual({
      code: 'user/nothing-to-roll-back',
      problems: [`nothing of rollout ${ID} can be rolled back: ${why}`],
    });
  });
});

test('any rollback has every changed target that had an earlier release once, downstream before upstream', () => {
  const ids = [...all];
  const some = fc.subarray(ids, { minLength: 1 });
  fc.assert(
    fc.property(some, fc.subarray(ids), (changed, fresh) => {
      const known = without(goods, ...fresh);
      const expected = changed.filter((id) => known.has(id));
      if (expected.length === 0) return;
      const back = rollback({ changed: new Set(changed), goods: known });
      const order = back.waves.flatMap((wave) => wave.targets);

      expect(back.targets.map(({ target }) => target.id).sort()).toEqual([...expected].sort());
      expect([...order].sort()).toEqual([...expected].sort());
      expect(back.excluded).toHaveLength(changed.length - expected.length);
      expect(back.waves.map((wave) => wave.name)).toEqual(
        [...plan.waves].reverse().flatMap((wave) => (wave.targets.some((id) => expected.includes(id)) ? [`rollback/${wave.name}`] : [])),
      );
      for (const { target, dependencies } of plan.targets)
        for (const { target: upstream } of dependencies)
          if (order.includes(target.id) && order.includes(upstream) && target.layer !== upstream.split('/')[0])
            expect(order.indexOf(target.id)).toBeLessThan(order.indexOf(upstream));
      for (const wave of back.waves) expect(wave.limits).toMatchObject({ failureTolerance: wave.targets.length, mode: 'soft' });
    }),
  );
});
