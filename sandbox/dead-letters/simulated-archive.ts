import { readArchiveKey } from '../../contracts/dead-letter';
import { diskLogs, type AppendLog, type OpenLog } from '../append-log';
import type { ConditionsLog } from '../metrics/conditions-log';
import { readOrderPaths, type OrderPath } from '../metrics/order-path';
import { segmentsOf } from '../metrics/segments';
import type { Place } from '../resource-type';
import type { SimulatedClock } from '../simulated-clock';
import { computeTokens } from '../types/common/compute-tokens';
import { readJsonObject, readText } from '../types/common/property-readers';
import { queueOfUrl } from '../types/common/queue-url';
import type { World } from '../world';

import { fateOf, letterTimes, type Attempts } from './letter-times';
import { simulatedLetter, type SimulatedLetter } from './simulated-letter';

/** What the archive is simulated from. */
export interface SimulatedArchiveOptions {
  /** Id of the target whose archive it is. */
  readonly target: string;
  readonly place: Place;
  readonly bucket: string;
  readonly world: World;
  readonly log: ConditionsLog;
  readonly clock: SimulatedClock;
  /** File that keeps what was done to it. */
  readonly path: string;
  /** @default files */
  readonly openLog?: OpenLog;
}

/** Object tags. */
export type ObjectTags = Readonly<Record<string, string>>;

/** A message as it was put on the order queue. `at` is in real milliseconds. */
interface Sent {
  readonly at: number;
  readonly body: string;
  readonly redrives: number;
}

type Entry = { readonly sent: Sent } | { readonly tagged: { readonly key: string; readonly tags: ObjectTags } };

/**
 * The dead letters of a simulated target: what its metrics count as archived, and what came back of what was sent again. Only what a person
 * did is kept, tags and messages; letters follow from that and from what was planted, and are the same whenever they are looked at.
 */
export class SimulatedArchive {
  readonly #options: SimulatedArchiveOptions;
  /** Only ever reads: each write opens the file anew, as another process may have written. */
  readonly #reader: AppendLog<Entry>;
  #sent: Sent[] = [];
  readonly #tags = new Map<string, ObjectTags>();
  #letters: ReadonlyMap<string, SimulatedLetter> = new Map();

  constructor(options: SimulatedArchiveOptions) {
    this.#options = options;
    this.#reader = this.#open();
  }

  /** Every letter until now, in the order of keys; undefined where there is no such bucket. */
  list(): readonly SimulatedLetter[] | undefined {
    const { world, bucket, place } = this.#options;
    if (!world.find(computeTokens.bucket, bucket, place)) return undefined;
    this.#readNew();
    const letters = this.#derive().sort((left, right) => (left.key < right.key ? -1 : 1));
    this.#letters = new Map(letters.map((letter) => [letter.key, letter]));
    return letters;
  }

  /** One of the letters that were listed, or of those since; undefined where there is none. */
  find(key: string): SimulatedLetter | undefined {
    if (readArchiveKey(key) === undefined) return undefined;
    return this.#letters.get(key) ?? this.list()?.find((letter) => letter.key === key);
  }

  /** Tags of a letter's object. */
  tags(key: string): ObjectTags {
    this.#readNew();
    return this.#tags.get(key) ?? {};
  }

  /** Puts these tags in place of those that are there. Durable when it returns. */
  tag(key: string, tags: ObjectTags): void {
    this.#open().append({ tagged: { key, tags } });
  }

  /** Puts a message on the order queue; false where there is no such queue. Durable when it returns. */
  send(queueUrl: string, message: Omit<Sent, 'at'>): boolean {
    const { world, place, clock } = this.#options;
    if (!queueOfUrl(queueUrl, place, world)) return false;
    this.#open().append({ sent: { at: clock.realNow(), ...message } });
    return true;
  }

  #open(): AppendLog<Entry> {
    return (this.#options.openLog ?? diskLogs())<Entry>(this.#options.path);
  }

  #readNew(): void {
    const { entries, fromStart } = this.#reader.readNew();
    if (fromStart) {
      this.#sent = [];
      this.#tags.clear();
    }
    for (const entry of entries) {
      if ('sent' in entry) this.#sent.push(entry.sent);
      else this.#tags.set(entry.tagged.key, entry.tagged.tags);
    }
  }

  #derive(): SimulatedLetter[] {
    const { world, log, clock, place, target } = this.#options;
    const toSimulated = (milliseconds: number) => clock.secondsBetween(0, milliseconds);
    const toReal = (seconds: number) => Math.round((seconds * 1000) / clock.scale);
    const path = readOrderPaths(world, { place, toSimulated }).find((one) => one.target === target);
    // Where no dead-letter function takes them they stay in their queue.
    if (!path?.deadLetters) return [];
    const now = toSimulated(clock.realNow());
    const segments = segmentsOf(path, { log, deployment: world.deployment({ id: target, account: place.account }), toSimulated });
    const attempts = this.#attempts(path);
    const lasted = attempts.count * attempts.apart;
    const letters: SimulatedLetter[] = [];
    for (const at of letterTimes(segments, now)) {
      const times = { sentAt: toReal(at - lasted), archivedAt: toReal(at), receives: attempts.count };
      letters.push(simulatedLetter({ identity: `${target} ${at}`, ...times }));
    }
    this.#sent.forEach(({ at: sentAt, ...redriven }, index) => {
      const fate = fateOf(toSimulated(sentAt), { attempts, segments, now });
      if (fate.kind !== 'dead') return;
      const times = { sentAt, archivedAt: toReal(fate.at), receives: attempts.count };
      letters.push(simulatedLetter({ identity: `${target} sent ${index}`, ...times, redriven }));
    });
    return letters;
  }

  #attempts(path: OrderPath): Attempts {
    const { world, place } = this.#options;
    const outputs = world.find(computeTokens.queue, path.orderQueue, place)?.outputs ?? {};
    const { maxReceiveCount } = readJsonObject(readText(outputs, 'redrivePolicy') ?? '') ?? {};
    return { count: Number(maxReceiveCount), apart: Number(outputs.visibilityTimeoutSeconds) };
  }
}
