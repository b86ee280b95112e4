import { selectPlaces } from '../discovery/select-targets';
import { planDestroy } from '../plan/plan-destroy';
import { resolveTargets } from '../plan/resolve-targets';
import type { RolloutPlan } from '../plan/rollout-plan';
import type { TargetRecord, TargetRecords } from '../plan/target-record';
import { destroyLine, destroyText } from '../report/destroy-text';
import { planJson } from '../report/plan-text';
import { foreseeDestroy, type ForeseenDestroy } from '../rollout/foresee-destroy';
import type { TargetId } from '../../contracts/target';
import type { Inventory } from '../discovery/inventory';

import { refuseOtherName } from './confirm-name';
import { openFleet, type CommandContext, type CommandOutcome, type OpenFleet } from './context';
import { refuseUnfinished, releasesOf, startRollout } from './control';
import { deployedQuery, deployedTargets } from './deployed-targets';
import type { FilterFlags } from './filters';
import { knownSecrets, refuseLackingSecrets } from './known-secrets';
import { refuseHeld } from './live-lease';
import { openEngine } from './open-ports';
import { lastInventory } from './organization-today';

/** Flags of `destroy`. */
export interface DestroyFlags extends FilterFlags {
  readonly config: string;
  /** The fleet's name, typed. */
  readonly confirm?: string;
  /** Also what holds data: tables, archives, logs, keys. */
  readonly deleteData?: boolean;
  readonly dryRun?: boolean;
  /** Folder that gets the report in every form. */
  readonly report?: string;
}

/**
 * Destroys deployed targets, orphans as well, downstream layers first, and brings what other targets share up to date: a plan like any other,
 * driven like any other. Asks for the fleet's name first.
 */
export async function destroy(flags: DestroyFlags, context: CommandContext): Promise<CommandOutcome> {
  const fleet = await openFleet(flags.config);
  const records = await fleet.store.loadRecords();
  const chosen = deployedTargets(records, await deployedQuery(flags, fleet));
  const plan = await planOf(chosen, { fleet, records, deleteData: flags.deleteData === true });
  // A program is run once more, to give up what it protects.
  const { known } = await knownSecrets(
    fleet,
    plan.targets.map(({ config }) => config),
    context,
  );
  refuseLackingSecrets(plan.targets, known);
  if (flags.dryRun === true) {
    const foreseen = await foresee(plan, { fleet, records, context });
    return { exitCode: 0, text: destroyText(foreseen), data: { ...planJson(plan), dryRun: true, targets: foreseen } };
  }
  await refuseHeld(fleet, context);
  await refuseUnfinished(fleet);
  await confirm({ flags, fleet, foresee: () => foresee(plan, { fleet, records, context }) }, context);
  await fleet.store.savePlan(plan);
  return startRollout({ fleet, plan, madeFrom: records, options: { verb: 'destroy', waitSeconds: null, report: flags.report } }, context);
}

interface Choice {
  readonly fleet: OpenFleet;
  readonly records: TargetRecords;
  readonly deleteData: boolean;
}

async function planOf(chosen: readonly TargetRecord[], { fleet, records, deleteData }: Choice): Promise<RolloutPlan> {
  // Says only what else is shown as missing: without one nothing is kept standing.
  const inventory = await lastInventory(fleet);
  return planDestroy({
    config: fleet.config,
    inventory: inventory?.digest ?? '',
    records,
    chosen,
    deleteData,
    wanted: inventory === undefined ? null : wantedTargets(fleet, { inventory, records }),
  });
}

/** Targets that fleet.yaml and the organisation name; null where that cannot be told, which keeps nothing from being destroyed. */
function wantedTargets(
  { config }: OpenFleet,
  { inventory, records }: { readonly inventory: Inventory; readonly records: TargetRecords },
): ReadonlySet<TargetId> | null {
  try {
    const { workloads } = selectPlaces({ config, inventory });
    return new Set(resolveTargets({ config, inventory, workloads, records }).map(({ target }) => target.id));
  } catch {
    return null;
  }
}

interface Look {
  readonly fleet: OpenFleet;
  readonly records: TargetRecords;
  readonly context: CommandContext;
}

async function foresee(plan: RolloutPlan, { fleet, records, context }: Look): Promise<readonly ForeseenDestroy[]> {
  const targets = plan.targets.filter(({ purpose }) => purpose === 'destroy');
  await fleet.store.fetchReleases(targets.map(({ release }) => release));
  const { engine, close } = await openEngine(fleet, context);
  try {
    return await foreseeDestroy(targets, { engine, records, releaseOf: releasesOf(fleet), signal: context.interrupt });
  } finally {
    await close();
  }
}

async function confirm(
  what: { readonly flags: DestroyFlags; readonly fleet: OpenFleet; readonly foresee: () => Promise<readonly ForeseenDestroy[]> },
  context: CommandContext,
): Promise<void> {
  const { name } = what.fleet.config;
  const typed = what.flags.confirm ?? (await askForName(what, context));
  refuseOtherName(typed, { name, nothing: 'nothing was destroyed' });
}

async function askForName({ flags, fleet, foresee }: Parameters<typeof confirm>[0], context: CommandContext): Promise<string> {
  const foreseen = await foresee();
  context.reporter.report({
    level: 'info',
    code: 'destroy-plan',
    isText: true,
    message: destroyText(foreseen),
    data: { targets: foreseen },
  });
  const data = flags.deleteData === true ? ' WITH THEIR DATA' : '';
  return context.ask(`destroy${data} ${destroyLine(foreseen)}. Type the fleet's name (${fleet.config.name}): `);
}
