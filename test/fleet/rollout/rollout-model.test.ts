import fc from 'fast-check';

import type { RolloutSetup } from '../../../fleet/rollout/state';

import { at, HandPlayed, limits, setupOf } from './core-fixture';
import { runs } from './property-runs';
import { groupOf, RolloutModel, type ModelWave } from './rollout-model';

type Step = fc.Command<RolloutModel, HandPlayed>;

const nameOf = (wave: number, target: number) => `w${wave}t${target}`;

/** What both do, and that both then stand in the same place. */
class Do implements Step {
  constructor(
    readonly name: string,
    readonly act: {
      readonly model: (model: RolloutModel) => void;
      readonly real: (real: HandPlayed, model: Readonly<RolloutModel>) => void;
    },
    readonly possible: (model: Readonly<RolloutModel>) => boolean = () => true,
  ) {}

  check = (model: Readonly<RolloutModel>) => this.possible(model);
  toString = () => this.name;

  run(model: RolloutModel, real: HandPlayed): void {
    // The real one first: what it is told is chosen from where the model stands before.
    this.act.real(real, model);
    this.act.model(model);
    const states = model.targets.flatMap((wave, index) => wave.map((state, target) => [nameOf(index, target), state]));
    expect(real.outcomes).toEqual(Object.fromEntries(states));
    expect(real.state.outcome).toBe(model.outcome);
    if (model.outcome !== null) return;
    const stage = { waiting: 'waiting', opened: 'waiting', unreadable: 'held' } as Readonly<Record<string, string>>;
    expect(real.wave(`w${model.index}`)?.state).toBe(stage[model.stage] ?? model.stage);
    expect(real.state.approvals.filter(({ expiresAt }) => at(model.now) < expiresAt)).toHaveLength(
      [...model.starts, ...model.groupStarts].flat().filter((until) => model.now < until).length,
    );
  }
}

const setupFor = (waves: readonly ModelWave[]): RolloutSetup =>
  setupOf(
    waves.map(({ size, atOnce, tolerance, approval, gated }, index) => ({
      ...{
        name: `w${index}`,
        group: `g${groupOf(waves, index)}`,
        approval,
        gated,
        targets: Array.from({ length: size }, (_, target) => nameOf(index, target)),
      },
      limits: limits({ maxConcurrent: atOnce, failureTolerance: tolerance }),
    })),
  );

const end = (picked: number, well: boolean) => {
  const target = (model: Readonly<RolloutModel>) => model.running[picked % model.running.length] ?? 0;
  return new Do(
    `end ${picked} ${well ? 'well' : 'badly'}`,
    {
      real: (real, model) => real.end(nameOf(model.index, target(model)), well ? 'succeeded' : 'failed'),
      model: (model) => model.end(target(model), well),
    },
    (model) => model.running.length > 0,
  );
};
const leave = (wave: number, target: number) =>
  new Do(
    `${nameOf(wave, target)} leaves`,
    { real: (real) => real.leave(nameOf(wave, target)), model: (model) => model.leave(wave, target) },
    (model) => target < (model.targets[wave]?.length ?? 0),
  );
const answer = (verdict: 'pass' | 'inconclusive' | 'error') =>
  new Do(
    `answer ${verdict}`,
    {
      real: (real, model) => real.answer(['asking', 'unreadable'].includes(model.stage) ? 'before' : 'end', `w${model.index}`, verdict),
      model: (model) => model.answer(verdict),
    },
    (model) => model.outcome === null,
  );
let people = 0;
const approveStart = (wave: number, seconds: number) =>
  new Do(
    `approve the start of w${wave} for ${seconds} s`,
    {
      real: (real) => real.approve(`w${wave}`, 'start', { by: `person ${(people += 1)}`, expiresAt: at(real.seconds + seconds) }),
      model: (model) => model.approveStart(wave, seconds),
    },
    (model) => wave < model.targets.length,
  );
const approveGroup = (group: number, seconds: number) =>
  new Do(
    `approve the start of g${group} for ${seconds} s`,
    {
      real: (real) => real.approve(`g${group}`, 'start', { by: `person ${(people += 1)}`, expiresAt: at(real.seconds + seconds) }),
      model: (model) => model.approveGroup(group, seconds),
    },
    (model) => group < model.targets.length,
  );
const approveUndecided = () =>
  new Do('approve what is undecided', {
    real: (real, model) => real.approve(`w${model.index}`, 'undecided', { by: `person ${(people += 1)}` }),
    model: (model) => model.approveUndecided(),
  });
const wait = (seconds: number) =>
  new Do(`wait ${seconds} s`, {
    real: (real) => real.tick(seconds),
    model: (model) => {
      model.now += seconds;
      model.settle();
    },
  });
const set = (name: string, change: Partial<Pick<RolloutModel, 'paused' | 'aborted'>>, real: (real: HandPlayed) => void) =>
  new Do(name, {
    real,
    model: (model) => {
      if (model.outcome === null) Object.assign(model, change);
      model.settle();
    },
  });

const waves = fc.array(
  fc.record({
    size: fc.integer({ min: 1, max: 4 }),
    atOnce: fc.integer({ min: 1, max: 3 }),
    tolerance: fc.integer({ min: 0, max: 2 }),
    approval: fc.boolean(),
    joined: fc.boolean(),
    gated: fc.boolean(),
  }),
  { minLength: 1, maxLength: 3 },
);
const steps = fc.commands(
  [
    fc.tuple(fc.nat(3), fc.integer({ min: 0, max: 3 })).map(([picked, luck]) => end(picked, luck > 0)),
    fc.constantFrom('pass' as const, 'pass' as const, 'inconclusive' as const, 'error' as const).map(answer),
    fc.tuple(fc.nat(2), fc.integer({ min: 1, max: 9 })).map(([wave, seconds]) => approveStart(wave, seconds)),
    fc.tuple(fc.nat(2), fc.integer({ min: 1, max: 30 })).map(([group, seconds]) => approveGroup(group, seconds)),
    fc.constant(approveUndecided()),
    fc.tuple(fc.nat(2), fc.nat(3), fc.boolean()).map(([wave, target, leaves]) => (leaves ? leave(wave, target) : wait(1))),
    fc.nat(5).map(wait),
    fc.constantFrom(
      set('pause', { paused: true }, (real) => real.pause()),
      set('resume', { paused: false }, (real) => real.resume()),
      set('resume', { paused: false }, (real) => real.resume()),
    ),
    fc.integer({ min: 0, max: 5 }).map((luck) => (luck === 0 ? set('abort', { aborted: true }, (real) => real.abort()) : wait(1))),
  ],
  { maxCommands: 60, size: 'max' },
);

test('approvals, pauses, aborts and tolerance do what a much simpler model says, in any order', () => {
  const ends = new Map<string | null, number>();
  fc.assert(
    fc.property(waves, steps, (drawn, commands) => {
      const model = new RolloutModel(drawn);
      model.settle();
      const real = HandPlayed.begun(setupFor(drawn));
      fc.modelRun(() => ({ model, real }), commands);
      ends.set(model.outcome, (ends.get(model.outcome) ?? 0) + 1);
    }),
    { numRuns: runs(1200) },
  );

  // Else it would be a test of waiting.
  for (const outcome of ['succeeded', 'failed', 'aborted', null]) expect(ends.get(outcome) ?? 0).toBeGreaterThan(0);
});
