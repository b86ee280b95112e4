import type { Limits } from '../../fleet/config/fleet-config';

import type { FleetFigures, WaveFigures } from './fleet-model';
import type { RolloutStep, Scenario } from './scenario';

/** Limits that hold nothing back and let nothing fail. */
export const wideLimits: Limits = {
  ...{ maxConcurrent: { kind: 'count', value: 50 }, perAccount: 4, perRegion: null, mode: 'soft', targetTimeoutSeconds: 60 },
  failureTolerance: { kind: 'count', value: 0 },
};

/** A first rollout in which nothing goes wrong; `over` changes what it says. */
export function calmScenario(
  { accounts, regions }: Pick<FleetFigures, 'accounts' | 'regions'>,
  over: { readonly figures?: Partial<FleetFigures>; readonly step?: Partial<RolloutStep>; readonly scenario?: Partial<Scenario> } = {},
): Scenario {
  const figures: FleetFigures = {
    ...{ accounts, regions, limits: wideLimits, waves: [{ ...quietWave('all'), limits: wideLimits, spread: false }], rollback: 'wave' },
    ...{ traffic: null, windows: null, memoryMb: 1024, dashboard: 'perTarget' },
    ...over.figures,
  };
  const step: RolloutStep = {
    ...{ kind: 'forward', release: 0, figures, faults: [], troubles: [], mishaps: [], deeds: [], acceptsRed: true, waitSeconds: null },
    ...over.step,
  };
  return {
    seed: 0,
    start: Date.UTC(2026, 2, 20),
    storeLatency: 0,
    established: false,
    forgotten: false,
    rollouts: [step],
    ...over.scenario,
  };
}

/** A wave that waits for nothing. */
export function quietWave(name: string): Omit<WaveFigures, 'limits'> {
  return { name, pick: null, bakeSeconds: 0, minOrders: 0, countSynthetic: false, approval: false, spread: true };
}
