import fc from 'fast-check';

import type { Dependency } from '../../../fleet/plan/rollout-plan';
import { decide, decideAll, initialState } from '../../../fleet/rollout/decide';
import type { CoreTarget, RolloutSetup } from '../../../fleet/rollout/state';

import { InvariantChecker } from './check-invariants';
import { hard, setupOf, soft, target, type WaveOf } from './core-fixture';
import { runs } from './property-runs';
import { playRollout, type Played, type World } from './simulate-core';

/** A setup and a world, both drawn from the same numbers: what shrinks is the numbers. */
interface Scenario {
  readonly setup: RolloutSetup;
  readonly wildSteps: number;
  readonly numbers: readonly number[];
}

/** Draws whole numbers below a bound from a list, and zeros once that is used up. */
function chooser(numbers: readonly number[]): (below: number) => number {
  let cursor = 0;
  return (below) => (cursor < numbers.length ? (numbers[cursor++] ?? 0) % below : 0);
}

const windows = { timezone: 'UTC', allow: [{ days: [1, 2, 3, 4, 5, 6, 7], fromMinute: 0, toMinute: 3 }, { days: [4], fromMinute: 5, toMinute: 1000 }] }; // prettier-ignore

function drawSetup(numbers: readonly number[]): RolloutSetup {
  const next = chooser(numbers);
  const names: string[] = [];
  const waves = Array.from({ length: 1 + next(4) }, (_, index): WaveOf => {
    const targets = Array.from({ length: 1 + next(6) }, (): CoreTarget => {
      const upstream = names[next(Math.max(1, names.length))];
      const dependencies: Dependency[] = upstream !== undefined && next(4) === 1 ? [next(2) === 0 ? hard(upstream) : soft(upstream)] : [];
      const name = `t${names.length}`;
      names.push(name);
      const flags = { deployed: next(2) === 1, hasGood: next(5) !== 1, shifts: next(4) === 1 };
      return target(name, { account: `a${next(3)}`, region: `r${next(2)}`, dependencies, ...flags, shifts: flags.shifts && flags.hasGood });
    });
    const limits = {
      ...{ maxConcurrent: 1 + next(5), perAccount: 1 + next(4), perRegion: 1 + next(5) },
      ...{ failureTolerance: next(3), mode: next(2) === 0 ? ('strict' as const) : ('soft' as const) },
    };
    const common = { name: `w${index}`, targets, limits, gated: next(4) !== 1, approval: next(4) === 1 };
    return { ...common, bakeSeconds: next(2) * 60, traffic: next(2) === 0 ? null : { canaryPercent: 10, watchSeconds: 30 } };
  });
  const last = waves.at(-1);
  if (last !== undefined && waves.length > 1 && next(2) === 1) {
    // As plans have them: dashboards have no gate, no approval and no traffic.
    const targets = last.targets.map((one) => (typeof one === 'string' ? one : { ...one, shifts: false }));
    waves[waves.length - 1] = { ...last, targets, stage: 'trailing', gated: false, approval: false, traffic: null };
  }
  return setupOf(waves, {
    limits: { maxConcurrent: 1 + next(6), perAccount: 100, perRegion: 100, failureTolerance: next(4), mode: 'strict' },
    rollback: (['wave', 'target', 'rollout'] as const)[next(3)] ?? 'wave',
    windows: next(3) === 1 ? windows : null,
  });
}

const numbers = (length: number) => fc.array(fc.nat(1_000_000), { minLength: length, maxLength: length });
const scenario: fc.Arbitrary<Scenario> = fc
  .record({ shape: numbers(150), wildSteps: fc.nat(120), numbers: numbers(500) })
  .map(({ shape, ...rest }) => ({ ...rest, setup: drawSetup(shape) }));

function play({ setup, wildSteps, numbers: drawn }: Scenario, observe?: World['observe']): Played {
  return playRollout(setup, { choose: chooser(drawn), wildSteps, ...(observe === undefined ? {} : { observe }) });
}

