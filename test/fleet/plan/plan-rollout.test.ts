import fc from 'fast-check';

import type { AccountId, Region } from '../../../contracts/ids';
import type { TargetId } from '../../../contracts/target';
import { configurationDigest } from '../../../fleet/config/configuration-digest';
import { digestOf } from '../../../fleet/digest';
import type { RolloutPlan } from '../../../fleet/plan/rollout-plan';
import { everything } from '../../../fleet/plan/target-filter';
import { desiredOf, fingerprintOf, type TargetRecord } from '../../../fleet/plan/target-record';

import { planOf, recordsAfter, releaseOf, smallFleet } from './plan-fixture';

const changedIds = (plan: RolloutPlan) =>
  plan.targets.filter((planned) => planned.reasons.length > 0).map((planned) => planned.target.id as string);
const reasonsOf = (plan: RolloutPlan) => Object.fromEntries(plan.targets.map((planned) => [planned.target.id, planned.reasons.join(' ')]));
const ACCOUNT = '200000000001';

describe('a first plan', () => {
  const fleet = smallFleet();
  const plan = planOf(fleet);

  test('has every target as new: foundations, accounts x regions, observability', () => {
    expect(plan.targets).toHaveLength(2 + 4 * 2 + 2);
    expect(new Set(plan.targets.map((planned) => planned.reasons.join()))).toEqual(new Set(['new']));
  });

  test('orders waves: foundations one region each, the configured ones with the rest region by region, observability', () => {
    expect(plan.waves.map((wave) => wave.name)).toEqual([
      'foundation/eu-west-1',
      'foundation/us-east-1',
      'canary',
      'rest/eu-west-1',
      'rest/us-east-1',
      'observability',
    ]);
  });

  test('puts every changed target into exactly one wave', () => {
    const inWaves = plan.waves.flatMap((wave) => wave.targets);
    expect(new Set(inWaves).size).toBe(inWaves.length);
    expect([...inWaves].sort()).toEqual(changedIds(plan).sort());
  });

  test('lets the home region read the other regions, and only it', () => {
    const upstream = (id: string) => plan.targets.find((planned) => planned.target.id === id)?.config.upstream.map((up) => up.target) ?? [];
    expect(upstream('observability/100000000003/eu-west-1')).toContain('observability/100000000003/us-east-1');
    expect(upstream('observability/100000000003/us-east-1').filter((id) => id.startsWith('observability/'))).toEqual([]);
    expect(upstream('regional/200000000001/us-east-1')).toEqual(['foundation/100000000002/us-east-1']);
  });

  test('is the same for the same input, and does not depend on the order of the accounts', () => {
    const turned = smallFleet({ organization: (organization) => organization.accounts.reverse() });
    expect(planOf(turned).digest).toBe(plan.digest);
  });
});

