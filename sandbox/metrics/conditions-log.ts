import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';

import { diskLogs, type OpenLog } from '../append-log';
import { faultMatches, lastingFaultKinds, type Fault, type Organization, type TrafficRule } from '../organization';

/** What an organization.yaml plants that lasts, from an instant on until the next one's. */
export interface Conditions {
  /** Real milliseconds; the first ones hold for all time before as well. */
  readonly from: number;
  readonly traffic: readonly TrafficRule[];
  readonly faults: readonly Fault[];
}

/** A time in which a lasting fault stood without a break, in real milliseconds. */
export interface StandingTime {
  readonly fault: Fault;
  readonly from: number;
  readonly until: number;
}

/** What the log is made of. */
export interface ConditionsLogOptions {
  readonly path: string;
  /** Fingerprints promoted so far; a fault with `release: new` spares those there are when it is first read. */
  readonly promoted: () => readonly string[];
  /** @default files */
  readonly openLog?: OpenLog;
}

type Entry = Conditions | { readonly read: string; readonly spares: readonly string[] };

/**
 * What organization.yaml has planted, and when. Kept, so that an alarm that fired and cleared is still known after a restart; what stood
 * while nobody asked is not known.
 */
export class ConditionsLog {
  readonly #options: ConditionsLogOptions;
  #conditions: readonly Conditions[] = [];
  readonly #spares = new Map<string, ReadonlySet<string>>();
  readonly #standing = new Map<Fault['kind'], readonly StandingTime[]>();
  #noted: Organization | undefined;

  constructor(options: ConditionsLogOptions) {
    this.#options = options;
  }

  /** Every condition so far, oldest first. */
  get history(): readonly Conditions[] {
    return this.#conditions;
  }

  /**
   * Notes what the organisation plants at an instant; nothing is written where it is the same as before. What is new in it has stood since it
   * was written; what is gone stood until now, when that is seen.
   */
  note(organization: Organization, now: number, { writtenAt = now }: { readonly writtenAt?: number | undefined } = {}): void {
    if (organization === this.#noted) return;
    // Opened anew each time: changes are rare, and another process may have noted this one already.
    const log = (this.#options.openLog ?? diskLogs())<Entry>(this.#options.path);
    const conditions: Conditions[] = [];
    for (const entry of log.read()) {
      if ('from' in entry) conditions.push(entry);
      else this.#spares.set(entry.read, new Set(entry.spares));
    }
    const faults = organization.faults.filter(({ kind }) => lastingFaultKinds.some((lasting) => lasting === kind));
    for (const key of faults.filter(({ release }) => release === 'new').map(keyOf)) {
      if (this.#spares.has(key)) continue;
      const spares = this.#options.promoted();
      log.append({ read: key, spares });
      this.#spares.set(key, new Set(spares));
    }
    const last = conditions.at(-1);
    // As it is kept: what JSON leaves out makes no difference.
    const isMore = last?.faults.every((known) => faults.some((fault) => keyOf(fault) === keyOf(known))) ?? false;
    const from = isMore ? Math.min(writtenAt, now) : now;
    const next = JSON.parse(
      JSON.stringify({ from: Math.max(from, last?.from ?? from), traffic: organization.traffic, faults }),
    ) as Conditions;
    if (!last || !isDeepStrictEqual({ ...next, from: last.from }, last)) {
      log.append(next);
      conditions.push(next);
    }
    this.#conditions = conditions;
    this.#standing.clear();
    this.#noted = organization;
  }

  /** Does a fault of this kind stand now for a target that runs a fingerprint. */
  stands(kind: Fault['kind'], at: { readonly target: string; readonly fingerprint: string | undefined }): boolean {
    return (this.#conditions.at(-1)?.faults ?? []).some((fault) => fault.kind === kind && this.strikes(fault, at));
  }

  /** Is a fault meant for a target that runs a fingerprint. */
  strikes(fault: Fault, { target, fingerprint }: { readonly target: string; readonly fingerprint: string | undefined }): boolean {
    if (!faultMatches(fault.target, target)) return false;
    return fingerprint === undefined || !this.#spares.get(keyOf(fault))?.has(fingerprint);
  }

  /** Every time in which a fault of a kind stood, oldest first; `until` is infinite where it still does. */
  standingTimes(kind: Fault['kind']): readonly StandingTime[] {
    const known = this.#standing.get(kind) ?? this.#findStandingTimes(kind);
    this.#standing.set(kind, known);
    return known;
  }

  #findStandingTimes(kind: Fault['kind']): readonly StandingTime[] {
    const times: StandingTime[] = [];
    let open = new Map<string, StandingTime>();
    this.#conditions.forEach(({ faults }, index) => {
      const from = index === 0 ? -Infinity : (this.#conditions[index]?.from ?? 0);
      const still = new Map<string, StandingTime>();
      for (const fault of faults.filter((one) => one.kind === kind)) {
        still.set(keyOf(fault), open.get(keyOf(fault)) ?? { fault, from, until: Infinity });
      }
      for (const [key, time] of open) if (!still.has(key)) times.push({ ...time, until: from });
      open = still;
    });
    return [...times, ...open.values()];
  }
}

function keyOf(fault: Fault): string {
  return createHash('sha256').update(JSON.stringify(fault)).digest('hex').slice(0, 16);
}
