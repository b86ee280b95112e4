import { counted } from '../../contracts/counted';
import { userError } from '../errors';
import { planRepair, type DriftedResource } from '../plan/plan-repair';
import type { RolloutPlan } from '../plan/rollout-plan';
import type { KnownSecrets } from '../plan/secret-digests';
import type { TargetRecords } from '../plan/target-record';
import { shownValue } from '../report/drift-text';
import { planText } from '../report/plan-text';

import { confirmed } from './confirmed';
import { refuseOtherName } from './confirm-name';
import { openFleet, type CommandContext, type CommandOutcome, type OpenFleet } from './context';
import { refuseUnfinished, startRollout } from './control';
import { deployedQuery, deployedTargets } from './deployed-targets';
import { findDrift, type TargetDrift } from './drift';
import type { FilterFlags } from './filters';
import { knownSecrets, refuseLackingSecrets } from './known-secrets';
import { refuseHeld } from './live-lease';

/** Flags of `repair`. */
export interface RepairFlags extends FilterFlags {
  readonly config: string;
  /** URNs of what is gone, held data or identity, and is to be made anew all the same. */
  readonly recreate?: readonly string[];
  /** The fleet's name, typed: asked for with `--recreate`. */
  readonly confirm?: string;
  readonly yes?: boolean;
  /** Seconds to stay when only waiting is left; null: through any bake and window, and not at all for a person. */
  readonly waitSeconds: number | null;
  /** Folder that gets the report in every form. */
  readonly report?: string;
}

/**
 * Brings drifted targets back to the release and settings that are good, through the configured waves. Asks first. Exit 1 where something
 * failed, is blocked or could not be checked.
 */
export async function repair(flags: RepairFlags, context: CommandContext): Promise<CommandOutcome> {
  const fleet = await openFleet(flags.config);
  const records = await fleet.store.loadRecords();
  const chosen = deployedTargets(records, await deployedQuery(flags, fleet));
  await refuseHeld(fleet, context);
  await refuseUnfinished(fleet);
  const found = await findDrift(chosen, { fleet, context, keeps: false });
  const recreate = recreated(flags, found);
  const secrets = await knownSecrets(
    fleet,
    chosen.map(({ good }) => good?.config),
    context,
  );
  const plan = await planOf(found, { fleet, records, recreate, secrets: secrets.known });
  refuseLackingSecrets(
    plan.targets.filter(({ wave }) => wave !== null),
    secrets.known,
  );
  tellLeftOut(plan, context);
  const unchecked = found.filter((one) => one.state === 'not checked');
  for (const { id, reason } of unchecked)
    context.reporter.report({ level: 'warning', code: 'drift-not-checked', message: `${id} could not be checked: ${reason}`, target: id });
  if (plan.targets.length === 0) return nothingToRepair(found, unchecked.length);
  const agreed = await agree({ flags, fleet, plan, recreate }, context);
  if (!agreed) return { exitCode: 1, text: 'not confirmed: nothing was changed', data: null };
  if (plan.targets.some((planned) => planned.secrets !== undefined)) await secrets.keep();
  await fleet.store.savePlan(plan);
  const outcome = await startRollout(
    { fleet, plan, madeFrom: records, options: { verb: 'repair', waitSeconds: flags.waitSeconds, report: flags.report } },
    context,
  );
  return outcome.exitCode === 0 && unchecked.length > 0 ? { ...outcome, exitCode: 1 } : outcome;
}

interface Found {
  readonly fleet: OpenFleet;
  readonly records: TargetRecords;
  readonly recreate: ReadonlySet<string>;
  readonly secrets: KnownSecrets;
}

async function planOf(found: readonly TargetDrift[], { fleet, records, recreate, secrets }: Found): Promise<RolloutPlan> {
  const drifted = found.flatMap((one) => {
    const record = records.get(one.id);
    return isLooked(one) && one.state === 'drifted' && record ? [{ record, resources: driftedResources(one) }] : [];
  });
  const inventory = (await fleet.store.loadInventory())?.digest ?? '';
  return planRepair({ config: fleet.config, inventory, records, drifted, secrets, recreate });
}

function driftedResources({ differences }: Looked): readonly DriftedResource[] {
  return [...new Set(differences.map(({ urn }) => urn))].flatMap((urn): readonly DriftedResource[] => {
    const own = differences.filter((one) => one.urn === urn);
    const [first] = own;
    return first ? [{ urn, type: first.type, gone: first.kind === 'gone', details: own.map(detailOf) }] : [];
  });
}

/** From what is found to what was deployed: the way that a repair goes. */
function detailOf({ name, kind, path, deployed, found }: Looked['differences'][number]): string {
  if (kind === 'gone') return `${name} is gone`;
  return path === null ? `${name} has changed` : `${name} ${path} ${shownValue(found)} -> ${shownValue(deployed)}`;
}

/** What is to be made anew must be gone: a URN with a slip of the pen would leave its target blocked. */
function recreated({ recreate = [] }: RepairFlags, found: readonly TargetDrift[]): ReadonlySet<string> {
  const gone = found.flatMap((one) => (isLooked(one) ? one.differences.flatMap(({ kind, urn }) => (kind === 'gone' ? [urn] : [])) : []));
  for (const urn of recreate) {
    if (gone.includes(urn)) continue;
    const known = gone.length === 0 ? 'nothing of the chosen targets is gone' : `gone are ${gone.join(', ')}`;
    throw userError('not-gone', `--recreate ${urn} names nothing that is gone: ${known}`);
  }
  return new Set(recreate);
}

type Looked = Extract<TargetDrift, { readonly differences: unknown }>;

function isLooked(one: TargetDrift): one is Looked {
  return one.state !== 'not checked';
}

function tellLeftOut(plan: RolloutPlan, { reporter }: CommandContext): void {
  for (const { reason } of plan.excluded) reporter.report({ level: 'warning', code: 'repair-left-out', message: reason });
}

function nothingToRepair(found: readonly TargetDrift[], unchecked: number): CommandOutcome {
  const clean = found.filter(({ state }) => state === 'clean').length;
  const count = `${clean} of ${counted(found.length, 'target')} ${clean === 1 ? 'is as it was' : 'are as they were'} deployed`;
  return { exitCode: unchecked > 0 ? 1 : 0, text: `nothing to repair: ${count}`, data: { repaired: [], clean, notChecked: unchecked } };
}

async function agree(
  { flags, fleet, plan, recreate }: { readonly flags: RepairFlags; readonly plan: RolloutPlan } & Omit<Found, 'records' | 'secrets'>,
  context: CommandContext,
): Promise<boolean> {
  const { name } = fleet.config;
  if (recreate.size > 0) {
    const typed = flags.confirm ?? (await context.ask(`make anew, EMPTY, ${[...recreate].join(', ')}? Type the fleet's name (${name}): `));
    refuseOtherName(typed, { name, nothing: 'nothing was changed' });
  }
  if (flags.yes === true) return true;
  context.reporter.report({ level: 'info', code: 'plan', isText: true, message: planText(plan) });
  const going = plan.waves.reduce((sum, { targets }) => sum + targets.length, 0);
  return confirmed(`repair ${counted(going, 'target')}? [y/N] `, context);
}
