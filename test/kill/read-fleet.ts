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

/** One resource of the simulated world, how often it was written and how often removed. */
export interface WorldSlot {
  /** Null: it stands no more. */
  readonly resource: Readonly<Record<string, unknown>> | null;
  readonly puts: number;
  readonly removals: number;
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
  /** By target; in the order in which they were started and ended. Null: the engine keeps no such list. */
  readonly attempts: ReadonlyMap<string, readonly StackAttempt[]> | null;
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
    attempts: existsSync(join(directory, '.fleet/pulumi')) ? null : attemptsOf(join(store.sandbox, 'stacks')),
  };
}

const LOG = '.ndjson';

interface WorldEntry {
  readonly put?: Put;
  readonly removed?: { readonly slot: string };
}

interface Put {
  readonly type: string;
  readonly region: string;
  readonly key: string;
}

function worldOf(folder: string): ReadonlyMap<string, WorldSlot> {
  const world = new Map<string, WorldSlot>();
  for (const file of namesIn(folder, LOG)) {
    for (const { put, removed } of linesOf(join(folder, file)) as readonly WorldEntry[]) {
      if (put) {
        const slot = `${file} ${put.type} ${put.region} ${put.key}`;
        const { puts = 0, removals = 0 } = world.get(slot) ?? {};
        world.set(slot, { resource: { ...put }, puts: puts + 1, removals });
      }
      if (!removed) continue;
      const [type = '', region = '', ...key] = removed.slot.split('|');
      for (const [slot, { puts, removals }] of world) {
        const named = slot.startsWith(`${file} ${type} `) && slot.endsWith(` ${key.join('|')}`);
        if (named && (region === '' || slot.includes(` ${region} `))) world.set(slot, { resource: null, puts, removals: removals + 1 });
      }
    }
  }
  return world;
}

function attemptsOf(folder: string): ReadonlyMap<string, readonly StackAttempt[]> {
  const attempts = new Map<string, StackAttempt[]>();
  for (const layer of existsSync(folder) ? readdirSync(folder) : []) {
    for (const file of namesIn(join(folder, layer), LOG)) {
      const target = `${layer}/${file.slice(0, -LOG.length).replace('.', '/')}`;
      const told = (linesOf(join(folder, layer, file)) as readonly { readonly attempt?: StackAttempt }[]).flatMap(({ attempt }) =>
        attempt ? [{ id: attempt.id, result: attempt.result }] : [],
      );
      attempts.set(target, told);
    }
  }
  return attempts;
}

/** Names of the files in a folder that end so; a folder that nothing was written to yet is none. */
export function namesIn(folder: string, ending: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(ending)) : [];
}

/** The lines of a log; a last one without an end was torn by a kill, and counts for nothing. */
export function linesOf(path: string): readonly unknown[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as unknown);
}
