import type { OutcomeCounts, ReportedWave } from './rollout-report';

/** A column of the table of waves. */
export interface WaveColumn {
  readonly head: string;
  readonly of: (counts: OutcomeCounts) => number;
}

const always: readonly WaveColumn[] = [
  { head: 'OK', of: ({ succeeded, unchanged }) => succeeded + unchanged },
  { head: 'FAILED', of: ({ failed, rollback_failed: stuck }) => failed + stuck },
  { head: 'ROLLED BACK', of: ({ rolled_back: back }) => back },
  { head: 'CANCELLED', of: ({ cancelled }) => cancelled },
];

const rare: readonly WaveColumn[] = [
  { head: 'SKIPPED', of: ({ skipped }) => skipped },
  { head: 'BLOCKED', of: ({ blocked }) => blocked },
];

/** How the targets of each wave ended: of a wave that is through, the columns add up to its targets. Skipped and blocked ones where there are any. */
export function waveColumns(waves: readonly Pick<ReportedWave, 'counts'>[]): readonly WaveColumn[] {
  return [...always, ...rare.filter(({ of }) => waves.some(({ counts }) => of(counts) > 0))];
}
