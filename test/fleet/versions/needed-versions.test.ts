import type { Deployment, TargetRecord } from '../../../fleet/plan/target-record';
import { neededVersions } from '../../../fleet/versions/needed-versions';
import { planOf, recordsAfter, smallFleet } from '../plan/plan-fixture';

const [found] = [...recordsAfter(planOf(smallFleet({ accounts: 1, regions: ['eu-west-1'] }))).values()].filter(({ target }) =>
  target.startsWith('regional/'),
);
if (!found?.good) throw new Error('nothing good is known');
const base: TargetRecord = found;
const of = (fingerprint: string, live: string | null, previous?: string | null): Deployment => ({
  ...found.good!,
  fingerprint,
  live,
  ...(previous === undefined ? {} : { previous }),
});
const nothing = { published: [], aliases: [] };

test('what serves and what shares its orders is needed by its alias', () => {
  const aliases = [
    { name: 'live', versions: ['7', '8'] },
    { name: 'previous', versions: ['6'] },
  ];
  const record = { ...base, good: null, current: null };

  expect(neededVersions({ published: [], aliases }, { record, last: null })).toEqual([
    { version: '7', by: 'alias live' },
    { version: '8', by: 'alias live' },
    { version: '6', by: 'alias previous' },
  ]);
});

test.each<[string, Pick<TargetRecord, 'good' | 'current'>, readonly string[]]>([
  ['one that was promoted', { good: of('a', '8', '7'), current: of('a', '8', '7') }, ['8 last good', '7 last good']],
  [
    'one that was not promoted stands in its place',
    { good: of('a', '7', '6'), current: of('b', '8', '7') },
    ['7 last good', '6 last good', '8 deployed last', '7 deployed last'],
  ],
  ['one whose versions are not known', { good: of('a', null), current: of('a', null, null) }, []],
  ['one that is gone', { good: null, current: null }, []],
])('a record names its versions: %s', (_name, deployments, expected) => {
  const needed = neededVersions(nothing, { record: { ...base, ...deployments }, last: null });

  expect(needed.map(({ version, by }) => `${version} ${by}`)).toEqual(expected);
});

test('the last rollout may be taken back', () => {
  const record = { ...base, good: null, current: null };

  expect(neededVersions(nothing, { record, last: { rollout: 'r-1', good: of('a', '6', '5') } })).toEqual([
    { version: '6', by: 'taking rollout r-1 back' },
    { version: '5', by: 'taking rollout r-1 back' },
  ]);
  expect(neededVersions(nothing, { record, last: { rollout: 'r-1', good: null } })).toEqual([]);
});
