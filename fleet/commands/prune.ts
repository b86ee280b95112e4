import { counted } from '../../contracts/counted';
import type { TargetId } from '../../contracts/target';
import { mapBounded } from '../discovery/bounded';
import { toldError, userError } from '../errors';
import type { TargetRecord, TargetRecords } from '../plan/target-record';
import { pruneText, type PrunedTarget } from '../report/prune-text';
import { keepsVersions, lookAtVersions, type FoundVersions, type StackVersionSources } from '../versions/look-at-versions';

import { openFleet, type CommandContext, type CommandOutcome, type OpenFleet } from './context';
import { confirmed } from './confirmed';
import { refuseUnfinished, underLease } from './control';
import { deployedQuery, deployedTargets } from './deployed-targets';
import { EXIT_INTERRUPTED } from './exit-codes';
import type { FilterFlags } from './filters';
import { lastRollouts } from './last-rollouts';
import { refuseHeld } from './live-lease';
import { openVersions } from './open-versions';

/** Flags of `prune`. */
export interface PruneFlags extends FilterFlags {
  readonly config: string;
  /** How many of the newest versions stay in any case. */
  readonly keep: string;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

/** What was found of one target, or why nothing was. */
interface Looked {
  readonly record: TargetRecord;
  readonly found: FoundVersions | null;
  readonly error: PrunedTarget['error'];
}

const AT_ONCE = 8;

/**
 * Removes the versions of deployed functions that no alias needs, no record, and no taking back of a target's last rollout, and tells of each
 * target what stays and why. Asks first. Exit 1 where a version could not be removed or a target could not be looked at.
 */
export async function prune(flags: PruneFlags, context: CommandContext): Promise<CommandOutcome> {
  const keep = parseKeep(flags.keep);
  const fleet = await openFleet(flags.config);
  const chosen = deployedTargets(await fleet.store.loadRecords(), {
    ...(await deployedQuery(flags, fleet)),
    takes: keepsVersions,
    called: 'target that keeps versions',
  });
  await refuseHeld(fleet, context);
  await refuseUnfinished(fleet);
  const { engine, versions, close } = await openVersions(fleet, context);
  try {
    const sources = { engine, versions, keep, last: await lastRollouts(fleet, chosen) };
    const looked = await mapBounded(chosen, AT_ONCE, (record) => look(record, sources));
    const going = looked.reduce((sum, { found }) => sum + (found?.decision.remove.length ?? 0), 0);
    if (flags.dryRun === true || going === 0) return outcome(looked.map(toBeRemoved), { dryRun: flags.dryRun === true });
    if (flags.yes !== true) {
      context.reporter.report({
        level: 'info',
        code: 'prune-plan',
        isText: true,
        message: pruneText(looked.map(toBeRemoved), { dryRun: true }),
        data: { targets: looked.map(toBeRemoved) },
      });
      if (!(await confirmed(`remove ${counted(going, 'version')}? AWS cannot bring ${going === 1 ? 'it' : 'them'} back [y/N] `, context)))
        return { exitCode: 1, text: 'not confirmed: nothing was removed', data: null };
    }
    const pruned = await removeAll(looked, { fleet, sources, context });
    return outcome(pruned, { dryRun: false, interrupted: context.interrupt.aborted });
  } finally {
    await close();
  }
}

function parseKeep(text: string): number {
  if (!/^\d{1,4}$/.test(text)) throw userError('invalid-flag', `--keep ${text} is not a whole number up to 9999`);
  return Number(text);
}

async function look(record: TargetRecord, sources: StackVersionSources): Promise<Looked> {
  try {
    return { record, found: await lookAtVersions(record, sources), error: null };
  } catch (error) {
    return { record, found: null, error: toldError(error) };
  }
}

interface Removal {
  readonly fleet: OpenFleet;
  readonly sources: StackVersionSources;
  readonly context: CommandContext;
}

/** Removes what was found, where it still holds: others may have changed the fleet while a person was asked. */
async function removeAll(looked: readonly Looked[], { fleet, sources, context }: Removal): Promise<readonly PrunedTarget[]> {
  return underLease({ fleet, verb: 'prune', wait: false }, context, async (lease) => {
    await refuseUnfinished(fleet);
    const { store } = fleet;
    const records = new Map(await store.loadRecords());
    const through = (await store.rolloutIds()).at(-1) ?? null;
    const now = {
      ...sources,
      last: await lastRollouts(
        fleet,
        looked.map(({ record }) => record),
      ),
    };
    const again = await mapBounded(looked, AT_ONCE, (one) => lookAgain(one, { records, sources: now }));
    // Before they go: whoever dies in between must not leave a record that counts on them.
    noteLeft(
      again.map(({ record, found }) => ({ record, found, removed: found?.decision.remove ?? [] })),
      records,
    );
    await store.saveRecords(records, through);
    const ended = await mapBounded(again, AT_ONCE, async (one) => {
      await lease.confirm();
      return { ...one, pruned: await removeOf(one, { sources, context, lost: lease.lost }) };
    });
    if (ended.some(({ pruned }) => pruned.refused.length > 0)) {
      noteLeft(
        ended.map(({ record, found, pruned }) => ({ record, found, removed: pruned.removed })),
        records,
      );
      await store.saveRecords(records, through);
    }
    return ended.map(({ pruned }) => pruned);
  });
}

async function lookAgain(
  before: Looked,
  { records, sources }: { readonly records: TargetRecords; readonly sources: StackVersionSources },
): Promise<Looked> {
  const record = records.get(before.record.target);
  if (record === undefined || record.current === null || before.found === null) return before;
  const now = await look(record, sources);
  if (now.found === null) return now;
  const confirmed = before.found.decision.remove;
  const { keep, remove } = now.found.decision;
  const decision = { keep, remove: remove.filter((version) => confirmed.includes(version)) };
  return { ...now, found: { ...now.found, decision } };
}

function noteLeft(
  ends: readonly { readonly record: TargetRecord; readonly found: FoundVersions | null; readonly removed: readonly string[] }[],
  records: Map<TargetId, TargetRecord>,
): void {
  for (const { record, found, removed } of ends) {
    const through = found?.published.at(-1);
    if (found === null || through === undefined || found.decision.remove.length === 0) continue;
    const kept = found.published.filter((version) => !removed.includes(version));
    records.set(record.target, { ...record, versionsLeft: { through, kept } });
  }
}

async function removeOf(
  one: Looked,
  { sources, context, lost }: { readonly sources: StackVersionSources; readonly context: CommandContext; readonly lost: AbortSignal },
): Promise<PrunedTarget> {
  const planned = toBeRemoved(one);
  const { found } = one;
  if (found === null) return planned;
  const removed: string[] = [];
  const refused: PrunedTarget['refused'][number][] = [];
  for (const version of found.decision.remove) {
    if (context.interrupt.aborted || lost.aborted) {
      refused.push({ version, code: 'fleet/cancelled', message: 'stopped before it was removed' });
      continue;
    }
    try {
      await sources.versions.remove(found.of, version);
      removed.push(version);
    } catch (error) {
      const refusal = { version, ...toldError(error) };
      refused.push(refusal);
      context.reporter.report({
        level: 'error',
        code: 'version-not-removed',
        message: `${planned.id}: version ${version} of ${found.of.functionName} was not removed: ${refusal.message}`,
        target: planned.id,
        data: refusal,
      });
    }
  }
  return { ...planned, removed, refused };
}

function toBeRemoved({ record, found, error }: Looked): PrunedTarget {
  return {
    id: record.target,
    functionName: found?.of.functionName ?? null,
    kept: found?.decision.keep ?? [],
    removed: found?.decision.remove ?? [],
    refused: [],
    error,
  };
}

function outcome(
  targets: readonly PrunedTarget[],
  { dryRun, interrupted = false }: { readonly dryRun: boolean; readonly interrupted?: boolean },
): CommandOutcome {
  const failed = targets.some(({ refused, error }) => refused.length > 0 || error !== null);
  const sum = (count: (one: PrunedTarget) => number) => targets.reduce((total, one) => total + count(one), 0);
  const counts = {
    targets: targets.length,
    kept: sum(({ kept }) => kept.length),
    removed: sum(({ removed }) => removed.length),
    refused: sum(({ refused }) => refused.length),
    notRead: targets.filter(({ error }) => error !== null).length,
  };
  return {
    exitCode: interrupted ? EXIT_INTERRUPTED : failed ? 1 : 0,
    text: pruneText(targets, { dryRun }),
    data: { dryRun, counts, targets },
  };
}
