import { counted } from '../../contracts/counted';
import type { CheckReport, CheckResult, CheckVerdict } from '../checks/check-result';

import { safeText, textTable } from './terminal-text';

/** Worst first. */
const ORDER: readonly CheckVerdict[] = ['failed', 'unknown', 'warning'];

/** Checks for people: what did not pass, one by one, and how many of each passed. */
export function checksText(verb: string, { counts, targets, notChecked, results }: CheckReport): string {
  const total = results.length;
  const parts = [
    `${counts.passed} of ${counted(total, 'check')} passed`,
    ...(counts.warning > 0 ? [counted(counts.warning, 'warning')] : []),
    ...(counts.failed > 0 ? [`${counts.failed} failed`] : []),
    ...(counts.unknown > 0 ? [`${counts.unknown} unknown`] : []),
  ];
  const wrong = ORDER.flatMap((verdict) => results.filter((one) => one.verdict === verdict));
  return [
    [`${verb} of ${counted(targets, 'target')}: ${parts.join(', ')}`, ...notChecked.map((left) => safeText(`not checked: ${left}`))].join(
      '\n',
    ),
    ...(wrong.length === 0 ? [] : [textTable(['RESULT', 'CHECK', 'WHERE', 'FOUND', 'WHAT TO DO'], wrong.map(rowOf))]),
    textTable(['CHECK', 'PASSED', 'WARNING', 'FAILED', 'UNKNOWN'], byCheck(results)),
  ].join('\n\n');
}

function rowOf(result: CheckResult): readonly string[] {
  const { verdict, check, found, advice } = result;
  return [verdict === 'passed' ? verdict : verdict.toUpperCase(), check, placeOf(result), found, advice ?? ''];
}

/** As `regional/200000000001/eu-west-1 (shop)`: a target's id names account and region. */
function placeOf({ target, account, accountName, region }: CheckResult): string {
  const where = target ?? [account, region].filter((part) => part !== null).join(' ');
  if (where === '') return 'the organisation';
  return accountName === null || accountName === '' ? where : `${where} (${accountName})`;
}

function byCheck(results: readonly CheckResult[]): readonly (readonly (string | number)[])[] {
  const checks = [...new Set(results.map(({ check }) => check))];
  return checks.map((check) => {
    const count = (verdict: CheckVerdict) => results.filter((one) => one.check === check && one.verdict === verdict).length;
    return [check, count('passed'), count('warning'), count('failed'), count('unknown')];
  });
}
