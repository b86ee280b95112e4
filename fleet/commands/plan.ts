import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { presetNames } from '../config/presets';
import { withPreset } from '../config/resolve-config';
import type { Inventory } from '../discovery/inventory';
import { messageOf, userError } from '../errors';
import { estimateCost, type CostEstimate } from '../plan/estimate-cost';
import { planRollout, type PlanInput } from '../plan/plan-rollout';
import { planDigest, type RolloutPlan } from '../plan/rollout-plan';
import { otherwiseText } from '../plan/told-config';
import type { ReleaseHandle } from '../ports';
import { planJson, planText } from '../report/plan-text';
import { safeText } from '../report/terminal-text';
import { previewTargets } from '../rollout/preview-wave';
import { SECRET_VARIABLE, type IrreversibleStep, type TargetState } from '../rollout/state';

import {
  discoverOrganization,
  openFleet,
  takeRelease,
  type CommandContext,
  type CommandOutcome,
  type OpenFleet,
  type TakenRelease,
} from './context';
import { replay } from './control';
import { EXIT_HAS_CHANGES } from './exit-codes';
import { parseFilter, type FilterFlags } from './filters';
import { knownSecrets, type FleetSecrets } from './known-secrets';
import { openEngine } from './open-ports';
import { whereAllowed } from './where-allowed';

/** Flags that decide a plan, of every verb that makes one. */
export interface PlanFlags extends FilterFlags {
  readonly config: string;
  readonly release?: string;
  /** Ready-made waves in place of fleet.yaml's. */
  readonly preset?: string;
  /** What is unchanged is deployed again as well. */
  readonly redeploy?: boolean;
}

/** Flags of `plan`. */
export interface PlanCommandFlags extends PlanFlags {
  readonly out?: string;
  readonly detailedExitcode?: boolean;
  /** Finds the operations that cannot be undone, by the engine's preview. */
  readonly preview?: boolean;
  /** Every item of the monthly estimate. */
  readonly details?: boolean;
}

/** A plan with what it was made of; nothing of it is kept yet. */
export interface MadePlan extends OpenFleet {
  readonly plan: RolloutPlan;
  readonly estimate: CostEstimate;
  readonly inventory: Inventory;
  readonly release: TakenRelease;
  readonly secrets: FleetSecrets;
}

/** Shows what a rollout would change; keeps the plan, and writes it to a file where asked. */
export async function plan(flags: PlanCommandFlags, context: CommandContext): Promise<CommandOutcome> {
  const made = await makePlan(flags, context);
  return withKeptPlan(made, { context, work: (release) => outcomeOf(made, { flags, context, release }) });
}

interface Planned {
  readonly flags: PlanCommandFlags;
  readonly context: CommandContext;
  readonly release: ReleaseHandle;
}

async function outcomeOf(made: MadePlan, { flags, context, release }: Planned): Promise<CommandOutcome> {
  if (flags.out !== undefined) writeFileSync(resolve(context.cwd, flags.out), `${JSON.stringify(made.plan, null, 2)}\n`);
  const irreversible = flags.preview === true ? await previewPlan(made, { context, release }) : null;
  const data = planJson(made.plan, { irreversible, estimate: made.estimate });
  const lost =
    irreversible?.map(({ target, op, type, urn }) => safeText(`  ${target}: ${op} of ${type} ${urn.split('::').at(-1) ?? ''}`)) ?? [];
  const text = [
    planText(made.plan, { estimate: made.estimate, details: flags.details === true }),
    ...(irreversible === null
      ? []
      : [lost.length === 0 ? 'nothing in it cannot be undone' : ['cannot be undone, and will need approval:', ...lost].join('\n')]),
  ].join('\n\n');
  return { exitCode: flags.detailedExitcode === true && data.counts.changed > 0 ? EXIT_HAS_CHANGES : 0, text, data };
}

/** Irreversible operations of all targets that change and stand already. */
async function previewPlan(
  made: MadePlan,
  { context, release }: Pick<Planned, 'context' | 'release'>,
): Promise<readonly IrreversibleStep[]> {
  const {
    store,
    plan: { targets, waves },
  } = made;
  const records = await store.loadRecords();
  const standing = targets
    .filter(({ target, wave }) => wave !== null && (records.get(target.id)?.current ?? null) !== null)
    .map(({ target }) => target.id);
  if (standing.length === 0) return [];
  const ports = await openEngine(made, context);
  try {
    const previewed = await previewTargets(
      standing,
      {
        engine: ports.engine,
        clock: context.clock,
        rollout: 'plan',
        records,
        releaseOf: () => release,
        planned: new Map(targets.map((planned) => [planned.target.id, planned])),
      },
      context.interrupt,
    );
    for (const { target, error } of previewed.failed)
      context.reporter.report({ level: 'warning', code: 'preview-failed', message: `${target} ${error.message}`, target });
    const gated = new Set(waves.flatMap((wave) => (wave.gated ? wave.targets : [])));
    return previewed.irreversible.filter((step) => gated.has(step.target) || step.type === SECRET_VARIABLE);
  } finally {
    await ports.close();
  }
}

