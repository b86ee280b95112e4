import { roundSeconds } from '../../contracts/duration';
import { FleetError, userError } from '../errors';
import type { Clock, ObjectStore } from '../ports';

import { BEAT_MS, EXPIRY_MS, HeldLease } from './held-lease';
import { holderName, readVersioned, writeLease, type LeaseHolder, type LeaseState } from './lease-state';
import type { ProcessIdentity } from './process-identity';

export { holderName, readLease, type LeaseHolder, type LeaseState } from './lease-state';

/** The right to change a fleet; one controller has it at a time. */
export interface Lease {
  /** Higher than that of every holder before. */
  readonly epoch: number;
  /** Aborts, with a `fleet/fenced` as its reason, when another one has taken over or when that can no longer be ruled out. */
  readonly lost: AbortSignal;
  /**
   * To be asked before an effect: a process that was stopped for long wakes in the middle of anything. Resolves at once while the last beat
   * is young, else when it has been renewed; rejects with `fleet/fenced` where the lease is lost.
   */
  confirm(): Promise<void>;
  /** Says which rollout it drives from here on: others bring their requests to that one's inbox. Rejects as {@link confirm}. */
  drive(rollout: string): Promise<void>;
  /** Lets the next one have it at once. Never rejects: a lease that cannot be released expires. */
  release(): Promise<void>;
}

/** Whose process a holder is, and whether it still lives. */
export interface LeaseWitness {
  readonly clock: Clock;
  /** This process. */
  readonly identity: ProcessIdentity;
  /** Asked of processes of this host only; true where that cannot be known. */
  readonly isAlive: (process: ProcessIdentity) => boolean;
}

/** How a lease is taken. */
export interface TakeLeaseOptions extends LeaseWitness {
  readonly verb: string;
  /** Whether to wait for the expiry of a holder that gives no sign of life. */
  readonly wait: boolean;
  /** The rollout that it drives from the beginning. @default none */
  readonly rollout?: string;
  /** The holder that a person has named and wants to be followed, as {@link holderName}: it is waited for, and nobody else is. */
  readonly takeOver?: string | undefined;
  /** Told once, before the wait; `until` is when the lease expires unless its holder beats again. */
  readonly onWait?: (holder: LeaseHolder, until: Date) => void;
  /** Ends the wait: rejects with its reason. */
  readonly signal?: AbortSignal;
}

/**
 * Takes the lease, under an epoch of its own. One that was released, whose holder was a process of this host that has ended, or whose last
 * beat is older than 15 s is there to be taken; any other is refused with `fleet/locked`. With `wait`, its expiry is waited for first, and
 * it is refused only when its holder beats meanwhile, as one that lives does every 3 s.
 *
 * Assumption: clocks of hosts differ by seconds at most. The clock of a holder that is ahead makes the wait no longer, since 15 s without a
 * beat are enough whatever it wrote. One that is 15 s behind would lose its lease while it lives; it learns so with its next beat, and its
 * next journal segment is refused.
 */
export async function takeLease(store: ObjectStore, options: TakeLeaseOptions): Promise<Lease> {
  const { clock, identity, verb, rollout = null, takeOver, onWait, signal } = options;
  const wait = options.wait || takeOver !== undefined;
  let watched: { readonly version: string; readonly until: number } | undefined;
  for (;;) {
    signal?.throwIfAborted();
    const found = await readVersioned(store);
    const now = clock.now().getTime();
    const isQuiet = watched !== undefined && watched.version === found?.version;
    if (!found || !isHeld(found.lease, options) || (watched && isQuiet && now >= watched.until)) {
      const at = new Date(now).toISOString();
      const holder: LeaseHolder = { ...identity, verb, since: at, rollout };
      const lease: LeaseState = { epoch: (found?.lease.epoch ?? 0) + 1, holder, beatAt: at, released: false };
      const version = await writeLease(store, lease, found?.version ?? null);
      if (version !== undefined) return new HeldLease(store, { clock, lease, version });
      continue; // Another one was quicker: it lives.
    }
    const { holder } = found.lease;
    if (takeOver !== undefined && takeOver !== holderName(holder))
      throw userError(
        'another-holder',
        `--take-over ${takeOver}: the fleet is held by ${holder.verb}, ${holderName(holder)}; name that one`,
      );
    if (!wait || (watched && !isQuiet)) throw lockedError(found.lease, now);
    if (!watched) {
      watched = { version: found.version, until: Math.min(Date.parse(found.lease.beatAt), now) + EXPIRY_MS };
      onWait?.(holder, new Date(watched.until));
    }
    await clock.sleep(Math.min(BEAT_MS, watched.until - now), signal);
  }
}

/** Whether a lease is its holder's still, as far as can be seen from here. */
export function isHeld(lease: LeaseState, { clock, identity, isAlive }: LeaseWitness): boolean {
  if (lease.released) return false;
  if (lease.holder.host === identity.host && !isAlive(lease.holder)) return false;
  return clock.now().getTime() < Date.parse(lease.beatAt) + EXPIRY_MS;
}

/** `fleet/locked`: who holds the lease, for how long, and what to do. `now` in milliseconds. */
export function lockedError({ holder, beatAt }: LeaseState, now: number): FleetError {
  const age = (since: string) => `${Math.max(0, Math.round((now - Date.parse(since)) / 1000))} s`;
  const who = `fleet is locked by ${holder.verb} (pid ${holder.pid} on ${holder.host} since ${holder.since}, for ${age(holder.since)}, last heard of ${age(beatAt)} ago)`;
  const ahead = aheadSeconds(beatAt, now);
  return new FleetError(
    'fleet/locked',
    ahead === 0
      ? `${who}: wait for it, or end that process`
      : `${who}, and its clock was ${roundSeconds(ahead)} ahead of this one, so that it does not expire before then: once that process has ended, fleet resume --take-over ${holderName(holder)} goes on without it`,
  );
}

/** By how much a holder's clock is ahead of this one, in seconds; 0 where that is no more than clocks differ by. */
function aheadSeconds(beatAt: string, now: number): number {
  const ahead = Date.parse(beatAt) - now;
  return ahead > EXPIRY_MS ? Math.round(ahead / 1000) : 0;
}
