import { counted } from '../../contracts/counted';
import { secondsBetween } from '../../contracts/duration';
import { codedText } from '../errors';
import { outcomes } from '../rollout/state';

import { guiltyFirst, whyOf } from './rollout-cause';
import { standingOf, type RolloutReport } from './rollout-report';
import { safeText, textTable } from './terminal-text';
import { waveColumns } from './wave-columns';

/** More targets with something wrong are only counted. */
const NAMED = 20;

/** A report for people: outcome, counts, waves, what it waits for, what went wrong with the guilty first, and what to do next. */
export function reportText(report: RolloutReport): string {
  return [
    summary(report),
    ...wavesTable(report),
    ...keptLines(report),
    ...waitingLines(report),
    ...wrongLines(report),
    ...nextLines(report),
  ].join('\n\n');
}

function summary(report: RolloutReport): string {
  const { purpose, rollout, startedAt, endedAt, counts } = report;
  const took = startedAt && endedAt ? ` in ${secondsBetween(startedAt, endedAt).toFixed(1)} s` : '';
  const told = outcomes.filter((outcome) => counts[outcome] > 0).map((outcome) => `${counts[outcome]} ${outcome.replace('_', ' ')}`);
  return `${purpose} ${rollout} ${standingOf(report)}${took}: ${told.join(', ') || 'nothing yet'} of ${counted(counts.total, 'target')}`;
}

function wavesTable({ waves }: RolloutReport): readonly string[] {
  if (waves.length === 0) return [];
  const columns = waveColumns(waves);
  return [
    textTable(
      ['WAVE', 'TARGETS', ...columns.map(({ head }) => head), 'SECONDS', 'NOTE'],
      waves.map(({ name, counts, startedAt, endedAt, reason, bakeUntil }) => [
        name,
        counts.total,
        ...columns.map(({ of }) => of(counts)),
        startedAt && endedAt ? secondsBetween(startedAt, endedAt).toFixed(1) : '-',
        reason ?? (bakeUntil ? `baked until ${bakeUntil}` : ''),
      ]),
    ),
  ];
}

function keptLines({ kept }: RolloutReport): readonly string[] {
  const one = kept.length === 1;
  const what = `${counted(kept.length, 'resource')} that ${one ? 'holds' : 'hold'} data ${one ? 'is' : 'are'} kept`;
  return kept.length === 0 ? [] : [`${what}; fleet destroy --delete-data deletes ${one ? 'it' : 'them'} too`];
}

function waitingLines({ waiting, until }: RolloutReport): readonly string[] {
  if (waiting === null) return [];
  const who = waiting.for === 'person' ? 'waits for a person' : `waits until ${until ?? ''}`;
  return [safeText(`wave ${waiting.wave} ${who}: ${waiting.reason}`)];
}

function wrongLines({ targets }: RolloutReport): readonly string[] {
  const wrong = guiltyFirst(targets).flatMap((target) => {
    const why = target.outcome === 'cancelled' ? null : whyOf(target);
    return why === null ? [] : [{ ...target, why }];
  });
  if (wrong.length === 0) return [];
  const lines = wrong.slice(0, NAMED).map(({ id, accountName, outcome, why }) => {
    const at = why.resource === null ? '' : ` at ${why.resource}`;
    return safeText(`  ${id} (${accountName}) ${(outcome ?? 'goes back').replace('_', ' ')}: ${codedText(why)}${at}`);
  });
  const more = wrong.length - lines.length;
  return [['what went wrong:', ...lines].join('\n'), ...(more > 0 ? [`and ${more} more: \`fleet report --json\` has all`] : [])];
}

function nextLines({ next }: RolloutReport): readonly string[] {
  return next.length === 0 ? [] : [next.map((step) => safeText(`next: ${step}`)).join('\n')];
}
