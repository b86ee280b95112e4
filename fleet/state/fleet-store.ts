import { join } from 'node:path';

import * as z from 'zod';

import type { TargetId } from '../../contracts/target';
import { parseInventory, type Inventory } from '../discovery/inventory';
import { isFleetError, userError } from '../errors';
import type { RolloutPlan } from '../plan/rollout-plan';
import type { TargetRecord, TargetRecords } from '../plan/target-record';
import type { ObjectStore, ReleaseHandle } from '../ports';

import { Beginnings, beginningGone, journalPrefix, planKey, type FollowedRollout } from './beginnings';
import { fenced } from './fenced';
import { FolderObjects } from './folder-objects';
import { openJournal, readJournal, type JournalWriter, type OpenJournal, type ReadJournal, type ReadJournalOptions } from './journal';
import { isJournalEntry, type JournalEntry } from './journal-entry';
import { planBody, planFrom, type EarlierRollout } from './kept-plan';
import { KnownSegments } from './known-segments';
import { mayNotWrite } from './may-not-write';
import { passingCopy } from './passing-folder';
import { ReleaseObjects } from './release-objects';
import { recordShape } from './record-schema';
import { checkedKind, openObject, sealObject, type ObjectKind } from './sealed';
import { stateDamaged } from './state-damaged';

/** A rollout as kept: its plan and all that happened. */
export interface KeptRollout extends ReadJournal<JournalEntry> {
  readonly id: string;
  readonly plan: RolloutPlan;
  /** The one before it. Null: it was the first. @default it began before rollouts said so */
  readonly prev?: EarlierRollout | null | undefined;
}

interface ReadRollout {
  readonly known: KnownSegments;
  /** Of all rollouts. */
  readonly ids: readonly string[];
  /** The ones before it that were read already. @default none is, and the one after it is asked what it followed */
  readonly earlier?: Map<string, FollowedRollout>;
}

interface RecordSnapshot {
  /** The last rollout whose records are in here; later journals hold newer ones. */
  readonly through: string | null;
  readonly records: readonly TargetRecord[];
}

const OWNER = 'fleet.json';
const INVENTORY = 'inventory.json';
const RECORDS = 'records.json';

