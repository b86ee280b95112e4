import type { TargetId } from '../../contracts/target';

import { isFailedChange, rollbacksOf, takenBack } from './change-failure-rate';
import type { FirstKnown, KnownFailure, RolloutFacts } from './rollout-facts';
import { hasEnded, isChange } from './sort-rollouts';

/** A failure of a change, from when it was first known to when every target it hit was good again. */
export interface Incident {
  /** The change that failed. */
  readonly rollout: string;
  /** ISO 8601. */
  readonly knownAt: string;
  readonly by: FirstKnown;
  /** Targets that were hit. */
  readonly targets: readonly TargetId[];
  /**
   * `recovered`: all of them are good again, the last one at `recoveredAt`. `open`: some are not. `gone`: those that are not good were
   * destroyed, so they never will be.
   */
  readonly state: 'recovered' | 'open' | 'gone';
  /** ISO 8601; null unless recovered. */
  readonly recoveredAt: string | null;
  /** Targets that are not good again. */
  readonly left: readonly TargetId[];
}

/** What is known beside the rollouts. */
export interface IncidentOptions {
  /** Whether something is deployed on a target still. */
  readonly isThere: (target: TargetId) => boolean;
}

/** A hit target, and the place of the first rollout that may have made it good again. */
type Hit = ReadonlyMap<TargetId, number>;

/**
 * Incidents of all changes that have ended, oldest change first. `rollouts` are all there are, oldest first.
 *
 * A change's targets that failed or went back are hit from when its first failure was known. A rollback of a change hits the targets it has
 * to bring back: as a part of the incident that is open when it begins, or else as an incident of its own from then on, as nobody wrote
 * down earlier that they were bad. A target is good again once a rollout that has ended left it rolled_back, succeeded or unchanged.
 */
export function findIncidents(rollouts: readonly RolloutFacts[], { isThere }: IncidentOptions): readonly Incident[] {
  const places = new Map(rollouts.map(({ id }, place) => [id, place]));
  const rollbacks = rollbacksOf(rollouts);
  return rollouts
    .filter((rollout) => hasEnded(rollout) && isChange(rollout))
    .flatMap((change): readonly Incident[] => {
      const hits = [change, ...(rollbacks.get(change.id) ?? [])].flatMap((rollout) => hitsOf(rollout, places.get(rollout.id) ?? 0));
      return joined(rollouts, hits).map(({ known, hit }) => {
        const { at, left } = recovery(rollouts, hit);
        const state = at !== null ? 'recovered' : left.some(isThere) ? 'open' : 'gone';
        return { rollout: change.id, knownAt: known.at, by: known.by, targets: [...hit.keys()], state, recoveredAt: at, left };
      });
    });
}

interface KnownHit {
  readonly known: KnownFailure;
  readonly hit: Hit;
}

function hitsOf(rollout: RolloutFacts, place: number): readonly KnownHit[] {
  const { takesBack, startedAt, targets, failure } = rollout;
  const known: KnownFailure | null = takesBack === null ? failure : startedAt === null ? null : { at: startedAt, by: 'rollback-begun' };
  const ids = takesBack === null ? [...targets].flatMap(([id, facts]) => (isFailedChange(facts) ? [id] : [])) : takenBack(rollout);
  return known === null || ids.length === 0 ? [] : [{ known, hit: new Map(ids.map((id) => [id, place])) }];
}

/** What becomes known before an incident is over belongs to it. */
function joined(rollouts: readonly RolloutFacts[], hits: readonly KnownHit[]): readonly KnownHit[] {
  const incidents: KnownHit[] = [];
  for (const next of hits) {
    const last = incidents.at(-1);
    const over = last === undefined ? null : recovery(rollouts, last.hit).at;
    if (last === undefined || (over !== null && over < next.known.at)) incidents.push(next);
    else incidents[incidents.length - 1] = { known: last.known, hit: new Map([...last.hit, ...next.hit]) };
  }
  return incidents;
}

function recovery(rollouts: readonly RolloutFacts[], hit: Hit): { readonly at: string | null; readonly left: readonly TargetId[] } {
  const good = [...hit].map(([id, place]) => ({ id, at: goodAgain(rollouts, { id, place }) }));
  const left = good.flatMap(({ id, at }) => (at === null ? [id] : []));
  return { left, at: left.length > 0 ? null : good.reduce<string>((last, { at }) => (at !== null && at > last ? at : last), '') };
}

function goodAgain(rollouts: readonly RolloutFacts[], { id, place }: { readonly id: TargetId; readonly place: number }): string | null {
  for (let index = place; index < rollouts.length; index += 1) {
    const rollout = rollouts[index];
    const target = rollout?.targets.get(id);
    if (!rollout || !target || !hasEnded(rollout)) continue;
    const { outcome, endedAt } = target;
    if (outcome === 'rolled_back' || outcome === 'succeeded' || outcome === 'unchanged') return endedAt ?? rollout.startedAt;
  }
  return null;
}
