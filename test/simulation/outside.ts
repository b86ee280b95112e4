import type { TargetId } from '../../contracts/target';
import type { Violation } from '../invariants/journal-lines';
import { FleetStore } from '../../fleet/state/fleet-store';
import { KnownSegments } from '../../fleet/state/known-segments';
import { MemoryObjects } from '../../fleet/state/memory-objects';

import { Coverage } from './coverage';
import type { HealthScript } from './health-script';
import { Looks } from './looks';
import { Random } from './random';
import type { Mishap, RolloutStep, Scenario } from './scenario';
import { SimulatedDisk } from './simulated-disk';
import type { WallClock } from './simulated-process';
import { VirtualTime } from './virtual-time';

/** What a fleet keeps, and what stands in its accounts. */
export interface Kept {
  readonly bodies: ReadonlyMap<string, string>;
  readonly disk: SimulatedDisk;
}

/** What store writes are looked at with: gives what is stored of a body, or throws. */
export type LookAtWrite = (key: string, body: string) => string | null;

/** All that processes of a simulation share, and what is noted of them. */
export class Outside {
  readonly scenario: Scenario;
  readonly random: Random;
  readonly time: VirtualTime;
  readonly wall: WallClock;
  readonly disk: SimulatedDisk;
  readonly objects: MemoryObjects;
  readonly store: FleetStore;
  readonly coverage = new Coverage();
  readonly violations: Violation[] = [];
  readonly trace: string[] = [];
  /** Whether a process lives, by its start. */
  readonly living = new Map<string, boolean>();
  /** What engines were asked for and have done, whether their controllers learned of it or not; but for attempts that were given up before. */
  readonly succeeded = new Set<string>();
  /** Accounts that have left the organisation since the rollout at hand was planned. */
  readonly departed = new Set<string>();
  /** Targets of the rollout at hand in which an engine began an operation that goes forward, whatever came of it. */
  readonly operated = new Set<TargetId>();
  readonly looks = new Looks();
  /** Of journals, as whoever checks them has read them. */
  readonly known = new KnownSegments();
  /** Requests of the rollout at hand. */
  readonly posted: string[] = [];
  /** Writes that are told to have failed once they are there. */
  readonly failing = new Set<string>();
  /** Looks at the write that is being made. */
  lookAtWrite: LookAtWrite | null = null;
  script: HealthScript = { began: 0, troubles: [], targets: [] };
  step: RolloutStep | undefined;
  pids = 0;
  host = 'host-a';
  #messages = 0;

  constructor(scenario: Scenario, kept: Kept | null) {
    this.scenario = scenario;
    this.disk = new SimulatedDisk(kept?.disk ?? null);
    this.random = new Random(scenario.seed ^ 0x5eed);
    this.time = new VirtualTime(this.random.fork());
    this.wall = { time: this.time, start: scenario.start, offset: 0 };
    this.objects = new MemoryObjects({
      ...(kept ? { objects: kept.bodies } : {}),
      onWrite: (key, body) => (this.lookAtWrite ? this.lookAtWrite(key, body) : body),
      onWritten: (key) => {
        if (this.failing.delete(key)) throw new Error('EIO: i/o error, fsync');
      },
    });
    this.store = new FleetStore(this.objects, { directory: '/simulated', fleet: 'orders' });
  }

  /** A mishap happens. */
  strike(mishap: Mishap): void {
    this.coverage.hit(`mishap ${mishap.kind}`);
    this.note(`mishap: ${mishap.kind}`);
  }

  /** Something that must never be. */
  no(invariant: string, message: string): void {
    this.violations.push({ invariant, at: `${this.time.elapsed} ms`, message });
  }

  note(what: string): void {
    this.trace.push(`${(this.time.elapsed / 1000).toFixed(3)} ${what}`);
  }

  messageId(): string {
    this.#messages += 1;
    return `message-${String(this.#messages).padStart(6, '0')}`;
  }

  /** Milliseconds of the epoch by a clock that nobody sets. */
  trueNow(): number {
    return this.scenario.start + this.time.elapsed;
  }

  /** Seconds since the rollout at hand began. */
  sinceBegan(): number {
    return (this.trueNow() - this.script.began) / 1000;
  }

  /** By the clocks that people set. */
  isoIn(seconds: number): string {
    return new Date(this.wall.start + this.time.elapsed + this.wall.offset + seconds * 1000).toISOString();
  }
}
