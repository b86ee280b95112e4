import { layers, type Layer } from '../../contracts/layers';
import type { TargetId } from '../../contracts/target';
import { targetSchema } from '../../contracts/target';
import { amountOf } from '../plan/amount';
import { mapBounded } from '../discovery/bounded';
import { digestOf } from '../digest';
import { FleetError, userError } from '../errors';
import { destroyedVersions, type TargetRecord, type TargetRecords } from '../plan/target-record';
import { noChanges, type Changes, type Engine, type EngineJob, type ReleaseHandle, type TargetError } from '../ports';
import { textTable } from '../report/terminal-text';
import type { Lease } from '../state/lease';

import { openFleet, type CommandContext, type CommandOutcome, type OpenFleet } from './context';
import { deployedQuery, deployedTargets, type DeployedQuery } from './deployed-targets';
import type { FilterFlags } from './filters';
import { makePlan } from './plan';
import { refuseUnfinished, underLease } from './control';
import { refuseHeld } from './live-lease';
import { openEngine } from './open-ports';
import { carryOut } from './rollout';

/** Flags of `destroy`. */
export interface DestroyFlags extends FilterFlags {
  readonly config: string;
  /** The fleet's name, typed. */
  readonly confirm?: string;
  /** Also what holds data: tables, archives, logs, keys. */
  readonly deleteData?: boolean;
}

/** How one target's destruction ended. `kept` names the resources that hold data and stay. */
interface Destroyed {
  readonly id: TargetId;
  readonly outcome: 'destroyed' | 'failed' | 'skipped';
  readonly changes: Changes;
  readonly kept: readonly string[];
  readonly error: TargetError | null;
}

/** Destroys deployed targets, downstream layers first, and then updates what other targets share. Orphans are reached by the same filters. */
export async function destroy(flags: DestroyFlags, context: CommandContext): Promise<CommandOutcome> {
  const fleet = await openFleet(flags.config);
  const query = await deployedQuery(flags, fleet);
  const deleteData = flags.deleteData === true;
  const confirmed = choose(await fleet.store.loadRecords(), { query, deleteData });
  await refuseHeld(fleet, context);
  await refuseUnfinished(fleet);
  await confirm({ flags, fleet, count: confirmed.length }, context);

  const { results, records } = await underLease({ fleet, verb: 'destroy', wait: false }, context, async (lease) => {
    const kept = new Map(await fleet.store.loadRecords());
    const chosen = choose(kept, { query, deleteData });
    if (digestOf(chosen) !== digestOf(confirmed))
      throw new FleetError('fleet/changed-meanwhile', 'another verb changed what is deployed while this one was asking: run it again');
    const through = (await fleet.store.rolloutIds()).at(-1) ?? null;
    const { engine, close } = await openEngine(fleet, context);
    try {
      return { records: kept, results: await destroyAll(chosen, { fleet, engine, lease, context, records: kept, deleteData }) };
    } finally {
      await fleet.store.saveRecords(kept, through);
      await close();
    }
  });
  const shared = await updateShared({ destroyed: results, config: flags.config, records }, context);
  const failed = results.filter((result) => result.outcome !== 'destroyed');
  const kept = results.filter((result) => result.kept.length > 0);
  const text = [
    `destroyed ${results.length - failed.length} of ${results.length} targets${kept.length > 0 ? `; ${kept.reduce((sum, result) => sum + result.kept.length, 0)} resources that hold data are kept (--delete-data deletes them too)` : ''}`,
    ...(failed.length > 0
      ? [
          textTable(
            ['TARGET', 'OUTCOME', 'WHY'],
            failed.map((result) => [result.id, result.outcome, result.error?.message ?? '']),
          ),
        ]
      : []),
    ...(shared ? [shared.text] : []),
  ].join('\n\n');
  return { exitCode: failed.length > 0 ? 1 : (shared?.exitCode ?? 0), text, data: { targets: results, updated: shared?.data ?? null } };
}

