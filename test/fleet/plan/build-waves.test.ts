import fc from 'fast-check';

import { accountIdSchema, regionSchema } from '../../../contracts/ids';
import type { Stage } from '../../../contracts/layers';
import { targetAt, type TargetId } from '../../../contracts/target';
import type { Amount, Limits, PickFilter, Wave } from '../../../fleet/config/fleet-config';
import { buildWaves, effectiveLimits, type WaveCandidate, type WaveRules } from '../../../fleet/plan/build-waves';

const regions = ['eu-west-1', 'us-east-1', 'ap-southeast-2'].map((region) => regionSchema.parse(region));
const limits: Limits = {
  maxConcurrent: { kind: 'count', value: 20 },
  perAccount: 2,
  perRegion: null,
  failureTolerance: { kind: 'percent', value: 10 },
  mode: 'strict',
  targetTimeoutSeconds: 60,
};
const waveOf = (name: string, options: Partial<Wave> = {}): Wave => ({
  name,
  pick: null,
  bakeSeconds: 0,
  minOrders: 0,
  countSynthetic: false,
  approval: false,
  spread: true,
  shortBake: false,
  limits,
  ...options,
});
const count = (value: number, filter: PickFilter = {}) => ({ amount: { kind: 'count', value } as const, filter });
const percent = (value: number, filter: PickFilter = {}) => ({ amount: { kind: 'percent', value } as const, filter });
const all = (filter: PickFilter) => ({ amount: null, filter });

/** `regional 1 eu-west-1 Workloads/Dev dev`: a layer, the last digits of an account, a region, its unit and its environment. */
function candidate(text: string): WaveCandidate {
  const [layer = '', digits = '', region = '', unit = 'Workloads/Prod', environment = 'prod'] = text.split(' ');
  const stages: Readonly<Record<string, Stage>> = { foundation: 'leading', regional: 'waves', observability: 'trailing' };
  const account = accountIdSchema.parse(digits.padStart(12, '2'));
  return {
    target: targetAt({ layer, account, region: regionSchema.parse(region) }),
    stage: stages[layer] ?? 'waves',
    config: { account: { id: account, name: digits, unit }, tags: { Environment: environment, Team: `team-${digits}` } },
  };
}
const grid = (accounts: number) =>
  Array.from({ length: accounts }, (_, index) => regions.map((region) => candidate(`regional ${index + 1} ${region}`))).flat();

const rules = (waves: readonly Wave[], options: Partial<WaveRules> = {}): WaveRules => ({
  regions,
  limits,
  waves,
  traffic: null,
  standingOn: () => [],
  ...options,
});
const brief = (waves: ReturnType<typeof buildWaves>) =>
  waves.map((wave) => `${wave.name}: ${wave.targets.map((id) => id.replace(/^\w+\/2+/, '').replace('/', ' ')).join(', ')}`);

