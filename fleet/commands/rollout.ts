import { counted } from '../../contracts/counted';
import { userError } from '../errors';
import type { RolloutPlan } from '../plan/rollout-plan';
import { lackingSecrets } from '../plan/secret-digests';
import { warningText } from '../plan/settings-review';
import { blockedIn, planText } from '../report/plan-text';

import { confirmed } from './confirmed';
import type { CommandContext, CommandOutcome } from './context';
import { refuseUnfinished, startRollout } from './control';
import { refuseLackingSecrets } from './known-secrets';
import { refuseHeld } from './live-lease';
import { keepPlan, makePlan, readPlanFile, type MadePlan, type PlanFlags } from './plan';

/** Flags of `rollout`. */
export interface RolloutFlags extends PlanFlags {
  /** A file written by `plan -o`; what it says must still be so. */
  readonly planFile?: string;
  readonly yes?: boolean;
  /** Seconds to stay when only waiting is left; null: through any bake and window, and not at all for a person. */
  readonly waitSeconds: number | null;
}

/** Plans and rolls out; asks first. */
export async function rollout(flags: RolloutFlags, context: CommandContext): Promise<CommandOutcome> {
  const wanted = flags.planFile === undefined ? undefined : readPlanFile(flags.planFile, context.cwd);
  const made = await makePlan(wanted ? asPlanned(wanted, flags) : flags, context);
  refuseEngine(made);
  refuseLackingSecrets(made.plan.targets, made.secrets.known);
  if (wanted && wanted.digest !== made.plan.digest) throw outdated(wanted, { file: flags.planFile ?? '', today: made.plan });
  await refuseHeld(made, context);
  await refuseUnfinished(made);
  for (const warning of made.plan.warnings)
    context.reporter.report({ level: 'warning', code: 'plan-warning', message: warningText(warning), data: warning });
  for (const { target, reason } of blockedIn(made.plan))
    context.reporter.report({ level: 'error', code: 'target-blocked', message: `${target} is blocked: ${reason}`, target });
  const changes = made.plan.waves.reduce((total, wave) => total + wave.targets.length, 0);
  if (changes > 0 && flags.yes !== true) {
    context.reporter.report({ level: 'info', code: 'plan', isText: true, message: planText(made.plan, { estimate: made.estimate }) });
    if (!(await confirmed(`roll out to ${counted(changes, 'target')}? [y/N] `, context)))
      return { exitCode: 1, text: 'not confirmed: nothing was changed', data: null };
  }
  return carryOut(made, context, flags.waitSeconds);
}

/** Runs a plan that was agreed to. */
export async function carryOut(made: MadePlan, context: CommandContext, waitSeconds: number | null = null): Promise<CommandOutcome> {
  await keepPlan(made);
  return startRollout({ fleet: made, plan: made.plan, options: { verb: 'rollout', waitSeconds } }, context);
}

/** Flags that make a plan as the one in a file was made. */
function asPlanned({ release, targets }: RolloutPlan, flags: RolloutFlags): RolloutFlags {
  const redeploy = flags.redeploy ?? targets.some(({ reasons }) => reasons.includes('asked'));
  return { ...flags, redeploy, release: flags.release ?? release };
}

function outdated(wanted: RolloutPlan, { file, today }: { readonly file: string; readonly today: RolloutPlan }): Error {
  const without = lackingSecrets(wanted.targets, (variable) => {
    const digest = wanted.targets.find(({ secrets }) => secrets?.[variable] !== undefined)?.secrets?.[variable];
    return digest === undefined ? { unknown: 'was not known', advice: 'plan again' } : { digest };
  });
  const why = without.length === 0 ? '' : `, as it was made without knowing ${without.map(({ variable }) => variable).join(', ')}`;
  return userError(
    'plan-outdated',
    `plan ${wanted.digest.slice(0, 12)} of ${file} is outdated${why}: today's is ${today.digest.slice(0, 12)}; make and read it again with fleet plan`,
  );
}

/** Before anything is asked or kept. */
function refuseEngine({ config }: MadePlan): void {
  if (config.organization.source === 'recorded')
    throw userError('engine-not-supported', 'organisation source recorded is a record: plans can be made for it, nothing can be deployed');
}
