import type { Fault } from '../../sandbox/organization';

import type { FleetFigures } from './fleet-model';

/** A fault that strikes while it lasts; seconds since its rollout began. */
export interface TimedFault {
  readonly fault: Pick<Fault, 'target' | 'kind'> & Partial<Fault>;
  readonly from: number;
  readonly until: number;
}

/** What ails the health of some targets, or the engine that works on them, for a time; seconds since the rollout began. */
export interface Trouble {
  readonly kind: 'red' | 'unreadable' | 'no-traffic' | 'no-data' | 'missing-alarm' | 'engine-locked' | 'engine-throws' | 'inspect-fails';
  /** A target of the fleet by its place in the list; null: all of them. */
  readonly target: number | null;
  readonly from: number;
  readonly until: number;
}

/** What befalls controllers: nth writes and waits are counted from the beginning of each process. */
export interface Mishap {
  readonly kind:
    | 'killed'
    | 'write-lost'
    | 'write-torn'
    | 'killed-after-write'
    | 'disk-full'
    | 'disk-full-after-write'
    | 'killed-in-engine'
    | 'stopped'
    | 'interrupted'
    | 'cancelled';
  /** Strikes at the nth chance of this process. */
  readonly nth: number;
  /** For `stopped`: how long. */
  readonly seconds: number;
  /** The next controller runs on another host: it cannot see that this one is gone. */
  readonly elsewhere: boolean;
}

/** What somebody does; seconds since the rollout began. */
export interface Deed {
  readonly at: number;
  readonly kind:
    | 'approve'
    | 'approve-red'
    | 'approve-stale'
    | 'approve-expired'
    /** Names the last configured wave, whatever waits. */
    | 'approve-ahead'
    | 'pause'
    | 'resume'
    | 'abort'
    | 'limits'
    | 'second-controller'
    | 'clock-jump'
    | 'account-leaves';
  readonly twice: boolean;
  /** For limits, a clock jump and the like. */
  readonly amount: number;
}

/** One rollout of a scenario. */
export interface RolloutStep {
  readonly kind: 'forward' | 'rollback' | 'redeploy' | 'destroy' | 'repair';
  /** Of those that stand, the share that a destroy or a repair takes. @default all */
  readonly share?: number;
  readonly release: number;
  readonly figures: FleetFigures;
  readonly faults: readonly TimedFault[];
  readonly troubles: readonly Trouble[];
  /** The first for the first controller, and so on; more controllers than these are left alone. */
  readonly mishaps: readonly Mishap[];
  readonly deeds: readonly Deed[];
  /** Whoever answers a waiting rollout accepts what is red, too. */
  readonly acceptsRed: boolean;
  readonly waitSeconds: number | null;
}

/** Everything that happens in one simulated run, but for the order of what happens at one instant. Plain data of a seed. */
export interface Scenario {
  readonly seed: number;
  /** Milliseconds of the epoch at which it begins. */
  readonly start: number;
  readonly storeLatency: number;
  /** A first rollout has deployed everything already. */
  readonly established: boolean;
  /** What the fleet knew was lost since: it stands all the same. */
  readonly forgotten: boolean;
  readonly rollouts: readonly RolloutStep[];
}

/** Troubles and mishaps are over by then, for good: what is left then must come to an end. Seconds since a rollout began. */
export const TROUBLES_END = 400;
