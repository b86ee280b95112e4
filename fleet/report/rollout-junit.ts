import { secondsBetween } from '../../contracts/duration';
import { escapeHtml } from '../dashboards/html';
import { codedText } from '../errors';

import { guiltyFirst, whyOf } from './rollout-cause';
import type { ReportedTarget, RolloutReport } from './rollout-report';
import { safeLine } from './terminal-text';

/** Targets that no wave changes. */
const UNCHANGED = 'unchanged';

type Verdict = 'passed' | 'failure' | 'error' | 'skipped';

/**
 * A rollout as JUnit XML: a suite a wave, a case a target, the guilty first. Failed and rolled back targets are failures, locked ones errors; what was never
 * started or has not ended is skipped.
 */
export function rolloutJunit(report: RolloutReport): string {
  const { rollout, targets, startedAt, endedAt } = report;
  const names = [...new Set(targets.map(({ wave }) => wave ?? UNCHANGED))];
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${xml(`rollout ${rollout}`)}"${countsOf(targets)} time="${secondsOf(startedAt, endedAt)}">`,
    ...names.flatMap((name) => {
      const members = targets.filter(({ wave }) => (wave ?? UNCHANGED) === name);
      const wave = report.waves.find((one) => one.name === name);
      const begun = wave?.startedAt ? ` timestamp="${wave.startedAt}"` : '';
      return [
        `  <testsuite name="${xml(name)}"${countsOf(members)} time="${secondsOf(wave?.startedAt, wave?.endedAt)}"${begun}>`,
        ...guiltyFirst(members).map(caseOf),
        '  </testsuite>',
      ];
    }),
    '</testsuites>',
    '',
  ].join('\n');
}

function caseOf(target: ReportedTarget): string {
  const { id, layer, startedAt, endedAt, outcome } = target;
  const why = whyOf(target);
  const open = `    <testcase name="${xml(id)}" classname="${xml(layer)}" time="${secondsOf(startedAt, endedAt)}"`;
  const verdict = verdictOf(target);
  const message = why === null ? (outcome ?? 'not ended').replace('_', ' ') : codedText(why);
  switch (verdict) {
    case 'passed':
      return `${open}/>`;
    case 'skipped':
      return `${open}><skipped message="${xml(message)}"/></testcase>`;
    case 'failure':
    case 'error': {
      const at = why?.resource ? xml(why.resource) : '';
      return `${open}><${verdict} type="${xml(outcome ?? '')}" message="${xml(message)}">${at}</${verdict}></testcase>`;
    }
    default:
      throw new Error(`unknown verdict ${String(verdict satisfies never)}`);
  }
}

function verdictOf({ outcome }: Pick<ReportedTarget, 'outcome'>): Verdict {
  switch (outcome) {
    case 'succeeded':
    case 'unchanged':
      return 'passed';
    case 'failed':
    case 'rolled_back':
    case 'rollback_failed':
      return 'failure';
    case 'blocked':
      return 'error';
    case 'skipped':
    case 'cancelled':
    case null:
      return 'skipped';
    default:
      throw new Error(`unknown outcome ${String(outcome satisfies never)}`);
  }
}

function countsOf(targets: readonly ReportedTarget[]): string {
  const count = (verdict: Verdict) => targets.filter((target) => verdictOf(target) === verdict).length;
  return ` tests="${targets.length}" failures="${count('failure')}" errors="${count('error')}" skipped="${count('skipped')}"`;
}

function secondsOf(from: string | null | undefined, to: string | null | undefined): string {
  return from && to ? secondsBetween(from, to).toFixed(3) : '0.000';
}

/** Text as XML 1.0 may hold it, on one line. */
function xml(text: string): string {
  return escapeHtml(safeLine(text));
}
