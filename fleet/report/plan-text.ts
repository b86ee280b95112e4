import { counted } from '../../contracts/counted';
import { formatSeconds } from '../../contracts/duration';
import type { TargetId } from '../../contracts/target';
import { windowTexts } from '../config/window';
import type { CostEstimate } from '../plan/estimate-cost';
import { warningText } from '../plan/settings-review';
import {
  hasNoWayBack,
  type ChangeReason,
  type PlannedTarget,
  type PlannedWave,
  type RolloutPlan,
  type Windows,
} from '../plan/rollout-plan';

import { estimateDetails, estimateText } from './estimate-text';
import { approversText } from '../rollout/approvers';
import { safeText, textTable } from './terminal-text';

/** What was found out about a plan beside it; null where nobody looked. */
export interface PlanFindings<Irreversible> {
  /** Operations that cannot be undone, as the engine's previews found them. */
  readonly irreversible?: readonly Irreversible[] | null;
  readonly estimate?: CostEstimate | null;
}

/** A plan as `plan --json` gives it (DESIGN section 6). */
export function planJson<Irreversible = never>(
  plan: RolloutPlan,
  { irreversible = null, estimate = null }: PlanFindings<Irreversible> = {},
) {
  const byId = new Map(plan.targets.map((planned) => [planned.target.id, planned]));
  const changed = plan.targets.filter((planned) => planned.reasons.length > 0).length;
  const blocked = blockedIn(plan);
  return {
    version: plan.version,
    digest: plan.digest,
    release: plan.release,
    counts: { total: plan.targets.length, changed, unchanged: plan.targets.length - changed - blocked.length, blocked: blocked.length },
    waves: plan.waves.map((wave) => ({
      name: wave.name,
      limits: wave.limits,
      bakeSeconds: wave.bakeSeconds,
      gated: wave.gated,
      approval: wave.approval,
      ...(wave.approvers && { approvers: wave.approvers }),
      minOrders: wave.minOrders,
      traffic: wave.traffic,
      targets: wave.targets.map((id) => ({ id, reasons: byId.get(id)?.reasons ?? [], details: byId.get(id)?.details ?? [] })),
    })),
    limits: plan.limits,
    rollback: plan.rollback,
    windows: plan.windows,
    irreversible,
    estimate,
    orphans: plan.orphans,
    blocked,
    excluded: plan.excluded,
    warnings: plan.warnings,
  };
}

/** A plan for people: waves with effective figures in words, reasons, what is left out and why, and what it costs where that was estimated. */
export function planText(plan: RolloutPlan, { estimate = null, details = false }: PlanTextOptions = {}): string {
  const changed = plan.targets.filter((planned) => planned.reasons.length > 0);
  const blocked = blockedIn(plan);
  const what = plan.rollsBack === null ? `release ${plan.release.slice(0, 12)}` : `back to before rollout ${plan.rollsBack}`;
  const sections = [
    `plan ${plan.digest.slice(0, 12)} of fleet ${plan.fleet}, ${what}: ${changed.length} of ${counted(plan.targets.length, 'target')} ${changed.length === 1 ? 'changes' : 'change'}${blocked.length > 0 ? `, ${blocked.length} blocked` : ''}`,
  ];
  if (changed.length > 0) sections.push(...changeSections(plan));
  const cost = estimate && estimateText(estimate);
  if (estimate && cost !== null) sections.push(cost, ...(details ? [estimateDetails(estimate)] : []));
  if (blocked.length > 0) {
    sections.push(
      textTable(
        ['BLOCKED, LEFT AS IT IS', 'WHY'],
        blocked.map(({ target, reason }) => [target, reason]),
      ),
    );
  }
  if (plan.excluded.length > 0) {
    sections.push(
      textTable(
        ['EXCLUDED', 'REGION', 'WHY'],
        plan.excluded.map(({ account, region, reason }) => [account, region ?? 'all', reason]),
      ),
    );
  }
  if (plan.orphans.length > 0) sections.push(safeText(`orphans, kept until \`fleet destroy\` names them: ${plan.orphans.join(', ')}`));
  if (plan.warnings.length > 0)
    sections.push(['warnings:', ...plan.warnings.map((warning) => `  ${safeText(warningText(warning))}`)].join('\n'));
  return sections.join('\n\n');
}

/** What a plan leaves as it is though it would change, and why. */
export function blockedIn({ targets }: RolloutPlan): readonly { readonly target: TargetId; readonly reason: string }[] {
  return targets.flatMap(({ target, blocked }) => (blocked === undefined ? [] : [{ target: target.id, reason: blocked }]));
}

/** What is said beside the plan itself. */
export interface PlanTextOptions {
  readonly estimate?: CostEstimate | null;
  /** With each item of the estimate. @default false */
  readonly details?: boolean;
}

const MOST_DETAILS = 20;