describe('a second plan', () => {
  const fleet = smallFleet();
  const records = recordsAfter(planOf(fleet));

  test('changes nothing where nothing changed', () => {
    expect(changedIds(planOf({ ...fleet, records }))).toEqual([]);
  });

  test('another cost centre of one account changes that account alone, and what reads it only as upstream', () => {
    const other = smallFleet({
      organization: ({ accounts }) =>
        accounts.filter((account) => account.id === ACCOUNT).forEach((account) => (account.tags.CostCenter = 'cc-999')),
    });
    const plan = planOf({ ...other, records });

    expect(changedIds(plan).filter((id) => reasonsOf(plan)[id] === 'config')).toEqual([
      `regional/${ACCOUNT}/eu-west-1`,
      `regional/${ACCOUNT}/us-east-1`,
    ]);
    expect(
      new Set(
        changedIds(plan)
          .filter((id) => reasonsOf(plan)[id] !== 'config')
          .map((id) => `${id.split('/')[0] ?? ''} ${reasonsOf(plan)[id] ?? ''}`),
      ),
    ).toEqual(new Set(['observability upstream']));
    expect(plan.targets.find((planned) => planned.target.id === `regional/${ACCOUNT}/eu-west-1`)?.details).toEqual([
      'tags.CostCenter "cc-101" -> "cc-999"',
    ]);
  });

  describe('a rename changes nothing of a target whose program does not read the name:', () => {
    const renamed = (change: (account: { name?: unknown; unit?: unknown; id: string }) => void) =>
      smallFleet({ organization: ({ accounts }) => accounts.forEach(change) });
    const ofAccount = (change: object) => renamed((account) => account.id === ACCOUNT && Object.assign(account, change));
    const moved = renamed((account) => account.unit === 'Workloads/Prod' && Object.assign(account, { unit: 'Workloads/Live (EU)' }));

    test.each([
      ['a unit of another name', moved],
      ['an account that was moved', ofAccount({ unit: 'Workloads/Other' })],
      ['an account that was moved two levels down', ofAccount({ unit: 'Workloads/Prod/A/B' })],
      [
        'another name of the shared account',
        renamed((account) => account.id === '100000000002' && Object.assign(account, { name: 'hub' })),
      ],
      [
        'another name of the monitoring account',
        renamed((account) => account.id === '100000000003' && Object.assign(account, { name: 'eye' })),
      ],
    ])('%s', (_name, other) => {
      expect(changedIds(planOf({ ...other, records }))).toEqual([]);
    });

    test('of a workload account only the dashboards that show it change', () => {
      const plan = planOf({ ...ofAccount({ name: 'storefront' }), records });

      expect(changedIds(plan)).toEqual(['observability/100000000003/eu-west-1', 'observability/100000000003/us-east-1']);
      const [home, other] = plan.targets.filter(({ reasons }) => reasons.length > 0);
      expect([home?.reasons, other?.reasons]).toEqual([['config', 'upstream'], ['config']]);
      expect(other?.details).toEqual([
        'upstream + {"target":"regional/200000000001/us-east-1","accountName":"storefront"}',
        'upstream - {"target":"regional/200000000001/us-east-1","accountName":"workload-0001"}',
      ]);
    });

    test('also where what stands was recorded by a digest of the whole configuration', () => {
      const old = new Map(
        [...records].map(([id, record]) => {
          const parts = record.good && { ...record.good.parts, config: digestOf(record.good.config) };
          const desired = parts && desiredOf(parts);
          const good = record.good && parts && desired !== null ? { ...record.good, parts, desired, fingerprint: fingerprintOf(desired, record.good.upstream) } : null; // prettier-ignore
          return [id, { ...record, good, current: good }] as const;
        }),
      );

      expect(changedIds(planOf({ ...fleet, records: old }))).toEqual([]);
      expect(changedIds(planOf({ ...moved, records: old }))).toEqual([]);
      const program = planOf({ ...moved, records: old, release: releaseOf({ lambda: 'order-2' }) });
      expect(new Set(changedIds(program).map((id) => `${id.split('/')[0] ?? ''} ${reasonsOf(program)[id] ?? ''}`))).toEqual(
        new Set(['regional program', 'observability upstream']),
      );
    });
  });

  test('another memory size changes every regional target by its config and no foundation', () => {
    const plan = planOf({ ...smallFleet({ fleet: (text) => text.replace('memoryMb: 1024', 'memoryMb: 512') }), records });
    const byLayer = (layer: string) =>
      new Set(plan.targets.filter((planned) => planned.target.layer === layer).map((planned) => planned.reasons.join(' ')));

    expect(byLayer('foundation')).toEqual(new Set(['']));
    expect(byLayer('regional')).toEqual(new Set(['config']));
    expect(byLayer('observability')).toEqual(new Set(['upstream']));
  });

  test('a new account adds its targets and changes observability where it has them, and in the home region', () => {
    const added = smallFleet({
      regions: ['eu-west-1', 'us-east-1', 'ap-southeast-2'],
      organization: ({ accounts }) =>
        accounts.push({
          id: '300000000001',
          name: 'newcomer',
          tags: {},
          unit: 'Workloads/Prod',
          regions: { 'ap-southeast-2': 'DISABLED', 'eu-west-1': 'DISABLED' },
        }),
    });
    const before = recordsAfter(planOf(smallFleet({ regions: ['eu-west-1', 'us-east-1', 'ap-southeast-2'] })));
    const plan = planOf({ ...added, records: before });

    expect(Object.fromEntries(Object.entries(reasonsOf(plan)).filter(([, reasons]) => reasons !== ''))).toEqual({
      'regional/300000000001/us-east-1': 'new',
      'observability/100000000003/us-east-1': 'config upstream',
      'observability/100000000003/eu-west-1': 'upstream',
    });
    expect(plan.excluded).toContainEqual({
      account: '300000000001',
      region: 'ap-southeast-2',
      reason: expect.stringContaining('ap-southeast-2') as string,
    });
  });

  test('an account that leaves becomes orphans, and none of its targets is in the plan', () => {
    const left = smallFleet({
      organization: (organization) => (organization.accounts = organization.accounts.filter((account) => account.id !== ACCOUNT)),
    });
    const plan = planOf({ ...left, records });

    expect(plan.orphans).toEqual([`regional/${ACCOUNT}/eu-west-1`, `regional/${ACCOUNT}/us-east-1`]);
    expect(plan.targets.map((planned) => planned.target.account)).not.toContain(ACCOUNT);
  });

  test.each([
    [
      'a new program of one layer',
      releaseOf({ program: { foundation: 'foundation-2' } }),
      { foundation: 'program', regional: 'upstream', observability: 'upstream' },
    ],
    ['a new Lambda bundle', releaseOf({ lambda: 'order-2' }), { foundation: '', regional: 'program', observability: 'upstream' }],
    [
      'a new provider',
      releaseOf({ provider: '8.0.0' }),
      { foundation: 'provider', regional: 'provider upstream', observability: 'provider upstream' },
    ],
  ] as const)('%s is named as the reason', (_name, release, expected) => {
    const plan = planOf({ ...fleet, records, release });
    for (const planned of plan.targets)
      expect([planned.target.layer, planned.reasons.join(' ')]).toEqual([
        planned.target.layer,
        expected[planned.target.layer as keyof typeof expected],
      ]);
  });

  test('a dirty target is never unchanged', () => {
    const id = `regional/${ACCOUNT}/eu-west-1` as TargetId;
    const record = records.get(id);
    if (!record) throw new Error('no record');
    const plan = planOf({ ...fleet, records: new Map([...records, [id, { ...record, dirty: true }]]) });

    expect(reasonsOf(plan)[id]).toBe('dirty');
  });

  test.each([
    ['with a version on trial', (record: TargetRecord) => ({ ...record, traffic: 'shifting' as const })],
    [
      'on which a wave left what never passed',
      (record: TargetRecord) => ({ ...record, current: record.good && { ...record.good, fingerprint: 'another' } }),
    ],
  ])('a target %s is never unchanged', (_name, change) => {
    const id = `regional/${ACCOUNT}/eu-west-1` as TargetId;
    const record = records.get(id);
    if (!record) throw new Error('no record');
    const plan = planOf({ ...fleet, records: new Map([...records, [id, change(record)]]) });

    expect(reasonsOf(plan)[id]).toBe('dirty');
    expect(changedIds(plan).filter((changed) => changed.startsWith('regional/'))).toEqual([id]);
  });

  test('what was deployed and never passed is new, however often it was begun', () => {
    const id = `regional/${ACCOUNT}/eu-west-1` as TargetId;
    const record = records.get(id);
    if (!record) throw new Error('no record');

    expect(reasonsOf(planOf({ ...fleet, records: new Map([...records, [id, { ...record, good: null }]]) }))[id]).toMatch(/^new/);
  });

  test('names the version that serves, and the release that each target gets', () => {
    const serving = new Map(
      [...records].map(([id, record]) => [
        id,
        { ...record, good: record.good && { ...record.good, live: id.startsWith('regional/') ? '7' : null } },
      ]),
    );
    const release = releaseOf({ lambda: 'order-2' });

    for (const planned of planOf({ ...fleet, records: serving, release }).targets)
      expect([planned.release, planned.purpose, planned.stableVersion]).toEqual([
        release.digest,
        'forward',
        planned.target.layer === 'regional' ? '7' : null,
      ]);
  });

  test('an upstream that was deployed in a rollout that came no further makes its readers change', () => {
    const id = 'foundation/100000000002/us-east-1' as TargetId;
    const record = records.get(id);
    if (!record) throw new Error('no record');
    const plan = planOf({ ...fleet, records: new Map([...records, [id, { ...record, outputs: 'others' }]]) });

    expect(changedIds(plan).filter((changed) => changed.startsWith('regional/'))).toHaveLength(4);
    expect(changedIds(plan).every((changed) => changed.includes('us-east-1') || changed === 'observability/100000000003/eu-west-1')).toBe(
      true,
    );
  });
});

