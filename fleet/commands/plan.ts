import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';

import type { FleetConfig } from '../config/fleet-config';
import type { Inventory } from '../discovery/inventory';
import { messageOf, userError } from '../errors';
import { planRollout } from '../plan/plan-rollout';
import { planDigest, type RolloutPlan } from '../plan/rollout-plan';
import type { ReleaseHandle } from '../ports';
import { planJson, planText } from '../report/plan-text';
import { reportOf } from '../report/rollout-report';

import {
  discoverOrganization,
  openFleet,
  takeRelease,
  type CommandContext,
  type CommandOutcome,
  type OpenFleet,
  type TakenRelease,
} from './context';
import { parseFilter, type FilterFlags } from './filters';
import { replay } from './replay';

/** Flags that decide a plan, of every verb that makes one. */
export interface PlanFlags extends FilterFlags {
  readonly config: string;
  readonly release?: string;
}

/** Flags of `plan`. */
export interface PlanCommandFlags extends PlanFlags {
  readonly out?: string;
  readonly detailedExitcode?: boolean;
}

/** A plan with what it was made of; nothing of it is kept yet. */
export interface MadePlan extends OpenFleet {
  readonly plan: RolloutPlan;
  readonly inventory: Inventory;
  readonly release: TakenRelease;
}

const EXIT_HAS_CHANGES = 4;

/** Shows what a rollout would change; keeps the plan, and writes it to a file where asked. */
export async function plan(flags: PlanCommandFlags, context: CommandContext): Promise<CommandOutcome> {
  const made = await makePlan(flags, context);
  keepPlan(made);
  for (const message of notYet(made.config)) context.reporter.report({ level: 'warning', code: 'not-supported-yet', message });
  if (flags.out !== undefined) writeFileSync(resolve(context.cwd, flags.out), `${JSON.stringify(made.plan, null, 2)}\n`);
  const data = planJson(made.plan);
  return { exitCode: flags.detailedExitcode === true && data.counts.changed > 0 ? EXIT_HAS_CHANGES : 0, text: planText(made.plan), data };
}

/** Discovers, builds and plans. Nothing is written: bad input leaves no trace. */
export async function makePlan(flags: PlanFlags, context: CommandContext): Promise<MadePlan> {
  const fleet = openFleet(flags.config);
  const filter = parseFilter(flags, failedTargets(fleet));
  const inventory = await discoverOrganization(fleet, context);
  const records = fleet.store.loadRecords();
  const release = await takeRelease(fleet, context, flags.release);
  const made = planRollout({ config: fleet.config, inventory, release, records, filter });
  return { ...fleet, plan: made, inventory, release };
}

/** Keeps what a plan was made of, and the plan. */
export function keepPlan({ config, store, plan, inventory, release }: MadePlan): ReleaseHandle {
  store.claim(config.name);
  store.saveInventory(inventory);
  store.savePlan(plan);
  return release.keep();
}

/** What fleet.yaml demands and no rollout can honour yet: such a rollout is refused, since leaving a safeguard out would be failing open. */
export function notYet(config: FleetConfig): readonly string[] {
  const approvals = config.waves.filter((wave) => wave.approval).map((wave) => wave.name);
  return [
    ...(config.engine.kind === 'pulumi' ? ['engine pulumi is not supported yet: set `engine: sandbox` and a sandbox organisation'] : []),
    ...(approvals.length > 0
      ? [`approval of wave ${approvals.join(', ')} is not supported yet: remove \`approval\` to roll out without it`]
      : []),
    ...(config.windows ? ['windows are not supported yet: remove `windows` to roll out at any time'] : []),
    ...(config.traffic ? ['traffic shift is not supported yet: remove `traffic` to let a target take all its traffic at once'] : []),
  ];
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
  return read;
}

function failedTargets({ store }: OpenFleet): ReadonlySet<string> {
  const last = store.loadRollout();
  if (!last) return new Set();
  const report = reportOf(last.id, last.plan, replay(last));
  return new Set(
    report.targets.filter((target) => target.outcome !== 'succeeded' && target.outcome !== 'unchanged').map((target) => target.id),
  );
}