describe('waves', () => {
  test('go from leading regions in order through the configured ones to the trailing one', () => {
    const waves = buildWaves(
      [
        'observability 9 eu-west-1',
        'regional 1 us-east-1',
        'foundation 8 ap-southeast-2',
        'regional 1 eu-west-1',
        'foundation 8 eu-west-1',
      ].map(candidate),
      rules([waveOf('canary', { pick: count(1), bakeSeconds: 9 }), waveOf('rest')]),
    );

    expect(brief(waves)).toEqual([
      'foundation/eu-west-1: 8 eu-west-1',
      'foundation/ap-southeast-2: 8 ap-southeast-2',
      'canary: 1 eu-west-1',
      'rest/us-east-1: 1 us-east-1',
      'observability: 9 eu-west-1',
    ]);
    expect(waves.map((wave) => wave.bakeSeconds)).toEqual([0, 0, 9, 0, 0]);
  });

  test.each([
    ['spread', true, ['picked: 1 eu-west-1, 3 eu-west-1', 'rest/us-east-1: 1 us-east-1, 3 us-east-1']],
    ['not spread', false, ['picked: 1 eu-west-1, 3 eu-west-1, 1 us-east-1', 'rest: 3 us-east-1']],
  ])('that are %s take accordingly', (_name, spread, expected) => {
    const candidates = ['1 eu-west-1', '1 us-east-1', '3 eu-west-1', '3 us-east-1'].map((place) => candidate(`regional ${place}`));
    const waves = [waveOf('picked', { pick: count(3), spread }), waveOf('rest', { spread })];

    expect(brief(buildWaves(candidates, rules(waves)))).toEqual(expected);
  });

  test('that pick nobody are left out: a tenth of nine is none', () => {
    const waves = [waveOf('early', { pick: percent(10) }), waveOf('rest', { spread: false })];

    expect(buildWaves(grid(3), rules(waves)).map((wave) => wave.name)).toEqual(['rest']);
    expect(buildWaves([], rules(waves))).toEqual([]);
  });

  test.each([
    ['a share that rounds down to none', percent(10), 'early: 1 eu-west-1'],
    [
      'a share of one place',
      percent(50, { account: accountIdSchema.parse('3'.padStart(12, '2')), region: 'us-east-1' as never }),
      'early: 3 us-east-1',
    ],
    ['a share below a hundredth', percent(0.5), 'early: 1 eu-west-1'],
  ])('that ask for approval take a place at least: %s', (_name, pick, expected) => {
    const waves = [waveOf('early', { pick, approval: true }), waveOf('rest', { spread: false })];

    expect(brief(buildWaves(grid(3), rules(waves)))[0]).toBe(expected);
    const unasked = [waveOf('early', { pick }), waveOf('rest', { spread: false })];
    expect(buildWaves(grid(3), rules(unasked)).map(({ name }) => name)).toEqual(['rest']);
  });

  test('that ask for approval take nothing where nothing that fits is left', () => {
    const waves = [waveOf('all', { pick: all({ unit: '**' }) }), waveOf('early', { pick: percent(10), approval: true }), waveOf('rest')];

    expect(buildWaves(grid(1), rules(waves)).map(({ group }) => group)).toEqual(['all', 'all', 'all']);
  });

  describe('of several layers', () => {
    /** Every place has an order system and a ledger; `regional 1` is unchanged. */
    const layered = [
      ...grid(4),
      ...grid(4).map(({ target }) => candidate(`ledger ${target.account.replace(/^2+/, '')} ${target.region}`)),
    ].filter(({ target }) => !(target.layer === 'regional' && target.account.endsWith('21')));
    const layersIn = (targets: readonly string[]) => targets.map((id) => id.replace(/\/2+/, ' ').replace('/', ' '));

    test('a canary of one place takes all that changes there', () => {
      const made = buildWaves(
        layered,
        rules([waveOf('canary', { pick: count(1, { tag: { key: 'Team', value: 'team-3' } }) }), waveOf('rest')]),
      );

      expect([made[0]?.name, layersIn(made[0]?.targets ?? [])]).toEqual(['canary', ['ledger 3 eu-west-1', 'regional 3 eu-west-1']]);
      expect(made.slice(1).map(({ name, targets }) => [name, targets.length])).toEqual([
        ['rest/eu-west-1', 5],
        ['rest/us-east-1', 7],
        ['rest/ap-southeast-2', 7],
      ]);
    });

    test('counts and shares are of places where anything changes', () => {
      const sizes = (pick: ReturnType<typeof count> | ReturnType<typeof percent>, spread = true) =>
        buildWaves(layered, rules([waveOf('w', { pick, spread }), waveOf('rest')]))
          .filter(({ name }) => name === 'w')
          .map(({ targets }) => [targets.length, new Set(targets.map((id) => id.split('/').slice(1).join())).size])[0];

      expect(sizes(count(2))).toEqual([3, 2]);
      expect(sizes(percent(25))).toEqual([5, 3]);
      expect(sizes(percent(50), false)).toEqual([10, 6]);
    });

    test('no place is in two waves, in any mixture', () => {
      const picks = fc.array(fc.record({ value: fc.integer({ min: 1, max: 60 }), kind: fc.constantFrom('count' as const, 'percent' as const), spread: fc.boolean() }), { maxLength: 3 }); // prettier-ignore
      fc.assert(
        fc.property(fc.subarray(layered), picks, (candidates, configured) => {
          const waves = configured.map(({ value, kind, spread }, index) =>
            waveOf(`w${index}`, { pick: { amount: { value, kind }, filter: {} }, spread }),
          );
          const made = buildWaves(candidates, rules([...waves, waveOf('rest')]));

          const places = made.flatMap(({ targets }) => [...new Set(targets.map((id) => id.split('/').slice(1).join()))]);
          expect(new Set(places).size).toBe(places.length);
          expect(made.flatMap(({ targets }) => targets).sort()).toEqual(candidates.map(({ target }) => target.id).sort());
        }),
      );
    });
  });

  test('take a share of all changed targets, not of those left', () => {
    const half = percent(50);
    const waves = [waveOf('one', { pick: half, spread: false }), waveOf('two', { pick: half, spread: false }), waveOf('rest')];

    expect(buildWaves(grid(4), rules(waves)).map(({ name, targets }) => [name, targets.length])).toEqual([
      ['one', 6],
      ['two', 6],
    ]);
  });

  const mixed = [
    '1 eu-west-1 Workloads/Dev dev',
    '1 us-east-1 Workloads/Dev dev',
    '5 eu-west-1 Workloads/Dev/Deep dev',
    '3 eu-west-1',
    '4 eu-west-1 Workloads/Prod staging',
    '4 us-east-1 Workloads/Prod staging',
  ].map((place) => candidate(`regional ${place}`));
  const account = accountIdSchema.parse('4'.padStart(12, '2'));
  const [europe, america] = regions;

  test.each<[string, { readonly amount: Amount | null; readonly filter: PickFilter }, readonly string[]]>([
    [
      'a unit: all below it, region by region',
      all({ unit: 'Workloads/Dev/**' }),
      ['w/eu-west-1: 1 eu-west-1, 5 eu-west-1', 'w/us-east-1: 1 us-east-1'],
    ],
    ['a region', all({ region: america }), ['w/us-east-1: 1 us-east-1, 4 us-east-1']],
    ['an account', all({ account }), ['w/eu-west-1: 4 eu-west-1', 'w/us-east-1: 4 us-east-1']],
    ['an environment', all({ environment: 'staging', region: europe }), ['w/eu-west-1: 4 eu-west-1']],
    ['a tag', all({ tag: { key: 'Team', value: 'team-3' } }), ['w/eu-west-1: 3 eu-west-1']],
    ['a tag that only objects have', all({ tag: { key: 'constructor', value: 'Object' } }), []],
    ['several filters: all must match', all({ unit: 'Workloads/Dev/**', region: america }), ['w/us-east-1: 1 us-east-1']],
    ['a number of those that match, one region of an account', count(9, { unit: 'Workloads/Dev/**' }), ['w: 1 eu-west-1, 5 eu-west-1']],
    ['a share of those that match', percent(50, { environment: 'staging' }), ['w: 4 eu-west-1']],
    ['a share of those that match, which may be none', percent(30, { unit: 'Workloads/Dev/**' }), []],
  ])('pick by %s', (_name, pick, expected) => {
    const made = buildWaves(mixed, rules([waveOf('w', { pick }), waveOf('rest', { spread: false })]));

    expect(brief(made).filter((line) => line.startsWith('w'))).toEqual(expected);
    expect(made.flatMap((wave) => wave.targets)).toHaveLength(mixed.length);
  });

  test('that pick all of a filter and are not spread are one', () => {
    const waves = [waveOf('w', { pick: all({ account }), spread: false }), waveOf('rest')];

    expect(brief(buildWaves(mixed, rules(waves)))[0]).toBe('w: 4 eu-west-1, 4 us-east-1');
  });

  test('of the trailing stage let every target start whatever failed, and no gate is asked', () => {
    const trailing = buildWaves(
      regions.map((region) => candidate(`observability 9 ${region}`)),
      rules([waveOf('rest', { approval: true, minOrders: 5 })], { traffic: { canaryPercent: 1, watchSeconds: 1, waves: ['rest'] } }),
    );

    expect(trailing).toEqual([
      expect.objectContaining({
        group: 'observability',
        limits: expect.objectContaining({ failureTolerance: 3, mode: 'soft' }) as unknown,
        gated: false,
        watches: [],
        approval: false,
        minOrders: 0,
        traffic: null,
      }),
    ]);
  });

  test('of the leading stage are gated by what stands on them, named once', () => {
    const standing = ['regional/b', 'regional/a'] as TargetId[];
    const [first, second] = buildWaves(
      ['foundation 8 eu-west-1', 'foundation 9 eu-west-1', 'foundation 8 us-east-1'].map(candidate),
      rules([waveOf('rest')], { standingOn: (id) => (id.endsWith('eu-west-1') ? standing : []) }),
    );

    expect(first).toMatchObject({ gated: true, group: 'foundation/eu-west-1', watches: ['regional/a', 'regional/b'], minOrders: 0 });
    expect(second).toMatchObject({ gated: true, watches: [], approval: false, traffic: null });
  });

  test('that are configured are gated by their own targets, and ask for approval in each part and for traffic where they say', () => {
    const made = buildWaves(
      grid(2),
      rules(
        [
          waveOf('canary', { pick: count(1), minOrders: 100, countSynthetic: true }),
          waveOf('rest', { approval: true, bakeSeconds: 7, minOrders: 1 }),
        ],
        { traffic: { canaryPercent: 10, watchSeconds: 900, waves: ['canary'] } },
      ),
    );

    expect(made.map(({ name, group, approval, minOrders, countSynthetic }) => [name, group, approval, minOrders, countSynthetic])).toEqual([
      ['canary', 'canary', false, 100, true],
      ['rest/eu-west-1', 'rest', true, 1, false],
      ['rest/us-east-1', 'rest', true, 1, false],
      ['rest/ap-southeast-2', 'rest', true, 1, false],
    ]);
    expect(made.map((wave) => wave.traffic)).toEqual([{ canaryPercent: 10, watchSeconds: 900 }, null, null, null]);
    for (const wave of made) expect([wave.gated, wave.watches]).toEqual([true, wave.targets]);
  });

  test('hold each target once, in any mixture', () => {
    const filters = fc.record(
      { region: fc.constantFrom(...regions), unit: fc.constantFrom('Workloads/**', 'Workloads/Dev'), environment: fc.constant('prod') },
      { requiredKeys: [] },
    );
    const picks = fc.array(
      fc.record({
        amount: fc.option(
          fc.record({ value: fc.integer({ min: 0, max: 9 }), kind: fc.constantFrom('count' as const, 'percent' as const) }),
        ),
        filter: filters,
        spread: fc.boolean(),
        approval: fc.boolean(),
      }),
      { maxLength: 4 },
    );
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 6 }), picks, (accounts, configured) => {
        const candidates = [...grid(accounts), ...regions.map((region) => candidate(`foundation 8 ${region}`))];
        const waves = configured.map(({ amount, filter, spread, approval }, index) =>
          waveOf(`w${index}`, { pick: { amount, filter }, spread, approval }),
        );
        const made = buildWaves(candidates, rules([...waves, waveOf('rest')]));

        expect(made.flatMap((wave) => wave.targets).sort()).toEqual(candidates.map(({ target }) => target.id).sort());
        expect(made.every((wave) => wave.targets.length > 0)).toBe(true);
        expect(new Set(made.map((wave) => wave.name)).size).toBe(made.length);
        for (const { name, approval } of waves) {
          const parts = made.filter((wave) => wave.group === name);
          expect(parts.every((wave) => wave.approval === approval)).toBe(true);
        }
      }),
    );
  });
});

describe('effective limits', () => {
  test.each([
    [{ maxConcurrent: { kind: 'percent', value: 10 } } as const, 5, { maxConcurrent: 1, perRegion: 1, failureTolerance: 0 }],
    [{ maxConcurrent: { kind: 'percent', value: 50 } } as const, 5, { maxConcurrent: 2, perRegion: 2, failureTolerance: 0 }],
    [{ perRegion: 3 }, 100, { maxConcurrent: 20, perRegion: 3, failureTolerance: 10 }],
  ])('%j of %i targets', (changes, targets, expected) => {
    expect(effectiveLimits({ ...limits, ...changes }, targets)).toEqual({ perAccount: 2, mode: 'strict', ...expected });
  });
});