describe('the gate of a leading wave', () => {
  const fleet = smallFleet({ accounts: 2 });
  const records = recordsAfter(planOf(fleet));
  const release = releaseOf({ program: { foundation: 'foundation-2' } });
  const watchesOf = (plan: RolloutPlan) => plan.waves.find((wave) => wave.name === 'foundation/us-east-1')?.watches;
  const standing = ['regional/200000000001/us-east-1', 'regional/200000000002/us-east-1'];

  test('goes by the deployed targets of its region that need it, whether or not they are in the plan', () => {
    expect(watchesOf(planOf({ ...fleet, records, release }))).toEqual(standing);
    expect(watchesOf(planOf({ ...fleet, records, release, filter: { ...everything, layers: ['foundation'] } }))).toEqual(standing);
  });

  test('goes by what was begun and never passed as well, and not by what was never deployed', () => {
    const [first, second] = standing as [TargetId, TargetId];
    const record = records.get(first);
    if (!record) throw new Error('no record');
    const some = new Map(records);
    some.set(first, { ...record, good: null });
    some.delete(second);

    expect(watchesOf(planOf({ ...fleet, records: some, release }))).toEqual([first]);
    expect(watchesOf(planOf(fleet))).toEqual([]);
  });
});

describe('the plan as a whole', () => {
  test('carries what fleet.yaml says of rollback and windows, and its digest', () => {
    const { config, inventory } = smallFleet({
      fleet: (text) => text.replace('rollback: wave', 'rollback: target\nwindows: { timezone: Europe/Paris, allow: ["mon 08:00-16:00"] }'),
    });
    const plan = planOf({ config, inventory });

    expect(plan).toMatchObject({ rollback: 'target', rollsBack: null, configuration: configurationDigest(config) });
    expect(plan.windows).toEqual({ timezone: 'Europe/Paris', allow: [{ days: [1], fromMinute: 480, toMinute: 960 }] });
  });

  test('changes its digest with the configuration, even where no target changes', () => {
    const records = recordsAfter(planOf(smallFleet()));
    const [one, other] = ['bake: 2s', 'bake: 3s'].map((bake) =>
      planOf({ ...smallFleet({ fleet: (text) => text.replace('bake: 2s', bake) }), records }),
    );

    expect(one?.waves).toEqual([]);
    expect(one?.digest).not.toBe(other?.digest);
  });

  test('tolerates as many failures as any single wave that a gate watches', () => {
    const tolerant = smallFleet({ fleet: (text) => text.replace('- name: rest', '- name: rest\n    failureTolerance: 3') });

    expect(planOf(smallFleet()).limits.failureTolerance).toBe(1);
    expect(planOf(tolerant).limits.failureTolerance).toBe(3);
  });
});

