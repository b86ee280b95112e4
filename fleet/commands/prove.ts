import { counted } from '../../contracts/counted';
import { isFleetError } from '../errors';
import { beginningKey, journalPrefix } from '../state/beginnings';
import type { KeptRollout } from '../state/fleet-store';
import { readSegments, segmentKey } from '../state/journal';
import type { Segment } from '../state/segment';

import { openFleet, type CommandContext, type CommandOutcome, type OpenFleet } from './context';
import { replay } from './control';
import { keptRollout, type RolloutReference } from './kept-rollout';

/** An object of the state that is not as it was written, by its key, and how that shows. */
interface Damage {
  readonly key: string;
  readonly message: string;
}

/** What a rollout's journal is proved to be. */
interface Proof {
  readonly version: 1;
  readonly rollout: string;
  /** `not chained`: an earlier fleet wrote it, and nothing says what it followed. */
  readonly proof: 'whole' | 'damaged' | 'not chained';
  readonly segments: number;
  readonly entries: number;
  /** Checksum of the last segment, in which all before it are; null: there is none. */
  readonly head: string | null;
  /** Key of a last segment that was cut short by a crash, and is passed over. */
  readonly torn: string | null;
  readonly damage: readonly Damage[];
}

/**
 * Proves that nothing of a rollout is otherwise than it was written: its plan with what each target is told, the plan's copy, each segment of
 * its journal and what that follows, and what the rollouts before and after it say of it.
 */
export async function prove({ config, rollout }: RolloutReference, context: CommandContext): Promise<CommandOutcome> {
  const fleet = await openFleet(config);
  const id = rollout ?? (await fleet.store.rolloutIds()).at(-1) ?? (await keptRollout(fleet, undefined)).id;
  const proof = await proofOf(id, fleet);
  if (proof.torn !== null)
    context.reporter.report({
      level: 'warning',
      code: 'journal-torn',
      message: `the last segment ${proof.torn} was cut short, as by a crash`,
    });
  return { exitCode: proof.proof === 'whole' ? 0 : 1, text: proofText(proof), data: proof };
}

async function proofOf(id: string, fleet: OpenFleet): Promise<Proof> {
  const nothing = { version: 1, rollout: id, segments: 0, entries: 0, head: null, torn: null } as const;
  const damage: Damage[] = [];
  const kept = await noting(damage, () => keptRollout(fleet, id));
  if (!kept) return { ...nothing, proof: 'damaged', damage };
  await noting(damage, () => fleet.store.loadPlan(kept.plan.digest));
  const { segments, torn } = await readSegments(fleet.store.objects, journalPrefix(id));
  if ((await isOver(id, fleet)) && replay(kept).outcome === null) damage.push(endMissing(id, segments));
  return {
    ...nothing,
    proof: damage.length > 0 ? 'damaged' : isChained(kept, segments) ? 'whole' : 'not chained',
    segments: segments.length,
    entries: kept.entries.length,
    head: segments.at(-1)?.checksum ?? null,
    torn: torn?.key ?? null,
    damage,
  };
}

/** What is read, unless it is not as it was written: that is noted. */
async function noting<Value>(damage: Damage[], read: () => Promise<Value>): Promise<Value | undefined> {
  try {
    return await read();
  } catch (error) {
    if (!isFleetError(error) || !['user/state-damaged', 'user/journal-damaged'].includes(error.code)) throw error;
    damage.push({ key: error.resource ?? '', message: error.message });
    return undefined;
  }
}

/** Another rollout began after it, or its records are kept: neither is so before a rollout has ended. */
async function isOver(id: string, { store }: OpenFleet): Promise<boolean> {
  return (await store.rolloutIds(id)).length > 0 || ((await store.recordsThrough()) ?? '') >= id;
}

function endMissing(id: string, segments: readonly Segment[]): Damage {
  const key = segmentKey(journalPrefix(id), segments.length + 1);
  return { key, message: `journal segment ${key} is damaged: it is missing: the rollout has ended, and its journal does not say so` };
}

function isChained({ prev }: KeptRollout, [first]: readonly Segment[]): boolean {
  return prev !== undefined && first?.previous !== null;
}

function proofText({ rollout, proof, segments, entries, head, damage }: Proof): string {
  const size = `${counted(segments, 'segment')} with ${counted(entries, 'line')}`;
  switch (proof) {
    case 'whole':
      return `rollout ${rollout} is whole: ${size}${head === null ? '' : `, up to ${head}`}`;
    case 'not chained':
      return `rollout ${rollout} is not chained: ${size} are each as they were written, and an earlier fleet wrote them without what ${beginningKey(rollout)} and its journal follow`;
    case 'damaged':
      return [`rollout ${rollout} is damaged:`, ...damage.map(({ message }) => `  ${message}`)].join('\n');
    default:
      throw new Error(`unknown proof ${String(proof satisfies never)}`);
  }
}