const ownerKind = checkedKind<string>('owner', z.string());
const inventoryKind: ObjectKind<Inventory> = { name: 'inventory', wayOut: 'run fleet discover again', read: parseInventory };
const recordsKind = checkedKind<RecordSnapshot>('records', z.object({ through: z.string().nullable(), records: z.array(recordShape) }));

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
  readonly #beginnings: Beginnings;
  readonly #known = new KnownSegments();
  readonly #reading = { known: this.#known, isEntry: isJournalEntry };
  /** Of the records that were read last; null: there were none, or they were not read. */
  #recordsVersion: string | null = null;
  /** The last rollout whose journal is in them. */
  #recordsThrough: string | null = null;

  constructor(objects: ObjectStore, options: FleetStoreOptions) {
    this.objects = objects;
    this.#beginnings = new Beginnings(objects);
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
    const fleet = openObject(ownerKind, { key: OWNER, body: found.body });
    if (fleet === this.#fleet) return;
    throw userError('state-of-another-fleet', `${this.#location} belongs to fleet ${fleet}, not ${this.#fleet}: set another \`state\``);
  }

  /** Marks the state as this fleet's; the first write of any verb. */
  async claim(): Promise<void> {
    if (!(await this.objects.create(OWNER, sealObject(ownerKind, { key: OWNER, content: this.#fleet })))) await this.checkOwner();
  }

  /** The last writer wins: an inventory is only ever what was last seen. What cannot be read any more gives way. */
  async saveInventory(inventory: Inventory): Promise<void> {
    const body = sealObject(inventoryKind, { key: INVENTORY, content: inventory });
    for (;;) {
      const found = await this.objects.read(INVENTORY).catch(async (error: unknown) => {
        if (!isFleetError(error) || error.code !== 'user/state-damaged') throw error;
        await this.objects.remove(INVENTORY);
        return undefined;
      });
      if ((await this.objects.replace(INVENTORY, body, found?.version ?? null)) !== undefined) return;
    }
  }

  /** The last inventory taken; undefined before the first. */
  async loadInventory(): Promise<Inventory | undefined> {
    const found = await this.objects.read(INVENTORY);
    return found && openObject(inventoryKind, { key: INVENTORY, body: found.body });
  }

  /** Keeps a plan under its digest. */
  async savePlan(plan: RolloutPlan): Promise<void> {
    const key = planKey(plan.digest);
    await this.objects.create(key, planBody(key, plan));
  }

  /** A plan by its whole digest; undefined where there is none. */
  async loadPlan(digest: string): Promise<RolloutPlan | undefined> {
    const found = await this.objects.read(planKey(digest));
    return found && planFrom(found.body, { key: planKey(digest), digest });
  }

  /** All records: the snapshot, and what later rollouts wrote before they ended or died. */
  async loadRecords(): Promise<TargetRecords> {
    const found = await this.objects.read(RECORDS);
    const snapshot = found && openObject(recordsKind, { key: RECORDS, body: found.body });
    this.#recordsVersion = found?.version ?? null;
    const records = new Map<TargetId, TargetRecord>((snapshot?.records ?? []).map((record) => [record.target, record]));
    const through = snapshot?.through ?? undefined;
    const later = await this.rolloutIds(through);
    if (through !== undefined && !(await this.#beginnings.has(through))) throw beginningGone(through, `${RECORDS} holds what it did`);
    this.#recordsThrough = later.at(-1) ?? through ?? null;
    for (const id of later) {
      const { entries } = await this.#readJournal(id, { known: this.#known });
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
    const version = await this.objects.replace(RECORDS, sealObject(recordsKind, { key: RECORDS, content: snapshot }), this.#recordsVersion);
    if (version === undefined) throw fenced(`${RECORDS} is not as it was read`);
    this.#recordsVersion = version;
  }

  /** The last rollout whose records are kept; null: none is. */
  async recordsThrough(): Promise<string | null> {
    const found = await this.objects.read(RECORDS);
    return found ? openObject(recordsKind, { key: RECORDS, body: found.body }).through : null;
  }

  /** Ids of all rollouts, oldest first: they sort by time. Those after `after` only, where given. Errors as {@link Beginnings}'. */
  async rolloutIds(after?: string): Promise<readonly string[]> {
    return this.#beginnings.ids(after);
  }

  /** Where a rollout's journal and inbox are. */
  rolloutPrefix(id: string): string {
    return journalPrefix(id);
  }

  /** Begins a rollout with its plan; one that is killed before the plan is kept never began. Errors as {@link Beginnings}'. */
  async beginRollout(id: string, plan: RolloutPlan, epoch: number): Promise<JournalWriter<JournalEntry>> {
    const follows = await this.#beginnings.create(
      id,
      plan,
      async (earlier) => (await this.#readJournal(earlier, { known: this.#known })).end,
    );
    return (await openJournal<JournalEntry>(this.objects, journalPrefix(id), { epoch, follows, ...this.#reading })).writer;
  }

  /** Opens the journal of a rollout that has begun, to go on with it. Errors as `openJournal`'s. */
  async openRollout(id: string, epoch: number): Promise<OpenJournal<JournalEntry>> {
    const follows = await this.#beginnings.digest(id);
    return openJournal<JournalEntry>(this.objects, journalPrefix(id), { epoch, follows, ...this.#reading });
  }

  /**
   * A rollout by id, the last one by default; undefined where there is none. Throws `user/state-damaged` where its beginning, or the one that
   * it links to, is gone or another, and where it is known to have a journal and has none.
   */
  async loadRollout(id?: string): Promise<KeptRollout | undefined> {
    const ids = await this.rolloutIds();
    const found = id === undefined ? ids.at(-1) : ids.find((known) => known === id);
    return found === undefined ? undefined : this.#readRollout(found, { known: this.#known, ids });
  }

  /** Every rollout that has begun, oldest first, read one after the other: their journals together may be long. Errors as {@link loadRollout}'s. */
  async *allRollouts(): AsyncGenerator<KeptRollout, void, undefined> {
    const ids = await this.rolloutIds();
    const earlier = new Map<string, FollowedRollout>();
    for (const id of ids) {
      const kept = await this.#readRollout(id, { known: new KnownSegments(), ids, earlier });
      if (kept) yield kept;
    }
  }

  async #readRollout(id: string, { known, ids, earlier }: ReadRollout): Promise<KeptRollout | undefined> {
    const begun = await this.#beginnings.read(id);
    if (!begun) return undefined;
    await this.#beginnings.checkEarlier({ id, prev: begun.prev }, { ids, earlier });
    const { end, ...journal } = await this.#readJournal(id, { known, follows: begun.digest });
    if (journal.entries.length === 0 && journal.torn === null) await this.#refuseNoJournal(id, { isLast: id === ids.at(-1) });
    const found = { digest: begun.digest, end };
    if (earlier) earlier.set(id, found);
    else await this.#beginnings.checkLater({ id, ids }, found);
    return { id, plan: begun.plan, prev: begun.prev, ...journal };
  }

  async #readJournal(id: string, how: Pick<ReadJournalOptions, 'known' | 'follows'>) {
    return readJournal<JournalEntry>(this.objects, journalPrefix(id), { isEntry: isJournalEntry, ...how });
  }

  /** A rollout whose controller died at once has no journal; one that others followed, or whose records are kept, had one. */
  async #refuseNoJournal(id: string, { isLast }: { readonly isLast: boolean }): Promise<void> {
    const prefix = `${journalPrefix(id)}/journal/`;
    if ((await this.objects.list(prefix)).length > 0) return;
    if (isLast && ((await this.recordsThrough()) ?? '') < id) return;
    throw stateDamaged(prefix, { is: `gone, and rollout ${id} has ended: restore its segments (docs/recovery.md)` });
  }
}
