import type { Region } from '../../contracts/ids';
import type { Stage } from '../../contracts/layers';
import { compareTargetIds, type Target, type TargetId } from '../../contracts/target';
import type { Limits, Traffic, Wave } from '../config/fleet-config';

import { amountOf } from './amount';
import { pickMatcher, type Pickable } from './pick-filter';
import type { EffectiveLimits, PlannedWave } from './rollout-plan';

/** A target that changes, and when its layer rolls. */
export interface WaveCandidate extends Pickable {
  readonly stage: Stage;
}

/** How the waves are cut. */
export interface WaveRules {
  /** Also the order of the rollout. */
  readonly regions: readonly Region[];
  readonly waves: readonly Wave[];
  readonly limits: Limits;
  readonly traffic: Traffic | null;
  /** Deployed targets that stand on a target of a leading layer: their alarms are its gate. */
  readonly standingOn: (target: TargetId) => readonly TargetId[];
}

/**
 * Cuts changed targets into waves: leading layers one region each, then the configured waves, then the trailing wave. A configured wave picks
 * places (account x region) with all that changes there, whatever its layer: one that picks a number or a share takes at most one region of
 * an account; every other one goes region by region. A wave that picks nobody is left out.
 */
export function buildWaves(candidates: readonly WaveCandidate[], rules: WaveRules): readonly PlannedWave[] {
  const byStage = (stage: Stage) =>
    inRolloutOrder(
      candidates.filter((candidate) => candidate.stage === stage),
      rules.regions,
    );
  return [
    ...leadingWaves(byStage('leading').map(targetOf), rules),
    ...configuredWaves(byStage('waves'), rules),
    ...trailingWaves(byStage('trailing').map(targetOf), rules),
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

/** A wave's own tolerance is a decision: the rollout as a whole may not undo it. */
export function wholeLimits(limits: EffectiveLimits, waves: readonly PlannedWave[]): EffectiveLimits {
  const tolerances = waves.filter((wave) => wave.gated).map((wave) => wave.limits.failureTolerance);
  return { ...limits, failureTolerance: Math.max(limits.failureTolerance, ...tolerances) };
}

/** What is not said of a wave: nothing waits, nothing is watched. */
const plain = { gated: false, watches: [], bakeSeconds: 0, approval: false, minOrders: 0, countSynthetic: false, traffic: null } as const;

function leadingWaves(targets: readonly Target[], { limits, standingOn }: WaveRules): readonly PlannedWave[] {
  const nameOf = ({ layer, region }: Target) => `${layer}/${region}`;
  return [...new Set(targets.map(nameOf))].map((name) => {
    const members = targets.filter((target) => nameOf(target) === name);
    const watches = [...new Set(members.flatMap((target) => standingOn(target.id)))].sort(compareTargetIds);
    return { ...plain, name, group: name, stage: 'leading', ...sized(members, limits), gated: true, watches };
  });
}

function trailingWaves(targets: readonly Target[], { limits }: WaveRules): readonly PlannedWave[] {
  return [...new Set(targets.map((target) => target.layer))].map((name) => {
    const members = targets.filter((target) => target.layer === name);
    const made = sized(members, limits);
    // On-call needs these most when something failed: none of their failures keeps another from starting.
    const tolerant = { ...made.limits, failureTolerance: members.length, mode: 'soft' as const };
    return { ...plain, name, group: name, stage: 'trailing', ...made, limits: tolerant };
  });
}

function configuredWaves(candidates: readonly WaveCandidate[], { waves, traffic }: WaveRules): readonly PlannedWave[] {
  const all = placesOf(candidates);
  let left = all;
  return waves.flatMap((rule) => {
    const picked = pick(left, { rule, all });
    const taken = new Set(picked);
    left = left.filter((place) => !taken.has(place));
    const targets = picked.flatMap((place) => place.map(targetOf));
    return subWaves(targets, rule).map(({ name, members }): PlannedWave => ({
      name,
      group: rule.name,
      stage: 'waves',
      ...sized(members, rule.limits),
      bakeSeconds: rule.bakeSeconds,
      gated: true,
      watches: members.map((target) => target.id),
      approval: rule.approval,
      ...(rule.approvers && { approvers: rule.approvers }),
      minOrders: rule.minOrders,
      countSynthetic: rule.countSynthetic,
      traffic: traffic?.waves.includes(rule.name) ? { canaryPercent: traffic.canaryPercent, watchSeconds: traffic.watchSeconds } : null,
    }));
  });
}

interface SubWave {
  readonly name: string;
  readonly members: readonly Target[];
}

/** A wave that takes all there is goes region by region, so that no account has two regions in it at once. */
function subWaves(targets: readonly Target[], { name, pick: rule, spread }: Wave): readonly SubWave[] {
  if (targets.length === 0) return [];
  if (!spread || (rule !== null && rule.amount !== null)) return [{ name, members: targets }];
  return [...new Set(targets.map((target) => target.region))].map((region) => ({
    name: `${name}/${region}`,
    members: targets.filter((target) => target.region === region),
  }));
}

/** What changes in one account and region: never empty. */
type Place = readonly [WaveCandidate, ...WaveCandidate[]];

function placesOf(candidates: readonly WaveCandidate[]): readonly Place[] {
  const places = new Map<string, [WaveCandidate, ...WaveCandidate[]]>();
  for (const candidate of candidates) {
    const { account, region } = candidate.target;
    const place = places.get(`${account} ${region}`);
    if (place) place.push(candidate);
    else places.set(`${account} ${region}`, [candidate]);
  }
  return [...places.values()];
}

/** Shares are of all places where something changes that fit, not of those that are left. */
function pick(left: readonly Place[], { rule, all }: { readonly rule: Wave; readonly all: readonly Place[] }): readonly Place[] {
  if (rule.pick === null) return left;
  const { amount, filter } = rule.pick;
  const matches = pickMatcher(filter);
  const fits = (place: Place) => place.some(matches);
  const fitting = left.filter(fits);
  if (amount === null) return fitting;
  // What a person is to be asked about is never rounded away.
  const most = Math.max(amountOf(amount, all.filter(fits).length), rule.approval ? 1 : 0);
  const picked: Place[] = [];
  const accounts = new Set<string>();
  for (const place of fitting) {
    if (picked.length >= most) break;
    const [{ target }] = place;
    if (rule.spread && accounts.has(target.account)) continue;
    picked.push(place);
    accounts.add(target.account);
  }
  return picked;
}

function sized(targets: readonly Target[], limits: Limits): Pick<PlannedWave, 'targets' | 'limits' | 'targetTimeoutSeconds'> {
  return {
    targets: targets.map((target) => target.id),
    limits: effectiveLimits(limits, targets.length),
    targetTimeoutSeconds: limits.targetTimeoutSeconds,
  };
}

const targetOf = ({ target }: WaveCandidate): Target => target;

/** By region in the order of fleet.yaml, then by id. */
function inRolloutOrder(candidates: readonly WaveCandidate[], regions: readonly Region[]): readonly WaveCandidate[] {
  return [...candidates].sort(
    ({ target: left }, { target: right }) =>
      regions.indexOf(left.region) - regions.indexOf(right.region) || compareTargetIds(left.id, right.id),
  );
}
