import type { TargetId } from '../../contracts/target';

import type { PlannedTarget } from '../../fleet/plan/rollout-plan';

import type { Finding } from './check-begin';
import type { RolloutStory } from './rollout-story';

/**
 * S17: where a gate took a wave back, nothing in its scope that may have changed is left on the new release. What had nothing to go back to is
 * never destroyed. `operated`: targets in which an engine was seen to begin an operation, whatever was told of it.
 */
export function checkWayBack(story: RolloutStory, operated: ReadonlySet<TargetId>): readonly Finding[] {
  return scopeOf(story).flatMap((id) => {
    const target = story.targets.get(id);
    if (!target || (!target.touched && !operated.has(id)) || !story.goods.get(id)?.good || hasNone(story.planned.get(id))) return [];
    if (target.outcome === 'rolled_back' || target.outcome === 'rollback_failed') return [];
    return [
      {
        invariant: 'S17',
        message: `${id} may have been changed, the gate of ${story.failedWave ?? ''} failed, and it ended ${target.outcome ?? target.status} without a way back`,
      },
    ];
  });
}

/** It got the release and settings that it would go back to: said so, it stays. */
function hasNone(planned: PlannedTarget | undefined): boolean {
  const same = new Set<string>(['asked', 'secret', 'drift', 'upstream', 'dirty']);
  return (
    planned !== undefined &&
    planned.reasons.some((one) => ['asked', 'secret', 'drift'].includes(one)) &&
    planned.reasons.every((one) => same.has(one))
  );
}

/** Targets that go back by the plan's word; none where no gate failed. */
function scopeOf({ plan, failedWave, failedBy }: RolloutStory): readonly TargetId[] {
  const failed = plan.waves.find(({ name }) => name === failedWave);
  if (!failed) return [];
  switch (plan.rollback) {
    case 'rollout':
      return plan.waves.flatMap(({ stage, targets }) => (stage === 'trailing' ? [] : targets));
    case 'wave':
      return failed.targets;
    case 'target': {
      const ill = failed.targets.filter((id) => failedBy.has(id));
      return ill.length > 0 ? ill : failed.targets;
    }
    default:
      throw new Error(`unknown scope ${String(plan.rollback satisfies never)}`);
  }
}
