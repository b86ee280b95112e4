import { messageOf } from '../errors';
import type { Clock, ObjectStore } from '../ports';

import { fenced } from './fenced';
import type { Lease } from './lease';
import { readVersioned, writeLease, type LeaseState } from './lease-state';

/** A holder beats this often. */
export const BEAT_MS = 3_000;
/** So long after a beat, a lease is another one's to take. */
export const EXPIRY_MS = 15_000;

/** A lease that this process has taken: beats until it is released or lost. */
export class HeldLease implements Lease {
  readonly epoch: number;
  readonly #store: ObjectStore;
  readonly #clock: Clock;
  readonly #lost = new AbortController();
  readonly #stop = new AbortController();
  readonly #beating: Promise<void>;
  #lease: LeaseState;
  #version: string;
  #renewing: Promise<void> | undefined;
  #released: Promise<void> | undefined;

  constructor(store: ObjectStore, options: { readonly clock: Clock; readonly lease: LeaseState; readonly version: string }) {
    this.#store = store;
    this.#clock = options.clock;
    this.#lease = options.lease;
    this.#version = options.version;
    this.epoch = options.lease.epoch;
    this.#beating = this.#beat();
  }

  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  async confirm(): Promise<void> {
    const age = this.#age();
    // A clock that was set back tells nothing of how long ago that was.
    if (!this.lost.aborted && (age >= EXPIRY_MS || age < 0)) await this.#renew();
    this.lost.throwIfAborted();
  }

  async drive(rollout: string): Promise<void> {
    await this.#renewing;
    this.#lease = { ...this.#lease, holder: { ...this.#lease.holder, rollout } };
    await this.#renew();
    this.lost.throwIfAborted();
  }

  release(): Promise<void> {
    this.#released ??= this.#letGo();
    return this.#released;
  }

  async #beat(): Promise<void> {
    while (!this.lost.aborted) {
      try {
        await this.#clock.sleep(BEAT_MS, this.#stop.signal);
      } catch {
        return; // Released.
      }
      if (this.#stop.signal.aborted) return;
      await this.#renew();
    }
  }

  /** Never rejects; one at a time, as each stands on the version before. */
  #renew(): Promise<void> {
    this.#renewing ??= this.#writeBeat().finally(() => {
      this.#renewing = undefined;
    });
    return this.#renewing;
  }

  async #writeBeat(): Promise<void> {
    const lease = { ...this.#lease, beatAt: this.#clock.now().toISOString() };
    try {
      const version = await writeLease(this.#store, lease, this.#version);
      if (version === undefined) return await this.#lookAgain();
      this.#lease = lease;
      this.#version = version;
    } catch (cause) {
      if (this.#age() >= EXPIRY_MS)
        this.#lost.abort(fenced(`its lease could not be renewed for ${EXPIRY_MS / 1000} s: ${messageOf(cause)}`));
    }
  }

  /** Another version is there. It is this one's own where a write was reported as failed and had been made. */
  async #lookAgain(): Promise<void> {
    const found = await readVersioned(this.#store);
    if (found?.lease.epoch !== this.epoch) {
      const { verb, pid, host } = found?.lease.holder ?? { verb: 'nobody', pid: 0, host: 'nowhere' };
      this.#lost.abort(fenced(found ? `${verb}, pid ${pid} on ${host}, epoch ${found.lease.epoch}` : 'the lease is gone'));
      return;
    }
    this.#lease = found.lease;
    this.#version = found.version;
  }

  async #letGo(): Promise<void> {
    this.#stop.abort();
    await this.#beating;
    await this.#renewing;
    // Where another one has taken over, this replaces nothing.
    await writeLease(this.#store, { ...this.#lease, released: true }, this.#version).catch(() => undefined);
  }

  /** Milliseconds since the last beat that was written. */
  #age(): number {
    return this.#clock.now().getTime() - Date.parse(this.#lease.beatAt);
  }
}
