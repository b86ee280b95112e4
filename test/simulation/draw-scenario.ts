import type { Limits, Windows } from '../../fleet/config/fleet-config';

import { quietWave } from './calm-scenario';
import type { FleetFigures, WaveFigures } from './fleet-model';
import { Random } from './random';
import { withRareCases } from './draw-rare-cases';
import { TROUBLES_END, type Deed, type Mishap, type RolloutStep, type Scenario, type TimedFault, type Trouble } from './scenario';

const FAULTS = ['create-fails', 'update-fails', 'delete-fails', 'throttle', 'hang', 'slow', 'crash', 'role-missing'] as const;
const MISHAPS: readonly Mishap['kind'][] = [
  ...(['killed', 'killed', 'killed', 'write-lost', 'write-torn', 'killed-after-write'] as const),
  ...(['disk-full', 'disk-full-after-write', 'killed-in-engine', 'stopped', 'interrupted', 'cancelled'] as const),
];

/** The scenario of a seed. */
export function scenarioOf(seed: number): Scenario {
  const random = new Random(seed);
  const start = Date.UTC(2026, 2, 25, random.int(0, 22), random.int(0, 59), random.int(0, 59));
  const first = figuresOf(random, random.chance(0.12) ? windowsOf(random, start) : null);
  const established = random.chance(0.55);
  const rollouts: RolloutStep[] = [];
  const hard = random.chance(0.3) && established ? 2 : 1;
  let figures = first;
  for (let index = 0; index < hard; index += 1) {
    if (established || index > 0) figures = changed(random, figures);
    rollouts.push(stepOf(random, { figures, release: rollouts.length + 1 }));
  }
  if (random.chance(0.15)) rollouts.push({ ...stepOf(random, { figures, release: rollouts.length + 1 }), kind: 'rollback' });
  const storeLatency = random.chance(0.25) ? random.int(1, 400) : 0;
  return withRareCases({ seed, start, storeLatency, established, forgotten: false, rollouts });
}

function figuresOf(random: Random, windows: Windows | null): FleetFigures {
  const accounts = random.pick([1, 1, 1, 2, 2, 2, 3, 4]);
  const regions = random.pick([1, 1, 1, 2, 2, 3]);
  const limits = limitsOf(random);
  const waves: WaveFigures[] = [];
  if (random.chance(0.6)) waves.push({ ...waveOf(random, 'canary', limits), pick: { amount: { kind: 'count', value: 1 }, filter: {} } });
  if (random.chance(0.3))
    waves.push({ ...waveOf(random, 'early', limits), pick: { amount: { kind: 'percent', value: random.pick([30, 50]) }, filter: {} } });
  waves.push(waveOf(random, 'rest', limits));
  return {
    accounts,
    regions,
    limits,
    waves,
    rollback: random.pick(['target', 'wave', 'wave', 'rollout']),
    traffic: random.chance(0.35)
      ? { canaryPercent: 10, watchSeconds: random.int(5, 40), waves: waves.map(({ name }) => name).filter(() => random.chance(0.7)) }
      : null,
    windows,
    memoryMb: 1024,
    dashboard: 'perTarget',
  };
}

function limitsOf(random: Random): Limits {
  return {
    maxConcurrent: { kind: 'count', value: random.pick([1, 2, 3, 8]) },
    perAccount: random.pick([1, 2, 4]),
    perRegion: random.chance(0.3) ? random.int(1, 2) : null,
    failureTolerance: random.chance(0.5)
      ? { kind: 'count', value: random.int(0, 2) }
      : { kind: 'percent', value: random.pick([0, 25, 50]) },
    mode: random.chance(0.6) ? 'strict' : 'soft',
    targetTimeoutSeconds: random.pick([20, 60, 120]),
  };
}

function waveOf(random: Random, name: string, limits: Limits): WaveFigures {
  return {
    ...quietWave(name),
    bakeSeconds: random.chance(0.6) ? random.int(5, 90) : 0,
    minOrders: random.chance(0.4) ? random.int(1, 20) : 0,
    countSynthetic: random.chance(0.5),
    approval: random.chance(0.2),
    spread: random.chance(0.7),
    limits: random.chance(0.3) ? limitsOf(random) : limits,
  };
}

/** Minutes by which their wall clocks are ahead of UTC on the day of all scenarios. */
const ZONES = [
  ['UTC', 0],
  ['Europe/Paris', 60],
  ['America/New_York', -240],
  ['Asia/Kolkata', 330],
] as const;

/** Open for some minutes of every so many for an hour and a half from the start on, and on most days before and after that. */
function windowsOf(random: Random, start: number): Windows {
  const [timezone, ahead] = random.pick(ZONES);
  const every = random.pick([4, 6, 10]);
  const open = random.int(1, every - 1);
  const first = Math.max(0, (Math.floor(start / 60_000 + ahead) % 1440) - 1);
  const days = [1, 2, 3, 4, 5, 6, 7];
  const slots = Array.from({ length: Math.ceil(90 / every) }, (_, slot) => first + slot * every).filter((minute) => minute + open <= 1440);
  const end = (slots.at(-1) ?? first) + every;
  return {
    timezone,
    allow: [
      ...slots.map((fromMinute) => ({ days, fromMinute, toMinute: fromMinute + open })),
      ...(first > 0 ? [{ days: [1, 2, 3, 4, 5], fromMinute: 0, toMinute: first }] : []),
      ...(end < 1440 ? [{ days: [1, 2, 3, 4, 5], fromMinute: end, toMinute: 1440 }] : []),
    ],
  };
}

