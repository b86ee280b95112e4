import { hasNoWayBack } from '../../../fleet/plan/rollout-plan';
import { changedSecrets, withSecretsOf, type KnownSecrets } from '../../../fleet/plan/secret-digests';
import type { TargetRecords } from '../../../fleet/plan/target-record';

import { noSecrets, planOf, recordsAfter, releaseOf, smallFleet } from './plan-fixture';

const FOUNDATION = 'foundation/100000000002/eu-west-1';
const small = smallFleet({
  regions: ['eu-west-1'],
  accounts: 1,
  fleet: (text) => `${text}\nalerts:\n  critical: [{ https: { env: PAGER } }]\n`,
});
const valued =
  (value: string): KnownSecrets =>
  (variable) => ({ digest: `${variable}=${value}` });
const plan = (records: TargetRecords, secrets: KnownSecrets, more: object = {}) => planOf({ ...small, records, secrets, ...more });
const reasonsIn = ({ targets }: ReturnType<typeof plan>) =>
  Object.fromEntries(targets.map(({ target, reasons }) => [target.layer, reasons]));
const foundationOf = ({ targets }: ReturnType<typeof plan>) => targets.find(({ target }) => target.id === FOUNDATION);

const first = plan(new Map(), valued('1'));
const records = recordsAfter(first);

/** Records in which what is good, or what stands, was deployed with another value; undefined: nobody knows. */
function deployedWith(of: { readonly good?: string | undefined; readonly current?: string | undefined }): TargetRecords {
  return new Map(
    [...records].map(([id, record]) => {
      if (id !== FOUNDATION || !record.good || !record.current) return [id, record];
      const [good, current] = (
        [
          ['good', record.good],
          ['current', record.current],
        ] as const
      ).map(([key, { secrets: _secrets, ...rest }]) => {
        const value = of[key];
        return { ...rest, ...(value !== undefined && { secrets: { PAGER: `PAGER=${value}` } }) };
      });
      return [id, { ...record, good: good ?? null, current: current ?? null }];
    }),
  );
}

describe('a plan of a fleet with secrets', () => {
  test('holds their digests beside what is desired, and only where a target refers to one', () => {
    expect(first.targets.filter(({ secrets }) => secrets !== undefined).map(({ target, secrets }) => [target.id, secrets])).toEqual([
      [FOUNDATION, { PAGER: 'PAGER=1' }],
    ]);
    const other = plan(new Map(), valued('2'));
    expect(foundationOf(other)?.desired).toBe(foundationOf(first)?.desired);
    expect(other.digest).not.toBe(first.digest);
  });

  test.each<[string, TargetRecords, readonly string[]]>([
    ['is the same', deployedWith({ good: '1', current: '1' }), []],
    ['is another one', deployedWith({ good: '0', current: '0' }), ['secret']],
    ['stands, and never became good', deployedWith({ good: '0', current: '1' }), ['secret']],
    ['was set back, and another one stands', deployedWith({ good: '1', current: '0' }), ['secret']],
    ['was never digested', deployedWith({}), []],
  ])('whose value %s', (_name, before, reasons) => {
    expect(reasonsIn(plan(before, valued('1'))).foundation).toEqual(reasons);
  });

  test('names the variable that changed, and neither value nor digest', () => {
    const changed = foundationOf(plan(records, valued('2')));

    expect(changed?.details).toEqual(['secret PAGER has another value']);
  });

  test('warns of what is not known, and calls it no change', () => {
    const unknown = plan(records, noSecrets);

    expect(unknown.warnings).toContainEqual({
      code: 'secret-not-known',
      message: 'secret: not known: PAGER is not set, so this plan cannot tell whether it changed, and a rollout is refused; set it',
      ...{ at: null, targets: 1, example: FOUNDATION },
    });
    expect(reasonsIn(unknown)).toEqual({ foundation: [], regional: [], observability: [] });
    const { filter } = {
      filter: { layers: ['regional'], accounts: [], units: [], regions: [], tags: [], only: null, failed: new Set<string>() },
    };
    expect(plan(records, noSecrets, { filter }).warnings.map(({ code }) => code)).not.toContain('secret-not-known');
  });
});

describe('a plan to deploy again', () => {
  test('takes what is unchanged, because it was asked to', () => {
    expect(reasonsIn(plan(records, valued('1'), { redeploy: true }))).toEqual({
      foundation: ['asked'],
      regional: ['asked'],
      observability: ['asked'],
    });
  });

  test('keeps the reasons that there are, and deploys what might turn out unchanged all the same', () => {
    const release = releaseOf({ program: { foundation: 'foundation-2' } });

    expect(reasonsIn(plan(records, valued('1'), { redeploy: true, release }))).toEqual({
      foundation: ['program'],
      regional: ['upstream', 'asked'],
      observability: ['upstream', 'asked'],
    });
  });
});

test.each<[Parameters<typeof hasNoWayBack>[0]['reasons'], boolean]>([
  [[], false],
  [['asked'], true],
  [['secret'], true],
  [['drift'], true],
  [['secret', 'upstream', 'dirty'], true],
  [['dirty'], false],
  [['upstream'], false],
  [['config', 'secret'], false],
  [['new'], false],
])('reasons %j have no way back: %s', (reasons, expected) => {
  expect(hasNoWayBack({ reasons })).toBe(expected);
});

test('of what only one side knows nobody can say that it changed', () => {
  expect(changedSecrets({ A: '1', B: '1', C: '1' }, { A: '1', B: '2', D: '1' })).toEqual(['B']);
  expect([changedSecrets(undefined, { A: '1' }), changedSecrets({ A: '1' }, undefined)]).toEqual([[], []]);
});

test('what is gone back to stands with the values of now, as far as they are known', () => {
  const good = { config: { a: { env: 'A' }, b: { env: 'B' } }, secrets: { A: 'old', B: 'old' } };

  expect(withSecretsOf(good, { A: 'new', C: 'new' })).toEqual({ ...good, secrets: { A: 'new' } });
  expect(withSecretsOf(good, undefined)).toEqual({ config: good.config });
});