function changeSections(plan: RolloutPlan): readonly string[] {
  const sections = [
    textTable(
      ['WAVE', 'TARGETS', 'LIMITS', 'STARTS', 'TRAFFIC', 'GATE', 'IF IT FAILS', 'WHY'],
      plan.waves.map((wave) => [
        wave.name,
        wave.targets.length,
        `at most ${mostAtOnce(plan, wave)} at once, at most ${wave.limits.failureTolerance} may fail (${wave.limits.mode})`,
        startText(plan, wave),
        trafficText(wave),
        gateText(wave),
        rollbackText(plan, wave),
        reasonCounts(plan.targets.filter((planned) => planned.wave === wave.name)),
      ]),
    ),
    `in all at most ${plan.limits.failureTolerance} may fail`,
  ];
  if (plan.windows !== null) sections.push(windowsText(plan.windows));
  const details = detailLines(plan);
  if (details.length > 0) sections.push(['config changes:', ...details].join('\n'));
  return sections;
}

/** What changes in the configuration, once for all targets in which the same does. */
function detailLines({ targets }: RolloutPlan): readonly string[] {
  const byChange = new Map<string, PlannedTarget[]>();
  for (const planned of targets) {
    if (planned.details.length === 0) continue;
    const change = planned.details.join('; ');
    byChange.set(change, [...(byChange.get(change) ?? []), planned]);
  }
  const lines = [...byChange].map(([change, [first, ...others]]) =>
    safeText(`  ${first?.target.id ?? ''}${others.length > 0 ? ` and ${others.length} more` : ''}: ${change}`),
  );
  return lines.length <= MOST_DETAILS
    ? lines
    : [...lines.slice(0, MOST_DETAILS), `  and ${counted(lines.length - MOST_DETAILS, 'other change')}: plan --json has all`];
}

function startText({ windows, targets }: RolloutPlan, { approval, approvers, stage, name }: PlannedWave): string {
  const asks = approval || targets.some(({ wave, reasons }) => wave === name && reasons.includes('secret'));
  const waits = [
    ...(asks ? [`when approved${approvers ? ` by ${approversText(approvers)}` : ''}`] : []),
    ...(windows !== null && stage !== 'trailing' ? ['in a window'] : []),
  ];
  return waits.length === 0 ? 'at once' : waits.join(', ');
}

function trafficText({ traffic }: PlannedWave): string {
  return traffic === null ? 'all' : `${traffic.canaryPercent} % for ${formatSeconds(traffic.watchSeconds)}`;
}

function gateText({ gated, watches, bakeSeconds, minOrders, countSynthetic, targets }: PlannedWave): string {
  if (!gated) return 'none';
  if (watches.length === 0) return 'none: nothing deployed stands on it';
  const alarms = `alarms of ${counted(watches.length, 'target')}`;
  if (bakeSeconds === 0) return `${alarms}, no bake`;
  // Each target must have taken at least one, whatever the sum.
  const orders = minOrders === 0 ? 'no orders asked for' : `at least ${counted(Math.max(minOrders, targets.length), 'order')}`;
  return `${alarms}, bake ${formatSeconds(bakeSeconds)}, ${orders}${minOrders > 0 && countSynthetic ? ' (synthetic ones count)' : ''}`;
}

function rollbackText({ rollback, targets }: RolloutPlan, { gated, watches, name }: PlannedWave): string {
  if (!gated || watches.length === 0) return 'nothing is rolled back';
  if (targets.every((planned) => planned.wave !== name || hasNoWayBack(planned))) return 'it stops: there is no way back';
  switch (rollback) {
    case 'target':
      return 'its red targets are rolled back';
    case 'wave':
      return 'it is rolled back';
    case 'rollout':
      return 'all waves so far are rolled back';
    default:
      throw new Error(`unknown scope ${String(rollback satisfies never)}`);
  }
}

function windowsText({ timezone, allow }: Windows): string {
  return `targets start ${allow.flatMap(windowTexts).join(', ')} (${timezone})`;
}

/** How many targets of a wave the limits let run at once, all of them taken together. */
export function mostAtOnce(plan: RolloutPlan, { name, limits }: PlannedWave): number {
  const places = plan.targets.filter((planned) => planned.wave === name).map((planned) => planned.target);
  const within = (key: 'account' | 'region', limit: number) => {
    const counts = new Map<string, number>();
    for (const place of places) counts.set(place[key], (counts.get(place[key]) ?? 0) + 1);
    return [...counts.values()].reduce((sum, count) => sum + Math.min(count, limit), 0);
  };
  const strict = limits.mode === 'strict' ? limits.failureTolerance + 1 : Number.POSITIVE_INFINITY;
  return Math.min(
    limits.maxConcurrent,
    plan.limits.maxConcurrent,
    strict,
    within('account', limits.perAccount),
    within('region', limits.perRegion),
  );
}

function reasonCounts(targets: readonly PlannedTarget[]): string {
  const counts = new Map<ChangeReason, number>();
  for (const reason of targets.flatMap((planned) => planned.reasons)) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts].map(([reason, count]) => (count === targets.length ? reason : `${reason} (${count})`)).join(', ');
}
