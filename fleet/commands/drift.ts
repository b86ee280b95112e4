import { counted } from '../../contracts/counted';
import type { TargetId } from '../../contracts/target';
import { mapBounded } from '../discovery/bounded';
import { readStack, type StackReader } from '../engine/read-stack';
import { targetDifferences } from '../engine/target-differences';
import { messageOf } from '../errors';
import type { TargetRecord } from '../plan/target-record';
import type { EngineStep } from '../ports';
import { openRelease } from '../release/release-folder';
import { driftTable, type KeepableDifference } from '../report/drift-text';

import { openFleet, type CommandContext, type CommandOutcome, type OpenFleet } from './context';
import { deployedQuery, deployedTargets, inLayerOrder } from './deployed-targets';
import { EXIT_HAS_CHANGES } from './exit-codes';
import type { FilterFlags } from './filters';
import { KeepFinder } from './keep-found';
import { openEngine } from './open-ports';

/** Flags of `drift`. */
export interface DriftFlags extends FilterFlags {
  readonly config: string;
  readonly detailedExitcode?: boolean;
}

/** What was found of one target. What could not be looked at is never clean. */
export type TargetDrift =
  | {
      readonly id: TargetId;
      readonly state: 'clean' | 'drifted';
      readonly resources: readonly Pick<EngineStep, 'op' | 'type' | 'urn' | 'keys'>[];
      readonly differences: readonly KeepableDifference[];
    }
  | { readonly id: TargetId; readonly state: 'not checked'; readonly reason: string };

const AT_ONCE = 8;

/** What differs between what was deployed and what is there, without deploying. Exit 1 where a target could not be checked. */
export async function drift(flags: DriftFlags, context: CommandContext): Promise<CommandOutcome> {
  const fleet = await openFleet(flags.config);
  const chosen = deployedTargets(await fleet.store.loadRecords(), await deployedQuery(flags, fleet));
  return outcome(await findDrift(chosen, { fleet, context, keeps: true }), flags);
}

/**
 * Holds deployed targets against what AWS has now, upstream layers first; changes nothing. What cannot be looked at is told, never thrown.
 * `keeps`: it also looks for the settings that would make a found value so.
 */
export async function findDrift(
  chosen: readonly TargetRecord[],
  { fleet, context, keeps }: { readonly fleet: OpenFleet; readonly context: CommandContext; readonly keeps: boolean },
): Promise<readonly TargetDrift[]> {
  await fleet.store.fetchReleases(chosen.flatMap(({ current }) => current?.release ?? []));
  const ports = await openEngine(fleet, context);
  const sources = {
    engine: ports.engine,
    releaseOf: (digest: string) => openRelease(fleet.store.releases, digest),
    signal: context.interrupt,
  };
  const finder = keeps ? new KeepFinder(sources) : null;
  try {
    const found = await mapBounded(chosen, AT_ONCE, (record) => look(record, { ...sources, finder }));
    return [...found].sort((left, right) => inLayerOrder(left.id, right.id));
  } finally {
    await ports.close();
  }
}

async function look(
  record: TargetRecord,
  { finder, signal, ...reader }: Omit<StackReader, 'verb'> & { readonly finder: KeepFinder | null; readonly signal: AbortSignal },
): Promise<TargetDrift> {
  const { target: id, current } = record;
  if (!current) return { id, state: 'not checked', reason: 'it is not deployed' };
  try {
    const { steps } = await readStack(record, { ...reader, verb: 'drift' }, signal);
    const resources = steps.filter((step) => step.op !== 'same').map(({ op, type, urn, keys }) => ({ op, type, urn, keys }));
    const differences: KeepableDifference[] = [];
    for (const one of targetDifferences(steps)) differences.push({ ...one, keep: finder === null ? null : await finder.find(record, one) });
    return { id, state: resources.length > 0 ? 'drifted' : 'clean', resources, differences };
  } catch (error) {
    return { id, state: 'not checked', reason: messageOf(error) };
  }
}

function outcome(found: readonly TargetDrift[], flags: DriftFlags): CommandOutcome {
  const count = (state: TargetDrift['state']) => found.filter((one) => one.state === state).length;
  const counts = { total: found.length, clean: count('clean'), drifted: count('drifted'), notChecked: count('not checked') };
  const summary = `${counts.clean} of ${counted(counts.total, 'target')} ${counts.clean === 1 ? 'is as it was' : 'are as they were'} deployed, ${counts.drifted} drifted, ${counts.notChecked} not checked`;
  const next = counts.drifted > 0 ? 'next: fleet repair puts back what differs, through waves and gates' : '';
  const text = [summary, driftTable(found), next].filter((part) => part !== '').join('\n\n');
  const exitCode = counts.notChecked > 0 ? 1 : flags.detailedExitcode === true && counts.drifted > 0 ? EXIT_HAS_CHANGES : 0;
  return { exitCode, text, data: { counts, targets: found } };
}
