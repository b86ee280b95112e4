import type { TargetId } from '../../contracts/target';
import { digestOf } from '../digest';
import type { Departure } from '../discovery/departures';

import { agreedPlan, type PlannedTarget, type RolloutPlan } from './rollout-plan';

/** What comes of a plan that was made earlier: today's, in which nothing is otherwise but that some left; or the first thing that is. */
export type MatchedPlan = { readonly kind: 'same'; readonly plan: RolloutPlan } | { readonly kind: 'differs'; readonly what: string };

/**
 * Holds a plan that a person read against today's. What left the organisation since is blocked in it, and the dashboards do without; any other
 * difference is one. Pure.
 */
export function matchPlan(
  wanted: RolloutPlan,
  { today, departed }: { readonly today: RolloutPlan; readonly departed: Departure },
): MatchedPlan {
  if (wanted.digest === today.digest) return { kind: 'same', plan: today };
  const differs = (what: string): MatchedPlan => ({ kind: 'differs', what });
  for (const key of ['fleet', 'release', 'configuration', 'purpose'] as const)
    if (wanted[key] !== today[key]) return differs(`${key === 'configuration' ? 'fleet.yaml' : key} is another one`);
  const left = new Map<TargetId, string>();
  for (const { target } of wanted.targets) {
    const reason = departed(target);
    if (reason !== null) left.set(target.id, reason);
  }
  const now = new Map(today.targets.map((planned) => [planned.target.id, planned]));
  const then = new Set(wanted.targets.map(({ target }) => target.id));
  const added = today.targets.find(({ target }) => !then.has(target.id));
  if (added) return differs(`${added.target.id} was not in it`);
  for (const planned of wanted.targets) {
    const { id } = planned.target;
    const other = now.get(id);
    if (left.has(id)) continue;
    if (other === undefined) return differs(`${id} is in it no more`);
    const difference = differenceOf(planned, { other, left });
    if (difference !== null) return differs(`${id} ${difference}`);
  }
  if (left.size === 0) return differs('the organisation is another one');
  return { kind: 'same', plan: withBlocked(today, { wanted, left }) };
}

/** What is otherwise of a target, for people; null: nothing but what left. */
function differenceOf(
  wanted: PlannedTarget,
  { other, left }: { readonly other: PlannedTarget; readonly left: ReadonlyMap<TargetId, string> },
): string | null {
  const { config } = wanted;
  const without = { ...config, upstream: config.upstream.filter(({ target }) => !left.has(target)) };
  if (digestOf(without) !== digestOf(other.config)) return 'has another configuration';
  if (digestOf({ ...wanted.parts, config: null }) !== digestOf({ ...other.parts, config: null }))
    return 'has another program, code or provider';
  const readsLeft = without.upstream.length < config.upstream.length;
  if (!readsLeft && wanted.reasons.join() !== other.reasons.join())
    return `changes for another reason (${reasonText(other)} in place of ${reasonText(wanted)})`;
  const what = ({ blocked, secrets, stableVersion, previousVersion }: PlannedTarget) =>
    digestOf({ blocked: blocked ?? null, secrets: secrets ?? null, stableVersion, previousVersion });
  return what(wanted) === what(other) ? null : 'was deployed, or blocked, meanwhile';
}

function reasonText({ reasons }: PlannedTarget): string {
  return reasons.join(', ') || 'unchanged';
}

/** Today's plan with what would have changed where nothing may be deployed any more. */
function withBlocked(
  today: RolloutPlan,
  { wanted, left }: { readonly wanted: RolloutPlan; readonly left: ReadonlyMap<TargetId, string> },
): RolloutPlan {
  const blocked = wanted.targets.flatMap((planned): readonly PlannedTarget[] => {
    const reason = left.get(planned.target.id);
    if (reason === undefined || planned.reasons.length === 0) return [];
    return [{ ...planned, reasons: [], details: [], wave: null, blocked: reason }];
  });
  const made = { ...today, targets: [...today.targets, ...blocked] };
  return agreedPlan(made);
}
