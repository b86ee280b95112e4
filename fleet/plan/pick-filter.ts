import type { Target } from '../../contracts/target';
import type { TargetConfig } from '../../contracts/target-config';
import type { PickFilter } from '../config/fleet-config';
import { unitMatcher } from '../config/unit-matcher';

/** What a wave's filter looks at. */
export interface Pickable {
  readonly target: Target;
  readonly config: Pick<TargetConfig, 'account' | 'tags'>;
}

/** Whether targets fit a wave's filter: every key that is there must match. The glob is compiled once, for many targets. */
export function pickMatcher({ unit, region, account, environment, tag }: PickFilter): (one: Pickable) => boolean {
  const inUnit = unit === undefined ? undefined : unitMatcher([unit]);
  return ({ target, config }) =>
    (inUnit === undefined || inUnit(config.account.unit)) &&
    (region === undefined || target.region === region) &&
    (account === undefined || target.account === account) &&
    (environment === undefined || config.tags.Environment === environment) &&
    (tag === undefined || (Object.hasOwn(config.tags, tag.key) && config.tags[tag.key] === tag.value));
}

/** The parts of a filter as fleet.yaml has them, as `unit Workloads/Dev/**`. */
export function describePick({ tag, ...filter }: PickFilter): readonly string[] {
  const parts = Object.entries(filter).flatMap(([key, value]) => (value === undefined ? [] : [`${key} ${value}`]));
  return tag === undefined ? parts : [...parts, `tag ${tag.key}=${tag.value}`];
}