function changed(random: Random, figures: FleetFigures): FleetFigures {
  return {
    ...figures,
    accounts: random.chance(0.2) ? Math.min(4, figures.accounts + 1) : figures.accounts,
    memoryMb: random.chance(0.4) ? random.pick([512, 1024, 2048]) : figures.memoryMb,
    dashboard: random.chance(0.25) ? random.pick(['perTarget', 'shared']) : figures.dashboard,
  };
}

function stepOf(random: Random, { figures, release }: { readonly figures: FleetFigures; readonly release: number }): RolloutStep {
  const many = (most: number, one: () => TimedFault) => Array.from({ length: random.int(1, most) }, one);
  // Now and then all that it takes for a way back, and for one that fails.
  const redAt = random.int(3, 40);
  const back = random.chance(0.12)
    ? [{ kind: 'red' as const, target: random.chance(0.5) ? null : random.int(0, 3), from: redAt, until: redAt + random.int(8, 60) }]
    : [];
  const blocked = back.length > 0 && random.chance(0.4) ? [backFails(random, redAt)] : [];
  return {
    kind: 'forward',
    // Now and then the same release again: only settings differ, or nothing.
    release: random.chance(0.85) ? release : 0,
    figures,
    faults: [...blocked, ...(random.chance(0.4) ? many(2, () => faultOf(random)) : [])],
    troubles: [...back, ...(random.chance(0.4) ? Array.from({ length: random.int(1, 3) }, () => troubleOf(random)) : [])],
    mishaps: random.chance(0.55) ? tornOnce(Array.from({ length: random.int(1, 3) }, () => mishapOf(random))) : [],
    deeds: random.chance(0.45) ? Array.from({ length: random.int(1, 4) }, () => deedOf(random)) : [],
    acceptsRed: random.chance(0.6),
    waitSeconds: random.chance(0.7) ? null : random.int(0, 60),
  };
}

function backFails(random: Random, from: number): TimedFault {
  const kind = random.pick(['update-fails', 'hang', 'throttle', 'delete-fails', 'crash'] as const);
  return { fault: { target: random.pick(['regional/**', 'regional/200000000001/*']), kind, phase: 'rollback' }, from, until: TROUBLES_END };
}

function faultOf(random: Random): TimedFault {
  const target = random.pick([
    '**',
    'regional/**',
    'foundation/**',
    'observability/**',
    `regional/20000000000${random.int(1, 3)}/*`,
    'regional/*/eu-west-1',
    'regional/*/us-east-1',
  ]);
  const kind = random.pick(FAULTS);
  const from = random.chance(0.5) ? 0 : random.int(0, 60);
  return {
    fault: {
      target,
      kind,
      ...(kind === 'slow' ? { seconds: random.int(1, 40) } : {}),
      ...(random.chance(0.2) ? { phase: random.pick(['forward', 'rollback']) } : {}),
      ...(random.chance(0.3) ? { on: random.pick(['aws:lambda/function:Function', 'aws:lambda/alias:Alias', 'aws:iam/role:Role']) } : {}),
    },
    from,
    until: Math.min(TROUBLES_END, from + random.pick([2, 10, 60, 400])),
  };
}

function troubleOf(random: Random): Trouble {
  const from = random.chance(0.25) ? 0 : random.int(0, 150);
  return {
    kind: random.pick([
      ...(['red', 'red', 'red', 'red', 'unreadable', 'no-traffic', 'no-data', 'missing-alarm'] as const),
      ...(['engine-locked', 'engine-throws', 'inspect-fails', 'inspect-fails'] as const),
    ]),
    target: random.chance(0.7) ? random.int(0, 11) : null,
    from,
    until: Math.min(TROUBLES_END, from + random.pick([3, 15, 60, 400])),
  };
}

function mishapOf(random: Random): Mishap {
  const kind = random.pick(MISHAPS);
  const isWrite = kind.includes('write') || kind.startsWith('disk');
  return {
    kind,
    // Early ones strike a recovery.
    nth: random.chance(0.3) ? random.int(1, 8) : random.int(1, isWrite ? 40 : kind === 'killed-in-engine' ? 30 : 500),
    seconds: random.pick([2, 10, 20, 60]),
    elsewhere: random.chance(0.5),
  };
}

/** Two segments cut short one behind the other are refused as damage. */
function tornOnce(mishaps: readonly Mishap[]): readonly Mishap[] {
  const first = mishaps.findIndex(({ kind }) => kind === 'write-torn');
  return mishaps.map((mishap, index) => (mishap.kind === 'write-torn' && index !== first ? { ...mishap, kind: 'write-lost' } : mishap));
}

function deedOf(random: Random): Deed {
  const at = random.int(0, 150);
  const kind = random.pick([
    ...(['approve', 'approve', 'approve-red', 'approve-stale', 'approve-expired', 'pause', 'pause', 'resume'] as const),
    ...(['abort', 'limits', 'limits', 'second-controller', 'clock-jump'] as const),
  ]);
  return { at, kind, twice: random.chance(0.3), amount: random.int(0, 3) };
}
