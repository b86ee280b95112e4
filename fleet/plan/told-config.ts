import { findLayer } from '../../contracts/layers';
import type { TargetConfig } from '../../contracts/target-config';
import { digestOf, sha256Hex } from '../digest';

import { configDifference } from './config-difference';
import { readConfig } from './read-config';
import type { PlannedTarget, RolloutPlan } from './rollout-plan';

/** Digest of the very text that a program is told its config in. */
export function toldDigest(config: TargetConfig): string {
  return sha256Hex(JSON.stringify(config));
}

/** The targets whose programs would be told otherwise than their plan's digest says. What nothing is deployed to is told nothing. */
function toldOtherwise(targets: readonly PlannedTarget[]): readonly PlannedTarget[] {
  return targets.filter((planned) => planned.wave !== null && !isAsPlanned(planned));
}

/** Before plans said what is told, the digest of what a program reads was all that they had: at first of the whole config. */
function isAsPlanned({ target, config, parts, told }: PlannedTarget): boolean {
  if (told !== undefined) return toldDigest(config) === told;
  const layer = findLayer(target.layer);
  return digestOf(config) === parts.config || (layer !== undefined && digestOf(readConfig(config, layer)) === parts.config);
}

/**
 * How a plan says something else than its digest stands for, in one line: the first such target, and where a copy of the plan was `kept`
 * elsewhere the settings in which they differ. Null: it does not.
 */
export function otherwiseText({ targets }: Pick<RolloutPlan, 'targets'>, kept?: RolloutPlan): string | null {
  const [first, ...others] = toldOtherwise(targets);
  if (first === undefined) return null;
  const config = kept?.targets.find(({ target }) => target.id === first.target.id)?.config;
  const settings = config === undefined ? [] : configDifference(config, first.config);
  const which = settings.length === 0 ? '' : ` (${settings.join(', ')})`;
  return `${first.target.id} is configured otherwise than its plan's digest says${which}${others.length === 0 ? '' : `, and ${others.length} more`}`;
}
