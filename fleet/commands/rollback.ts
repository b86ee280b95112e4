import { counted } from '../../contracts/counted';
import type { TargetId } from '../../contracts/target';
import { configurationDigest } from '../config/configuration-digest';
import { userError } from '../errors';
import { planRollback } from '../plan/plan-rollback';
import { planText } from '../report/plan-text';
import type { RolloutState } from '../rollout/state';
import type { KeptRollout } from '../state/fleet-store';

import { confirmed } from './confirmed';
import { openFleet, type CommandContext, type CommandOutcome, type OpenFleet } from './context';
import { replay, startRollout } from './control';
import { knownSecrets, refuseLackingSecrets } from './known-secrets';
import { keptRollout, type RolloutReference } from './kept-rollout';
import { refuseHeld } from './live-lease';
import { startOf } from './start-of';

/** Flags of `rollback`. */
export interface RollbackFlags extends RolloutReference {
  readonly yes?: boolean;
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
  const plan = planRollback({
    rollout: kept,
    goods,
    secrets: secrets.known,
    changed: changedBy(state),
    records,
    inventory: kept.plan.inventory,
    configuration: configurationDigest(fleet.config),
  });
  refuseLackingSecrets(
    plan.targets.filter(({ wave }) => wave !== null),
    secrets.known,
  );
  const targets = plan.waves.reduce((total, wave) => total + wave.targets.length, 0);
  if (flags.yes !== true) {
    context.reporter.report({ level: 'info', code: 'plan', isText: true, message: planText(plan) });
    if (!(await confirmed(`take ${counted(targets, 'target')} back to what was good before rollout ${kept.id}? [y/N] `, context)))
      return { exitCode: 1, text: 'not confirmed: nothing was changed', data: null };
  }
  if (plan.targets.some((planned) => planned.secrets !== undefined)) await secrets.keep();
  await fleet.store.savePlan(plan);
  return startRollout({ fleet, plan, madeFrom: records, options: { verb: 'rollback', waitSeconds: null } }, context);
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

/** Targets that a rollout changed, or began to. */
function changedBy(state: RolloutState): ReadonlySet<TargetId> {
  return new Set([...state.states].flatMap(([id, target]) => (target.state === 'done' && target.attempts > 0 ? [id] : [])));
}
