import { rolloutCsv } from './rollout-csv';
import { rolloutHtml } from './rollout-html';
import { rolloutJunit } from './rollout-junit';
import type { RolloutReport } from './rollout-report';

/** What a rollout is told as to other programs, and to browsers. */
export type RolloutForm = 'json' | 'html' | 'junit' | 'csv';

/** A rollout's report in a form, without a line's end at its end. */
export function rolloutForm(report: RolloutReport, form: RolloutForm): string {
  switch (form) {
    case 'json':
      return JSON.stringify(report, null, 2);
    case 'html':
      return rolloutHtml(report).trimEnd();
    case 'junit':
      return rolloutJunit(report).trimEnd();
    case 'csv':
      return rolloutCsv(report).join('\n');
    default:
      throw new Error(`unknown form ${String(form satisfies never)}`);
  }
}
