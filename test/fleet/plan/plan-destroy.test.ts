import fc from 'fast-check';

import type { TargetId } from '../../../contracts/target';
import { planDestroy, type DestroyInput } from '../../../fleet/plan/plan-destroy';
import { planDigest } from '../../../fleet/plan/rollout-plan';
import { destroyedRecord, isDestroyed, type TargetRecord, type TargetRecords } from '../../../fleet/plan/target-record';

import { planOf, recordsAfter, smallFleet } from './plan-fixture';

const fleet = smallFleet();
const rollout = planOf(fleet);
const records = recordsAfter(rollout);
const all = [...records.values()];
const wanted = new Set(records.keys());
const of = (part: string) => all.filter(({ target }) => target.includes(part));
const destroy = (options: Partial<DestroyInput> = {}) =>
  planDestroy({ config: fleet.config, inventory: fleet.inventory.digest, records, chosen: all, deleteData: false, wanted, ...options });
const changed = (id: string, over: Partial<TargetRecord>): TargetRecords =>
  new Map([...records].map(([key, record]) => [key, key === id ? { ...record, ...over } : record]));

const FIRST = 'regional/200000000001/eu-west-1' as TargetId;
const HOME_BOARD = 'observability/100000000003/eu-west-1' as TargetId;

describe('the plan of a destroy', () => {
  test('goes through the waves from the back, and through what is in each of them', () => {
    const plan = destroy();
    const forward = rollout.waves.map(({ name }) => name);

    expect(plan.waves.map(({ name }) => name)).toEqual([...forward].reverse().map((name) => `destroy/${name}`));
    expect(new Set(plan.waves.flatMap(({ targets }) => targets))).toEqual(new Set(records.keys()));
  });

  test('asks no gate, waits for nobody and stops at no failure, whatever fleet.yaml says of its waves', () => {
    const strict = smallFleet({ fleet: (text) => text.replaceAll('failureTolerance: 0', 'failureTolerance: 0\n    approval: required') });
    const plan = planDestroy({ ...strict, inventory: '', records, chosen: all, deleteData: false, wanted });

    for (const wave of plan.waves) {
      expect(wave).toMatchObject({ gated: false, watches: [], bakeSeconds: 0, approval: false, minOrders: 0, traffic: null });
      expect(wave.limits).toMatchObject({ failureTolerance: wave.targets.length, mode: 'soft' });
    }
    expect(plan).toMatchObject({ purpose: 'destroy', windows: null, rollsBack: null, limits: { failureTolerance: plan.targets.length } });
  });

  test('destroys each target by what it was deployed with', () => {
    const other = { ...(records.get(FIRST)?.current ?? fail()), release: 'another release', live: '7' };
    const plan = destroy({ records: changed(FIRST, { current: other }), chosen: [...changed(FIRST, { current: other }).values()] });

    expect(plan.targets.find(({ target }) => target.id === FIRST)).toMatchObject({
      ...{ purpose: 'destroy', reasons: ['destroy'], release: 'another release', stableVersion: '7', unprotect: 'identity' },
      config: other.config,
    });
    expect(destroy({ deleteData: true }).targets.map(({ unprotect }) => unprotect)).toEqual(rollout.targets.map(() => 'everything'));
  });

  test('lets nothing go before what needs it, and waits for what only shows it', () => {
    const dependencies = (id: string) => destroy().targets.find(({ target }) => target.id === id)?.dependencies ?? [];

    const readers = dependencies('foundation/100000000002/us-east-1');
    expect(readers.filter(({ kind }) => kind === 'hard').map(({ target }) => target).sort()).toEqual(of('/us-east-1').filter(({ target }) => target.startsWith('regional')).map(({ target }) => target).sort()); // prettier-ignore
    expect(readers.filter(({ kind }) => kind === 'soft').map(({ target }) => target)).toEqual(['observability/100000000003/us-east-1']);
    expect(dependencies('observability/100000000003/us-east-1')).toEqual([{ target: HOME_BOARD, kind: 'soft' }]);
  });

  test('brings what stays and shows it up to date, behind all the rest and with the release it has', () => {
    const plan = destroy({ chosen: of('200000000001') });

    expect(plan.waves.map(({ name, targets }) => [name, targets])).toEqual([
      ['destroy/rest/us-east-1', ['regional/200000000001/us-east-1']],
      ['destroy/canary', [FIRST]],
      ['observability', ['observability/100000000003/us-east-1', HOME_BOARD].sort((a, b) => rank(a) - rank(b))],
    ]);
    const board = plan.targets.find(({ target }) => target.id === HOME_BOARD);
    expect(board).toMatchObject({ purpose: 'forward', reasons: ['upstream'], release: rollout.release });
    expect(board?.config.upstream.map(({ target }) => target)).toContain(FIRST);
  });

  test('leaves what nobody names any more off the dashboards that stay', () => {
    const plan = destroy({ chosen: of('200000000001'), wanted: new Set([...wanted].filter((id) => !id.includes('200000000001'))) });
    const board = plan.targets.find(({ target }) => target.id === HOME_BOARD);

    expect(board?.config.upstream.map(({ target }) => target)).not.toContain(FIRST);
  });

  test.each([
    ['a foundation', of('foundation/'), 'foundation/100000000002/eu-west-1 is needed by regional/200000000001/eu-west-1'],
    ['one region of it', of('foundation/100000000002/us-east-1'), 'foundation/100000000002/us-east-1 is needed by regional/'],
    ['all but one that needs it', all.filter(({ target }) => target !== FIRST), `is needed by ${FIRST}`],
  ])('is refused for %s while a target that stays needs it', (_name, chosen, message) => {
    expect(() => destroy({ chosen })).toThrow(message);
  });

  test('takes a foundation of which only destroyed targets are left, and not their data with it', () => {
    const gone = new Map(
      [...records].map(([id, record]) => [id, id.startsWith('regional/') ? destroyedRecord(record, { keeps: true }) : record]),
    );
    const chosen = [...gone.values()].filter(({ target }) => target.startsWith('foundation/'));

    expect(destroy({ records: gone, chosen }).waves.map(({ name }) => name)).toContain('destroy/foundation/eu-west-1');
    expect(() => destroy({ records: gone, chosen, deleteData: true })).toThrow('is needed by regional/');
  });

  test('has a digest of all it says, the data it deletes included', () => {
    const [kept, deleted] = [destroy(), destroy({ deleteData: true })];

    expect(planDigest(kept)).toBe(kept.digest);
    expect(kept.digest).not.toBe(deleted.digest);
  });

  test('names every chosen target in one wave, whichever are chosen', () => {
    fc.assert(
      fc.property(fc.subarray([...records.keys()], { minLength: 1 }), (ids) => {
        const readers = (id: TargetId) => all.filter(({ current }) => current?.config.upstream.some(({ target }) => target === id));
        const needed = ids.flatMap((id) => readers(id)).filter(({ target }) => target.startsWith('regional/'));
        const chosen = all.filter(({ target }) => ids.includes(target) || needed.some((one) => one.target === target));
        const waves = destroy({ chosen }).waves.filter(({ name }) => name.startsWith('destroy/'));
        expect(waves.flatMap(({ targets }) => targets).sort()).toEqual(chosen.map(({ target }) => target).sort());
      }),
    );
  });
});

test('a record tells a destroyed target whose data was kept from a first deployment that did not succeed', () => {
  const record = records.get(FIRST) ?? fail();

  expect(isDestroyed(destroyedRecord(record, { keeps: true }))).toBe(true);
  expect(isDestroyed({ ...record, good: null, dirty: true })).toBe(false);
  expect(isDestroyed(record)).toBe(false);
  expect(destroyedRecord(record, { keeps: false })).toMatchObject({ current: null, good: null, outputs: null });
});

function rank(id: string): number {
  return fleet.config.regions.indexOf(id.split('/')[2] as (typeof fleet.config.regions)[number]);
}

function fail(): never {
  throw new Error('no such record');
}
