import { quietWave } from './calm-scenario';
import { Random } from './random';
import { TROUBLES_END, type RolloutStep, type Scenario } from './scenario';

/** What chance alone brings together too seldom. Drawn from a source of its own: what is drawn beside it stays as it is. */
export function withRareCases(scenario: Scenario): Scenario {
  const random = new Random(scenario.seed ^ 0x17_18_19);
  const [first, ...later] = scenario.rollouts;
  if (!first) return scenario;
  const forgotten = scenario.established && random.chance(0.03);
  const rare = random.int(1, 100);
  const more = purposes(random, later.at(-1) ?? first);
  if (rare <= 8) return { ...scenario, forgotten, rollouts: [diesUnseen(random, first), ...later, ...more] };
  if (rare <= 18) return { ...scenario, forgotten, rollouts: [approvedAhead(random, first), ...later, ...more] };
  if (rare <= 30) return { ...scenario, forgotten, rollouts: [failsAndTurnsRed(random, first), ...later, ...more] };
  if (rare <= 42) return { ...scenario, forgotten, rollouts: [accountLeaves(random, first), ...later, ...more] };
  return { ...scenario, forgotten, rollouts: [...scenario.rollouts, ...more] };
}

/** What stands is destroyed, all or in part, and now and then deployed again; or repaired, or deployed again though nothing changed. */
function purposes(random: Random, last: RolloutStep): readonly RolloutStep[] {
  const drawn = random.int(1, 100);
  const share = random.pick([1, 1, 0.5, 0.3]);
  const mishaps = Array.from({ length: random.int(0, 3) }, () => ({
    kind: random.pick(['killed', 'killed', 'killed-in-engine', 'killed-after-write', 'interrupted', 'cancelled'] as const),
    ...{ nth: random.int(1, 10), seconds: 2, elsewhere: random.chance(0.2) },
  }));
  const step = { ...last, share, mishaps, release: last.release };
  if (drawn <= 5) {
    const again = { ...last, kind: 'forward', mishaps: [], faults: [] } as const;
    return [{ ...step, kind: 'destroy' }, ...(random.chance(0.6) ? [again] : [])];
  }
  if (drawn <= 8) return [{ ...step, kind: 'repair' }];
  return drawn <= 11 ? [{ ...step, kind: 'redeploy' }] : [];
}

/** An account leaves the organisation, and some controller goes on after that. */
function accountLeaves(random: Random, step: RolloutStep): RolloutStep {
  const deed = { at: random.int(0, 60), kind: 'account-leaves', twice: false, amount: random.int(0, 11) } as const;
  const kind = random.pick(['killed', 'interrupted', 'killed-in-engine'] as const);
  const mishap = { kind, nth: kind === 'killed-in-engine' ? random.int(2, 30) : random.int(20, 500), seconds: 2, elsewhere: false };
  return { ...step, mishaps: [mishap, ...step.mishaps.slice(1)], deeds: [...step.deeds, deed] };
}

/** A controller dies in the midst of a run, and whoever comes next cannot read the stack. */
function diesUnseen(random: Random, step: RolloutStep): RolloutStep {
  const mishap = { kind: 'killed-in-engine', nth: random.int(2, 14), seconds: 2, elsewhere: random.chance(0.3) } as const;
  const trouble = { kind: 'inspect-fails', target: null, from: 1, until: random.int(60, TROUBLES_END) } as const;
  return { ...step, mishaps: [mishap, ...step.mishaps.slice(1)], troubles: [...step.troubles, trouble] };
}

/** Every wave asks for approval, and somebody says yes to the last one before its turn. */
function approvedAhead(random: Random, step: RolloutStep): RolloutStep {
  const waves = step.figures.waves.map((wave) => ({ ...wave, approval: true }));
  const deed = { at: random.int(0, 40), kind: 'approve-ahead', twice: random.chance(0.3), amount: random.int(0, 3) } as const;
  return { ...step, figures: { ...step.figures, waves }, deeds: [...step.deeds, deed] };
}

/** Some fail within what may, and then the gate of their wave fails. */
function failsAndTurnsRed(random: Random, step: RolloutStep): RolloutStep {
  const { figures } = step;
  const limits = { ...figures.limits, failureTolerance: { kind: 'count', value: 4 } } as const;
  const wave = { ...quietWave('rest'), limits, bakeSeconds: random.int(60, 120), spread: random.chance(0.3) };
  const kind = random.pick(['crash', 'crash', 'update-fails', 'hang'] as const);
  const fault = { target: random.pick(['regional/200000000001/*', 'regional/200000000002/*']), kind, phase: 'forward' } as const;
  const from = random.int(10, 60);
  return {
    ...step,
    release: 1,
    figures: { ...figures, accounts: Math.max(2, figures.accounts), limits, waves: [wave], windows: null },
    faults: [{ fault, from: 0, until: TROUBLES_END }],
    troubles: [{ kind: 'red', target: random.chance(0.5) ? null : random.int(0, 3), from, until: from + 60 }],
  };
}
