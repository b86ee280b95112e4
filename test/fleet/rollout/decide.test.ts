import fc from 'fast-check';

import type { TargetId } from '../../../contracts/target';
import { decide, initialState, type RolloutSetup } from '../../../fleet/rollout/decide';
import type { EffectiveLimits } from '../../../fleet/plan/rollout-plan';
import type { CoreTarget, CoreWave, RolloutState } from '../../../fleet/rollout/state';

import { playRollout, type World } from './simulate-core';

const id = (name: string) => name as TargetId;
const limits = (changes: Partial<EffectiveLimits> = {}): EffectiveLimits => ({
  maxConcurrent: 100,
  perAccount: 100,
  perRegion: 100,
  failureTolerance: 0,
  mode: 'soft',
  ...changes,
});

const target = (name: string, options: Partial<CoreTarget> = {}): CoreTarget => ({
  id: id(name),
  account: name,
  region: 'r',
  wave: 'w',
  dependencies: [],
  ...options,
});
const hard = (name: string) => ({ target: id(name), kind: 'hard' as const });
const soft = (name: string) => ({ target: id(name), kind: 'soft' as const });
const wave = (targets: readonly CoreTarget[], options: Partial<CoreWave> = {}): CoreWave => ({
  name: 'w',
  stage: 'waves',
  targets: targets.map((one) => one.id),
  limits: limits(),
  bakeSeconds: 0,
  ...options,
});

const inOrder: World = { outcomeOf: () => 'succeeded', pick: () => 0 };
const failing = (...names: string[]): World => ({ ...inOrder, outcomeOf: (name) => (names.includes(name) ? 'failed' : 'succeeded') });

const outcomesOf = (state: RolloutState) =>
  Object.fromEntries([...state.states].map(([name, value]) => [name, value.state === 'done' ? value.outcome : value.state]));

function single(targets: readonly CoreTarget[], options: Partial<CoreWave> = {}): RolloutSetup {
  return { targets, waves: [wave(targets, options)], limits: limits() };
}

describe('a wave', () => {
  test.each([
    ['A, B', [target('A'), target('B')], [], { A: 'succeeded', B: 'succeeded' }],
    ['A -> B (hard), A fails', [target('A'), target('B', { dependencies: [hard('A')] })], ['A'], { A: 'failed', B: 'skipped' }],
    ['A -> B (soft), A fails', [target('A'), target('B', { dependencies: [soft('A')] })], ['A'], { A: 'failed', B: 'succeeded' }],
    [
      'F -> A -> B -> C (hard), F fails, listed backwards',
      [
        target('C', { dependencies: [hard('B')] }),
        target('B', { dependencies: [hard('A')] }),
        target('A', { dependencies: [hard('F')] }),
        target('F'),
      ],
      ['F'],
      { F: 'failed', A: 'skipped', B: 'skipped', C: 'skipped' },
    ],
  ])('%s', (_name, targets, failures, expected) => {
    const { state } = playRollout(single(targets, { limits: limits({ failureTolerance: 9 }) }), failing(...failures));

    expect(outcomesOf(state)).toEqual(expected);
    expect(state.outcome).toBe(failures.length > 0 ? 'failed' : 'succeeded');
  });

  test.each([
    // tolerance, mode, targets that fail first, most that may have been started
    [0, 'strict', 10, 1],
    [2, 'strict', 10, 3],
    [0, 'soft', 10, 10],
  ] as const)('with tolerance %i, %s, where all of %i fail, starts %i', (failureTolerance, mode, amount, most) => {
    const targets = Array.from({ length: amount }, (_, index) => target(`t${index}`));

    const { state, started } = playRollout(
      single(targets, { limits: limits({ failureTolerance, mode }) }),
      failing(...targets.map((one) => one.id)),
    );

    expect(started).toHaveLength(most);
    expect(Object.values(outcomesOf(state)).filter((outcome) => outcome === 'cancelled')).toHaveLength(amount - most);
    expect(state.halted).toMatchObject({ kind: 'tolerance' });
  });

  test('exactly as many failures as tolerated stop nothing', () => {
    const targets = ['A', 'B', 'C', 'D'].map((name) => target(name));

    const { state } = playRollout(single(targets, { limits: limits({ failureTolerance: 2, mode: 'strict' }) }), failing('A', 'B'));

    expect(outcomesOf(state)).toEqual({ A: 'failed', B: 'failed', C: 'succeeded', D: 'succeeded' });
    expect(state.halted).toBeNull();
  });
});

