import { cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';

import type { TargetId } from '../../contracts/target';
import { parseInventory, type Inventory } from '../discovery/inventory';
import { FleetError, userError } from '../errors';
import type { RolloutPlan } from '../plan/rollout-plan';
import type { TargetRecord, TargetRecords } from '../plan/target-record';
import type { ObjectStore, ReleaseHandle } from '../ports';

import { fenced } from './fenced';
import { FolderObjects } from './folder-objects';
import { openJournal, readJournal, type JournalWriter, type OpenJournal, type ReadJournal } from './journal';
import type { JournalEntry } from './journal-entry';
import { planBody, planFrom } from './kept-plan';
import { KnownSegments } from './known-segments';
import { mayNotWrite } from './may-not-write';
import { passingFolder } from './passing-folder';
import { ReleaseObjects } from './release-objects';
import { sealJson, unsealJson } from './sealed';

/** A rollout as kept: its plan and all that happened. */
export interface KeptRollout extends ReadJournal<JournalEntry> {
  readonly id: string;
  readonly plan: RolloutPlan;
}

interface RecordSnapshot {
  /** The last rollout whose records are in here; later journals hold newer ones. */
  readonly through: string | null;
  readonly records: readonly TargetRecord[];
}

const OWNER = 'fleet.json';
const INVENTORY = 'inventory.json';
const RECORDS = 'records.json';
/** Plans of rollouts that have begun, by rollout. Apart from their journals: the ids are listed without walking those. */
const BEGUN = 'begun';
const VERSION = 1;

/** Opens a fleet's state folder; nothing is written. Throws `user/state-of-another-fleet` for a folder that is another fleet's. */
export async function openFleetStore(directory: string, fleet: string): Promise<FleetStore> {
  const store = new FleetStore(new FolderObjects(directory), { directory, fleet });
  await store.checkOwner();
  return store;
}

/** Where a fleet's state is. */
export interface FleetStoreOptions {
  readonly fleet: string;
  /** For what must be on disk: releases and the simulated organisation. */
  readonly directory: string;
  /** How messages name the state. @default state folder `directory` */
  readonly location?: string;
  /** Releases are kept among the objects as well: other machines have another directory. */
  readonly sharesReleases?: boolean;
}

/** The fleet's state: inventory, plans, rollouts with their journals, records, in an object store; releases and sandbox as folders. */
export class FleetStore {
  readonly directory: string;
  /** For the lease, the inboxes and the journals. */
  readonly objects: ObjectStore;
  readonly #fleet: string;
  readonly #location: string;
  #sharedReleases: ReleaseObjects | undefined;
  #releases: string;
  readonly #known = new KnownSegments();
  /** Of the records that were read last; null: there were none, or they were not read. */
  #recordsVersion: string | null = null;
  /** The last rollout whose journal is in them. */
  #recordsThrough: string | null = null;

  constructor(objects: ObjectStore, options: FleetStoreOptions) {
    this.objects = objects;
    this.directory = options.directory;
    this.#fleet = options.fleet;
    this.#location = options.location ?? `state folder ${options.directory}`;
    this.#releases = join(options.directory, 'releases');
    this.#sharedReleases = options.sharesReleases === true ? new ReleaseObjects(objects, this.releases) : undefined;
  }

  /** Folder of the releases: another one once some had to be fetched and could not be kept in the first. */
  get releases(): string {
    return this.#releases;
  }

  /** Folder of the simulated organisation. */
  get sandbox(): string {
    return join(this.directory, 'sandbox');
  }

  /** Gives a release of that folder to the other machines that share this state. */
  async shareRelease(release: ReleaseHandle): Promise<ReleaseHandle> {
    await this.#sharedReleases?.keep(release);
    return release;
  }

  /** Brings releases that other machines have kept into that folder, by digests or their beginnings. Errors as {@link ReleaseObjects}'. */
  async fetchReleases(digests: Iterable<string>): Promise<void> {
    const wanted = [...digests];
    try {
      await this.#sharedReleases?.fetch(wanted);
    } catch (error) {
      if (!mayNotWrite(error)) throw error;
      this.#releases = passingCopy(this.#releases);
      this.#sharedReleases = new ReleaseObjects(this.objects, this.#releases);
      await this.#sharedReleases.fetch(wanted);
    }
  }

  /** Throws `user/state-of-another-fleet` where another fleet has claimed this state. */
  async checkOwner(): Promise<void> {
    const found = await this.objects.read(OWNER);
    if (!found) return;
    const owner = unsealJson(found.body, { key: OWNER, version: VERSION });
    if (owner === this.#fleet) return;
    throw userError(
      'state-of-another-fleet',
      `${this.#location} belongs to fleet ${String(owner)}, not ${this.#fleet}: set another \`state\``,
    );
  }

  /** Marks the state as this fleet's; the first write of any verb. */
  async claim(): Promise<void> {
    if (!(await this.objects.create(OWNER, sealJson(VERSION, this.#fleet)))) await this.checkOwner();
  }

  /** The last writer wins: an inventory is only ever what was last seen. */
  async saveInventory(inventory: Inventory): Promise<void> {
    const body = sealJson(VERSION, inventory);
    for (;;) {
      const version = (await this.objects.read(INVENTORY))?.version ?? null;
      if ((await this.objects.replace(INVENTORY, body, version)) !== undefined) return;
    }
  }

  /** The last inventory taken; undefined before the first. */
  async loadInventory(): Promise<Inventory | undefined> {
    const found = await this.objects.read(INVENTORY);
    return found && parseInventory(unsealJson(found.body, { key: INVENTORY, version: VERSION }));
  }

  /** Keeps a plan under its digest. */
  async savePlan(plan: RolloutPlan): Promise<void> {
    await this.objects.create(planKey(plan.digest), planBody(plan));
  }

  /** A plan by its whole digest; undefined where there is none. */
  async loadPlan(digest: string): Promise<RolloutPlan | undefined> {
    const found = await this.objects.read(planKey(digest));
    return found && planFrom(found.body, { key: planKey(digest), digest });
  }

  /** All records: the snapshot, and what later rollouts wrote before they ended or died. */
  async loadRecords(): Promise<TargetRecords> {
    const found = await this.objects.read(RECORDS);
    const snapshot = found && (unsealJson(found.body, { key: RECORDS, version: VERSION }) as RecordSnapshot);
    this.#recordsVersion = found?.version ?? null;
    const records = new Map<TargetId, TargetRecord>((snapshot?.records ?? []).map((record) => [record.target, record]));
    const later = await this.rolloutIds(snapshot?.through ?? undefined);
    this.#recordsThrough = later.at(-1) ?? snapshot?.through ?? null;
    for (const id of later) {
      const { entries } = await readJournal<JournalEntry>(this.objects, this.rolloutPrefix(id), { known: this.#known });
      for (const entry of entries) if ('record' in entry) records.set(entry.record.target, entry.record);
    }
    return records;
  }

  /**
   * Replaces the snapshot that was read last by these records, which hold what the journals up to rollout `through`, and up
   * to the last one when they were read, say: an older rollout that is ended now does not bring the later ones back. Throws `fleet/fenced` where another controller has replaced it since.
   */
  async saveRecords(records: TargetRecords, through: string | null): Promise<void> {
    const read = this.#recordsThrough;
    const snapshot: RecordSnapshot = { through: read !== null && read > (through ?? '') ? read : through, records: [...records.values()] };
    const version = await this.objects.replace(RECORDS, sealJson(VERSION, snapshot), this.#recordsVersion);
    if (version === undefined) throw fenced(`${RECORDS} is not as it was read`);
    this.#recordsVersion = version;
  }

  /** Ids of all rollouts, oldest first: they sort by time. Those after `after` only, where given. */
  async rolloutIds(after?: string): Promise<readonly string[]> {
    const keys = await this.objects.list(`${BEGUN}/`, after === undefined ? undefined : begunKey(after));
    return keys.map((key) => key.slice(BEGUN.length + 1, -'.json'.length));
  }

  /** Where a rollout's journal and inbox are. */
  rolloutPrefix(id: string): string {
    return `rollouts/${id}`;
  }

  /**
   * Begins a rollout with its plan; one that is killed before the plan is kept never began. Its id must sort behind all others, else what
   * it deploys would be taken for older than it is: `fleet/clock-behind`.
   */
  async beginRollout(id: string, plan: RolloutPlan, epoch: number): Promise<JournalWriter<JournalEntry>> {
    const last = (await this.rolloutIds()).at(-1);
    if (last !== undefined && id <= last)
      throw new FleetError('fleet/clock-behind', `rollout ${id} would come before ${last}, which began earlier: set this machine's clock`);
    if (!(await this.objects.create(begunKey(id), planBody(plan)))) throw fenced(`rollout ${id} has begun already`);
    return (await this.openRollout(id, epoch)).writer;
  }

  /** Opens the journal of a rollout that has begun, to go on with it. Errors as `openJournal`'s. */
  async openRollout(id: string, epoch: number): Promise<OpenJournal<JournalEntry>> {
    return openJournal<JournalEntry>(this.objects, this.rolloutPrefix(id), { epoch, known: this.#known });
  }

  /** A rollout by id, the last one by default; undefined where there is none. */
  async loadRollout(id?: string): Promise<KeptRollout | undefined> {
    const ids = await this.rolloutIds();
    const found = id === undefined ? ids.at(-1) : ids.find((known) => known === id);
    return found === undefined ? undefined : this.#readRollout(found, this.#known);
  }

  /** Every rollout that has begun, oldest first, read one after the other: their journals together may be long. Errors as `readJournal`'s. */
  async *allRollouts(): AsyncGenerator<KeptRollout, void, undefined> {
    for (const id of await this.rolloutIds()) {
      const kept = await this.#readRollout(id, new KnownSegments());
      if (kept) yield kept;
    }
  }

  async #readRollout(id: string, known: KnownSegments): Promise<KeptRollout | undefined> {
    const kept = await this.objects.read(begunKey(id));
    if (!kept) return undefined;
    const plan = planFrom(kept.body, { key: begunKey(id) });
    return { id, plan, ...(await readJournal<JournalEntry>(this.objects, this.rolloutPrefix(id), { known })) };
  }
}

/** A folder with what is in another one, which goes with this process. */
function passingCopy(folder: string): string {
  const copy = passingFolder('fleet-releases');
  if (existsSync(folder)) cpSync(folder, copy, { recursive: true });
  return copy;
}

function planKey(digest: string): string {
  return `plans/${digest}.json`;
}

function begunKey(id: string): string {
  return `${BEGUN}/${id}.json`;
}
