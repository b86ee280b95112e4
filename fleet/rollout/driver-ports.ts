import type { TargetRecord } from '../plan/target-record';
import type { Clock, Engine, Gates, ReleaseHandle, Reporter } from '../ports';

import type { LimitChange, RolloutEvent } from './state';

/** One thing a rollout writes down. */
export type RolloutEntry = { readonly event: RolloutEvent } | { readonly record: TargetRecord };

/** Where a rollout writes; what is appended in one call is kept together, and durable when it resolves. Rejects for ever once it failed. */
export interface RolloutJournal {
  append(entries: readonly RolloutEntry[]): Promise<void>;
}

interface Asked {
  readonly id: string;
  readonly by: string;
  /** Whose part of the inbox it came through. @default it was written down by who asks */
  readonly from?: string | undefined;
}

/** What another process asks of the rollout. */
export type RolloutRequest =
  | (Asked & {
      readonly type: 'approve';
      readonly wave: string | null;
      readonly acceptRed: boolean;
      readonly planDigest: string;
      readonly expiresAt: string;
    })
  | (Asked & { readonly type: 'pause' | 'resume' })
  | (Asked & { readonly type: 'abort'; readonly reason: string })
  | (Asked & { readonly type: 'limits'; readonly limits: LimitChange });

/** What the local driver carries commands out with. */
export interface DriverPorts {
  readonly engine: Engine;
  readonly gates: Gates;
  readonly clock: Clock;
  readonly reporter: Reporter;
  readonly journal: RolloutJournal;
  /** A kept release by its digest. Throws where it is gone. */
  readonly releaseOf: (digest: string) => ReleaseHandle;
  /** Requests of other processes, oldest first, but those whose ids are known. */
  readonly requests: (known: ReadonlySet<string>) => Promise<readonly RolloutRequest[]>;
  /** Asked before an effect: resolves while this is the fleet's controller for certain, rejects where it is not any more. */
  readonly confirm: () => Promise<void>;
  readonly signals: DriverSignals;
}

/** What ends a driver from outside. */
export interface DriverSignals {
  /** The first Ctrl-C: nothing further starts, what runs is let finish. */
  readonly drain: AbortSignal;
  /** The second one: what runs is stopped. */
  readonly cancel: AbortSignal;
  /** The lease is gone: another controller has taken over. */
  readonly lost: AbortSignal;
}

/** How patient a driver is. */
export interface DriverOptions {
  /** The rollout's id: part of every attempt's. */
  readonly rollout: string;
  /** Seconds to stay when only waiting is left; null: through any bake and window, and not at all for a person. */
  readonly waitSeconds: number | null;
  /** Who began it, where this does. @default nobody knows */
  readonly by?: string;
  /** Seconds between two looks at the requests. */
  readonly requestSeconds: number;
}