describe('filters', () => {
  const fleet = smallFleet();
  const records = recordsAfter(planOf(fleet));

  test('one that matches nothing is refused, naming itself', () => {
    const filter = { ...everything, accounts: ['999999999999' as AccountId] };
    expect(() => planOf({ ...fleet, records, filter })).toThrow('no target matches --account 999999999999');
  });

  test('a selected target whose foundation is neither deployed nor selected is refused, naming it', () => {
    const filter = { ...everything, layers: ['regional'], regions: ['us-east-1' as Region] };
    expect(() => planOf({ ...fleet, filter })).toThrow(
      'foundation/100000000002/us-east-1 is not deployed and not selected, and 4 selected targets need it',
    );
    expect(() => planOf({ ...fleet, records, filter })).not.toThrow();
  });
});

describe('any plan', () => {
  test('never takes two regions of one account into a picked wave, and keeps the rest in region order', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 5 }), (accounts, count) => {
        const plan = planOf(
          smallFleet({
            accounts,
            regions: ['eu-west-1', 'us-east-1', 'ap-southeast-2'],
            fleet: (text) => text.replace('count: 1', `count: ${count}`),
          }),
        );
        for (const name of ['canary', 'early']) {
          const places = plan.targets.filter((planned) => planned.wave === name).map((planned) => planned.target.account);
          expect(new Set(places).size).toBe(places.length);
        }
        const rest = plan.waves.filter((wave) => wave.name.startsWith('rest/')).map((wave) => wave.name.slice(5));
        expect(rest).toEqual(['eu-west-1', 'us-east-1', 'ap-southeast-2'].filter((region) => rest.includes(region)));
      }),
      { numRuns: 30 },
    );
  });
});
