import type { RolloutPlan } from '../../../fleet/plan/rollout-plan';
import { setupOf } from '../../../fleet/rollout/core-setup';
import { initialState } from '../../../fleet/rollout/decide';
import { planOf, recordsAfter, smallFleet } from '../plan/plan-fixture';

const plan = planOf(smallFleet({ accounts: 2, regions: ['eu-west-1'] }));
const records = recordsAfter(plan);
const regional = (of: RolloutPlan) => of.targets.find(({ target }) => target.layer === 'regional');
const first = regional(plan);
if (!first) throw new Error('the plan has no regional target');
const { id } = first.target;
const traffic = { canaryPercent: 10, watchSeconds: 60 };

/** The plan with a traffic shift in every wave and a version that serves on every target. */
const shifting: RolloutPlan = {
  ...plan,
  waves: plan.waves.map((wave) => ({ ...wave, traffic })),
  targets: plan.targets.map((planned) => ({ ...planned, stableVersion: '7' })),
};

test('keeps the waves, limits, scope of rollback and windows of its plan, and every target', () => {
  const setup = setupOf(plan, new Map());

  expect(setup).toMatchObject({ waves: plan.waves, limits: plan.limits, rollback: plan.rollback, windows: plan.windows });
  expect([...setup.targets.keys()]).toEqual(plan.targets.map(({ target }) => target.id));
  expect(setup.targets.get(id)).toEqual({
    id,
    account: first.target.account,
    region: 'eu-west-1',
    wave: first.wave,
    blocked: null,
    dependencies: first.dependencies,
    deployed: false,
    hasGood: false,
    noWayBack: false,
    asksPerson: false,
    shifts: false,
    destroys: false,
  });
});

test('knows why a target is blocked: it begins at its end', () => {
  const [foundation, ...others] = plan.targets;
  if (!foundation) throw new Error('there is no target');
  const blocked = { ...plan, targets: [{ ...foundation, reasons: [], wave: null, blocked: 'its tags' }, ...others], waves: plan.waves.filter(({ name }) => name !== foundation.wave) }; // prettier-ignore
  const state = initialState(setupOf(blocked, new Map()));

  expect(state.setup.targets.get(foundation.target.id)?.blocked).toBe('its tags');
  expect(state.states.get(foundation.target.id)).toMatchObject({
    ...{ state: 'done', outcome: 'blocked', attempts: 0, startedAt: null, endedAt: null },
    error: { code: 'fleet/blocked', message: 'its tags', resource: null },
  });
});

test('knows of each target whether something stands there, and whether there is something to go back to', () => {
  const record = records.get(id);
  if (!record) throw new Error('no record');
  const flags = (over: Partial<typeof record>) => setupOf(plan, new Map([[id, { ...record, ...over }]])).targets.get(id);

  expect(flags({})).toMatchObject({ deployed: true, hasGood: true });
  expect(flags({ good: null })).toMatchObject({ deployed: true, hasGood: false });
  expect(flags({ good: null, current: null })).toMatchObject({ deployed: false, hasGood: false });
});

describe('traffic is shifted', () => {
  const shifts = (of: RolloutPlan, known: typeof records) => setupOf(of, known).targets.get(id)?.shifts;

  test('where a wave shifts it, in a layer of versions, on a target where one serves', () => {
    expect(shifts(shifting, records)).toBe(true);
  });

  test.each<[string, RolloutPlan, typeof records]>([
    ['where its wave does not', { ...shifting, waves: plan.waves }, records],
    ['where it is in no wave', { ...shifting, targets: shifting.targets.map((planned) => ({ ...planned, wave: null })) }, records],
    ['where no version is known to serve', { ...shifting, targets: plan.targets }, records],
    ['where nothing good stands', shifting, new Map()],
  ])('but not %s', (_name, of, known) => {
    expect(shifts(of, known)).toBe(false);
  });

  test('but not in a layer without versions', () => {
    const setup = setupOf(shifting, records);
    const layers = [...setup.targets.values()].flatMap(({ id: target, shifts: one }) => (one ? [target.split('/')[0]] : []));

    expect(new Set(layers)).toEqual(new Set(['regional']));
  });
});

test('knows that something stands of which nothing but that is known', () => {
  const record = records.get(id);
  if (!record) throw new Error('no record');

  expect(setupOf(plan, new Map([[id, { ...record, good: null, current: null, dirty: true }]])).targets.get(id)).toMatchObject({
    deployed: true,
    hasGood: false,
  });
});
