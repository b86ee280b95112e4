import { findLayer } from '../../contracts/layers';
import { hasNoWayBack, type RolloutPlan } from '../plan/rollout-plan';
import type { TargetRecords } from '../plan/target-record';

import type { RolloutSetup } from './state';

/** A plan, and the records as the rollout began, as the core sees them. Pure: a journal's replay makes the same again. */
export function setupOf(plan: RolloutPlan, goods: TargetRecords): RolloutSetup {
  const traffic = new Map(plan.waves.map((wave) => [wave.name, wave.traffic]));
  return {
    waves: plan.waves,
    limits: plan.limits,
    rollback: plan.rollback,
    windows: plan.windows,
    targets: new Map(
      plan.targets.map((planned) => {
        const { target, wave, blocked, dependencies, stableVersion, reasons, purpose } = planned;
        const record = goods.get(target.id);
        const shifting = wave !== null && isThere(traffic.get(wave)) && isThere(findLayer(target.layer)?.versions);
        return [
          target.id,
          {
            id: target.id,
            account: target.account,
            region: target.region,
            wave,
            blocked: blocked ?? null,
            ...(planned.blockedCode && { blockedCode: planned.blockedCode }),
            dependencies,
            // Of a stack whose record was lost nobody knows what stands there, but that something does.
            deployed: isThere(record?.current) || record?.dirty === true,
            hasGood: isThere(record?.good),
            noWayBack: hasNoWayBack(planned),
            asksPerson: reasons.includes('secret'),
            // Only beside a version that serves already can another one be on trial.
            shifts: shifting && stableVersion !== null && isThere(record?.good) && !hasNoWayBack(planned),
            destroys: purpose === 'destroy',
          },
        ];
      }),
    ),
  };
}

function isThere(value: unknown): boolean {
  return value !== null && value !== undefined;
}
