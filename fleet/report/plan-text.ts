import type { ChangeReason, PlannedTarget, PlannedWave, RolloutPlan } from '../plan/rollout-plan';

import { safeText, textTable } from './terminal-text';

/** A plan as `plan --json` gives it (DESIGN section 6). */
export function planJson(plan: RolloutPlan) {
  const byId = new Map(plan.targets.map((planned) => [planned.target.id, planned]));
  const changed = plan.targets.filter((planned) => planned.reasons.length > 0).length;
  return {
    version: plan.version,
    digest: plan.digest,
    release: plan.release,
    counts: { total: plan.targets.length, changed, unchanged: plan.targets.length - changed },
    waves: plan.waves.map((wave) => ({
      name: wave.name,
      limits: wave.limits,
      bakeSeconds: wave.bakeSeconds,
      targets: wave.targets.map((id) => ({ id, reasons: byId.get(id)?.reasons ?? [], details: byId.get(id)?.details ?? [] })),
    })),
    limits: plan.limits,
    irreversible: null,
    orphans: plan.orphans,
    excluded: plan.excluded,
  };
}

/** A plan for people: waves with effective figures, reasons, what is left out and why. */
export function planText(plan: RolloutPlan): string {
  const changed = plan.targets.filter((planned) => planned.reasons.length > 0);
  const sections = [
    `plan ${plan.digest.slice(0, 12)} of fleet ${plan.fleet}, release ${plan.release.slice(0, 12)}: ${changed.length} of ${plan.targets.length} targets change`,
  ];
  if (changed.length > 0) {
    sections.push(
      textTable(
        ['WAVE', 'TARGETS', 'LIMITS', 'WHY'],
        plan.waves.map((wave) => [
          wave.name,
          wave.targets.length,
          `at most ${mostAtOnce(plan, wave)} at once, at most ${wave.limits.failureTolerance} may fail (${wave.limits.mode})`,
          reasonCounts(plan.targets.filter((planned) => planned.wave === wave.name)),
        ]),
      ),
    );
    const details = plan.targets.filter((planned) => planned.details.length > 0).slice(0, 20);
    if (details.length > 0)
      sections.push(
        ['config changes:', ...details.map((planned) => safeText(`  ${planned.target.id}: ${planned.details.join('; ')}`))].join('\n'),
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
  if (plan.orphans.length > 0) sections.push(`orphans, kept until \`fleet destroy\` names them: ${plan.orphans.join(', ')}`);
  return sections.join('\n\n');
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