/** Deployed targets that match. Throws a user error where none does, or where another one still needs one of them. */
function choose(
  records: TargetRecords,
  { query, deleteData }: { readonly query: DeployedQuery; readonly deleteData: boolean },
): readonly TargetRecord[] {
  const standing = [...records.values()].filter((record) => record.current !== null);
  const chosen = deployedTargets(records, query);
  refuseNeeded(chosen, standing, deleteData);
  return chosen;
}

/** A target that others still read cannot go before them. */
function refuseNeeded(chosen: readonly TargetRecord[], standing: readonly TargetRecord[], deleteData: boolean): void {
  const going = new Set(chosen.map((record) => record.target));
  for (const record of standing) {
    // Of a destroyed target only data is left, and that needs its upstream's remains only until it is deleted, too.
    if (going.has(record.target) || (!deleteData && record.good === null && !record.dirty)) continue;
    const hard = hardUpstream(record).find((id) => going.has(id));
    if (hard) throw userError('still-needed', `${hard} is needed by ${record.target}, which is not selected: widen the filter`);
  }
}

function hardUpstream(record: TargetRecord): readonly TargetId[] {
  const layer = layerOf(record.target);
  const hard = layer?.edges.filter((edge) => edge.kind === 'hard').map((edge) => edge.layer) ?? [];
  return record.current?.config.upstream.map((up) => up.target).filter((id) => hard.includes(id.split('/')[0] ?? '')) ?? [];
}

function layerOf(id: TargetId): Layer | undefined {
  return layers.find((layer) => layer.name === id.split('/')[0]);
}

async function confirm(
  what: { readonly flags: DestroyFlags; readonly fleet: OpenFleet; readonly count: number },
  context: CommandContext,
): Promise<void> {
  const { name } = what.fleet.config;
  const typed =
    what.flags.confirm ??
    (await context.ask(
      `destroy ${what.count} targets${what.flags.deleteData === true ? ' WITH THEIR DATA' : ''}? type the fleet's name (${name}): `,
    ));
  if (typed.trim() !== name)
    throw userError('not-confirmed', `${JSON.stringify(typed.trim())} is not the name of this fleet, ${name}: nothing was destroyed`);
}

interface DestroyContext {
  readonly fleet: OpenFleet;
  readonly engine: Engine;
  readonly lease: Lease;
  readonly context: CommandContext;
  readonly records: Map<TargetId, TargetRecord>;
  readonly deleteData: boolean;
}

async function destroyAll(chosen: readonly TargetRecord[], run: DestroyContext): Promise<readonly Destroyed[]> {
  const { openRelease } = await import('../release/release-folder');
  await run.fleet.store.fetchReleases(chosen.flatMap(({ current }) => current?.release ?? []));
  const releases = new Map<string, ReleaseHandle>();
  const releaseOf = (digest: string): ReleaseHandle => {
    const release = releases.get(digest) ?? openRelease(run.fleet.store.releases, digest);
    releases.set(digest, release);
    return release;
  };
  const concurrency = Math.max(1, amountOf(run.fleet.config.limits.maxConcurrent, chosen.length));
  const results: Destroyed[] = [];
  for (const layer of [...layers].reverse()) {
    const stuck = new Set(
      results.filter((result) => result.outcome !== 'destroyed').flatMap((result) => [...hardUpstreamOf(result.id, chosen)]),
    );
    const targets = chosen.filter((record) => layerOf(record.target) === layer);
    // Within a layer the home region's stack reads the others: it goes first.
    const [readers, others] = [targets.filter((record) => readsOwnLayer(record)), targets.filter((record) => !readsOwnLayer(record))];
    for (const group of [readers, others]) {
      results.push(
        ...(await mapBounded(group, concurrency, (record) =>
          stuck.has(record.target) ? Promise.resolve(skipped(record)) : destroyOne(record, { ...run, releaseOf }),
        )),
      );
    }
  }
  return results;
}

