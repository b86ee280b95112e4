import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import type { TargetId } from '../../contracts/target';
import { parseInventory, type Inventory } from '../discovery/inventory';
import { userError } from '../errors';
import type { RolloutPlan } from '../plan/rollout-plan';
import type { TargetRecord, TargetRecords } from '../plan/target-record';
import type { RolloutJournal } from '../rollout/driver';
import type { RolloutEvent } from '../rollout/state';

import { appendToJournal, readJournal } from './journal-file';
import { readJson, writeJson } from './json-file';
import { takeLock } from './lock-file';

/** A rollout as kept: its plan and all that happened. */
export interface KeptRollout {
  readonly id: string;
  readonly plan: RolloutPlan;
  readonly events: readonly RolloutEvent[];
}

interface RecordSnapshot {
  readonly version: 1;
  /** The last rollout whose records are in here; later journals hold newer ones. */
  readonly through: string | null;
  readonly records: readonly TargetRecord[];
}

/** The fleet's state in a folder: inventory, releases, plans, rollouts with their journals, records. */
export class FolderStore {
  readonly directory: string;

  /** Opens the folder for a fleet; a folder that belongs to another fleet is refused. Nothing is written. */
  constructor(directory: string, fleet: string) {
    this.directory = directory;
    const owner = readJson(join(directory, 'fleet.json')) as { readonly name: string } | undefined;
    if (owner && owner.name !== fleet)
      throw userError(
        'state-of-another-fleet',
        `state folder ${directory} belongs to fleet ${owner.name}, not ${fleet}: set another \`state\``,
      );
  }

  /** Folder of the releases. */
  get releases(): string {
    return join(this.directory, 'releases');
  }

  /** Folder of the simulated organisation. */
  get sandbox(): string {
    return join(this.directory, 'sandbox');
  }

  /** Marks the folder as this fleet's; the first write of any verb. */
  claim(fleet: string): void {
    if (!existsSync(join(this.directory, 'fleet.json'))) writeJson(join(this.directory, 'fleet.json'), { version: 1, name: fleet });
  }

  lock(claim: { readonly verb: string; readonly since: string }): () => void {
    return takeLock(join(this.directory, 'lock'), claim);
  }

  saveInventory(inventory: Inventory): void {
    writeJson(join(this.directory, 'inventory.json'), inventory);
  }

  /** The last inventory taken; undefined before the first. */
  loadInventory(): Inventory | undefined {
    const kept = readJson(join(this.directory, 'inventory.json'));
    return kept === undefined ? undefined : parseInventory(kept);
  }

  savePlan(plan: RolloutPlan): void {
    writeJson(join(this.directory, 'plans', `${plan.digest}.json`), plan);
  }

  /** All records: the snapshot, and what later rollouts wrote before they ended or died. */
  loadRecords(): TargetRecords {
    const snapshot = readJson(join(this.directory, 'records.json')) as RecordSnapshot | undefined;
    const records = new Map<TargetId, TargetRecord>((snapshot?.records ?? []).map((record) => [record.target, record]));
    for (const id of this.rolloutIds()) {
      if (id <= (snapshot?.through ?? '')) continue;
      for (const entry of readJournal(this.#journal(id))) if ('record' in entry) records.set(entry.record.target, entry.record);
    }
    return records;
  }

  saveRecords(records: TargetRecords): void {
    const snapshot: RecordSnapshot = { version: 1, through: this.rolloutIds().at(-1) ?? null, records: [...records.values()] };
    writeJson(join(this.directory, 'records.json'), snapshot);
  }

  /** Ids of all rollouts, oldest first: they sort by time. One that was killed before its plan was kept never began. */
  rolloutIds(): readonly string[] {
    const folder = join(this.directory, 'rollouts');
    if (!existsSync(folder)) return [];
    return readdirSync(folder)
      .filter((id) => existsSync(join(folder, id, 'plan.json')))
      .sort();
  }

  /** Begins a rollout's journal with its plan. */
  beginRollout(id: string, plan: RolloutPlan): RolloutJournal {
    writeJson(join(this.directory, 'rollouts', id, 'plan.json'), plan);
    const path = this.#journal(id);
    return { event: (event) => appendToJournal(path, { event }), record: (record) => appendToJournal(path, { record }) };
  }

  /** A rollout by id, the last one by default; undefined where there is none. */
  loadRollout(id?: string): KeptRollout | undefined {
    const found = id ?? this.rolloutIds().at(-1);
    if (found === undefined || !this.rolloutIds().includes(found)) return undefined;
    const plan = readJson(join(this.directory, 'rollouts', found, 'plan.json')) as RolloutPlan | undefined;
    if (!plan) return undefined;
    return { id: found, plan, events: readJournal(this.#journal(found)).flatMap((entry) => ('event' in entry ? [entry.event] : [])) };
  }

  #journal(id: string): string {
    return join(this.directory, 'rollouts', id, 'journal.ndjson');
  }
}
