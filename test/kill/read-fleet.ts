import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { openFleet } from '../../fleet/commands/context';
import type { RolloutPlan } from '../../fleet/plan/rollout-plan';
import type { TargetRecord } from '../../fleet/plan/target-record';
import { readSegments } from '../../fleet/state/journal';
import type { JournalEntry } from '../../fleet/state/journal-entry';

/** One rollout as its journal tells it. */
export interface ReadRollout {
  readonly id: string;
  readonly plan: RolloutPlan;
  readonly segments: readonly { readonly seq: number; readonly epoch: number; readonly entries: readonly unknown[] }[];
  readonly entries: readonly JournalEntry[];
}

/** One resource of the simulated world and how often it was written. */
export interface WorldSlot {
  readonly resource: Readonly<Record<string, unknown>>;
  readonly puts: number;
}

/** One engine run as its stack's own log tells it. */
export interface StackAttempt {
  readonly id: string;
  readonly result: 'succeeded' | 'failed' | null;
}

/** All that a fleet's state says of what was done. */
export interface ReadFleet {
  readonly rollouts: readonly ReadRollout[];
  readonly records: ReadonlyMap<string, TargetRecord>;
  readonly world: ReadonlyMap<string, WorldSlot>;
  /** By target; in the order in which they were started and ended. */
  readonly attempts: ReadonlyMap<string, readonly StackAttempt[]>;
}

/** Reads all that a fleet keeps, in its folder or on S3. Throws where any of it is damaged. */
export async function readFleet(directory: string): Promise<ReadFleet> {
  const { store } = await openFleet(join(directory, 'fleet.yaml'));
  const rollouts: ReadRollout[] = [];
  for (const id of await store.rolloutIds()) {
    const kept = await store.loadRollout(id);
    const { segments } = await readSegments(store.objects, store.rolloutPrefix(id));
    if (kept) rollouts.push({ id, plan: kept.plan, segments, entries: kept.entries });
  }
  return {
    rollouts,
    records: await store.loadRecords(),
    world: worldOf(join(store.sandbox, 'world')),
    attempts: attemptsOf(join(store.sandbox, 'stacks')),
  };
}

interface Put {
  readonly type: string;
  readonly region: string;
  readonly key: string;
}

function worldOf(folder: string): ReadonlyMap<string, WorldSlot> {
  const world = new Map<string, WorldSlot>();
  for (const file of logsIn(folder)) {
    for (const entry of linesOf(join(folder, file)) as readonly { readonly put?: Put; readonly removed?: object }[]) {
      if (entry.removed) throw new Error(`${file} says that something was removed: the rollouts that are compared remove nothing`);
      if (!entry.put) continue;
      const slot = `${file} ${entry.put.type} ${entry.put.region} ${entry.put.key}`;
      world.set(slot, { resource: { ...entry.put }, puts: (world.get(slot)?.puts ?? 0) + 1 });
    }
  }
  return world;
}

function attemptsOf(folder: string): ReadonlyMap<string, readonly StackAttempt[]> {
  const attempts = new Map<string, StackAttempt[]>();
  for (const layer of existsSync(folder) ? readdirSync(folder) : []) {
    for (const file of logsIn(join(folder, layer))) {
      const target = `${layer}/${file.replace(/\.ndjson$/, '').replace('.', '/')}`;
      const told = (linesOf(join(folder, layer, file)) as readonly { readonly attempt?: StackAttempt }[]).flatMap(({ attempt }) =>
        attempt ? [{ id: attempt.id, result: attempt.result }] : [],
      );
      attempts.set(target, told);
    }
  }
  return attempts;
}

function logsIn(folder: string): readonly string[] {
  return readdirSync(folder).filter((name) => name.endsWith('.ndjson'));
}

/** A last line without an end was torn by a kill, and counts for nothing. */
function linesOf(path: string): readonly unknown[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as unknown);
}
