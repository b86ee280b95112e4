import type { Region } from '../../contracts/ids';
import type { Stage } from '../../contracts/layers';
import { compareTargetIds, type Target } from '../../contracts/target';
import type { Limits, Wave } from '../config/fleet-config';

import { amountOf } from './amount';
import type { EffectiveLimits, PlannedWave } from './rollout-plan';

/** A target that changes, and when its layer rolls. */
export interface WaveCandidate {
  readonly target: Target;
  readonly stage: Stage;
}

/** How the waves are cut. */
export interface WaveRules {
  /** Also the order of the rollout. */
  readonly regions: readonly Region[];
  readonly waves: readonly Wave[];
  readonly limits: Limits;
}

/**
 * Cuts changed targets into waves: leading layers one region each, then the configured waves, then the trailing wave. A picked wave takes
 * at most one region of an account; the rest goes region by region. A wave that picks nobody is left out.
 */
export function buildWaves(candidates: readonly WaveCandidate[], rules: WaveRules): readonly PlannedWave[] {
  const byStage = (stage: Stage) =>
    inRolloutOrder(
      candidates.filter((candidate) => candidate.stage === stage).map(({ target }) => target),
      rules.regions,
    );
  return [
    ...leadingWaves(byStage('leading'), rules),
    ...configuredWaves(byStage('waves'), rules),
    ...trailingWaves(byStage('trailing'), rules),
  ];
}

/** Percentages applied to a number of targets; concurrency is never below 1. */
export function effectiveLimits(limits: Limits, targets: number): EffectiveLimits {
  const maxConcurrent = Math.max(1, amountOf(limits.maxConcurrent, targets));
  return {
    maxConcurrent,
    perAccount: limits.perAccount,
    perRegion: limits.perRegion ?? maxConcurrent,
    failureTolerance: amountOf(limits.failureTolerance, targets),
    mode: limits.mode,
  };
}

function leadingWaves(targets: readonly Target[], rules: WaveRules): readonly PlannedWave[] {
  const names = [...new Set(targets.map((target) => `${target.layer}/${target.region}`))];
  return names.map((name) => {
    const members = targets.filter((target) => `${target.layer}/${target.region}` === name);
    return wave(members, { name, stage: 'leading', limits: rules.limits, bakeSeconds: 0 });
  });
}

function trailingWaves(targets: readonly Target[], rules: WaveRules): readonly PlannedWave[] {
  const layers = [...new Set(targets.map((target) => target.layer))];
  return layers.map((layer) => {
    const members = targets.filter((target) => target.layer === layer);
    const made = wave(members, { name: layer, stage: 'trailing', limits: rules.limits, bakeSeconds: 0 });
    // On-call needs these most when something failed: none of their failures keeps another from starting.
    return { ...made, limits: { ...made.limits, failureTolerance: members.length, mode: 'soft' } };
  });
}

function configuredWaves(targets: readonly Target[], rules: WaveRules): readonly PlannedWave[] {
  let left = targets;
  return rules.waves.flatMap((rule) => {
    const options = { name: rule.name, stage: 'waves', limits: rule.limits, bakeSeconds: rule.bakeSeconds } as const;
    const picked = rule.pick === null ? left : pick(left, { amount: amountOf(rule.pick, targets.length), spread: rule.spread });
    const taken = new Set(picked);
    left = left.filter((target) => !taken.has(target));
    if (picked.length === 0) return [];
    if (rule.pick !== null || !rule.spread) return [wave(picked, options)];
    return [...new Set(picked.map((target) => target.region))].map((region) =>
      wave(
        picked.filter((target) => target.region === region),
        { ...options, name: `${rule.name}/${region}` },
      ),
    );
  });
}

function pick(targets: readonly Target[], rule: { readonly amount: number; readonly spread: boolean }): readonly Target[] {
  const picked: Target[] = [];
  const accounts = new Set<string>();
  for (const target of targets) {
    if (picked.length >= rule.amount) break;
    if (rule.spread && accounts.has(target.account)) continue;
    picked.push(target);
    accounts.add(target.account);
  }
  return picked;
}

function wave(
  targets: readonly Target[],
  options: { readonly name: string; readonly stage: Stage; readonly limits: Limits; readonly bakeSeconds: number },
): PlannedWave {
  const { name, stage, limits, bakeSeconds } = options;
  const { targetTimeoutSeconds } = limits;
  return {
    name,
    stage,
    bakeSeconds,
    targetTimeoutSeconds,
    targets: targets.map((target) => target.id),
    limits: effectiveLimits(limits, targets.length),
  };
}

/** By region in the order of fleet.yaml, then by id. */
function inRolloutOrder(targets: readonly Target[], regions: readonly Region[]): readonly Target[] {
  return [...targets].sort(
    (left, right) => regions.indexOf(left.region) - regions.indexOf(right.region) || compareTargetIds(left.id, right.id),
  );
}
