import type { TargetId } from '../../contracts/target';

import type { EffectiveLimits, PlannedTarget, PlannedWave } from './rollout-plan';

/** The name of a wave of which something is taken back or away: `rollback/canary`. */
export function nameBack(prefix: string, wave: string): string {
  return `${prefix}/${wave}`;
}

/** Waves from the back, the last target first, with those targets alone that name them ({@link nameBack}). Nothing is gated, nothing waits. */
export function wavesBack(
  waves: readonly PlannedWave[],
  { prefix, going }: { readonly prefix: string; readonly going: readonly Pick<PlannedTarget, 'wave' | 'target'>[] },
): readonly PlannedWave[] {
  const byWave = new Map<string, Set<TargetId>>();
  for (const { wave, target } of going) byWave.set(wave ?? '', (byWave.get(wave ?? '') ?? new Set()).add(target.id));
  return [...waves].reverse().flatMap((wave): readonly PlannedWave[] => {
    const members = byWave.get(nameBack(prefix, wave.name));
    if (!members) return [];
    return [
      {
        name: nameBack(prefix, wave.name),
        group: nameBack(prefix, wave.group),
        stage: wave.stage,
        targets: [...wave.targets].reverse().filter((id) => members.has(id)),
        limits: tolerant(wave.limits, members.size),
        targetTimeoutSeconds: wave.targetTimeoutSeconds,
        bakeSeconds: 0,
        gated: false,
        watches: [],
        approval: false,
        minOrders: 0,
        countSynthetic: false,
        traffic: null,
      },
    ];
  });
}

/** It does not stop at a failure: what else can be brought back, or away, is. */
export function tolerant(limits: EffectiveLimits, targets: number): EffectiveLimits {
  return { ...limits, failureTolerance: targets, mode: 'soft' };
}

/** The release that most of the targets get; of several the first by digest. */
export function mostCommonRelease(targets: readonly Pick<PlannedTarget, 'release'>[]): string {
  const counts = new Map<string, number>();
  for (const { release } of targets) counts.set(release, (counts.get(release) ?? 0) + 1);
  const [first] = [...counts].sort(([left, few], [right, many]) => many - few || (left < right ? -1 : 1));
  return first?.[0] ?? '';
}
