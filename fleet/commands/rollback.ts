import { counted } from '../../contracts/counted';
import { configurationDigest } from '../config/configuration-digest';
import { departures } from '../discovery/departures';
import { userError } from '../errors';
import { planRollback } from '../plan/plan-rollback';
import type { RolloutPlan } from '../plan/rollout-plan';
import { warningText } from '../plan/settings-review';
import { blockedIn, planText } from '../report/plan-text';
import type { KeptRollout } from '../state/fleet-store';

import { confirmed } from './confirmed';
import { openFleet, type CommandContext, type CommandOutcome, type OpenFleet } from './context';
import { replay, startRollout } from './control';
import { knownSecrets, refuseLackingSecrets } from './known-secrets';
import { keptRollout, type RolloutReference } from './kept-rollout';
import { changedBy, laterRollouts } from './later-rollouts';
import { refuseHeld } from './live-lease';
import { organizationToday } from './organization-today';
import { startOf } from './start-of';
import { tellBlocked } from './tell-blocked';

/** Flags of `rollback`. */
export interface RollbackFlags extends RolloutReference {
  readonly yes?: boolean;
  /** Folder that gets the report in every form. */
  readonly report?: string;
}

/** Takes a rollout back: a new rollout to what was good when that one began. Asks first. */
export async function rollback(flags: RollbackFlags, context: CommandContext): Promise<CommandOutcome> {
  const fleet = await openFleet(flags.config);
  const kept = await keptRollout(fleet, flags.rollout);
  const state = replay(kept);
  await refuseHeld(fleet, context);
  if (state.outcome === null)
    throw userError('rollout-unfinished', `rollout ${kept.id} has not ended: fleet abort ${kept.id} ends it, then it can be taken back`);
  await refuseNoWayBack(fleet, kept);
  const records = await fleet.store.loadRecords();
  const { goods } = startOf(kept.entries);
  const secrets = await knownSecrets(
    fleet,
    [...goods.values()].map(({ good }) => good?.config),
    context,
  );
  const inventory = await organizationToday(fleet, context);
  const plan = planRollback({
    rollout: kept,
    goods,
    secrets: secrets.known,
    changed: changedBy(state),
    records,
    inventory: inventory?.digest ?? kept.plan.inventory,
    departed: inventory === null ? () => null : departures({ config: fleet.config, inventory }),
    later: await laterRollouts(fleet, kept),
    configuration: configurationDigest(fleet.config),
  });
  refuseLackingSecrets(
    plan.targets.filter(({ wave }) => wave !== null),
    secrets.known,
  );
  if (flags.yes === true) {
    for (const warning of plan.warnings)
      context.reporter.report({ level: 'warning', code: 'plan-warning', message: warningText(warning), data: warning });
    tellBlocked(blockedIn(plan), context.reporter);
  } else {
    context.reporter.report({ level: 'info', code: 'plan', isText: true, message: planText(plan) });
    if (!(await confirmed(`${questionOf(plan, kept.id)} [y/N] `, context)))
      return { exitCode: 1, text: 'not confirmed: nothing was changed', data: null };
  }
  if (plan.targets.some((planned) => planned.secrets !== undefined)) await secrets.keep();
  await fleet.store.savePlan(plan);
  return startRollout({ fleet, plan, madeFrom: records, options: { verb: 'rollback', waitSeconds: null, report: flags.report } }, context);
}

/** What is taken back, what goes with it, and what stays. */
function questionOf(plan: RolloutPlan, id: string): string {
  const targets = plan.waves.reduce((total, wave) => total + wave.targets.length, 0);
  const blocked = blockedIn(plan).length;
  const also = plan.warnings.length > 0 ? `, and with it what ${counted(plan.warnings.length, 'later rollout')} changed there` : '';
  const stays = blocked > 0 ? `; ${counted(blocked, 'blocked target')} ${blocked === 1 ? 'stays as it is' : 'stay as they are'}` : '';
  return `take ${counted(targets, 'target')} back to what was good before rollout ${id}${also}${stays}?`;
}

/** A destroy and a repair are not taken back: throws a user error that names the last rollout which can be. */
async function refuseNoWayBack({ store }: OpenFleet, { id, plan: { purpose } }: KeptRollout): Promise<void> {
  if (purpose === 'rollout' || purpose === 'rollback') return;
  let last: string | null = null;
  for await (const kept of store.allRollouts()) if (kept.plan.purpose === 'rollout' || kept.plan.purpose === 'rollback') last = kept.id;
  const instead = purpose === 'destroy' ? 'fleet rollout deploys again what was destroyed' : 'it deployed what was good already';
  const older = last === null ? '' : `; the last rollout that can be taken back is ${last}: fleet rollback ${last}`;
  throw userError('no-way-back', `${id} was a ${purpose}, and there is no way back from it: ${instead}${older}`);
}