describe('a rollout', () => {
  const canary = target('canary', { wave: 'canary' });
  const rest = target('rest', { wave: 'rest' });
  const board = target('board', { wave: 'board', dependencies: [soft('canary'), soft('rest')] });
  const waves: readonly CoreWave[] = [
    wave([canary], { name: 'canary', bakeSeconds: 60 }),
    wave([rest], { name: 'rest' }),
    wave([board], { name: 'board', stage: 'trailing' }),
  ];
  const setup: RolloutSetup = { targets: [canary, rest, board], waves, limits: limits() };

  test('a failed wave cancels the next ones, and the trailing wave still runs', () => {
    const { state } = playRollout(setup, failing('canary'));

    expect(outcomesOf(state)).toEqual({ canary: 'failed', rest: 'cancelled', board: 'succeeded' });
    expect(state.waveStates.get('rest')).toMatchObject({ state: 'cancelled', reason: '1 of 1 targets of canary failed, 0 may' });
    expect(state.outcome).toBe('failed');
  });

  test('of the targets that a stop keeps from starting, those whose upstream failed are skipped and the others cancelled', () => {
    const base = target('base', { wave: 'base' });
    const above = target('above', { wave: 'w', dependencies: [hard('base')] });
    const beside = target('beside', { wave: 'w' });
    const { state } = playRollout(
      { targets: [base, above, beside], waves: [wave([base], { name: 'base' }), wave([above, beside])], limits: limits() },
      failing('base'),
    );

    expect(outcomesOf(state)).toEqual({ base: 'failed', above: 'skipped', beside: 'cancelled' });
  });

  test('the next wave starts only after the bake, whose end is a time and not a wait', () => {
    let state = initialState(setup);
    const step = (event: Parameters<typeof decide>[1]) => {
      const decision = decide(state, event);
      state = decision.state;
      return decision.commands;
    };
    step({ type: 'begun', at: '2026-01-01T00:00:00.000Z' });
    const ended = {
      type: 'target-ended',
      target: id('canary'),
      outcome: 'succeeded',
      engineRuns: 1,
      changes: { create: 1, update: 0, replace: 0, delete: 0, same: 0 },
      error: null,
    } as const;

    expect(step({ ...ended, at: '2026-01-01T00:00:10.000Z' })).toContainEqual({
      type: 'bake',
      wave: 'canary',
      until: '2026-01-01T00:01:10.000Z',
    });
    expect(step({ type: 'bake-over', wave: 'canary', at: '2026-01-01T00:01:09.999Z' })).toEqual([]);
    expect(step({ type: 'bake-over', wave: 'canary', at: '2026-01-01T00:01:10.000Z' })).toContainEqual(
      expect.objectContaining({ type: 'run-target', target: 'rest' }),
    );
  });

  test('a wave in which nothing turned out to change does not bake', () => {
    const { state } = playRollout(setup, { ...inOrder, outcomeOf: () => 'unchanged' });

    expect(state.waveStates.get('canary')).toMatchObject({ state: 'passed', bakeUntil: null });
  });

  test('an abort lets running targets finish and starts no other, not even in the trailing wave', () => {
    const targets = ['A', 'B', 'C'].map((name) => target(name));
    const aborted: RolloutSetup = {
      targets: [...targets, board],
      waves: [wave(targets, { limits: limits({ maxConcurrent: 2 }) }), wave([board], { name: 'board', stage: 'trailing' })],
      limits: limits(),
    };

    const { state } = playRollout(aborted, { ...inOrder, abortAfter: 0 });

    expect(outcomesOf(state)).toEqual({ A: 'succeeded', B: 'succeeded', C: 'cancelled', board: 'cancelled' });
    expect(state.outcome).toBe('aborted');
  });

  test('a result that arrives twice changes nothing', () => {
    const [first] = [target('A')];
    let state = decide(initialState(single([first])), { type: 'begun', at: '2026-01-01T00:00:00.000Z' }).state;
    const event = {
      type: 'target-ended',
      target: id('A'),
      outcome: 'succeeded',
      engineRuns: 1,
      changes: { create: 0, update: 0, replace: 0, delete: 0, same: 0 },
      error: null,
      at: '2026-01-01T00:00:01.000Z',
    } as const;
    state = decide(state, event).state;

    const again = decide(state, { ...event, outcome: 'failed' });

    expect(again.commands).toEqual([]);
    expect(outcomesOf(again.state)).toEqual({ A: 'succeeded' });
  });

  test('nothing to change ends at once', () => {
    const { state, started } = playRollout({ targets: [target('A', { wave: null })], waves: [], limits: limits() }, inOrder);

    expect(started).toEqual([]);
    expect(outcomesOf(state)).toEqual({ A: 'unchanged' });
    expect(state.outcome).toBe('succeeded');
  });
});