function hardUpstreamOf(id: TargetId, records: readonly TargetRecord[]): readonly TargetId[] {
  const record = records.find((one) => one.target === id);
  return record ? hardUpstream(record) : [];
}

function readsOwnLayer(record: TargetRecord): boolean {
  const own = `${record.target.split('/')[0] ?? ''}/`;
  return record.current?.config.upstream.some((up) => up.target.startsWith(own)) ?? false;
}

function skipped(record: TargetRecord): Destroyed {
  return {
    id: record.target,
    outcome: 'skipped',
    changes: noChanges,
    kept: [],
    error: { code: 'fleet/still-needed', message: 'a target that needs it could not be destroyed', resource: null },
  };
}

async function destroyOne(
  record: TargetRecord,
  run: DestroyContext & { readonly releaseOf: (digest: string) => ReleaseHandle },
): Promise<Destroyed> {
  const { engine, lease, context, records } = run;
  const id = record.target;
  const deployment = record.current;
  if (!deployment) throw new Error(`${id} is not deployed`);
  const target = targetSchema.parse(id);
  const missing = deployment.config.upstream.map((up) => up.target).filter((up) => (records.get(up)?.current ?? null) === null);
  const job: EngineJob = {
    id: `destroy/${id}`,
    target,
    release: run.releaseOf(deployment.release),
    config: deployment.config,
    run: {
      createdAt: record.createdAt,
      phase: 'full',
      publish: false,
      attempt: 1,
      missing,
      unprotect: run.deleteData ? 'everything' : 'identity',
    },
    fingerprint: deployment.fingerprint,
    purpose: 'forward',
  };
  await lease.confirm();
  const options = { signal: AbortSignal.any([context.interrupt, lease.lost]), onEvent: () => undefined };
  const result = await engine.run('destroy', job, options);
  if (result.status === 'failed') {
    context.reporter.report({
      level: 'error',
      code: 'target-failed',
      message: `${id} was not destroyed: ${result.error.message}`,
      target: id,
      data: result.error,
    });
    records.set(id, { ...record, dirty: true });
    return { id, outcome: 'failed', changes: result.changes, kept: [], error: result.error };
  }
  const { resources } = await engine.inspect(target);
  const kept = resources.filter((resource) => resource.protect).map((resource) => `${resource.type} ${resource.id}`);
  // What is kept can be deleted later, with the configuration it was made from.
  records.set(id, {
    ...record,
    good: null,
    current: kept.length > 0 ? deployment : null,
    dirty: false,
    traffic: 'settled',
    outputs: null,
    health: null,
    versionsLeft: destroyedVersions(record),
  });
  context.reporter.report({
    level: 'info',
    code: 'target-destroyed',
    message: `${id} destroyed${kept.length > 0 ? `, ${kept.length} resources that hold data are kept` : ''}`,
    target: id,
    data: { kept },
  });
  return { id, outcome: 'destroyed', changes: result.changes, kept, error: null };
}

/** Targets that stay and read destroyed ones (the dashboards) are brought up to date, with the release they have. */
async function updateShared(
  what: { readonly destroyed: readonly Destroyed[]; readonly config: string; readonly records: ReadonlyMap<TargetId, TargetRecord> },
  context: CommandContext,
): Promise<CommandOutcome | null> {
  const gone = new Set(what.destroyed.filter((result) => result.outcome === 'destroyed').map((result) => result.id));
  const readers = [...what.records.values()].filter((record) => record.good?.config.upstream.some((up) => gone.has(up.target)) === true);
  const release = readers[0]?.good?.release;
  if (release === undefined) return null;
  const made = await makePlan(
    { config: what.config, release, layer: [...new Set(readers.map((record) => record.target.split('/')[0] ?? ''))] },
    context,
    { unmatched: 'allowed' },
  );
  return made.plan.waves.length > 0 ? carryOut(made, context) : null;
}
