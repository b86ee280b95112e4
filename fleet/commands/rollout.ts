import { counted } from '../../contracts/counted';
import { departures } from '../discovery/departures';
import { problemAt, userError, userProblems } from '../errors';
import { matchPlan } from '../plan/match-plan';
import { CANNOT_MOVE } from '../plan/moves';
import type { RolloutPlan } from '../plan/rollout-plan';
import { lackingSecrets } from '../plan/secret-digests';
import { warningText } from '../plan/settings-review';
import { blockedIn, planText } from '../report/plan-text';

import { confirmed } from './confirmed';
import type { CommandContext, CommandOutcome } from './context';
import { refuseUnfinished, startRollout } from './control';
import { refuseLackingSecrets } from './known-secrets';
import { refuseHeld } from './live-lease';
import { tellBlocked } from './tell-blocked';
import { keepPlan, makePlan, readPlanFile, type MadePlan, type PlanFlags } from './plan';

/** Flags of `rollout`. */
export interface RolloutFlags extends PlanFlags {
  /** A file written by `plan -o`; what it says must still be so. */
  readonly planFile?: string;
  /** Digest of the plan that was approved, or its beginning: the file must hold that one. */
  readonly digest?: string;
  readonly yes?: boolean;
  /** Seconds to stay when only waiting is left; null: through any bake and window, and not at all for a person. */
  readonly waitSeconds: number | null;
  /** Folder that gets the report in every form. */
  readonly report?: string;
}

/** Plans and rolls out; asks first. */
export async function rollout(flags: RolloutFlags, context: CommandContext): Promise<CommandOutcome> {
  const wanted = flags.planFile === undefined ? undefined : readPlanFile(flags.planFile, context.cwd);
  refuseOtherPlan(wanted, flags);
  const today = await makePlan(wanted ? asPlanned(wanted, flags) : flags, context);
  const made = wanted ? asAgreed(wanted, { file: flags.planFile ?? '', today }) : today;
  refuseEngine(made);
  refuseMoves(made);
  refuseLackingSecrets(made.plan.targets, made.secrets.known);
  await refuseHeld(made, context);
  await refuseUnfinished(made);
  for (const warning of made.plan.warnings)
    context.reporter.report({ level: 'warning', code: 'plan-warning', message: warningText(warning), data: warning });
  tellBlocked(blockedIn(made.plan), context.reporter);
  const changes = made.plan.waves.reduce((total, wave) => total + wave.targets.length, 0);
  if (changes > 0 && flags.yes !== true) {
    context.reporter.report({ level: 'info', code: 'plan', isText: true, message: planText(made.plan, { estimate: made.estimate }) });
    if (!(await confirmed(`roll out to ${counted(changes, 'target')}? [y/N] `, context)))
      return { exitCode: 1, text: 'not confirmed: nothing was changed', data: null };
  }
  return carryOut(made, context, flags);
}

/** Runs a plan that was agreed to. */
export async function carryOut(
  made: MadePlan,
  context: CommandContext,
  { waitSeconds, report }: Pick<RolloutFlags, 'waitSeconds' | 'report'> = { waitSeconds: null },
): Promise<CommandOutcome> {
  await keepPlan(made);
  return startRollout({ fleet: made, plan: made.plan, options: { verb: 'rollout', waitSeconds, report } }, context);
}

/** What was approved is carried out, or nothing: throws a user error where the file holds another plan, or there is none. */
function refuseOtherPlan(wanted: RolloutPlan | undefined, { digest, planFile }: RolloutFlags): void {
  if (digest === undefined) return;
  if (wanted === undefined)
    throw userError('invalid-flag', `--digest ${digest} is of a plan in a file: name the file, as in fleet rollout plan.json`);
  if (!/^[0-9a-f]{12,64}$/.test(digest))
    throw userError(
      'invalid-flag',
      `--digest ${digest} is no digest of a plan: 12 to 64 characters of 0-9a-f, as fleet plan --json tells it`,
    );
  if (!wanted.digest.startsWith(digest))
    throw userError(
      'another-plan',
      `${planFile ?? ''} holds plan ${wanted.digest}, and ${digest} is to be rolled out: take the file of that one, or approve this one`,
    );
}

/** Flags that make a plan as the one in a file was made. */
function asPlanned({ release, targets }: RolloutPlan, flags: RolloutFlags): RolloutFlags {
  const redeploy = flags.redeploy ?? targets.some(({ reasons }) => reasons.includes('asked'));
  return { ...flags, redeploy, release: flags.release ?? release };
}

/** What is rolled out of a plan in a file: nothing else than a person read, but for what left since. */
function asAgreed(wanted: RolloutPlan, { file, today }: { readonly file: string; readonly today: MadePlan }): MadePlan {
  const { plan, config, inventory } = today;
  const matched = matchPlan(wanted, { today: plan, departed: departures({ config, inventory }) });
  if (matched.kind === 'same') return { ...today, plan: matched.plan };
  throw outdated(wanted, { file, today: plan, what: matched.what });
}

function outdated(
  wanted: RolloutPlan,
  { file, today, what }: { readonly file: string; readonly today: RolloutPlan; readonly what: string },
): Error {
  const without = lackingSecrets(wanted.targets, (variable) => {
    const digest = wanted.targets.find(({ secrets }) => secrets?.[variable] !== undefined)?.secrets?.[variable];
    return digest === undefined ? { unknown: 'was not known', advice: 'plan again' } : { digest };
  });
  const why = without.length === 0 ? `: ${what}` : `, as it was made without knowing ${without.map(({ variable }) => variable).join(', ')}`;
  return userError(
    'plan-outdated',
    `plan ${wanted.digest.slice(0, 12)} of ${file} is outdated${why}; today's is ${today.digest.slice(0, 12)}; make and read it again with fleet plan`,
  );
}

/** What cannot work is not begun: half of it would stand. */
function refuseMoves({ plan }: MadePlan): void {
  const cannot = plan.warnings.filter(({ code }) => code === CANNOT_MOVE);
  if (cannot.length === 0) return;
  throw userProblems(
    'cannot-move',
    cannot.map(({ at, ...warning }) => problemAt(warningText({ ...warning, at: null }), at ?? undefined)),
  );
}

/** Before anything is asked or kept. */
function refuseEngine({ config }: MadePlan): void {
  if (config.organization.source === 'recorded')
    throw userError('engine-not-supported', 'organisation source recorded is a record: plans can be made for it, nothing can be deployed');
}