describe('any rollout', () => {
  const scenario = fc
    .record({
      size: fc.integer({ min: 1, max: 24 }),
      waveCount: fc.integer({ min: 1, max: 4 }),
      seed: fc.array(fc.nat(1_000_000), { minLength: 120, maxLength: 120 }),
      limits: fc.record({
        maxConcurrent: fc.integer({ min: 1, max: 6 }),
        perAccount: fc.integer({ min: 1, max: 3 }),
        perRegion: fc.integer({ min: 1, max: 4 }),
        failureTolerance: fc.integer({ min: 0, max: 3 }),
        mode: fc.constantFrom('strict' as const, 'soft' as const),
      }),
      trailing: fc.boolean(),
      abortAfter: fc.option(fc.nat(20), { nil: undefined }),
    })
    .map((drawn) => {
      let cursor = 0;
      const next = (below: number) => (drawn.seed[cursor++ % drawn.seed.length] ?? 0) % below;
      const targets = Array.from({ length: drawn.size }, (_, index): CoreTarget => {
        const waveIndex = Math.floor((index * drawn.waveCount) / drawn.size);
        // Edges point to earlier targets only, as those of a valid plan.
        const dependencies = index > 0 && next(3) === 0 ? [next(2) === 0 ? hard(`t${next(index)}`) : soft(`t${next(index)}`)] : [];
        return target(`t${index}`, {
          account: `a${next(4)}`,
          region: `r${next(3)}`,
          wave: next(8) === 0 ? null : `w${waveIndex}`,
          dependencies,
        });
      });
      const waves = Array.from({ length: drawn.waveCount }, (_, index) =>
        wave(
          targets.filter((one) => one.wave === `w${index}`),
          {
            name: `w${index}`,
            bakeSeconds: next(2) * 30,
            ...(drawn.trailing && index === drawn.waveCount - 1
              ? { stage: 'trailing' as const, limits: { ...drawn.limits, failureTolerance: drawn.size, mode: 'soft' as const } }
              : { stage: 'waves' as const, limits: drawn.limits }),
          },
        ),
      ).filter((one) => one.targets.length > 0);
      const results = new Map(
        targets.map((one) => [one.id, (['succeeded', 'succeeded', 'unchanged', 'failed'] as const)[next(4)] ?? 'failed']),
      );
      return { setup: { targets, waves, limits: drawn.limits }, results, abortAfter: drawn.abortAfter, next };
    });

  const play = (
    drawn: {
      setup: RolloutSetup;
      results: ReadonlyMap<TargetId, 'succeeded' | 'unchanged' | 'failed'>;
      abortAfter: number | undefined;
      next: (below: number) => number;
    },
    observe?: World['observe'],
  ) =>
    playRollout(drawn.setup, {
      outcomeOf: (name) => drawn.results.get(name) ?? 'failed',
      pick: (running) => (running === 0 ? 0 : drawn.next(running)),
      ...(observe ? { observe } : {}),
      ...(drawn.abortAfter === undefined ? {} : { abortAfter: drawn.abortAfter }),
    });

  test('gives every target exactly one outcome, and none is skipped without a failed or skipped upstream', () => {
    fc.assert(
      fc.property(scenario, (drawn) => {
        const { state, started } = play(drawn);

        expect([...state.states.values()].every((one) => one.state === 'done')).toBe(true);
        expect(state.states.size).toBe(drawn.setup.targets.length);
        expect(new Set(started).size).toBe(started.length);
        const outcomes = outcomesOf(state);
        for (const one of drawn.setup.targets) {
          if (outcomes[one.id] !== 'skipped') continue;
          expect(
            one.dependencies.some(
              (edge) => edge.kind === 'hard' && ['failed', 'skipped', 'cancelled'].includes(outcomes[edge.target] ?? ''),
            ),
          ).toBe(true);
        }
      }),
      { numRuns: 1000 },
    );
  });

  test('never exceeds a limit, after any event', () => {
    fc.assert(
      fc.property(scenario, (drawn) => {
        play(drawn, (state) => {
          const running = [...state.states].filter(([, one]) => one.state === 'running').map(([name]) => state.targets.get(name));
          const most = (key: 'account' | 'region') =>
            Math.max(0, ...running.map((one) => running.filter((other) => other?.[key] === one?.[key]).length));
          expect(running.length).toBeLessThanOrEqual(drawn.setup.limits.maxConcurrent);
          expect(most('account')).toBeLessThanOrEqual(drawn.setup.limits.perAccount);
          expect(most('region')).toBeLessThanOrEqual(drawn.setup.limits.perRegion);
        });
      }),
      { numRuns: 1000 },
    );
  });

  test('under strict tolerance fails at most tolerance + 1 of a wave', () => {
    fc.assert(
      fc.property(scenario, (drawn) => {
        const { state } = play(drawn);
        for (const one of drawn.setup.waves) {
          if (one.limits.mode !== 'strict') continue;
          const failed = one.targets.filter((name) => outcomesOf(state)[name] === 'failed').length;
          expect(failed).toBeLessThanOrEqual(one.limits.failureTolerance + 1);
        }
      }),
      { numRuns: 1000 },
    );
  });

  test('starts nothing before its dependencies are done, nor before an earlier wave has passed', () => {
    fc.assert(
      fc.property(scenario, (drawn) => {
        play(drawn, (state, commands) => {
          for (const command of commands) {
            if (command.type !== 'run-target') continue;
            const started = state.targets.get(command.target);
            for (const edge of started?.dependencies ?? []) expect(state.states.get(edge.target)?.state).toBe('done');
            const index = state.waves.findIndex((one) => one.name === command.wave);
            const trailing = state.waves[index]?.stage === 'trailing';
            for (const earlier of state.waves.slice(0, index)) {
              expect(trailing ? ['passed', 'stopped', 'cancelled'] : ['passed']).toContain(state.waveStates.get(earlier.name)?.state);
            }
          }
        });
      }),
      { numRuns: 1000 },
    );
  });

  test('without limits and failures the order of the input does not matter', () => {
    fc.assert(
      fc.property(scenario, fc.integer(), (drawn, turn) => {
        const free = {
          ...drawn.setup,
          limits: limits(),
          waves: drawn.setup.waves.map((one) => ({ ...one, limits: limits({ failureTolerance: 99 }) })),
        };
        const rotate = <Item>(items: readonly Item[]) =>
          items.map((_, index) => items[(((index + turn) % items.length) + items.length) % items.length] as Item);
        const turned = {
          ...free,
          targets: rotate(free.targets),
          waves: free.waves.map((one) => ({ ...one, targets: rotate(one.targets) })),
        };

        const straight = play({ ...drawn, abortAfter: undefined, setup: free });
        const rotated = play({ ...drawn, abortAfter: undefined, setup: turned });

        expect(outcomesOf(rotated.state)).toEqual(outcomesOf(straight.state));
      }),
      { numRuns: 500 },
    );
  });
});