/** The fleet with ready-made waves, where a preset is named. */
function preset(fleet: OpenFleet, name: string | undefined): OpenFleet {
  if (name === undefined) return fleet;
  const known = presetNames.find((one) => one === name);
  if (!known) throw userError('invalid-flag', `--preset ${name} is none of ${presetNames.join(', ')}`);
  return { ...fleet, config: withPreset(fleet.config, known) };
}

/** What a plan is made from, where it is not as usual. */
export interface PlanSources {
  /** Takes the inventory. @default as it stands */
  readonly discover?: typeof discoverOrganization;
  /** @default refused */
  readonly unmatched?: PlanInput['unmatched'];
}

/** Discovers, builds and plans. Nothing is written: bad input leaves no trace. */
export async function makePlan(
  flags: PlanFlags,
  context: CommandContext,
  { discover = discoverOrganization, unmatched = 'refused' }: PlanSources = {},
): Promise<MadePlan> {
  const fleet = preset(await openFleet(flags.config), flags.preset);
  const filter = parseFilter(flags, await failedTargets(fleet));
  const inventory = await discover(fleet, context);
  const records = await fleet.store.loadRecords();
  const release = await takeRelease(fleet, context, flags.release);
  const { config } = fleet;
  const secrets = await knownSecrets(fleet, [config.blocks, config.overrides], context);
  const made = planRollout({
    ...{ config, inventory, release, records, filter, unmatched },
    ...{ secrets: secrets.known, redeploy: flags.redeploy === true },
  });
  return { ...fleet, plan: made, estimate: estimateCost(made.targets, records), inventory, release, secrets };
}

/** Keeps what a plan was made of, and the plan. */
export async function keepPlan({ store, plan, inventory, release, secrets }: MadePlan): Promise<ReleaseHandle> {
  await store.claim();
  if (plan.targets.some((planned) => planned.secrets !== undefined)) await secrets.keep();
  await store.saveInventory(inventory);
  await store.savePlan(plan);
  return release.keep();
}

/** What is done with a plan that was kept. */
interface WithKeptPlan<Value> {
  readonly context: CommandContext;
  readonly work: (release: ReleaseHandle) => Promise<Value>;
}

/** Keeps a plan as {@link keepPlan} does, or says that it may not: then its release is in a folder that goes when the work is done. */
export async function withKeptPlan<Value>(made: MadePlan, { context, work }: WithKeptPlan<Value>): Promise<Value> {
  const notKept = `plan ${made.plan.digest.slice(0, 12)} is not kept`;
  const kept = await whereAllowed(notKept, context)(() => keepPlan(made));
  if (kept !== undefined) return work(kept);
  const folder = mkdtempSync(join(context.temporary, 'fleet-release-'));
  try {
    return await work(made.release.below(folder));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A plan file as `plan -o` wrote it. Throws a user error where it is of another version or was changed by hand. */
export function readPlanFile(path: string, cwd: string): RolloutPlan {
  const file = resolve(cwd, path);
  let read: RolloutPlan;
  try {
    read = JSON.parse(readFileSync(file, 'utf8')) as RolloutPlan;
  } catch (cause) {
    throw userError('plan-file', `plan ${file} cannot be read: ${messageOf(cause)}`, { cause });
  }
  if ((read as { readonly version?: unknown } | null)?.version !== 1)
    throw userError('plan-file', `plan ${file} is no plan of version 1: make it again with fleet plan -o`);
  if (planDigest(read) !== read.digest)
    throw userError(
      'plan-file',
      `plan ${file} does not have its digest: it was changed after it was made; make it again with fleet plan -o`,
    );
  const otherwise = otherwiseText(read);
  if (otherwise !== null) throw userError('plan-file', `plan ${file} is not what was read: ${otherwise}; make it again with fleet plan -o`);
  return read;
}

async function failedTargets({ store }: OpenFleet): Promise<ReadonlySet<string>> {
  const last = await store.loadRollout();
  if (!last) return new Set();
  const good = (state: TargetState | undefined) =>
    state?.state === 'done' && (state.outcome === 'succeeded' || state.outcome === 'unchanged');
  const { states } = replay(last);
  return new Set(last.plan.targets.flatMap(({ target }) => (good(states.get(target.id)) ? [] : [target.id])));
}
