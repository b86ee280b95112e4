import type { TargetId } from '../../contracts/target';
import { digestOf } from '../../fleet/digest';
import type { RolloutPlan } from '../../fleet/plan/rollout-plan';
import { isUnsettled, type TargetRecords } from '../../fleet/plan/target-record';
import type { Engine, Inspection } from '../../fleet/ports';
import type { RolloutState } from '../../fleet/rollout/state';
import type { WorldResource } from '../../sandbox/resource-type';
import type { Violation } from '../invariants/journal-lines';

import { settingsMark } from './layer-graph';
import type { SimulatedDisk } from './simulated-disk';

/** What a rollout left: what it says, and what stands. */
export interface LeftBehind {
  readonly id: string;
  readonly plan: RolloutPlan;
  readonly state: RolloutState;
  readonly goods: TargetRecords;
  readonly records: TargetRecords;
  readonly disk: SimulatedDisk;
  readonly engine: Engine;
}

/** Holds what a rollout says of its targets against what stands in the simulated organisation. */
export async function checkWorld({ id, plan, state, goods, records, disk, engine }: LeftBehind): Promise<readonly Violation[]> {
  const violations: Violation[] = [];
  const no = (target: TargetId, message: string) => violations.push({ invariant: 'world', at: id, message: `${target} ${message}` });
  const { standing, twice } = readWorld(disk);
  for (const owner of twice) violations.push({ invariant: 'world', at: id, message: `${owner} was made twice` });
  for (const { target, release, config, purpose } of plan.targets) {
    const ended = state.states.get(target.id);
    if (ended?.state !== 'done') {
      no(target.id, `is left ${ended?.state ?? 'nowhere'}`);
      continue;
    }
    const record = records.get(target.id);
    const inspection = await engine.inspect(target);
    const settled =
      ended.outcome === 'succeeded' || ended.outcome === 'rolled_back' || (ended.outcome === 'unchanged' && plan.waves.length > 0);
    if (!settled) {
      // Whatever came of it, nothing but a success may be called one.
      if (ended.attempts > 0 && record && !isUnsettled(record) && ended.outcome !== 'failed')
        no(target.id, `ended ${ended.outcome} and is called good`);
      continue;
    }
    if (record?.dirty) no(target.id, `ended ${ended.outcome} and is dirty`);
    if (purpose === 'destroy') {
      if (record?.good) no(target.id, 'is destroyed, and is called good');
      if (inspection.exists || (standing.get(target.id) ?? []).length > 0) no(target.id, 'is said to be destroyed, and stands');
      continue;
    }
    const good = ended.outcome === 'rolled_back' ? goods.get(target.id)?.good : record?.good;
    const settings = ended.outcome === 'succeeded' ? config.settings : good?.config.settings;
    const wanted = ended.outcome === 'succeeded' ? release : good?.release;
    for (const message of stackProblems(inspection, standing.get(target.id) ?? [], { settings, release: wanted })) no(target.id, message);
    if (record?.current && inspection.outputs !== null && record.outputs !== digestOf(inspection.outputs))
      no(target.id, 'has other outputs than its record says');
  }
  return violations;
}

function stackProblems(
  { exists, resources, pending, outputs, lastAttempt }: Inspection,
  standing: readonly WorldResource[],
  wanted: { readonly settings: unknown; readonly release: string | undefined },
): readonly string[] {
  if (!exists || outputs === null) return ['is said to stand, and does not'];
  const problems: string[] = [];
  if (pending.length > 0) problems.push(`has operations under way: ${pending.map(({ urn }) => urn).join(', ')}`);
  if (lastAttempt?.result !== 'succeeded') problems.push(`is said to be well, and its last attempt ended ${String(lastAttempt?.result)}`);
  const recorded = resources.filter(({ type }) => type.startsWith('aws:')).map(({ type, id }) => `${type} ${id}`);
  const real = standing.map(({ type, id }) => `${type} ${id}`);
  const lacking = recorded.filter((one) => !real.includes(one));
  const orphaned = real.filter((one) => !recorded.includes(one));
  if (lacking.length > 0) problems.push(`lacks ${lacking.join(', ')}`);
  if (orphaned.length > 0) problems.push(`has what no stack knows: ${orphaned.join(', ')}`);
  const marked = resources.find(({ type }) => type === 'aws:lambda/function:Function' || type === 'aws:sns/topic:Topic');
  const tags = (marked?.inputs.tags ?? {}) as Readonly<Record<string, string>>;
  if (tags.release !== wanted.release?.slice(0, 12))
    problems.push(`runs release ${String(tags.release)}, not ${String(wanted.release?.slice(0, 12))}`);
  if (tags.settings !== settingsMark(wanted.settings)) problems.push('has other settings than it should');
  return problems;
}

interface WorldEntry {
  readonly put?: WorldResource;
  readonly removed?: { readonly slot: string };
}

/** What stands, by target, and owners that had more than a replacement has at once. */
function readWorld(disk: SimulatedDisk): {
  readonly standing: ReadonlyMap<string, readonly WorldResource[]>;
  readonly twice: ReadonlySet<string>;
} {
  const standing = new Map<string, WorldResource[]>();
  const twice = new Set<string>();
  const openLog = disk.openLog(() => true);
  for (const path of disk.paths().filter((one) => one.includes('/world/'))) {
    const there = new Map<string, WorldResource>();
    for (const { put, removed } of openLog<WorldEntry>(path).read()) {
      if (put) {
        there.set(`${put.type}|${put.region}|${put.key}`, put);
        if ([...there.values()].filter(({ owner }) => owner === put.owner).length > 2) twice.add(put.owner);
      }
      if (removed) for (const [slot, resource] of there) if (isSlotOf(removed.slot, resource)) there.delete(slot);
    }
    for (const resource of there.values()) {
      const target = resource.owner.split(' ')[0] ?? '';
      standing.set(target, [...(standing.get(target) ?? []), resource]);
    }
  }
  return { standing, twice };
}

/** Slots of what is unique in a whole account name no region. */
function isSlotOf(slot: string, { type, region, key }: WorldResource): boolean {
  return slot === `${type}|${region}|${key}` || slot === `${type}||${key}`;
}