describe('any rollout, whatever happens', () => {
  test('keeps the invariants after every event, and ends with every target in one terminal state', () => {
    fc.assert(
      fc.property(scenario, (drawn) => {
        const checker = new InvariantChecker(drawn.setup);
        const { state, events } = play(drawn, checker.observe);

        checker.checkEnd(state, events.some(({ type }) => type === 'limits-set')); // prettier-ignore
      }),
      { numRuns: runs(3000) },
    );
  });

  test('comes to the same state and commands wherever its events are split, and replayed as often as you like', () => {
    fc.assert(
      fc.property(scenario, fc.array(fc.nat(200), { maxLength: 4 }), (drawn, cuts) => {
        const { state, events, commands } = play(drawn);
        const bounds = [0, ...cuts.map((cut) => Math.min(cut, events.length)).sort((left, right) => left - right), events.length];
        const told: unknown[] = [];
        let replayed = initialState(drawn.setup);
        for (const [index, from] of bounds.entries()) {
          const part = decideAll(replayed, events.slice(from, bounds[index + 1] ?? events.length));
          told.push(...part.commands);
          replayed = part.state;
        }

        expect(replayed).toEqual(state);
        expect(told).toEqual(commands);
        expect(decideAll(initialState(drawn.setup), events)).toEqual({ state, commands });
      }),
      { numRuns: runs(300) },
    );
  });

  test('takes nothing after its end', () => {
    fc.assert(
      fc.property(scenario, (drawn) => {
        const { state, events } = play(drawn);

        for (const event of events.slice(-20)) expect(decide(state, event)).toEqual({ state, commands: [] });
      }),
      { numRuns: runs(100) },
    );
  });

  test('takes what is told twice in a row once', () => {
    // A run that was lost may have begun again by then: telling that twice tells of two runs.
    const once = [
      'target-ended',
      'target-shifted',
      'rollback-ended',
      'wave-previewed',
      'gate-answered',
      'approved',
      'paused',
      'limits-set',
      'tick',
    ];
    fc.assert(
      fc.property(scenario, (drawn) => {
        play(drawn, ({ event, state }) => {
          if (once.includes(event.type)) expect(decide(state, event)).toEqual({ state, commands: [] });
        });
      }),
      { numRuns: runs(200) },
    );
  });

  test('is not all the same: every state, outcome and command is met', () => {
    const met = new Set<string>();
    const drawn = fc.sample(scenario, { numRuns: 1500, seed: 4 });
    for (const one of drawn) {
      const { state } = play(one, ({ state: seen, commands }) => {
        for (const wave of seen.waveStates.values()) met.add(wave.state === 'held' ? `held ${wave.hold.kind}` : wave.state);
        for (const each of seen.states.values()) {
          if (each.state === 'done') met.add(each.outcome);
          else if (each.state === 'watching') met.add(each.watch);
          else if (each.state === 'rolling-back') met.add(`back ${each.step}`);
          else met.add(each.state === 'running' ? each.phase : each.state);
        }
        for (const command of commands) met.add(command.type);
      });
      met.add(`ends ${state.outcome ?? ''}`);
    }

    expect([...met].sort()).toEqual(
      [
        ...['waiting', 'held approval', 'held irreversible', 'held red', 'held gate-error', 'previewing', 'asking', 'running', 'baking'],
        ...['judging', 'undecided', 'rolling-back', 'passed', 'failed', 'cancelled'],
        ...['succeeded', 'unchanged', 'skipped', 'blocked', 'rolled_back', 'rollback_failed'],
        ...['open', 'asked', 'passed', 'back held', 'back pending', 'back running', 'full', 'shift', 'finish', 'pending'],
        ...['preview-wave', 'ask-gate', 'run-target', 'roll-back', 'promote', 'begin-wave', 'hold-wave', 'bake', 'undecided-wave'],
        ...['begin-rollback', 'end-wave', 'finish'],
        ...['ends succeeded', 'ends failed', 'ends rolled_back', 'ends rollback_failed', 'ends aborted'],
      ]
        .filter((one, index, all) => all.indexOf(one) === index)
        .sort(),
    );
  });
});
