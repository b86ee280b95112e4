import { outcomes } from '../rollout/state';

import type { RolloutReport } from './rollout-report';
import { safeText, textTable } from './terminal-text';

/** A report for people: outcome, counts, waves, and what went wrong with the first error of each target. */
export function reportText(report: RolloutReport): string {
  const seconds =
    report.startedAt && report.endedAt ? ` in ${((Date.parse(report.endedAt) - Date.parse(report.startedAt)) / 1000).toFixed(1)} s` : '';
  const counted = outcomes
    .filter((outcome) => report.counts[outcome] > 0)
    .map((outcome) => `${report.counts[outcome]} ${outcome.replace('_', ' ')}`);
  const standing = report.outcome ?? (report.waiting === null ? 'running' : 'waiting');
  const sections = [
    `${report.purpose} ${report.rollout} ${standing}${seconds}: ${counted.join(', ') || 'nothing yet'} of ${report.counts.total} targets`,
  ];
  if (report.waves.length > 0) {
    sections.push(
      textTable(
        ['WAVE', 'TARGETS', 'DONE', 'FAILED', 'SECONDS', 'NOTE'],
        report.waves.map((wave) => {
          const members = report.targets.filter((target) => target.wave === wave.name);
          const took = wave.startedAt && wave.endedAt ? ((Date.parse(wave.endedAt) - Date.parse(wave.startedAt)) / 1000).toFixed(1) : '-';
          const note = wave.reason ?? (wave.bakeUntil ? `baked until ${wave.bakeUntil}` : '');
          return [
            wave.name,
            members.length,
            members.filter((target) => target.state === 'done').length,
            members.filter((target) => target.outcome === 'failed').length,
            took,
            note,
          ];
        }),
      ),
    );
  }
  if (report.waiting !== null) {
    const { wave, reason, action } = report.waiting;
    const who = report.waiting.for === 'person' ? 'waits for a person' : `waits until ${report.until ?? ''}`;
    sections.push(safeText(`wave ${wave} ${who}: ${reason}`), safeText(`next: ${action}`));
  }
  if (report.kept.length > 0)
    sections.push(
      `${report.kept.length} resource${report.kept.length === 1 ? ' that holds data is' : 's that hold data are'} kept; fleet destroy --delete-data deletes them too`,
    );
  const problems = report.targets.filter((target) => target.error !== null && target.outcome !== 'cancelled');
  if (problems.length > 0) {
    sections.push(
      [
        'what went wrong:',
        ...problems
          .slice(0, 20)
          .map((target) =>
            safeText(
              `  ${target.id} (${target.accountName}) ${target.outcome ?? ''}: ${target.error?.code ?? ''} ${target.error?.message ?? ''}${target.error?.resource ? ` at ${target.error.resource}` : ''}`,
            ),
          ),
      ].join('\n'),
    );
    if (problems.length > 20) sections.push(`and ${problems.length - 20} more: \`fleet report --json\` has all`);
  }
  return sections.join('\n\n');
}
