import fc from 'fast-check';

import { accountIdSchema, regionSchema } from '../../../contracts/ids';
import type { Stage } from '../../../contracts/layers';
import { targetAt } from '../../../contracts/target';
import type { Limits, Wave } from '../../../fleet/config/fleet-config';
import { buildWaves, effectiveLimits, type WaveCandidate } from '../../../fleet/plan/build-waves';

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
  approval: false,
  spread: true,
  shortBake: false,
  limits,
  ...options,
});

/** `regional 1 eu-west-1`: a layer, the last digits of an account, a region. */
function candidate(text: string): WaveCandidate {
  const [layer = '', account = '', region = ''] = text.split(' ');
  const stages: Readonly<Record<string, Stage>> = { foundation: 'leading', regional: 'waves', observability: 'trailing' };
  return {
    target: targetAt({ layer, account: accountIdSchema.parse(account.padStart(12, '2')), region: regionSchema.parse(region) }),
    stage: stages[layer] ?? 'waves',
  };
}
const grid = (accounts: number) =>
  Array.from({ length: accounts }, (_, index) => regions.map((region) => candidate(`regional ${index + 1} ${region}`))).flat();

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
      { regions, limits, waves: [waveOf('canary', { pick: { kind: 'count', value: 1 }, bakeSeconds: 9 }), waveOf('rest')] },
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
    const waves = [waveOf('picked', { pick: { kind: 'count', value: 3 }, spread }), waveOf('rest', { spread })];

    expect(brief(buildWaves(candidates, { regions, limits, waves }))).toEqual(expected);
  });

  test('that pick nobody are left out: a tenth of nine is none', () => {
    const waves = [waveOf('early', { pick: { kind: 'percent', value: 10 } }), waveOf('rest', { spread: false })];

    expect(buildWaves(grid(3), { regions, limits, waves }).map((wave) => wave.name)).toEqual(['rest']);
    expect(buildWaves([], { regions, limits, waves })).toEqual([]);
  });

  test('take a share of all changed targets, not of those left', () => {
    const half = { kind: 'percent', value: 50 } as const;
    const waves = [waveOf('one', { pick: half, spread: false }), waveOf('two', { pick: half, spread: false }), waveOf('rest')];

    expect(buildWaves(grid(4), { regions, limits, waves }).map(({ name, targets }) => [name, targets.length])).toEqual([
      ['one', 6],
      ['two', 6],
    ]);
  });

  test('of the trailing stage let every target start whatever failed', () => {
    const trailing = buildWaves(
      regions.map((region) => candidate(`observability 9 ${region}`)),
      { regions, limits, waves: [waveOf('rest')] },
    );

    expect(trailing.map((wave) => wave.limits)).toEqual([expect.objectContaining({ failureTolerance: 3, mode: 'soft' })]);
  });

  test('hold each target once, in any mixture', () => {
    const picks = fc.array(
      fc.record({
        value: fc.integer({ min: 0, max: 9 }),
        kind: fc.constantFrom('count' as const, 'percent' as const),
        spread: fc.boolean(),
      }),
      { maxLength: 4 },
    );
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 6 }), picks, (accounts, rules) => {
        const candidates = [...grid(accounts), ...regions.map((region) => candidate(`foundation 8 ${region}`))];
        const configured = rules.map(({ value, kind, spread }, index) => waveOf(`w${index}`, { pick: { kind, value }, spread }));
        const waves = buildWaves(candidates, { regions, limits, waves: [...configured, waveOf('rest')] });

        expect(waves.flatMap((wave) => wave.targets).sort()).toEqual(candidates.map(({ target }) => target.id).sort());
        expect(waves.every((wave) => wave.targets.length > 0)).toBe(true);
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
