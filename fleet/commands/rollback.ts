import type { TargetId } from '../../contracts/target';
import { configurationDigest } from '../config/configuration-digest';
import { userError } from '../errors';
import { planRollback } from '../plan/plan-rollback';
import { planText } from '../report/plan-text';
import type { RolloutState } from '../rollout/state';

import { confirmed } from './confirmed';
import { openFleet, type CommandContext, type CommandOutcome } from './context';
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
    records: await fleet.store.loadRecords(),
    inventory: kept.plan.inventory,
    configuration: configurationDigest(fleet.config),
  });
  refuseLackingSecrets(
    plan.targets.filter(({ wave }) => wave !== null),
    secrets.known,
  );
  const targets = plan.waves.reduce((total, wave) => total + wave.targets.length, 0);
  if (flags.yes !== true) {
    context.reporter.report({ level: 'info', code: 'plan', message: planText(plan) });
    if (!(await confirmed(`take ${targets} targets back to what was good before rollout ${kept.id}? [y/N] `, context)))
      return { exitCode: 1, text: 'not confirmed: nothing was changed', data: null };
  }
  if (plan.targets.some((planned) => planned.secrets !== undefined)) await secrets.keep();
  await fleet.store.savePlan(plan);
  return startRollout({ fleet, plan, options: { verb: 'rollback', waitSeconds: null } }, context);
}

/** Targets that a rollout changed, or began to. */
function changedBy(state: RolloutState): ReadonlySet<TargetId> {
  return new Set([...state.states].flatMap(([id, target]) => (target.state === 'done' && target.attempts > 0 ? [id] : [])));
}
